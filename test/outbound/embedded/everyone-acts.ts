// Actions that change something: reply, state, and what each bot of the world is told.
import { expect } from 'vitest'
import type { UserId } from '../../../src/core/ids.ts'
import { friend, group, type World } from '../../../src/world/index.ts'
import {
  accountOf,
  asked,
  askedFor,
  both,
  type Case,
  groupOf,
  memberOf,
  nobody,
  of30002,
  present,
  said,
  text,
  time,
  where,
} from './everyone.ts'
import type { Lab } from './support.ts'

export const hex: unknown = expect.stringMatching(/^[0-9a-f]{32}$/)
export const notice = { senderId: asked, time, text: 'read this', images: [], readCount: 0, allConfirmed: false }

/** By the other bot; returns its id. */
export function uploaded({ world }: Lab, { temporary = false } = {}): string {
  const id = world.as(present).upload(where, { name: 'a.txt', base64: 'aGk=' })
  const file = groupOf(world)?.files.get(id)
  if (file && temporary) file.deadTime = time + 60
  return id
}

/** Names of the folders in which files are. */
function lookInside(world: World): unknown[] {
  const { files, folders } = groupOf(world) ?? { files: new Map(), folders: new Map() }
  return [...files.values()].map(({ folderId }) => folders.get(folderId)?.name)
}

