// The bot's own account and small attentions: reply, state of the world, events of each bot.
import { describe, expect, test } from 'vitest'
import { group } from '../../../src/world/index.ts'
import { worldOfTwoBots } from '../../world/support.ts'
import { refusal, startLab } from './support.ts'

const time = 1_700_000_000
const base = { bot: 10001, time }
/** One pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe('the account', () => {
  test('bot.profile.set', async () => {
    const { call, told, world } = await startLab(worldOfTwoBots())
    expect(await call('bot.profile.set', { nickname: 'new', sign: 'hello', sex: 'male' })).toEqual({})
    expect(await call('bot.info', {})).toMatchObject({ nickname: 'new', sign: 'hello', sex: 'male', age: 3 })
    expect(told()).toEqual([
      { type: 'friend.nickname', bot: 10002, time, userId: 10001, nickname: 'new', oldNickname: '桥上机器人' },
    ])
    await call('bot.profile.set', { sign: '' })
    expect(world.export().accounts[0]).toMatchObject({ nickname: 'new', sign: '', sex: 'male' })
    expect(await refusal(call('bot.profile.set', { nickname: ' ' }))).toBe('badParameter')
  })

  test('bot.avatar.set, and group.avatar.set by admins', async () => {
    const { call, world, told } = await startLab()
    await call('bot.avatar.set', { base64: png })
    const { avatar } = world.export().accounts[0] ?? {}
    expect(avatar).toEqual({ id: expect.stringMatching(/^[0-9A-F]{32}\.png$/) as string, width: 1, height: 1 })
    await call('group.avatar.set', { groupId: 30001, url: 'http://127.0.0.1/a.png' })
    expect(world.export().groups[0]?.avatar).toMatchObject({ url: 'http://127.0.0.1/a.png' })
    expect(await refusal(call('group.avatar.set', { groupId: 30003, base64: png }))).toBe('noPermission')
    expect(await refusal(call('bot.avatar.set', { path: '/etc/passwd' }))).toBe('forbiddenSource')
    expect(await refusal(call('bot.avatar.set', {}))).toBe('badParameter')
    expect(told()).toEqual([])
  })

  test('bot.status.set, user.status', async () => {
    const { call, world } = await startLab()
    const status = (userId: number) => call('user.status', { userId })
    expect(await status(10001)).toEqual({ status: 10, extStatus: 0 })
    await call('bot.status.set', { status: 10, extStatus: 1028, battery: 80 })
    expect(await status(10001)).toEqual({ status: 10, extStatus: 1028 })
    await call('bot.status.set', { text: 'at sea', faceId: 21 })
    expect(await status(10001)).toEqual({ status: 10, extStatus: 2000 })
    expect(world.export().accounts[0]?.status).toEqual({ status: 10, extStatus: 2000, text: 'at sea', faceId: 21 })
    world.as(20001).setStatus({ status: 40 })
    world.as(20002).setOnline(false)
    world.as(20003).setStatus({ status: 50 })
    expect([await status(20001), await status(20002), await status(20003)].map((one) => one.status)).toEqual([
      20, 20, 50,
    ])
    expect(await refusal(call('bot.status.set', { status: 11 }))).toBe('badParameter')
    expect(await refusal(status(5))).toBe('notFound')
  })

  test('bot.model.set, bot.model.get', async () => {
    const { call } = await startLab()
    expect(await call('bot.model.get', {})).toEqual([])
    await call('bot.model.set', { model: 'X100', show: 'Ship X100' })
    expect(await call('bot.model.get', {})).toEqual([{ name: 'Ship X100', needsPay: false }])
    expect(await call('bot.model.get', { model: 'other' })).toEqual([{ name: 'other', needsPay: false }])
  })

  test('bot.clients, with client.status as they come and go', async () => {
    const { call, told, world } = await startLab(worldOfTwoBots())
    const client = { id: 7, name: 'tablet', platform: 'ipad' }
    world.as(10001).setDevice(client, true)
    world.as(10001).setDevice(client, true)
    expect(await call('bot.clients', {})).toEqual([client])
    expect(told()).toEqual([{ type: 'client.status', ...base, on: true, client }])
    world.as(10001).setDevice({ id: 7, name: '', platform: '' }, false)
    expect(told()).toEqual([{ type: 'client.status', ...base, on: false, client }])
    expect(await call('bot.clients', {})).toEqual([])
  })

  test('bot.exit: off line by itself, and out of reach', async () => {
    const { call, told, outbound } = await startLab()
    expect(await call('bot.exit', {})).toEqual({})
    expect(told()).toEqual([{ type: 'bot.offline', ...base, how: 'active' }])
    expect(outbound.bots()[0]?.online).toBe(false)
    expect(await refusal(call('bot.info', {}))).toBe('offline')
  })
})

describe('attentions', () => {
  test('user.like: ten a day and person, told to a liked bot', async () => {
    const { call, told, clock } = await startLab(worldOfTwoBots())
    await call('user.like', { userId: 10002, times: 4 })
    expect(told()).toEqual([
      { type: 'profile.like', bot: 10002, time, userId: 10001, nickname: '桥上机器人', times: 4 },
    ])
    expect(await refusal(call('user.like', { userId: 10002, times: 7 }))).toBe('backend')
    await call('user.like', { userId: 10002, times: 6 })
    await call('user.like', { userId: 20002, times: 10 })
    expect(await refusal(call('user.like', { userId: 10002, times: 1 }))).toBe('backend')
    clock.now += 24 * 3600 * 1000
    await call('user.like', { userId: 10002, times: 1 })
    const likes = [{ userId: 10001, nickname: '桥上机器人', count: 11, time: time + 24 * 3600 }]
    expect(await call('user.like.list', { userId: 10002 })).toEqual({ total: 11, likes })
    expect(await call('user.like.list', {})).toEqual({ total: 0, likes: [] })
    expect(await refusal(call('user.like', { userId: 10001, times: 1 }))).toBe('backend')
    expect(await refusal(call('user.like', { userId: 20002, times: 0 }))).toBe('badParameter')
  })

  test('user.like.list: the latest first, by parts', async () => {
    const { call, clock, world } = await startLab()
    for (const fan of [20001, 20002, 20003]) {
      clock.now += 1000
      world.as(fan).like(10001, 2)
    }
    const { total, likes } = await call('user.like.list', { start: 1, count: 1 })
    expect([total, likes.map(({ userId }) => userId)]).toEqual([6, [20002]])
  })

  test('typing.set', async () => {
    const { call, told } = await startLab(worldOfTwoBots())
    await call('typing.set', { userId: 10002, on: true })
    await call('typing.set', { userId: 10002, on: false })
    await call('typing.set', { userId: 20001, on: true })
    const event = { type: 'friend.typing', bot: 10002, time, userId: 10001 }
    expect(told()).toEqual([
      { ...event, on: true, text: '对方正在输入...' },
      { ...event, on: false, text: '' },
    ])
    expect(await refusal(call('typing.set', { userId: 20002, on: true }))).toBe('notFound')
  })

  test('friend.remark.set, friend.unidirectional', async () => {
    const file = worldOfTwoBots() as { friends: object[] }
    file.friends.push({ of: 10001, id: 20002, remark: 'one way', oneWay: true })
    const { call, told } = await startLab(file)
    await call('friend.remark.set', { userId: 20001, remark: 'skipper' })
    expect((await call('friend.list', {}))[0]).toMatchObject({ userId: 20001, remark: 'skipper' })
    expect((await call('friend.list', {})).map(({ userId }) => userId)).not.toContain(20002)
    expect(await call('friend.unidirectional', {})).toMatchObject([{ userId: 20002, remark: 'one way' }])
    const talk = { peer: { kind: 'friend', userId: 20002 }, segments: [{ type: 'text', text: 'hi' }] }
    expect(await refusal(call('message.send', talk))).toBe('notFound')
    await call('friend.delete', { userId: 20002 })
    expect(told()).toEqual([{ type: 'friend.remove', ...base, userId: 20002 }])
    expect(await call('friend.unidirectional', {})).toEqual([])
    expect(await refusal(call('friend.remark.set', { userId: 20002, remark: 'x' }))).toBe('notFound')
  })

  test('a one-way friendship becomes a whole one and keeps its remark', async () => {
    const file = worldOfTwoBots() as { friends: object[] }
    file.friends.push({ of: 10001, id: 20002, remark: 'fish', oneWay: true })
    const { call, world } = await startLab(file)
    world.as(20002).addFriend(10001)
    expect(await call('friend.unidirectional', {})).toEqual([])
    expect((await call('friend.list', {})).find(({ userId }) => userId === 20002)?.remark).toBe('fish')
  })

  test('favourite.add, favourite.list, customFace.list', async () => {
    const file = worldOfTwoBots() as { accounts: Record<string, unknown>[] }
    Object.assign(file.accounts[0] ?? {}, { customFaces: ['https://example.invalid/a.gif', `base64://${png}`] })
    const { call } = await startLab(file)
    await call('favourite.add', { text: 'first', brief: 'b' })
    await call('favourite.add', { text: 'second' })
    expect(await call('favourite.list', {})).toEqual([
      { id: '10001-2', text: 'second', brief: '', time },
      { id: '10001-1', text: 'first', brief: 'b', time },
    ])
    expect(await call('favourite.list', { count: 1 })).toHaveLength(1)
    const faces = await call('customFace.list', {})
    expect(faces).toEqual([
      'https://example.invalid/a.gif',
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/media\/[0-9A-F]{32}\.png$/),
    ])
    expect(await call('customFace.list', { count: 1 })).toHaveLength(1)
    expect(await refusal(call('favourite.add', { text: '' }))).toBe('badParameter')
  })
})

describe('requests', () => {
  test('request.filtered: nobody is told of them, they can be answered all the same', async () => {
    const { call, told, world } = await startLab()
    world.as(20301).requestFriend(10001, 'buy this', { filtered: true })
    world.as(20302).requestJoin(30001, 'me too', { filtered: true })
    expect(told()).toEqual([])
    const [friend, ...noMore] = await call('request.filtered', { kind: 'friend' })
    const asked = { nickname: '求友者', comment: 'buy this', groupId: undefined, groupName: undefined, time }
    expect(friend).toEqual({ requestId: expect.any(Number) as number, userId: 20301, ...asked })
    expect(noMore).toEqual([])
    expect(await call('request.filtered', { kind: 'group' })).toMatchObject([
      { userId: 20302, groupId: 30001, groupName: '夜航船 #1', comment: 'me too' },
    ])
    await call('request.friend.answer', { requestId: friend?.requestId, approve: true })
    expect(told()).toEqual([{ type: 'friend.add', ...base, userId: 20301 }])
    expect(await call('request.filtered', { kind: 'friend' })).toEqual([])
    expect(await call('request.group.list', {})).toEqual([])
  })

  test('request.group.list: answered ones too, the newest first', async () => {
    const { call, told, world } = await startLab()
    world.as(20301).requestJoin(30001, 'first')
    world.as(20002).invite(10001, 30999, { name: 'new' })
    const requests = told().flatMap((event) => (event.type === 'request.group' ? [event.requestId] : []))
    await call('request.group.answer', { requestId: requests[0], approve: false })
    const rest = { userId: 20301, nickname: '求友者', comment: 'first', groupName: '夜航船 #1' }
    expect(await call('request.group.list', {})).toEqual([
      {
        requestId: requests[1],
        kind: 'invite',
        groupId: 30999,
        groupName: 'new',
        userId: 20002,
        nickname: 'Nemo🐟',
        comment: '',
        answered: false,
        operatorId: undefined,
      },
      { requestId: requests[0], kind: 'join', groupId: 30001, ...rest, answered: true, operatorId: 10001 },
    ])
    expect(await call('request.group.list', { count: 1 })).toHaveLength(1)
  })
})

describe('messages', () => {
  test('message.react, message.reactions', async () => {
    const { call, told, world } = await startLab(worldOfTwoBots())
    const { messageId } = await call('message.send', { peer: group(30001), segments: [{ type: 'text', text: 'x' }] })
    told()
    await call('message.react', { messageId, emojiId: '66', on: true })
    world.as(20002).react(1000, '66', true)
    const event = { type: 'group.reaction', time, groupId: 30001, messageId, emojiId: '66', on: true }
    expect(told()).toEqual([
      { ...event, bot: 10001, userId: 10001, count: 1 },
      { ...event, bot: 10002, userId: 10001, count: 1 },
      { ...event, bot: 10001, userId: 20002, count: 2 },
      { ...event, bot: 10002, userId: 20002, count: 2 },
    ])
    expect(await call('message.reactions', { messageId, emojiId: '66' })).toEqual([
      { userId: 10001, nickname: '桥上机器人' },
      { userId: 20002, nickname: 'Nemo🐟' },
    ])
    await call('message.react', { messageId, emojiId: '66', on: false })
    expect(await call('message.reactions', { messageId, emojiId: '66' })).toHaveLength(1)
    expect(await call('message.reactions', { messageId, emojiId: '1' })).toEqual([])
    expect(await refusal(call('message.react', { messageId: 5, emojiId: '1', on: true }))).toBe('notFound')
  })

  test('message.recent: each conversation once, the latest first', async () => {
    const { call, world, clock } = await startLab()
    const texts = async (params: object) =>
      (await call('message.recent', params)).map(({ segments }) => (segments[0] as { text: string }).text)
    world.as(20001).say(group(30001), 'group, old')
    world.as(20001).say({ kind: 'friend', userId: 10001 as never }, 'private')
    clock.now += 5000
    world.as(20002).say(group(30001), 'group, new')
    const recalled = world.as(20002).say(group(30001), 'taken back')
    world.as(20002).recall(recalled)
    world.as(20001).say({ kind: 'temp', userId: 20002 as never, groupId: 30001 as never }, 'not for the bot')
    expect(await texts({})).toEqual(['group, new', 'private'])
    expect(await texts({ count: 1 })).toEqual(['group, new'])
  })

  test('media.get: where the bytes are, the bytes themselves only when asked', async () => {
    const { call, world } = await startLab()
    await call('message.send', { peer: group(30001), segments: [{ type: 'image', base64: png, name: 'a.png' }] })
    const [image] = world.state.messages.get(1000)?.segments ?? []
    expect(image).toMatchObject({ type: 'image', width: 1, height: 1, sizeBytes: 70 })
    const id = (image as { id: string }).id
    const url = `http://127.0.0.1:1/media/${id}`
    expect(await call('media.get', { kind: 'image', id })).toEqual({ url, name: 'a.png', sizeBytes: 70 })
    expect(await call('media.get', { kind: 'image', id, format: 'base64' })).toMatchObject({ base64: png })
    const file = await call('media.get', { kind: 'file', id: '/30001-1', format: 'base64' })
    expect(Buffer.from(file.base64 ?? '', 'base64').toString()).toBe('day 1: fog\n')
    expect(await refusal(call('media.get', { kind: 'voice', id: 'nothing' }))).toBe('notFound')
  })
})

describe('server.ask', () => {
  test('is answered from the world file, from the state where that is true, and else refused', async () => {
    const file = { ...(worldOfTwoBots() as object), answers: { ocr: { texts: [{ text: 'fog' }] } } }
    const { call } = await startLab(file)
    const ask = (kind: string, params = {}) => refusal(call('server.ask', { kind, params }))
    expect(await ask('ocr', { image: 'x' })).toEqual({ texts: [{ text: 'fog' }] })
    expect(await ask('guild.list')).toEqual([])
    expect(await ask('guild.profile')).toBe(null)
    expect(await ask('group.extra', { group_id: '30001' })).toMatchObject({
      groupCode: '30001',
      extInfo: { groupOwnerId: { memberUin: '20001' } },
    })
    expect(await ask('group.extra', { group_id: '5' })).toBe('notFound')
    await expect(call('server.ask', { kind: 'rkey', params: {} })).rejects.toMatchObject({
      kind: 'notSupported',
      message: expect.stringContaining('rkey') as string,
    })
  })
})
