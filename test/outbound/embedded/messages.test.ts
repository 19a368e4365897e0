// Every action about messages: reply, state of the world, events that the bots get.
import { describe, expect, test } from 'vitest'
import type { MessageId } from '../../../src/core/ids.ts'
import { group, friend, temp } from '../../../src/world/index.ts'
import { act } from '../../../src/world/control/acts.ts'
import { refusal, startLab } from './support.ts'
import { worldOfTwoBots } from '../../world/support.ts'

const time = 1_700_000_000
const text = (value: string) => [{ type: 'text' as const, text: value }]
const png = 'iVBORw0KGgo='

describe('message.send', () => {
  test('answers with the id that everybody sees, and reports the send as own', async () => {
    const { call, told, world, services } = await startLab()
    expect(await call('message.send', { peer: group(30001), segments: text('hi') })).toEqual({ messageId: 1000 })
    const message = {
      id: 1000,
      peer: { kind: 'group', groupId: 30001 },
      time,
      sender: {
        userId: 10001,
        nickname: '桥上机器人',
        sex: 'female',
        age: 3,
        card: '小桥',
        role: 'admin',
        title: '',
        level: '1',
      },
      segments: text('hi'),
      seq: 1,
    }
    expect(told()).toEqual([{ type: 'message', bot: 10001, time, origin: 'self', message }])
    expect(services.messages.get(10001 as never, 1000 as MessageId)).toEqual(message)
    expect(world.state.messages.get(1000)?.device).toBe('bridge')
  })

  test('another bot receives it, another client of the account is told as sync', async () => {
    const { call, told, world } = await startLab(worldOfTwoBots())
    await call('message.send', { peer: group(30001), segments: text('hi') })
    world.as(10001).say(group(30001), 'from my phone')
    expect(told().map((event) => event.type === 'message' && [event.bot, event.origin])).toEqual([
      [10001, 'self'],
      [10002, 'received'],
      [10001, 'sync'],
      [10002, 'received'],
    ])
  })

  test.each([
    ['friend', friend(99999)],
    ['friend', friend(20002)],
    ['group', group(99999)],
    ['temp', temp(20301, 30001)],
  ])('to a %s who is not there: not found', async (_, peer) => {
    const { call, told } = await startLab()
    expect(await refusal(call('message.send', { peer, segments: text('hi') }))).toBe('notFound')
    expect(told()).toEqual([])
  })

  test('strangers of one group are reached by a temp conversation', async () => {
    const { call, told } = await startLab()
    await call('message.send', { peer: { kind: 'stranger', userId: 20002 }, segments: text('hi') })
    expect(told()).toMatchObject([{ message: { peer: { kind: 'temp', userId: 20002, groupId: 30001 } } }])
  })

  test('muted, too long, empty', async () => {
    const { call, world } = await startLab()
    const long = { peer: friend(20001), segments: text('x'.repeat(5001)) }
    expect(await refusal(call('message.send', long))).toBe('tooLong')
    expect(await refusal(call('message.send', { peer: friend(20001), segments: [] }))).toBe('badParameter')
    world.as(20001).mute(30001, 10001, 60)
    expect(await refusal(call('message.send', { peer: group(30001), segments: text('hi') }))).toBe('muted')
  })

  test('bytes get a handle and an address, an address keeps itself', async () => {
    const { call, told, services } = await startLab()
    const segments = [
      { type: 'image', base64: png },
      { type: 'image', url: 'https://example.org/a.png' },
      { type: 'image', url: 'https://example.com/a.png' },
    ]
    await call('message.send', { peer: group(30001), segments })
    const [event] = told()
    const sent = event?.type === 'message' ? event.message.segments : []
    const [first, second, third] = sent as { id: string; url: string }[]
    expect(first).toEqual({ type: 'image', id: first?.id, url: `http://127.0.0.1:1/media/${first?.id}`, sizeBytes: 8 })
    expect(first?.id).toMatch(/^[0-9A-F]{32}\.png$/)
    expect(second).toMatchObject({ url: 'https://example.org/a.png' })
    expect(second?.id).not.toBe(third?.id)
    expect(services.media.get(first?.id ?? '')?.bytes).toEqual(Buffer.from(png, 'base64'))
    expect(services.media.get(second?.id ?? '')?.url).toBe('https://example.org/a.png')
    // What was received can be sent again by its handle.
    await call('message.send', { peer: group(30001), segments: [{ type: 'image', id: second?.id }] })
    expect(told()).toMatchObject([{ message: { segments: [{ id: second?.id, url: 'https://example.org/a.png' }] } }])
  })

  test.each([
    [{ type: 'image', id: 'nothing' }, 'notFound'],
    [{ type: 'image' }, 'badParameter'],
    [{ type: 'image', path: '/etc/passwd' }, 'forbiddenSource'],
  ])('%j: %s', async (segment, kind) => {
    const { call } = await startLab()
    expect(await refusal(call('message.send', { peer: group(30001), segments: [segment] }))).toBe(kind)
  })

  test('media that others send get handles too', async () => {
    const { world, told } = await startLab()
    act(world, { kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'voice', base64: png }] })
    const [event] = told()
    expect(event?.type === 'message' && event.message.segments[0]).toEqual({
      type: 'voice',
      id: expect.stringMatching(/^[0-9A-F]{32}\./) as unknown,
      url: expect.stringContaining('http://127.0.0.1:1/media/') as unknown,
      sizeBytes: 8,
    })
  })

  test('a merged forward can be read by its id and by the id of its message', async () => {
    const { call, world } = await startLab()
    const first = world.as(20002).say(group(30001), 'one')
    const nodes = [{ messageId: first }, { senderId: 5, senderName: 'x', time: 9, segments: text('two') }]
    const sent = await call('message.send', { peer: group(30001), segments: [{ type: 'forward', nodes }] })
    expect(sent).toEqual({ messageId: 1001, forwardId: 'forward-1001-1' })
    const expected = {
      nodes: [
        { senderId: 20002, senderName: '尼莫,[a]&b', time, segments: text('one') },
        { senderId: 5, senderName: 'x', time: 9, segments: text('two') },
      ],
    }
    expect(await call('message.forward.get', { id: 'forward-1001-1' })).toEqual(expected)
    expect(await call('message.forward.get', { id: '1001' })).toEqual(expected)
    expect(await refusal(call('message.forward.get', { id: '1000' }))).toBe('notFound')
    expect(await refusal(call('message.forward.get', { id: 'x' }))).toBe('notFound')
  })

  test('a file in a message lies in the group from then on', async () => {
    const { call, told, world } = await startLab(worldOfTwoBots())
    await call('message.send', { peer: group(30001), segments: [{ type: 'file', base64: 'AAEC', name: 'a.bin' }] })
    expect(told().map(({ bot, type }) => [bot, type])).toEqual([
      [10001, 'message'],
      [10002, 'message'],
      [10002, 'file.upload'],
    ])
    expect(world.export().groups[0]?.files[1]).toMatchObject({ name: 'a.bin', uploader: 10001, base64: 'AAEC' })
  })
})

