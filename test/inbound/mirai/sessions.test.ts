import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bot, time } from '../../dialect/mirai/fixtures.ts'
import { samples } from '../../dialect/mirai/samples.ts'
import { connect, getText, key, login, post, postText, startInbound, until, type Harness } from './setup.ts'

const noSession = '{"code":3,"msg":"Session失效或不存在"}'
const notBound = '{"code":4,"msg":"Session未认证"}'
const success = '{"code":0,"msg":"success"}'
const badKey = '{"code":1,"msg":"Auth Key错误"}'

let harness: Harness
async function start(options: Parameters<typeof startInbound>[0] = {}): Promise<void> {
  harness = await startInbound(options)
}
afterEach(() => harness.close())

async function verify(): Promise<string> {
  return (JSON.parse(await postText(harness, '/verify', { verifyKey: key })) as { session: string }).session
}

describe('over HTTP', () => {
  beforeEach(() => start())

  test('verify, bind, use, release', async () => {
    const verified = await postText(harness, '/verify', { verifyKey: key })
    expect(verified).toMatch(/^\{"code":0,"session":"[A-Za-z0-9]{24}"\}$/)
    const { session } = JSON.parse(verified) as { session: string }
    expect(await getText(harness, `/friendList?sessionKey=${session}`)).toBe(notBound)
    expect(await getText(harness, `/fetchMessage?sessionKey=${session}`)).toBe(
      '{"code":500,"msg":"Not a http session"}',
    )
    expect(await postText(harness, '/bind', { sessionKey: session, qq: String(bot) })).toBe(success)
    expect(await getText(harness, `/sessionInfo?sessionKey=${session}`)).toBe(
      `{"code":0,"msg":"","data":{"sessionKey":"${session}","qq":{"id":10001,"nickname":"bot","remark":""}}}`,
    )
    expect(await postText(harness, '/release', { sessionKey: session, qq: bot })).toBe(success)
    expect(await getText(harness, `/sessionInfo?sessionKey=${session}`)).toBe(noSession)
  })

  test('wrong keys, unknown bots, unknown sessions', async () => {
    expect(await postText(harness, '/verify', { verifyKey: 'x' })).toBe(badKey)
    expect(await postText(harness, '/verify', {})).toBe('{"code":400,"msg":"参数错误，缺少字段: verifyKey"}')
    const session = await verify()
    expect(await postText(harness, '/bind', { sessionKey: session, qq: 5 })).toBe('{"code":2,"msg":"指定Bot不存在"}')
    expect(await postText(harness, '/bind', { sessionKey: 'nope', qq: bot })).toBe(noSession)
    expect(await postText(harness, '/bind', { sessionKey: '__proto__', qq: bot })).toBe(noSession)
    expect(await getText(harness, '/friendList')).toBe(noSession)
    expect(harness.calls).toEqual([])
  })

  test('binding twice changes nothing; release wants the same bot', async () => {
    const session = await login(harness)
    expect(await postText(harness, '/bind', { sessionKey: session, qq: 10002 })).toBe(success)
    expect(await getText(harness, `/sessionInfo?sessionKey=${session}`)).toContain('"id":10001')
    expect(await postText(harness, '/release', { sessionKey: session, qq: 5 })).toContain('"code":2')
    expect(await postText(harness, '/release', { sessionKey: session, qq: 10002 })).toContain('"code":5')
    expect(await postText(harness, '/release', { sessionKey: await verify(), qq: bot })).toBe(notBound)
  })

  test('the key may come in many places; an unknown header is passed over', async () => {
    const session = await login(harness)
    const good = '{"code":0,"msg":"","data":[{"id":20002,"nickname":"Nico","remark":""}]}'
    expect(await getText(harness, '/friendList', { sessionKey: session })).toBe(good)
    expect(await getText(harness, '/friendList', { authorization: `session ${session}` })).toBe(good)
    expect(await getText(harness, '/friendList', { authorization: `SessionKey ${session}` })).toBe(good)
    expect(await getText(harness, `/friendList?sessionKey=${session}`, { sessionKey: 'old' })).toBe(good)
    expect(await getText(harness, '/friendList', { authorization: 'nonsense' })).toBe(noSession)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await postText(harness, '/quit', `sessionKey=${session}&target=30003`, form)).toBe(success)
  })

  test('about and botList need nothing', async () => {
    expect(await getText(harness, '/about')).toBe('{"code":0,"msg":"","data":{"version":"2.10.0"}}')
    expect(await getText(harness, '/botList')).toBe('{"code":0,"msg":"","data":[10001,10002]}')
  })

  test('a body before any session is short', async () => {
    const response = await post(harness, '/verify', { verifyKey: 'x'.repeat(70_000) })
    expect(response.status).toBe(413)
    expect((await post(harness, '/sendGroupMessage', { x: 'x'.repeat(70_000) })).status).toBe(413)
  })

  test('guessing is slowed down, the right key is not', async () => {
    for (let guess = 0; guess < 10; guess++) await postText(harness, '/verify', { verifyKey: String(guess) })
    const started = performance.now()
    expect(await postText(harness, '/verify', { verifyKey: '11' })).toBe(badKey)
    expect(performance.now() - started).toBeGreaterThan(150)
    expect(await verify()).toHaveLength(24)
  })
})

