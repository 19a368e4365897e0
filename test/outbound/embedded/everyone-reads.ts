// Actions that only look: the reply, and that nothing has changed and nobody is told.
import { expect } from 'vitest'
import { friend, group } from '../../../src/world/index.ts'
import { asked, type Case, nobody, of30002, present, said, text, time, where } from './everyone.ts'
import { hex, notice, uploaded } from './everyone-acts.ts'
import type { Lab } from './support.ts'

const few: (...keys: unknown[]) => unknown = (...keys) => keys.map((key) => expect.objectContaining(key as object))
const message = {
  id: 1000,
  peer: group(where),
  time,
  sender: {
    userId: present,
    nickname: 'present',
    sex: 'unknown',
    age: 0,
    card: '',
    role: 'member',
    title: '',
    level: '1',
    remark: '',
  },
  segments: [{ type: 'text', text: 'before' }],
  seq: 1,
}
const file = { name: 'a.txt', sizeBytes: 2, uploaderId: present, parentId: '/', path: '/a.txt', isFolder: false }

function forwarded({ world }: Lab): number {
  const nodes = [{ senderId: 20001 as never, senderName: 'n', segments: [...text] }]
  return world.as(present).say(group(where), [{ type: 'forward', nodes }])
}

function reacted(lab: Lab): void {
  lab.world.as(20002).react(said(lab), '66', true)
}

