// Each action that others notice: its reply, its effect, and what every bot of the world is told, also the one who must not be.
import { expect, test } from 'vitest'
import type { ActionName } from '../../../src/core/action.ts'
import type { GroupId, MessageId, UserId } from '../../../src/core/ids.ts'
import { demoWorld, friend, group, type World } from '../../../src/world/index.ts'
import { startLab } from './support.ts'

const asked = 10001
const present = 10002
const stranger = 10003
const where = 30002
const of30002 = { groupId: where }
const text = [{ type: 'text', text: 'x' }]

/** The asked bot owns 30002, a second bot is a member and its friend, a third one knows nobody. */
function worldOfThreeBots(): unknown {
  const file = structuredClone(demoWorld)
  file.accounts.push({ id: present, bot: true, nickname: 'present' }, { id: stranger, bot: true, nickname: 'stranger' })
  file.friends?.push({ of: asked, id: present })
  file.groups?.[1]?.members.push({ id: present })
  return file
}

const memberOf = (world: World, userId: number = present) =>
  world.state.groups.get(where as GroupId)?.members.get(userId as UserId)
const groupOf = (world: World) => world.state.groups.get(where as GroupId)

interface Case {
  before?: (world: World) => unknown
  call: [ActionName, object]
  reply?: unknown
  /** What is looked at, and how it is afterwards. */
  state: [(world: World) => unknown, unknown]
  /** Types of the events: of the bot that was asked, of the one that is there. The stranger sees none. */
  seen: [string[], string[]]
}

const both = (type: string): Case['seen'] => [[type], [type]]
const said = (world: World) => world.as(present).say(group(where), 'before')

const cases: Case[] = [
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
    state: [(world) => world.state.accounts.get(present as UserId)?.friends.size, 0],
    seen: both('friend.remove'),
  },
  {
    call: ['user.like', { userId: present, times: 2 }],
    state: [(world) => world.state.accounts.get(present as UserId)?.likes.get(asked as UserId)?.count, 2],
    seen: [[], ['profile.like']],
  },
  {
    call: ['bot.profile.set', { nickname: 'new' }],
    state: [(world) => world.state.accounts.get(asked as UserId)?.nickname, 'new'],
    seen: [[], ['friend.nickname']],
  },
  {
    call: ['bot.exit', {}],
    state: [(world) => world.state.accounts.get(asked as UserId)?.online, false],
    seen: [['bot.offline'], []],
  },
]

test.each(cases.map((one) => [one.call[0], one] as const))(
  '%s',
  async (_, { before, call, reply = {}, state, seen }) => {
    const lab = await startLab(worldOfThreeBots())
    before?.(lab.world)
    lab.told()
    expect(await lab.call(...call)).toEqual(reply)
    const [look, expected] = state
    expect(look(lab.world)).toEqual(expected)
    const told = lab.told()
    const typesFor = (bot: number): string[] => told.filter((event) => event.bot === bot).map(({ type }) => type)
    expect([typesFor(asked), typesFor(present), typesFor(stranger)]).toEqual([...seen, []])
  },
)

test('the same message: one id for each bot, readable by those who were there, for the others it is not there', async () => {
  const lab = await startLab(worldOfThreeBots())
  const { messageId } = await lab.call('message.send', { peer: group(where), segments: text })
  for (const bot of [asked, present]) {
    const message = await lab.call('message.get', { messageId: messageId satisfies MessageId }, bot)
    expect(message.segments).toEqual(text)
  }
  await expect(lab.call('message.get', { messageId }, stranger)).rejects.toMatchObject({ kind: 'notFound' })
  await expect(lab.call('message.history', { peer: group(where) }, stranger)).rejects.toMatchObject({
    kind: 'notFound',
  })
  await expect(lab.call('group.member.list', of30002, stranger)).rejects.toMatchObject({ kind: 'notFound' })
})