describe('lifetimes', () => {
  test('an unbound session ends by itself', async () => {
    await start({ limits: { unboundSeconds: 0 } })
    const session = await verify()
    const bind = () => postText(harness, '/bind', { sessionKey: session, qq: 5 })
    await until(async () => (await bind()) === noSession)
    expect(await bind()).toBe(noSession)
  })

  test('at the limit the session that was idle longest goes', async () => {
    await start({ limits: { sessions: 2 } })
    const first = await verify()
    const made = Date.now()
    await until(() => Date.now() > made)
    const second = await verify()
    const third = await verify()
    expect(await postText(harness, '/bind', { sessionKey: first, qq: bot })).toBe(noSession)
    expect(await postText(harness, '/bind', { sessionKey: second, qq: bot })).toBe(success)
    expect(await postText(harness, '/bind', { sessionKey: third, qq: bot })).toBe(success)
  })

  test('a session of a socket works over HTTP, without queue, and ends with the socket', async () => {
    await start()
    const client = connect(harness, `/all?verifyKey=${encodeURIComponent(key)}&qq=${bot}`)
    const greeting = await client.frame(0)
    expect(greeting).toMatch(/^\{"syncId":"","data":\{"code":0,"session":"[A-Za-z0-9]{24}"\}\}$/)
    const { session } = (JSON.parse(greeting) as { data: { session: string } }).data
    expect(await getText(harness, '/friendList', { sessionKey: session })).toContain('"code":0')
    expect(await getText(harness, `/countMessage?sessionKey=${session}`)).toBe(
      '{"code":500,"msg":"Not a http session"}',
    )
    client.socket.close()
    await client.closed
    await until(async () => (await getText(harness, '/friendList', { sessionKey: session })) === noSession)
  })

  test('a session bound over HTTP outlives its sockets, and release leaves a socket alone', async () => {
    await start()
    const session = await login(harness)
    const path = `/all?verifyKey=${encodeURIComponent(key)}&sessionKey=${session}`
    const first = connect(harness, path)
    await first.frame(0)
    first.socket.close()
    await first.closed
    expect(await getText(harness, '/friendList', { sessionKey: session })).toContain('"code":0')
    const second = connect(harness, path)
    await second.frame(0)
    expect(await postText(harness, '/release', { sessionKey: session, qq: bot })).toBe(success)
    expect(await second.ask({ syncId: 1, command: 'botProfile' })).toContain('"nickname":"bot"')
    expect(await getText(harness, `/fetchMessage?sessionKey=${session}`)).toContain('Not a http session')
    second.socket.close()
    await second.closed
  })
})