describe('ids', () => {
  test('taken ids are given another, which quotes, recalls and control then use', async () => {
    const { services, world, told, call } = await startLab()
    services.messages.learn(10001 as never, { native: 'other', peer: friend(20001) }, undefined, true)
    // Somebody else's message sits on the id that the world will use.
    const taken = services.messages.learn(10001 as never, { native: '1000', peer: friend(20003) }, undefined, true)
    expect(taken.id).toBe(1000)
    const said = { kind: 'message', chat: 'group', group: 30001, sender: 20002, segments: text('x') }
    const { messageId } = act(world, said) as { messageId: number }
    expect(messageId).not.toBe(1000)
    expect(told()).toMatchObject([{ message: { id: messageId } }])
    await call('message.send', { peer: group(30001), segments: [{ type: 'reply', messageId }, ...text('y')] })
    expect(world.state.messages.get(1001)?.segments[0]).toEqual({ type: 'reply', messageId: 1000 })
    expect(told()).toMatchObject([{ message: { segments: [{ type: 'reply', messageId }, {}] } }])
    act(world, { ...said, quote: { id: messageId } })
    expect(told()).toMatchObject([{ message: { segments: [{ type: 'reply', messageId }, {}] } }])
    act(world, { kind: 'essence', group: 30001, operator: 20001, id: messageId, on: true })
    act(world, { kind: 'react', group: 30001, sender: 20003, id: messageId, emoji: '66', on: true })
    act(world, { kind: 'recall', chat: 'group', group: 30001, sender: 20002, id: messageId })
    expect(told().map((event) => 'messageId' in event && event.messageId)).toEqual([messageId, messageId, messageId])
  })

  test('requests are known under the bridge id, and control gives out the same flag', async () => {
    const { world, told, call } = await startLab()
    const { flag } = act(world, { kind: 'friend_request', user: 20301, message: 'hi' }) as { flag: string }
    const [event] = told()
    const requestId = event?.type === 'request.friend' ? event.requestId : 0
    expect(event).toEqual({
      type: 'request.friend',
      bot: 10001,
      time,
      requestId: Number(flag),
      userId: 20301,
      nickname: '求友者',
      comment: 'hi',
      groupId: undefined,
    })
    await call('request.friend.answer', { requestId, approve: true, remark: 'new' })
    expect(told()).toEqual([{ type: 'friend.add', bot: 10001, time, userId: 20301 }])
    expect((await call('friend.list', {})).find(({ userId }) => userId === 20301)?.remark).toBe('new')
    expect(await refusal(call('request.friend.answer', { requestId, approve: true }))).toBe('notFound')
    expect(await refusal(call('request.group.answer', { requestId, approve: true }))).toBe('notFound')
  })
})

