// The link to the server: greeting, loss, silence, garbage, lost sessions.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MessageId } from '../../../src/core/ids.ts'
import {
  bot,
  connect,
  createOutbound,
  failure,
  groupMessage,
  key,
  lab,
  startServer,
  until,
  wireFriend,
} from './setup.ts'
import type { Connected, FakeServer } from './setup.ts'

let server: FakeServer
let mah: Connected

beforeEach(async () => {
  server = await startServer()
})

afterEach(async () => {
  await mah.close()
  await server.close()
})

const hello = { peer: { kind: 'group', groupId: lab }, segments: [{ type: 'text', text: 'hi' }] } as const

function sendHello() {
  return mah.call('message.send', { peer: hello.peer, segments: [...hello.segments] })
}

describe('greeting', () => {
  test('key and account travel as headers; version and nickname are asked for', async () => {
    mah = await connect(server)
    const [handshake] = server.handshakes
    expect(handshake?.path).toBe('/all')
    expect(handshake?.headers).toMatchObject({ verifykey: key, qq: String(bot) })
    expect(mah.outbound.bots()).toEqual([{ bot, nickname: 'Botty', online: true }])
    const { implementation, version } = mah.outbound.capabilities(bot)
    expect({ implementation, version }).toEqual({ implementation: 'mirai-api-http', version: '2.10.0' })
    expect(mah.changes).toBe(1)
  })

  test('a key that no header can carry goes into the query', async () => {
    server.greeting = () => ({ code: 0, session: 's' })
    mah = await connect(server, { verifyKey: '密钥 &' })
    expect(server.handshakes[0]?.path).toBe(`/all?verifyKey=${encodeURIComponent('密钥 &')}`)
    expect(server.handshakes[0]?.headers).not.toHaveProperty('verifykey')
  })

  test('a path in the address is not doubled', async () => {
    mah = await connect(server, { ws: `ws://127.0.0.1:${server.port}/all/` })
    expect(server.handshakes[0]?.path).toBe('/all')
  })

  test('a wrong key: offline, told once, tried again', async () => {
    mah = await connect(server, { verifyKey: 'wrong-one' })
    expect(mah.isOnline()).toBe(false)
    expect(await failure(mah.call('friend.list', {}))).toMatchObject({ kind: 'offline', certain: true })
    await until(() => server.handshakes.length >= 3)
    const errors = mah.logs.filter((line) => line.startsWith('error'))
    expect(errors).toEqual([`error bot ${bot}: the server refused with code 1 Auth Key错误: check verifyKey`])
    expect(mah.logs.join('\n')).not.toContain('wrong-one')
  })

  test('an account that is not logged in: offline until it is', async () => {
    server.greeting = () => ({ code: 2, msg: '指定Bot不存在' })
    mah = await connect(server)
    expect(mah.isOnline()).toBe(false)
    server.greeting = () => ({ code: 0, session: 's' })
    await until(mah.isOnline)
  })

  test('refused with a bare frame', async () => {
    server.greeting = () => undefined
    mah = createOutbound(server.port)
    await until(() => server.connections() === 1)
    server.send({ code: 1, msg: 'Auth Key错误' })
    await until(() => mah.logs.some((line) => line.startsWith('error')))
    expect(mah.isOnline()).toBe(false)
  })

  test('a server that does not greet is left and tried again', async () => {
    server.greeting = () => undefined
    mah = await connect(server, { handshakeTimeoutMs: 30 })
    expect(mah.isOnline()).toBe(false)
    await until(() => server.handshakes.length >= 2)
  })

  test('a server without sessionInfo: the profile has the name', async () => {
    server.replies.set('sessionInfo', () => ({ code: 6, msg: '指定操作不支持' }))
    server.replies.set('botProfile', () => ({
      nickname: 'Prof',
      email: '',
      age: 0,
      level: 0,
      sign: '',
      sex: 'UNKNOWN',
    }))
    mah = await connect(server)
    expect(mah.outbound.bots()[0]?.nickname).toBe('Prof')
  })

  test('nobody listens: the start ends all the same', async () => {
    const { port } = server
    await server.close()
    mah = createOutbound(port)
    await (mah as ReturnType<typeof createOutbound>).started
    expect(mah.isOnline()).toBe(false)
    expect(await failure(sendHello())).toMatchObject({ kind: 'offline', certain: true })
    server = await startServer()
  })

  test('one session for each account', async () => {
    mah = await connect(server, { bots: [bot, 10002, bot] })
    expect(new Set(server.handshakes.map(({ headers }) => headers['qq']))).toEqual(new Set(['10001', '10002']))
    expect(server.handshakes).toHaveLength(2)
    expect(await failure(mah.outbound.call(1 as typeof bot, { name: 'friend.list', params: {} }))).toMatchObject({
      kind: 'noBot',
    })
  })
})