describe('reference counts', () => {
  const socket = (session: string, channel = 'all') =>
    connect(harness, `/${channel}?verifyKey=${encodeURIComponent(key)}&sessionKey=${session}`)

  test('each socket counts one: the session of a socket lives while one that joined is open', async () => {
    await start()
    const maker = connect(harness, `/event?verifyKey=${encodeURIComponent(key)}&qq=${bot}`)
    const { session } = (JSON.parse(await maker.frame(0)) as { data: { session: string } }).data
    const joined = socket(session, 'message')
    await joined.frame(0)
    maker.socket.close()
    await maker.closed
    expect(await getText(harness, '/friendList', { sessionKey: session })).toContain('"code":0')
    joined.socket.close()
    await joined.closed
    await until(async () => (await getText(harness, '/friendList', { sessionKey: session })) === noSession)
  })

  test('a second socket on a channel ends the first, the session stays', async () => {
    await start()
    const session = await login(harness)
    const first = socket(session)
    await first.frame(0)
    const second = socket(session)
    await second.frame(0)
    expect((await first.closed).code).toBe(1000)
    expect(await second.ask({ syncId: '1', command: 'friendList' })).toContain('"code":0')
  })

  test('a bot has many sessions, each with a queue of its own; bots do not see each other', async () => {
    await start()
    const [one, two, other] = [await login(harness), await login(harness), await login(harness, 10002)]
    harness.inbound.push(samples['GroupMessage']!)
    const count = (session: string) => getText(harness, `/countMessage?sessionKey=${session}`)
    await getText(harness, `/fetchMessage?sessionKey=${one}`)
    expect(await Promise.all([one, two, other].map(count))).toEqual(
      [0, 1, 0].map((n) => `{"code":0,"msg":"","data":${n}}`),
    )
    expect(new Set([one, two, other]).size).toBe(3)
  })
})

describe('without verification', () => {
  test('any key does, but there must be one', async () => {
    await start({ enableVerify: false })
    expect(await postText(harness, '/verify', {})).toContain('缺少字段')
    expect(await postText(harness, '/verify', { verifyKey: '' })).toContain('"code":0')
    const client = connect(harness, `/event?qq=${bot}`)
    expect(await client.frame(0)).toContain('"code":0')
    client.socket.close()
  })
})

describe('single mode', () => {
  test('opens when somebody verified, then nobody needs a key', async () => {
    await start({ singleMode: true })
    expect(await getText(harness, '/friendList')).toBe(notBound)
    expect(await postText(harness, '/verify', { verifyKey: key })).toBe('{"code":0,"session":"SINGLE_SESSION"}')
    expect(await postText(harness, '/bind', { sessionKey: 'x', qq: bot })).toBe('{"code":6,"msg":"指定操作不支持"}')
    expect(await getText(harness, '/friendList')).toContain('"code":0')
    expect(await getText(harness, '/sessionInfo?sessionKey=whatever')).toContain('"sessionKey":"SINGLE_SESSION"')
    harness.inbound.push(samples['GroupMessage']!)
    expect(await getText(harness, '/countMessage')).toBe('{"code":0,"msg":"","data":1}')
    await postText(harness, '/verify', { verifyKey: key })
    expect(await getText(harness, '/countMessage')).toBe('{"code":0,"msg":"","data":0}')
  })

  const path = `/all?verifyKey=${encodeURIComponent(key)}`

  test('sockets need the verifyKey, not the bot; a new one empties the queue', async () => {
    await start({ singleMode: true })
    const stranger = connect(harness, `/all?qq=${bot}`)
    expect(await stranger.frame(0)).toBe(`{"syncId":"","data":${badKey}}`)
    await stranger.closed
    const client = connect(harness, path)
    expect(await client.frame(0)).toBe('{"syncId":"","data":{"code":0,"session":"SINGLE_SESSION"}}')
    harness.inbound.push(samples['GroupMessage']!)
    expect(await getText(harness, '/countMessage')).toContain('"data":1')
    const other = connect(harness, path.replace('/all', '/event'))
    await other.frame(0)
    expect(await getText(harness, '/countMessage')).toContain('"data":0')
  })

  test('one of several sockets that closes leaves the session to the others', async () => {
    await start({ singleMode: true })
    const clients = [path, path.replace('/all', '/event'), path.replace('/all', '/message')].map((place) =>
      connect(harness, place),
    )
    for (const client of clients) await client.frame(0)
    for (const client of clients.slice(1)) {
      client.socket.close()
      await client.closed
    }
    expect(await clients[0]?.ask({ syncId: '1', command: 'friendList' })).toContain('"code":0')
    expect(await getText(harness, '/friendList')).toContain('"code":0')
  })

  test('release ends it for everybody, and the next use starts anew', async () => {
    await start({ singleMode: true })
    const client = connect(harness, path)
    await client.frame(0)
    expect(await postText(harness, '/release', { qq: 10002 })).toContain('"code":5')
    expect(await postText(harness, '/release', { qq: bot })).toBe(success)
    await client.closed
    expect(await getText(harness, '/friendList')).toContain('"code":0')
  })

  test('works at once without verification, and says when there is no bot', async () => {
    await start({ singleMode: true, enableVerify: false })
    harness.bots = []
    expect(await getText(harness, '/friendList')).toBe('{"code":2,"msg":"指定Bot不存在"}')
    harness.bots = [{ bot, nickname: 'bot', online: true }]
    expect(await getText(harness, '/friendList')).toContain('"code":0')
  })
})