describe('messages afterwards', () => {
  test('message.get, message.history', async () => {
    const { call, world, clock } = await startLab()
    for (const value of ['a', 'b', 'c', 'd']) {
      world.as(20002).say(group(30001), value)
      clock.now += 10_000
    }
    const texts = async (params: object): Promise<unknown> => {
      const { messages } = await call('message.history', { peer: group(30001), ...params })
      return messages.map(({ segments: [first] }) => first?.type === 'text' && first.text).join('')
    }
    expect(await call('message.get', { messageId: 1001 })).toMatchObject({ id: 1001, seq: 2, segments: text('b') })
    expect(await refusal(call('message.get', { messageId: 77 }))).toBe('notFound')
    expect(await texts({})).toBe('abcd')
    expect(await texts({ count: 2 })).toBe('cd')
    expect(await texts({ count: 2, before: 1003 })).toBe('bc')
    expect(await texts({ timeStart: time + 10, timeEnd: time + 20 })).toBe('bc')
    world.as(20002).recall(1003)
    expect(await texts({})).toBe('abc')
    expect(await refusal(call('message.get', { messageId: 1003 }))).toBe('notFound')
    expect(await refusal(call('message.history', { peer: group(99999) }))).toBe('notFound')
  })

  test('message.recall', async () => {
    const { call, told, world } = await startLab()
    await call('message.send', { peer: friend(20001), segments: text('x') })
    told()
    expect(await call('message.recall', { messageId: 1000 })).toEqual({})
    expect(told()).toEqual([
      {
        type: 'message.recall',
        bot: 10001,
        time,
        peer: { kind: 'friend', userId: 20001 },
        messageId: 1000,
        authorId: 10001,
        operatorId: 10001,
        sentTime: time,
      },
    ])
    expect(world.state.messages.get(1000)?.recalled).toEqual({ by: 10001, time })
    const owners = world.as(20001).say(group(30001), 'x')
    expect(await refusal(call('message.recall', { messageId: owners }))).toBe('noPermission')
    expect(await refusal(call('message.recall', { messageId: 77 }))).toBe('notFound')
  })

  test('message.repeat', async () => {
    const { call, world } = await startLab()
    world.as(20002).say(group(30001), 'a')
    world.as(20002).say(group(30001), 'b', { quote: 1000 })
    expect(await call('message.repeat', { messageId: 1001, peer: friend(20001) })).toEqual({ messageId: 1002 })
    expect(world.state.messages.get(1002)?.segments).toEqual(text('b'))
  })

  test('message.markRead', async () => {
    const { call, world } = await startLab()
    world.as(20002).say(group(30001), 'a')
    world.as(20001).say(friend(10001), 'a')
    await call('message.markRead', { peer: group(30001) })
    const marks = () => Object.fromEntries(world.state.accounts.get(10001 as never)?.readMarks ?? [])
    expect(marks()).toEqual({ g30001: 1 })
    await call('message.markRead', {})
    expect(marks()).toEqual({ g30001: 1, 'u10001-20001': 1 })
  })

  test('nudge.send', async () => {
    const { call, told } = await startLab()
    await call('nudge.send', { peer: group(30001), targetId: 20002 })
    await call('nudge.send', { peer: friend(20001), targetId: 20001 })
    const rest = { type: 'nudge', bot: 10001, time, senderId: 10001, action: '戳了戳', suffix: '' }
    expect(told()).toEqual([
      { ...rest, peer: { kind: 'group', groupId: 30001 }, targetId: 20002 },
      { ...rest, peer: { kind: 'friend', userId: 20001 }, targetId: 20001 },
    ])
    expect(await refusal(call('nudge.send', { peer: group(30001), targetId: 20301 }))).toBe('notFound')
    expect(await refusal(call('nudge.send', { peer: friend(20002), targetId: 20002 }))).toBe('notFound')
  })

  test('group.essence.set', async () => {
    const { call, told, world } = await startLab()
    const id = world.as(20002).say(group(30001), 'a')
    told()
    await call('group.essence.set', { messageId: id, on: true })
    await call('group.essence.set', { messageId: id, on: false })
    const rest = {
      type: 'group.essence',
      bot: 10001,
      time,
      groupId: 30001,
      messageId: id,
      senderId: 20002,
      operatorId: 10001,
    }
    expect(told()).toEqual([
      { ...rest, on: true },
      { ...rest, on: false },
    ])
    const elsewhere = world.as(20001).say(group(30003), 'a')
    expect(await refusal(call('group.essence.set', { messageId: elsewhere, on: true }))).toBe('noPermission')
    const privately = world.as(20001).say(friend(10001), 'a')
    expect(await refusal(call('group.essence.set', { messageId: privately, on: true }))).toBe('notFound')
  })
})