describe('answers', () => {
  test('silence: the deadline of the call; a send may have happened, a read has not', async () => {
    server.replies.set('sendGroupMessage', () => undefined).set('friendList', () => undefined)
    mah = await connect(server)
    const call = mah.call('message.send', { ...hello, segments: [...hello.segments] }, { timeoutMs: 30 })
    expect(await failure(call)).toMatchObject({ kind: 'timeout', certain: false })
    const read = mah.call('friend.list', {}, { timeoutMs: 30 })
    expect(await failure(read)).toMatchObject({ kind: 'timeout', certain: true })
  })

  test('late, repeated and unasked answers are dropped', async () => {
    server.replies.set('friendList', () => undefined)
    mah = await connect(server)
    expect(await failure(mah.call('friend.list', {}, { timeoutMs: 20 }))).toMatchObject({ kind: 'timeout' })
    const { syncId } = server.requests[0] as { syncId: string }
    const data = { code: 0, msg: '', data: [wireFriend] }
    server.send({ syncId, data })
    server.send({ syncId: 'nobody', data })
    server.send({ syncId: '', data: { code: 0, session: 'again' } })
    await until(() => mah.logs.filter((line) => line.includes('nobody waits for')).length === 3)
    server.replies.set('friendList', () => data)
    expect(await mah.call('friend.list', {})).toHaveLength(1)
    server.send({ syncId: (server.requests[1] as { syncId: string }).syncId, data })
    await until(() => mah.dropped.length === 4)
    expect(mah.dropped).toEqual(['late', 'unasked', 'unasked', 'double'])
  })

  test('an answer without syncId is the failure of the oldest request', async () => {
    server.replies.set('friendList', () => undefined).set('groupList', () => undefined)
    mah = await connect(server)
    const first = failure(mah.call('friend.list', {}))
    const second = failure(mah.call('group.list', {}))
    await until(() => server.requests.length === 2)
    server.send('{"code":400,"msg":"无效参数"}')
    expect(await first).toEqual({ kind: 'badParameter', certain: true, message: '无效参数' })
    server.send('{"syncId":null,"data":{"code":500,"msg":"boom"}}')
    expect(await second).toEqual({ kind: 'backend', certain: true, message: 'boom' })
  })

  test('numbers as syncId are as good', async () => {
    server.replies.set('friendList', () => undefined)
    mah = await connect(server)
    const friends = mah.call('friend.list', {})
    await until(() => server.requests.length === 1)
    server.send({ syncId: Number(server.requests[0]?.syncId), data: { code: 0, msg: '', data: [] } })
    expect(await friends).toEqual([])
  })

  test('garbage costs nothing but a line in the log', async () => {
    mah = await connect(server)
    for (const frame of ['', '{', '[]', '7', 'null', '{"syncId":"1","data":5}', '['.repeat(200)]) server.send(frame)
    server.send({ syncId: '-1', data: { type: 'GroupMessage' } })
    server.send({ syncId: '-1', data: { type: 'constructor', __proto__: 1 } })
    server.send({ syncId: '-1', data: groupMessage(1, [null, 5, {}, { type: 'Plain' }, { type: 'toString' }]) })
    await until(() => mah.events.length === 2)
    expect(mah.events.map(({ type }) => type)).toEqual(['raw', 'message'])
    expect(mah.logs.filter((line) => line.startsWith('warn'))).toEqual([
      `warn bot ${bot}: a frame was dropped: not valid JSON`,
      `warn bot ${bot}: GroupMessage was dropped: it lacks what it is about`,
    ])
    expect(mah.isOnline()).toBe(true)
  })

  test('answers of the wrong shape are errors of the backend', async () => {
    server.replies.set('friendList', () => ({ code: 0, msg: '', data: { no: 'list' } }))
    mah = await connect(server)
    expect(await failure(mah.call('friend.list', {}))).toMatchObject({ kind: 'backend' })
  })

  test.each([
    [2, '指定Bot不存在', 'noBot'],
    [5, '指定对象不存在', 'notFound'],
    [6, '指定操作不支持', 'notSupported'],
    [6, '文件不存在：/etc/passwd', 'notFound'],
    [10, '无操作权限', 'noPermission'],
    [20, 'Bot被禁言', 'muted'],
    [30, '消息过长', 'tooLong'],
    [400, '无效参数', 'badParameter'],
    [500, 'message is empty', 'backend'],
    [777, '', 'backend'],
  ])('code %i %s is %s', async (code, msg, kind) => {
    server.replies.set('sendGroupMessage', () => ({ code, msg }))
    mah = await connect(server)
    const error = await failure(sendHello())
    expect(error).toMatchObject({ kind, certain: true })
    expect(error.message).not.toContain('/etc/passwd')
    expect(error.message).not.toBe('')
  })

  test('success without an id: it may have been suppressed', async () => {
    server.replies.set('sendGroupMessage', () => ({ code: 0, msg: 'success', messageId: -1 }))
    mah = await connect(server)
    expect(await failure(sendHello())).toEqual({
      kind: 'backend',
      certain: false,
      message: 'sent, but the server gave no id',
    })
  })

  test('too many calls: busy', async () => {
    server.replies.set('friendList', () => undefined)
    mah = await connect(server, { callsInFlight: 2 })
    const calls = [failure(mah.call('friend.list', {})), failure(mah.call('friend.list', {}))]
    expect(await failure(mah.call('friend.list', {}))).toMatchObject({ kind: 'busy', certain: true })
    server.drop()
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(['offline', 'offline'])
  })
})