describe('the queue', () => {
  async function fill(count: number): Promise<string> {
    const session = await login(harness)
    for (let at = 0; at < count; at++) harness.inbound.push({ type: 'bot.online', bot, time, again: at % 2 === 1 })
    return session
  }
  const odd = '{"type":"BotReloginEvent","qq":10001}'
  const even = '{"type":"BotOnlineEvent","qq":10001}'
  const data = (...texts: string[]) => `{"code":0,"msg":"","data":[${texts.join(',')}]}`

  test('peeks and fetches from both ends', async () => {
    await start()
    const session = await fill(4)
    const ask = (path: string) => getText(harness, `/${path}${path.includes('?') ? '&' : '?'}sessionKey=${session}`)
    expect(await ask('countMessage')).toBe('{"code":0,"msg":"","data":4}')
    expect(await ask('peekMessage?count=1')).toBe(data(even))
    expect(await ask('peakMessage?count=2')).toBe(data(even, odd))
    expect(await ask('peekLatestMessage?count=2')).toBe(data(odd, even))
    expect(await ask('fetchLatestMessage?count=1')).toBe(data(odd))
    expect(await ask('fetchMessage?count=0')).toBe(data())
    expect((JSON.parse(await ask('fetchMessage?count=-1')) as { code: number }).code).toBe(500)
    expect(await ask('fetchMessage')).toBe(data(even, odd, even))
    expect(await ask('countMessage')).toBe('{"code":0,"msg":"","data":0}')
  })

  test.each([
    ['oldest', [odd, even]],
    ['newest', [even, odd]],
  ] as const)('when full the %s go, and somebody is told', async (queueDrops, left) => {
    await start({ queueDrops, limits: { queueEvents: 2 } })
    const session = await fill(3)
    expect(await getText(harness, `/fetchMessage?sessionKey=${session}`)).toBe(data(...left))
    expect(harness.logs.filter((line) => line.startsWith('warn'))).toHaveLength(1)
  })

  test('events of other bots and from before are not in it', async () => {
    await start()
    harness.inbound.push({ type: 'bot.online', bot, time, again: false })
    const session = await login(harness, 10002)
    harness.inbound.push({ type: 'bot.online', bot, time, again: false })
    expect(await getText(harness, `/countMessage?sessionKey=${session}`)).toBe('{"code":0,"msg":"","data":0}')
  })
})
