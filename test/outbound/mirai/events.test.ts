// What the server pushes, as canonical events with ids of the bridge.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BridgeEvent, EventOf } from '../../../src/core/event.ts'
import {
  bot,
  connect,
  groupMessage,
  lab,
  mio,
  nico,
  startServer,
  time,
  until,
  wireFriend,
  wireGroup,
  wireMember,
  type Connected,
  type FakeServer,
} from './setup.ts'

let server: FakeServer
let mah: Connected

beforeEach(async () => {
  server = await startServer()
  mah = await connect(server)
})

afterEach(async () => {
  await mah.close()
  await server.close()
})

async function push(data: object): Promise<BridgeEvent> {
  const next = mah.events.length
  server.send({ syncId: '-1', data })
  await until(() => mah.events.length > next)
  return mah.events[next] as BridgeEvent
}

async function pushMessage(data: object): Promise<EventOf<'message'>> {
  const event = await push(data)
  if (event.type !== 'message') throw new Error(`got ${event.type}`)
  return event
}

const native = (event: EventOf<'message'>) => mah.state.messages.native(bot, event.message.id)

describe('messages', () => {
  test('of a group: ids of the bridge, content remembered', async () => {
    const event = await pushMessage(groupMessage(517, [{ type: 'Plain', text: 'hi' }]))
    const { message } = event
    expect(event).toEqual({
      type: 'message',
      bot,
      time,
      origin: 'received',
      message: {
        id: message.id,
        peer: { kind: 'group', groupId: lab },
        time,
        sender: { userId: mio, nickname: 'Mio', card: 'Mio', role: 'member', title: 'ace' },
        segments: [{ type: 'text', text: 'hi' }],
      },
    })
    expect(native(event)).toEqual({ native: '517', peer: { kind: 'group', groupId: lab } })
    expect(mah.state.messages.get(bot, message.id)).toEqual(message)
  })

  test('equal numbers in two conversations are two messages; the same one twice is one', async () => {
    const one = await pushMessage(groupMessage(5, []))
    const friend = { type: 'FriendMessage', messageChain: [{ type: 'Source', id: 5, time }], sender: wireFriend }
    const other = await pushMessage(friend)
    const again = await pushMessage(friend)
    expect(one.message.id).not.toBe(other.message.id)
    expect(again.message.id).toBe(other.message.id)
  })

  test('without a usable number: distinct ids by which nothing can be asked', async () => {
    const one = await pushMessage(groupMessage(-1, []))
    const other = await pushMessage(groupMessage(0, []))
    expect(one.message.id).not.toBe(other.message.id)
    await expect(mah.call('message.recall', { messageId: one.message.id })).rejects.toMatchObject({ kind: 'notFound' })
  })

  test('a quote names the message that came before', async () => {
    const first = await pushMessage(groupMessage(1, [{ type: 'Plain', text: 'first' }]))
    const quote = { type: 'Quote', id: 1, groupId: lab, senderId: mio, targetId: lab, origin: [] }
    const second = await pushMessage(groupMessage(2, [quote, { type: 'Plain', text: 'second' }]))
    expect(second.message.segments[0]).toEqual({ type: 'reply', messageId: first.message.id })
  })

  test('sync messages are the bot’s own', async () => {
    const chain = [{ type: 'Source', id: 9, time }]
    const event = await pushMessage({ type: 'FriendSyncMessage', messageChain: chain, subject: wireFriend })
    expect(event).toMatchObject({
      origin: 'sync',
      message: { peer: { kind: 'friend', userId: nico }, sender: { userId: bot } },
    })
  })

  test('anonymous ones say so', async () => {
    const sender = { ...wireMember, id: 80_000_000, memberName: 'Somebody' }
    const event = await pushMessage({ ...groupMessage(3, []), sender })
    expect(event.anonymous).toEqual({ id: 80_000_000, name: 'Somebody', flag: '' })
  })

  test('media get handles of the bridge, tied to this backend', async () => {
    const url = 'http://img.example/0'
    const imageId = '{01E9451B-70ED-EAE3-B37C-101F1EEBF5B5}.png'
    const event = await pushMessage(groupMessage(4, [{ type: 'Image', imageId, url }]))
    const id = '01E9451B70EDEAE3B37C101F1EEBF5B5.png'
    expect(event.message.segments).toEqual([{ type: 'image', id, url }])
    expect(mah.state.media.get(id)).toMatchObject({ kind: 'image', backend: 'mah', native: imageId, url })
  })

  test('large ids come through exactly', async () => {
    server.send(
      `{"syncId":"-1","data":{"type":"NewFriendRequestEvent","eventId":9223372036854775807,"message":"","fromId":${nico},"groupId":0,"nick":"N"}}`,
    )
    await until(() => mah.events.length === 1)
    const { requestId } = mah.events[0] as EventOf<'request.friend'>
    expect(mah.state.requests.get(bot, requestId)?.native).toBe('9223372036854775807')
  })
})