describe('loss', () => {
  test('in mid-call: everything that waits fails at once, and the link comes back', async () => {
    server.replies.set('sendGroupMessage', () => undefined).set('friendList', () => undefined)
    mah = await connect(server)
    const sent = failure(sendHello())
    const read = failure(mah.call('friend.list', {}))
    await until(() => server.requests.length === 2)
    const started = performance.now()
    server.drop()
    expect(await sent).toMatchObject({ kind: 'offline', certain: false })
    expect(await read).toMatchObject({ kind: 'offline', certain: true })
    expect(performance.now() - started).toBeLessThan(1000)
    expect(mah.isOnline()).toBe(false)
    expect(await failure(sendHello())).toMatchObject({ kind: 'offline', certain: true })
    server.replies.set('sendGroupMessage', () => ({ code: 0, msg: 'success', messageId: 7 }))
    await until(mah.isOnline)
    expect(await sendHello()).toEqual({ messageId: expect.any(Number) as MessageId })
    expect(server.handshakes).toHaveLength(2)
  })

  test('is told when it lasts, and so is the return; the first coming and the end of the bridge are not', async () => {
    mah = await connect(server, { graceMs: 0 })
    server.drop()
    await until(() => mah.events.length === 2)
    server.send({ syncId: '-1', data: { type: 'BotOfflineEventForce', qq: bot, title: 't', message: 'm' } })
    await until(() => mah.events.length === 3)
    server.drop()
    await until(() => mah.events.length === 4)
    await mah.outbound.close()
    expect(mah.events).toEqual([
      { type: 'bot.offline', bot, time: expect.any(Number) as number, how: 'dropped' },
      { type: 'bot.online', bot, time: expect.any(Number) as number, again: true },
      // The server's own word stands; the link that is lost as well changes nothing.
      { type: 'bot.offline', bot, time: expect.any(Number) as number, how: 'force', title: 't', message: 'm' },
      { type: 'bot.online', bot, time: expect.any(Number) as number, again: true },
    ])
  })

  test('that is over within the grace is not told', async () => {
    mah = await connect(server, { graceMs: 5000 })
    server.drop()
    await until(() => !mah.isOnline())
    await until(mah.isOnline)
    expect(mah.events).toEqual([])
  })

  test.each([3, 4])('code %i: a new session, and the call once more', async (code) => {
    const answers = [
      { code, msg: 'Session失效或不存在' },
      { code: 0, msg: 'success', messageId: 8 },
    ]
    server.replies.set('sendGroupMessage', () => answers.shift())
    mah = await connect(server)
    expect(await sendHello()).toEqual({ messageId: expect.any(Number) as MessageId })
    expect(server.requests.map(({ command }) => command)).toEqual(['sendGroupMessage', 'sendGroupMessage'])
    expect(server.handshakes).toHaveLength(2)
  })

  test('code 3 for ever: once more and no further', async () => {
    server.replies.set('friendList', () => ({ code: 3, msg: 'Session失效或不存在' }))
    mah = await connect(server)
    expect(await failure(mah.call('friend.list', {}))).toMatchObject({ kind: 'offline', certain: true })
    expect(server.requests).toHaveLength(2)
  })

  test('code 3, and the key is refused afterwards', async () => {
    server.replies.set('friendList', () => ({ code: 3, msg: 'Session失效或不存在' }))
    mah = await connect(server)
    server.greeting = () => ({ code: 1, msg: 'Auth Key错误' })
    expect(await failure(mah.call('friend.list', {}))).toMatchObject({ kind: 'offline', certain: true })
    expect(mah.isOnline()).toBe(false)
  })

  test('closing ends what waits', async () => {
    server.replies.set('sendGroupMessage', () => undefined)
    mah = await connect(server)
    const sent = failure(sendHello())
    await until(() => server.requests.length === 1)
    await mah.outbound.close()
    expect(await sent).toMatchObject({ kind: 'offline', certain: false })
    await until(() => server.connections() === 0)
    expect(await failure(sendHello())).toMatchObject({ kind: 'offline', certain: true })
  })
})
