// Our own mirai inbound as the server: what one end prints the other end reads, through real sockets.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Member } from '../../../src/core/contact.ts'
import { BridgeError } from '../../../src/core/error.ts'
import type { MessageId, RequestId } from '../../../src/core/ids.ts'
import { startInbound, key, stored, type Harness } from '../../inbound/mirai/setup.ts'
import { friend, group, lab, members, mio, nico } from '../../dialect/mirai/fixtures.ts'
import { bot, createOutbound, failure, until, type Connected } from './setup.ts'

let inbound: Harness
let mah: Connected

beforeEach(async () => {
  inbound = await startInbound()
  const connected = createOutbound(inbound.listener.port, { verifyKey: key })
  await connected.started
  mah = connected
})

afterEach(async () => {
  await mah.close()
  await inbound.close()
})

const inLab = { kind: 'group', groupId: lab } as const

test('greeting, version and name', () => {
  expect(mah.outbound.bots()).toEqual([{ bot, nickname: 'bot', online: true }])
  expect(mah.outbound.capabilities(bot).version).toBe('2.10.0')
})

test('a message, and its recall', async () => {
  const sent = await mah.call('message.send', { peer: inLab, segments: [{ type: 'text', text: 'hi' }] })
  expect(inbound.calls.at(-1)).toEqual({
    name: 'message.send',
    params: { peer: inLab, segments: [{ type: 'text', text: 'hi' }] },
  })
  expect(mah.state.messages.native(bot, sent.messageId)).toEqual({ native: '600', peer: inLab })
  await mah.call('message.recall', sent)
  expect(inbound.calls.at(-1)).toEqual({ name: 'message.recall', params: { messageId: 600 } })
})

test('a message that is looked up', async () => {
  const { id } = mah.state.messages.learn(bot, { native: '517', peer: inLab })
  const message = await mah.call('message.get', { messageId: id })
  expect(message).toMatchObject({ id, peer: inLab, time: stored.time, segments: stored.segments })
  expect(message.sender).toMatchObject({ userId: mio, nickname: 'Mio' })
})

test('lists and profiles', async () => {
  expect(await mah.call('friend.list', {})).toEqual([friend])
  expect(await mah.call('group.list', {})).toEqual([group])
  inbound.answers['group.member.get'] = ({ userId }: Member) => members.find((one) => one.userId === userId) as Member
  const list = await mah.call('group.member.list', { groupId: lab })
  expect(new Set(list.map(({ userId }) => userId))).toEqual(new Set(members.map(({ userId }) => userId)))
  expect(await mah.call('user.profile', { userId: nico })).toMatchObject({ userId: nico, nickname: 'Nico', level: 33 })
  expect(await mah.call('group.get', { groupId: lab })).toEqual({ ...group, memberCount: 3, muteAll: false })
})

test('actions arrive as they were meant', async () => {
  const asMember = { groupId: lab, userId: mio }
  inbound.requests.set(77, { kind: 'join', native: 'x', userId: nico, groupId: lab, answered: false, expired: false })
  const requestId = mah.state.requests.learn(bot, { kind: 'join', native: '77', userId: nico, groupId: lab })
  const before = inbound.calls.length
  await mah.call('group.member.mute', { ...asMember, durationSeconds: 60 })
  await mah.call('group.member.kick', { ...asMember, block: true, message: 'bye' })
  await mah.call('group.member.card', { ...asMember, card: 'c' })
  await mah.call('nudge.send', { peer: inLab, targetId: mio })
  await mah.call('request.group.answer', { requestId, approve: false, reason: 'no' })
  expect(inbound.calls.slice(before)).toEqual([
    { name: 'group.member.mute', params: { ...asMember, durationSeconds: 60 } },
    { name: 'group.member.kick', params: { ...asMember, block: true, message: 'bye' } },
    { name: 'group.member.card', params: { ...asMember, card: 'c' } },
    { name: 'nudge.send', params: { peer: inLab, targetId: mio } },
    { name: 'request.group.answer', params: { requestId: 77 as RequestId, approve: false, reason: 'no' } },
  ])
})

test.each(['notFound', 'noPermission', 'muted', 'tooLong', 'notSupported', 'badParameter', 'backend'] as const)(
  'an error of kind %s arrives as that',
  async (kind) => {
    inbound.answers['group.muteAll'] = () => {
      throw new BridgeError(kind, 'for a reason')
    }
    expect(await failure(mah.call('group.muteAll', { groupId: lab, on: true }))).toMatchObject({ kind, certain: true })
  },
)

test('events', async () => {
  inbound.inbound.push({ type: 'message', bot, time: stored.time, origin: 'received', message: stored })
  inbound.inbound.push({
    type: 'group.member.mute',
    bot,
    time: stored.time,
    groupId: lab,
    userId: mio,
    operatorId: bot,
    durationSeconds: 60,
  })
  await until(() => mah.events.length === 2)
  const [message, mute] = mah.events
  if (message?.type !== 'message') throw new Error('no message')
  expect(message.message).toMatchObject({ peer: inLab, time: stored.time, segments: stored.segments })
  expect(mah.state.messages.native(bot, message.message.id)?.native).toBe('517')
  expect(mute).toMatchObject({
    type: 'group.member.mute',
    groupId: lab,
    userId: mio,
    operatorId: bot,
    durationSeconds: 60,
  })
})

test('a key that does not fit', async () => {
  await mah.close()
  const connected = createOutbound(inbound.listener.port, { verifyKey: 'wrong' })
  mah = connected
  await connected.started
  expect(mah.isOnline()).toBe(false)
  expect(await failure(mah.call('friend.list', {}))).toMatchObject({ kind: 'offline' })
})

test('an account that is not there', async () => {
  await mah.close()
  const connected = createOutbound(inbound.listener.port, { verifyKey: key, bots: [99_999] })
  mah = connected
  await connected.started
  expect(mah.isOnline()).toBe(false)
  expect(mah.logs.join('\n')).toContain('not logged in')
})

test('a quote finds the message on the other side', async () => {
  const { id } = mah.state.messages.learn(bot, { native: '516', peer: inLab })
  await mah.call('message.send', {
    peer: inLab,
    segments: [
      { type: 'reply', messageId: id },
      { type: 'text', text: 'yes' },
    ],
  })
  expect(inbound.calls.at(-1)?.params).toEqual({
    peer: inLab,
    segments: [
      { type: 'reply', messageId: 516 as MessageId },
      { type: 'text', text: 'yes' },
    ],
  })
})