const cases: Omit<Case, 'seen'>[] = [
  { before: said, call: ['message.get', { messageId: 1000 }], reply: message },
  { before: said, call: ['message.history', { peer: group(where) }], reply: { messages: [message] } },
  { before: said, call: ['message.recent', {}], reply: [message] },
  {
    before: forwarded,
    call: ['message.forward.get', { id: '1000' }],
    reply: { nodes: [{ senderId: 20001, senderName: 'n', time, segments: text }] },
  },
  {
    before: reacted,
    call: ['message.reactions', { messageId: 1000, emojiId: '66' }],
    reply: [{ userId: 20002, nickname: 'Nemo🐟' }],
  },
  {
    before: uploaded,
    call: ['media.get', (id: string) => ({ kind: 'file', id, format: 'base64' })],
    reply: { url: expect.stringContaining('/media/'), name: 'a.txt', sizeBytes: 2, base64: 'aGk=' },
  },
  { call: ['bot.info', {}], reply: expect.objectContaining({ userId: asked, nickname: '桥上机器人', level: 16 }) },
  { call: ['bot.clients', {}], reply: [] },
  {
    before: ({ world }) => world.as(asked).setModel('bridge phone'),
    call: ['bot.model.get', {}],
    reply: [{ name: 'bridge phone', needsPay: false }],
  },
  { call: ['user.profile', { userId: present }], reply: expect.objectContaining({ userId: present }) },
  {
    before: ({ world }) => world.as(present).setStatus({ status: 30 }),
    call: ['user.status', { userId: present }],
    reply: { status: 30, extStatus: 0 },
  },
  {
    before: ({ world }) => world.as(present).like(asked, 3),
    call: ['user.like.list', {}],
    reply: { total: 3, likes: [{ userId: present, nickname: 'present', count: 3, time }] },
  },
  {
    call: ['friend.list', {}],
    reply: few({ userId: 20001 }, { userId: 20003 }, { userId: 20004 }, { userId: present, nickname: 'present' }),
  },
  { call: ['friend.unidirectional', {}], reply: [] },
  {
    before: ({ world }) => world.as(20301).requestFriend(asked, 'doubtful', { filtered: true }),
    call: ['request.filtered', { kind: 'friend' }],
    reply: few({ userId: 20301, comment: 'doubtful', time }),
  },
  {
    before: ({ world }) => world.as(20302).requestJoin(where, 'let me in'),
    call: ['request.group.list', {}],
    reply: few({ kind: 'join', groupId: where, userId: 20302, comment: 'let me in', answered: false }),
  },
  {
    before: ({ world }) => world.as(asked).addFavourite('a note'),
    call: ['favourite.list', {}],
    reply: [{ id: `${asked}-1`, text: 'a note', brief: '', time }],
  },
  { call: ['customFace.list', {}], reply: ['https://example.org/face.png'] },
  {
    call: ['group.list', {}],
    reply: few({ groupId: 30001 }, { groupId: where, botRole: 'owner', memberCount: 4 }, { groupId: 30003 }, {}),
  },
  {
    call: ['group.get', of30002],
    reply: {
      groupId: where,
      name: 'bot owns this',
      botRole: 'owner',
      memberCount: 4,
      maxMemberCount: 2000,
      muteAll: false,
      remark: '',
    },
  },
  {
    call: ['group.config.get', of30002],
    reply: {
      name: 'bot owns this',
      confessTalk: false,
      allowMemberInvite: false,
      autoApprove: false,
      anonymousChat: false,
      muteAll: false,
    },
  },
  {
    call: ['group.member.list', of30002],
    reply: few(
      { userId: asked, role: 'owner' },
      { userId: 20002 },
      { userId: 20005, role: 'admin' },
      { userId: present },
    ),
  },
  {
    call: ['group.member.get', { ...of30002, userId: present }],
    reply: {
      groupId: where,
      userId: present,
      nickname: 'present',
      card: '',
      role: 'member',
      title: '',
      joinTime: time,
      lastSpeakTime: 0,
      mutedUntil: 0,
      sex: 'unknown',
      age: 0,
      level: '1',
    },
  },
  { call: ['group.atAll.remain', of30002], reply: { allowed: true, forGroup: 20, forBot: 10 } },
  {
    before: (lab) => lab.world.as(asked).setEssence(said(lab), true),
    call: ['group.essence.list', of30002],
    reply: [
      {
        messageId: 1000,
        senderId: present,
        senderName: 'present',
        senderTime: time,
        operatorId: asked,
        operatorName: '桥上机器人',
        operatorTime: time,
        segments: message.segments,
      },
    ],
  },
  {
    before: ({ world }) => world.as(asked).publishNotice(where, { text: 'read this' }),
    call: ['group.notice.list', of30002],
    reply: [{ ...notice, id: hex }],
  },
  {
    before: ({ world }) => world.as(present).setHonor(where, { honor: 'talkative', on: true, dayCount: 2 }),
    call: ['group.honor.get', { ...of30002, kind: 'talkative' }],
    reply: {
      currentTalkative: { userId: present, nickname: 'present', avatar: '', description: '', dayCount: 2 },
      lists: { talkative: [{ userId: present, nickname: 'present', avatar: '', description: '', dayCount: 2 }] },
    },
  },
  { before: uploaded, call: ['file.list', of30002], reply: few(file) },
  {
    before: uploaded,
    call: ['file.get', (fileId: string) => ({ ...of30002, fileId })],
    reply: expect.objectContaining(file),
  },
  {
    before: uploaded,
    call: ['file.url', (fileId: string) => ({ peer: group(where), fileId })],
    reply: { url: expect.stringContaining('/media/') },
  },
  {
    before: ({ world }) => {
      world.as(present).say(friend(asked), [{ type: 'file', name: 'a.txt', base64: 'aGk=' }])
      const [sent] = world.state.messages.get(1000)?.segments ?? []
      return sent?.type === 'file' ? sent.id : undefined
    },
    call: ['file.url', (fileId: string) => ({ peer: friend(present), fileId })],
    reply: { url: expect.stringContaining('/media/') },
  },
  {
    before: uploaded,
    call: ['file.space', of30002],
    reply: { fileCount: 1, limitCount: 10_000, usedBytes: 2, totalBytes: 10 * 2 ** 30 },
  },
]

export const reads: Case[] = cases.map((one) => ({ ...one, seen: nobody }))
