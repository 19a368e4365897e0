// Reverse WebSocket: who may come in, who replaces whom, and which connection takes calls.
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import type { GroupId, UserId } from '../../../src/core/ids.ts'
import { silence } from './fake-onebot.ts'
import { bot, errorOf, groupMessage, setUpReverse, until } from './set-up.ts'

const headers = (role = 'Universal', selfId = '10001') => ({ 'x-self-id': selfId, 'x-client-role': role })
const send = {
  name: 'message.send' as const,
  params: {
    peer: { kind: 'group' as const, groupId: 30001 as GroupId },
    segments: [{ type: 'text' as const, text: 'a' }],
  },
}

describe('coming in', () => {
  test.each([
    ['no token', {}, '', 401],
    ['an empty one', { authorization: 'Bearer ' }, '', 403],
    ['a wrong one', { authorization: 'Bearer nope' }, '', 403],
    ['a wrong one in the address', {}, '?access_token=nope', 403],
    ['two in the address', {}, '?access_token=secret&access_token=secret', 403],
  ])('%s is refused before the upgrade', async (_name, auth, query, status) => {
    const rig = await setUpReverse({ options: { accessToken: 'secret' } })
    expect(await rig.fake.dial(rig.url + query, { ...headers(), ...auth })).toBe(status)
    expect(rig.outbound.bots()).toEqual([])
  })

  test.each([
    ['Bearer', { authorization: 'Bearer secret' }, ''],
    ['Token', { authorization: 'Token secret' }, ''],
    ['lower case', { authorization: 'bearer secret' }, ''],
    ['bare', { authorization: 'secret' }, ''],
    ['query', {}, '?access_token=secret'],
    ['one of several', { authorization: 'Bearer nope' }, '?access_token=secret'],
  ])('the right token as %s', async (_name, auth, query) => {
    const rig = await setUpReverse({ options: { accessToken: 'secret' } })
    await rig.fake.dial(rig.url + query, { ...headers(), ...auth })
    expect(await rig.next('bot.online')).toMatchObject({ bot, again: false })
  })

  test.each([
    [{ 'x-client-role': 'Universal' }, 400],
    [{ 'x-self-id': 'abc', 'x-client-role': 'Universal' }, 400],
    [{ 'x-self-id': '10001', 'x-client-role': 'Boss' }, 400],
    [{}, 404],
  ])('%j is answered %i', async (given, status) => {
    const rig = await setUpReverse()
    expect(await rig.fake.dial(rig.url, given as Record<string, string>)).toBe(status)
  })

  test('a path of its own; others are left to others', async () => {
    const rig = await setUpReverse({ options: { path: '/onebot/v11/ws' } })
    expect(await rig.fake.dial(`${rig.url}other`, headers())).toBe(404)
    await rig.fake.dial(`${rig.url}onebot/v11/ws/`, headers())
    await rig.next('bot.online')
  })
})

describe('roles', () => {
  test('Universal, in any spelling, takes calls and brings events', async () => {
    const rig = await setUpReverse()
    rig.fake.on('send_group_msg', { message_id: 7 })
    await rig.fake.dial(rig.url, headers('universal'))
    await rig.next('bot.online')
    expect(await rig.call(send)).toEqual({ messageId: 7 })
    rig.fake.send(groupMessage())
    expect(await rig.next('message')).toMatchObject({ origin: 'received' })
  })

  test('Api and Event of Lagrange share the work', async () => {
    const rig = await setUpReverse({ appName: 'Lagrange.OneBot' })
    rig.fake.on('send_group_msg', { message_id: 7 })
    const events = (await rig.fake.dial(rig.url, headers('Event'))) as WebSocket
    expect(await errorOf(rig.call(send))).toEqual({ kind: 'offline', certain: true })
    await rig.fake.dial(rig.url, headers('Api'))
    await rig.next('bot.online')
    expect(await rig.call(send)).toEqual({ messageId: 7 })
    events.send(JSON.stringify(groupMessage()))
    expect(await rig.next('message')).toMatchObject({ bot })
  })

  test('several accounts', async () => {
    const rig = await setUpReverse()
    await rig.fake.dial(rig.url, headers())
    await rig.next('bot.online')
    rig.fake.on('get_login_info', { user_id: 10002, nickname: 'zwei' })
    await rig.fake.dial(rig.url, headers('Universal', '10002'))
    await rig.next('bot.online')
    expect(rig.outbound.bots()).toEqual([
      { bot, nickname: '桥', online: true },
      { bot: 10002 as UserId, nickname: 'zwei', online: true },
    ])
  })
})