export const acts: Case[] = [
  {
    call: ['message.send', { peer: group(where), segments: text }],
    reply: { messageId: 1000 },
    state: [(world) => world.state.messages.get(1000)?.segments, text],
    seen: both('message'),
  },
  {
    call: ['message.send', { peer: friend(present), segments: text }],
    reply: { messageId: 1000 },
    state: [(world) => world.state.messages.get(1000)?.chat, { kind: 'private', users: [asked, present] }],
    seen: both('message'),
  },
  {
    call: ['message.send', { peer: friend(20001), segments: text }],
    reply: { messageId: 1000 },
    state: [(world) => world.state.messages.get(1000)?.chat, { kind: 'private', users: [asked, 20001] }],
    seen: [['message'], []],
  },
  {
    before: said,
    call: ['message.recall', { messageId: 1000 }],
    state: [(world) => world.state.messages.get(1000)?.recalled?.by, asked],
    seen: both('message.recall'),
  },
  {
    before: said,
    call: ['message.repeat', { messageId: 1000, peer: friend(present) }],
    reply: { messageId: 1001 },
    state: [(world) => world.state.messages.get(1001)?.senderId, asked],
    seen: both('message'),
  },
  {
    before: said,
    call: ['message.react', { messageId: 1000, emojiId: '66', on: true }],
    state: [(world) => [...(world.state.messages.get(1000)?.reactions?.get('66') ?? [])], [asked]],
    seen: both('group.reaction'),
  },
  {
    before: said,
    call: ['group.essence.set', { messageId: 1000, on: true }],
    state: [(world) => groupOf(world)?.essence.has(1000), true],
    seen: both('group.essence'),
  },
  {
    call: ['nudge.send', { peer: group(where), targetId: present }],
    state: [(world) => world.state.messages.size, 0],
    seen: both('nudge'),
  },
  {
    call: ['typing.set', { userId: present, on: true }],
    state: [(world) => world.state.messages.size, 0],
    seen: [[], ['friend.typing']],
  },
  {
    call: ['group.member.mute', { ...of30002, userId: present, durationSeconds: 60 }],
    state: [(world) => memberOf(world)?.mutedUntil, 1_700_000_060],
    seen: both('group.member.mute'),
  },
  {
    call: ['group.muteAll', { ...of30002, on: true }],
    state: [(world) => groupOf(world)?.settings.muteAll, true],
    seen: both('group.muteAll'),
  },
  {
    call: ['group.member.admin', { ...of30002, userId: present, on: true }],
    state: [(world) => memberOf(world)?.role, 'admin'],
    seen: both('group.member.role'),
  },
  {
    call: ['group.member.card', { ...of30002, userId: present, card: 'c' }],
    state: [(world) => memberOf(world)?.card, 'c'],
    seen: both('group.member.card'),
  },
  {
    call: ['group.member.title', { ...of30002, userId: present, title: 't' }],
    state: [(world) => memberOf(world)?.title, 't'],
    seen: both('group.member.title'),
  },
  {
    call: ['group.config.set', { ...of30002, name: 'n' }],
    state: [(world) => groupOf(world)?.name, 'n'],
    seen: both('group.name'),
  },
  {
    call: ['group.member.kick', { ...of30002, userId: 20002 }],
    state: [(world) => memberOf(world, 20002), undefined],
    seen: both('group.member.leave'),
  },
  {
    call: ['group.member.kick', { ...of30002, userId: present }],
    state: [(world) => memberOf(world), undefined],
    seen: both('group.member.leave'),
  },
  {
    call: ['group.leave', { ...of30002, dismiss: true }],
    state: [groupOf, undefined],
    seen: both('group.member.leave'),
  },
  {
    call: ['friend.delete', { userId: present }],
    state: [(world) => accountOf(world, present)?.friends.size, 0],
    seen: both('friend.remove'),
  },
  {
    call: ['user.like', { userId: present, times: 2 }],
    state: [(world) => accountOf(world, present)?.likes.get(asked as UserId)?.count, 2],
    seen: [[], ['profile.like']],
  },
  {
    call: ['bot.profile.set', { nickname: 'new' }],
    state: [(world) => accountOf(world)?.nickname, 'new'],
    seen: [[], ['friend.nickname']],
  },
  {
    call: ['bot.exit', {}],
    state: [(world) => accountOf(world)?.online, false],
    seen: [['bot.offline'], []],
  },
  {
    before: ({ world }) => world.as(present).say(friend(asked), 'unread'),
    call: ['message.markRead', { peer: friend(present) }],
    state: [(world) => accountOf(world)?.readMarks.get(`u${asked}-${present}`), 1],
    seen: nobody,
  },
  {
    before: (lab) => (lab.world.as(20301).requestFriend(asked, 'hi'), askedFor(lab)),
    call: ['request.friend.answer', (requestId: number) => ({ requestId, approve: true, remark: 'new' })],
    state: [(world) => accountOf(world)?.friends.get(20301 as UserId)?.remark, 'new'],
    seen: [['friend.add'], []],
  },
  {
    before: (lab) => (lab.world.as(20302).requestJoin(where, 'let me in'), askedFor(lab)),
    call: ['request.group.answer', (requestId: number) => ({ requestId, approve: true })],
    state: [(world) => memberOf(world, 20302)?.role, 'member'],
    seen: both('group.member.join'),
  },
  {
    before: (lab) => (lab.world.as(20302).requestJoin(where, 'let me in'), askedFor(lab)),
    call: ['request.group.answer', (requestId: number) => ({ requestId, approve: false, block: true })],
    state: [(world) => [memberOf(world, 20302), groupOf(world)?.blocked.has(20302 as UserId)], [undefined, true]],
    seen: nobody,
  },
  {
    call: ['bot.avatar.set', { url: 'https://example.org/a.png' }],
    state: [(world) => accountOf(world)?.avatar?.url, 'https://example.org/a.png'],
    seen: nobody,
  },
  {
    call: ['bot.status.set', { status: 50 }],
    state: [(world) => accountOf(world)?.status.status, 50],
    seen: nobody,
  },
  {
    call: ['bot.model.set', { model: 'bridge phone' }],
    state: [(world) => accountOf(world)?.model, 'bridge phone'],
    seen: nobody,
  },
  {
    call: ['friend.remark.set', { userId: present, remark: 'second' }],
    state: [(world) => accountOf(world)?.friends.get(present as UserId)?.remark, 'second'],
    seen: nobody,
  },
  {
    call: ['favourite.add', { text: 'a note', brief: 'n' }],
    state: [(world) => accountOf(world)?.favourites, [{ id: `${asked}-1`, text: 'a note', brief: 'n', time }]],
    seen: nobody,
  },
  {
    call: ['group.remark.set', { ...of30002, remark: 'mine' }],
    state: [(world) => [memberOf(world, asked)?.remark, memberOf(world)?.remark], ['mine', '']],
    seen: nobody,
  },
  {
    call: ['group.avatar.set', { ...of30002, url: 'https://example.org/g.png' }],
    state: [(world) => groupOf(world)?.avatar?.url, 'https://example.org/g.png'],
    seen: nobody,
  },
  {
    call: ['group.sign', of30002],
    state: [(world) => memberOf(world, asked)?.signTime, time],
    seen: nobody,
  },
  {
    call: ['group.joinOption.set', { ...of30002, type: 4, question: 'q', answer: 'a' }],
    state: [(world) => groupOf(world)?.joinOption, { type: 4, question: 'q', answer: 'a' }],
    seen: nobody,
  },
  {
    call: ['group.robotOption.set', { ...of30002, memberSwitch: 1, memberExamine: 1 }],
    state: [(world) => groupOf(world)?.robotOption, { memberSwitch: 1, memberExamine: 1 }],
    seen: nobody,
  },
  {
    call: ['group.search.set', { ...of30002, byNumber: false }],
    state: [(world) => groupOf(world)?.search, { byNumber: false, byFinger: true }],
    seen: nobody,
  },
  {
    call: ['group.notice.publish', { ...of30002, text: 'read this', confirmRequired: true }],
    reply: { ...notice, id: hex },
    state: [(world) => [...(groupOf(world)?.notices.values() ?? [])].map((one) => one.confirmRequired), [true]],
    seen: nobody,
  },
  {
    before: ({ world }) => world.as(asked).publishNotice(where, { text: 'read this' }),
    call: ['group.notice.delete', (id: string) => ({ ...of30002, id })],
    state: [(world) => groupOf(world)?.notices.size, 0],
    seen: nobody,
  },
  {
    call: ['file.upload', { peer: group(where), name: 'a.txt', base64: 'aGk=' }],
    reply: { fileId: expect.any(String), file: expect.objectContaining({ name: 'a.txt', sizeBytes: 2 }) },
    state: [(world) => [...(groupOf(world)?.files.values() ?? [])].map(({ name }) => name), ['a.txt']],
    seen: [[], ['file.upload']],
  },
  {
    call: ['file.upload', { peer: friend(present), name: 'a.txt', base64: 'aGk=' }],
    reply: { fileId: expect.stringMatching(/\.txt$/) },
    state: [(world) => world.state.messages.get(1000)?.segments[0]?.type, 'file'],
    seen: both('message'),
  },
  {
    before: uploaded,
    call: ['file.delete', (fileId: string) => ({ ...of30002, fileId })],
    state: [(world) => groupOf(world)?.files.size, 0],
    seen: nobody,
  },
  {
    before: (lab) => ({ fileId: uploaded(lab), toFolderId: lab.world.as(asked).createFolder(where, 'docs') }),
    call: ['file.move', (ids: object) => ({ ...of30002, ...ids })],
    state: [(world) => lookInside(world), ['docs']],
    seen: nobody,
  },
  {
    before: uploaded,
    call: ['file.rename', (fileId: string) => ({ ...of30002, fileId, name: 'b.txt' })],
    state: [(world) => [...(groupOf(world)?.files.values() ?? [])].map(({ name }) => name), ['b.txt']],
    seen: nobody,
  },
  {
    before: (lab) => uploaded(lab, { temporary: true }),
    call: ['file.keep', (fileId: string) => ({ ...of30002, fileId })],
    state: [(world) => [...(groupOf(world)?.files.values() ?? [])].map(({ deadTime }) => deadTime), [0]],
    seen: nobody,
  },
  {
    call: ['file.folder.create', { ...of30002, name: 'docs' }],
    reply: expect.objectContaining({ name: 'docs', isFolder: true, parentId: '/', fileCount: 0 }),
    state: [(world) => [...(groupOf(world)?.folders.values() ?? [])].map(({ name }) => name), ['docs']],
    seen: nobody,
  },
  {
    before: ({ world }) => world.as(asked).createFolder(where, 'docs'),
    call: ['file.folder.delete', (folderId: string) => ({ ...of30002, folderId })],
    state: [(world) => groupOf(world)?.folders.size, 0],
    seen: nobody,
  },
]