describe('notices and requests', () => {
  test('a recall names the message that it takes back', async () => {
    const { message } = await pushMessage(groupMessage(517, []))
    const recall = { type: 'GroupRecallEvent', authorId: mio, messageId: 517, time, group: wireGroup, operator: null }
    expect(await push(recall)).toMatchObject({
      type: 'message.recall',
      messageId: message.id,
      authorId: mio,
      operatorId: bot,
      sentTime: time,
    })
  })

  test('requests are kept with what an answer needs', async () => {
    const join = {
      type: 'MemberJoinRequestEvent',
      eventId: 12345,
      message: 'let me in',
      fromId: nico,
      groupId: lab,
      groupName: 'Lab',
      nick: 'Nico',
      invitorId: mio,
    }
    const event = (await push(join)) as EventOf<'request.group'>
    expect(event).toMatchObject({ kind: 'join', groupId: lab, userId: nico, comment: 'let me in', invitorId: mio })
    expect(mah.state.requests.get(bot, event.requestId)).toEqual({
      kind: 'join',
      native: '12345',
      userId: nico,
      groupId: lab,
      answered: false,
      expired: false,
    })
    await mah.call('request.group.answer', { requestId: event.requestId, approve: true })
    expect(server.requests[0]?.content).toEqual({ eventId: 12345, operate: 0, fromId: nico, groupId: lab, message: '' })
  })

  test('logins and logouts are passed on and change the state', async () => {
    const steps: [object, string, boolean][] = [
      [{ type: 'BotOfflineEventDropped', qq: bot }, 'bot.offline', false],
      [{ type: 'BotReloginEvent', qq: bot }, 'bot.online', true],
      [{ type: 'BotOfflineEventForce', qq: bot, title: 't', message: 'm' }, 'bot.offline', false],
      [{ type: 'BotOnlineEvent', qq: bot }, 'bot.online', true],
      [{ type: 'BotOfflineEventActive', qq: bot }, 'bot.offline', false],
    ]
    for (const [wire, type, online] of steps) {
      const { changes } = mah
      expect((await push(wire)).type).toBe(type)
      expect(mah.isOnline()).toBe(online)
      expect(mah.changes).toBe(changes + 1)
    }
  })

  test('what is unknown stays as it is', async () => {
    const payload = { type: 'PluginEvent', anything: [1] }
    expect(await push(payload)).toMatchObject({ type: 'raw', dialect: 'mirai', name: 'PluginEvent', payload })
    expect(mah.logs.at(-1)).toContain('PluginEvent')
  })

  test('what lacks its subject is dropped', async () => {
    server.send({ syncId: '-1', data: { type: 'MemberMuteEvent', durationSeconds: 5 } })
    await until(() => mah.logs.some((line) => line.includes('MemberMuteEvent was dropped')))
    expect(mah.events).toEqual([])
  })

  test('events without an envelope, or with another reserved syncId, are events too', async () => {
    server.send(groupMessage(1, []))
    server.send({ syncId: 'pushed', data: groupMessage(2, []) })
    await until(() => mah.events.length === 2)
    expect(mah.events.map(({ type }) => type)).toEqual(['message', 'message'])
  })
})