describe('two connections that tell the same', () => {
  const notice = (members: object) => ({ self_id: 10001, time: 1_700_000_000, post_type: 'notice', ...members })
  const inGroup = { group_id: 30001, user_id: 20001 }
  test.each<[string, object, string]>([
    ['message', groupMessage(), 'message'],
    ['own message', { ...groupMessage(), post_type: 'message_sent', user_id: 10001 }, 'message'],
    [
      'recall',
      notice({ notice_type: 'group_recall', ...inGroup, operator_id: 20001, message_id: 501 }),
      'message.recall',
    ],
    ['poke', notice({ notice_type: 'notify', sub_type: 'poke', ...inGroup, target_id: 10001 }), 'nudge'],
    [
      'newcomer',
      notice({ notice_type: 'group_increase', sub_type: 'approve', ...inGroup, operator_id: 20005 }),
      'group.member.join',
    ],
    ['mute', notice({ notice_type: 'group_ban', sub_type: 'ban', ...inGroup, duration: 60 }), 'group.member.mute'],
    ['new friend', notice({ notice_type: 'friend_add', user_id: 20001 }), 'friend.add'],
    [
      'request',
      notice({ post_type: 'request', request_type: 'group', sub_type: 'add', ...inGroup, flag: 'f', comment: '' }),
      'request.group',
    ],
    [
      'file, which is told as a notice and as a message',
      notice({ notice_type: 'group_upload', ...inGroup, file: { id: '/f', name: 'a.txt', size: 3, busid: 102 } }),
      'file.upload',
    ],
    ['kind of its own', notice({ notice_type: 'bot_mood', mood: 'fine' }), 'raw'],
  ])('%s: is told once, and twice when it happens twice', async (_name, wire, type) => {
    const rig = await setUpReverse({ appName: 'go-cqhttp' })
    const one = (await rig.fake.dial(rig.url, headers())) as WebSocket
    const other = (await rig.fake.dial(rig.url, headers('Event'))) as WebSocket
    await rig.next('bot.online')
    const end = notice({ notice_type: 'friend_add', user_id: 29999 })
    const happens = async (): Promise<void> => {
      for (const socket of [one, other]) socket.send(JSON.stringify(wire))
    }
    await happens()
    // Messages have ids of their own: the second one would be the first.
    if (type !== 'message') await happens()
    for (const socket of [other, one]) socket.send(JSON.stringify(end))
    await until(() => rig.events.some((event) => event.type === 'friend.add' && event.userId === 29999))
    expect(
      rig.events.filter((event) => event.type === type && !('userId' in event && event.userId === 29999)),
    ).toHaveLength(type === 'message' ? 1 : 2)
  })
})

describe('replacing', () => {
  test('a newer connection of the same account and role takes over; calls on the old one end', async () => {
    const rig = await setUpReverse()
    rig.fake.on('send_group_msg', silence)
    const old = (await rig.fake.dial(rig.url, headers())) as WebSocket
    await rig.next('bot.online')
    const waiting = errorOf(rig.call(send))
    await until(() => rig.fake.calls.length === 1)
    const closed = once(old, 'close')
    await rig.fake.dial(rig.url, headers())
    expect((await closed)[0]).toBe(1000)
    expect(await waiting).toEqual({ kind: 'offline', certain: false })
    rig.fake.on('send_group_msg', { message_id: 7 })
    await until(() => rig.outbound.bots()[0]?.online)
    expect(await rig.call(send)).toEqual({ messageId: 7 })
    expect(rig.events.map(({ type }) => type)).toEqual(['bot.online'])
  })

  test('also when the old one is dead and does not answer the farewell', async () => {
    const rig = await setUpReverse()
    rig.fake.on('send_group_msg', silence)
    const old = (await rig.fake.dial(rig.url, headers())) as WebSocket
    await rig.next('bot.online')
    const waiting = errorOf(rig.call(send))
    await until(() => rig.fake.calls.length === 1)
    old.pause()
    const started = performance.now()
    await rig.fake.dial(rig.url, headers())
    expect(await waiting).toEqual({ kind: 'offline', certain: false })
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('going', () => {
  test('one that stays away is dropped', async () => {
    const rig = await setUpReverse({ options: { graceMs: 10 } })
    const socket = (await rig.fake.dial(rig.url, headers())) as WebSocket
    await rig.next('bot.online')
    socket.close()
    expect(await rig.next('bot.offline')).toMatchObject({ how: 'dropped' })
    await rig.fake.dial(rig.url, headers())
    expect(await rig.next('bot.online')).toMatchObject({ again: true })
  })

  test('closing says good-bye with 1001 and lets nobody in', async () => {
    const rig = await setUpReverse()
    const socket = (await rig.fake.dial(rig.url, headers())) as WebSocket
    await rig.next('bot.online')
    const closed = once(socket, 'close')
    await rig.outbound.close()
    expect((await closed)[0]).toBe(1001)
    expect(await rig.fake.dial(rig.url, headers())).toBe(404)
  })
})
