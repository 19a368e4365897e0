// The four ways to a mah server keep the same contract; what only one of them does stands below.
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createListener } from '../../src/transport/http-server.ts'
import { createTurn } from '../../src/transport/turn.ts'
import { ConfigError, parseConfig } from '../../src/config.ts'
import { FakeMah } from '../outbound/mirai/fake-mah.ts'
import {
  bot,
  createOutbound,
  failure,
  groupMessage,
  key,
  lab,
  quick,
  until,
  type Connected,
} from '../outbound/mirai/setup.ts'
import { miraiOutboundContract, type Given, type Standing } from './mirai-outbound.ts'

async function overWs(fake: FakeMah, given: Given): Promise<Omit<Standing, 'fake'>> {
  const { port } = await fake.listen()
  const mah = createOutbound(port, given)
  return {
    mah,
    emit: async (event) => fake.push(event),
    vanish: () => fake.close(),
    comeBack: async () => void (await fake.listen(port)),
    close: mah.close,
  }
}

async function openListener() {
  const errors: unknown[] = []
  const listener = createListener({
    host: '127.0.0.1',
    port: 0,
    turn: createTurn((error) => errors.push(error)),
    browser: { origins: [], hosts: [], secretRequired: false },
    onError: () => {},
  })
  await listener.listen()
  return listener
}

const token = 'token of tests'
const authorization = `Bearer ${token}`

async function overReverse(
  fake: FakeMah,
  given: Given,
  dials = true,
): Promise<Omit<Standing, 'fake'> & { url: string }> {
  const listener = await openListener()
  const mah = createOutbound(0, { ws: undefined, listen: '127.0.0.1:0', path: '/mah', token, ...given }, listener)
  const url = `ws://127.0.0.1:${listener.port}/mah`
  const dial = async () => void (await fake.dial(url, { authorization }))
  if (dials) await dial()
  return {
    mah,
    url,
    emit: async (event) => fake.push(event),
    vanish: () => fake.close(),
    comeBack: dial,
    async close() {
      await mah.close()
      await listener.close()
    },
  }
}

async function overHttp(fake: FakeMah, given: Given): Promise<Omit<Standing, 'fake'>> {
  const { port } = await fake.listen()
  const mah = createOutbound(0, { ws: undefined, http: `http://127.0.0.1:${port}/`, pollMs: 10, ...given })
  return {
    mah,
    emit: async (event) => void fake.queue.push(event),
    vanish: () => fake.close(),
    comeBack: async () => void (await fake.listen(port)),
    close: mah.close,
  }
}

async function overWebhook(fake: FakeMah, given: Given): Promise<Omit<Standing, 'fake'> & { url: string }> {
  const { port } = await fake.listen()
  const listener = await openListener()
  const webhook = { listen: '127.0.0.1:0', path: '/events', token }
  const mah = createOutbound(0, { ws: undefined, http: `http://127.0.0.1:${port}`, webhook, ...given }, listener)
  const url = `http://127.0.0.1:${listener.port}/events`
  return {
    mah,
    url,
    async emit(event) {
      const headers = { authorization, qq: String(bot), 'content-type': 'application/json' }
      await (await fetch(url, { method: 'POST', body: JSON.stringify(event), headers })).text()
    },
    vanish: () => fake.close(),
    comeBack: async () => void (await fake.listen(port)),
    async close() {
      await mah.close()
      await listener.close()
    },
  }
}

miraiOutboundContract({ name: 'ws', start: overWs })
miraiOutboundContract({ name: 'reverse-ws', start: overReverse })
miraiOutboundContract({ name: 'http polling', start: overHttp })
miraiOutboundContract({ name: 'http and webhook', start: overWebhook })

async function rig<T extends Omit<Standing, 'fake'>>(start: (fake: FakeMah) => Promise<T>) {
  const fake = new FakeMah()
  const standing = await start(fake)
  return {
    ...standing,
    fake,
    async [Symbol.asyncDispose]() {
      await standing.close()
      await fake.close()
    },
  }
}

function friends(mah: Connected) {
  return mah.call('friend.list', {})
}

describe('http', () => {
  test.each([overHttp, overWebhook])(
    'a session that the server forgot: a new one, and the call once more',
    async (start) => {
      await using it = await rig((fake) => start(fake, {}))
      await until(it.mah.isOnline)
      it.fake.on('friendList', { code: 0, msg: '', data: [] })
      it.fake.sessions.clear()
      expect(await friends(it.mah)).toEqual([])
      expect(it.fake.handshakes).toBe(2)
    },
  )

  test('a server that was only out of reach: the old session, and the events that wait there', async () => {
    await using it = await rig((fake) => overHttp(fake, {}))
    await until(it.mah.isOnline)
    const sessions = [...it.fake.sessions]
    await it.vanish()
    await until(() => !it.mah.isOnline())
    for (const session of sessions) it.fake.sessions.add(session)
    it.fake.queue.push(groupMessage(1, [{ type: 'Plain', text: 'waited' }]))
    await it.comeBack()
    await until(() => it.mah.events.length === 1)
    expect(it.fake.handshakes).toBe(1)
  })

  test('the session is released in the end', async () => {
    const fake = new FakeMah()
    const { mah, close } = await overHttp(fake, {})
    await until(mah.isOnline)
    const [session] = fake.sessions
    await close()
    expect(fake.released).toEqual([session])
    await fake.close()
  })

  test('a full queue is emptied without waiting', async () => {
    await using it = await rig((fake) => overHttp(fake, { pollMs: 5000 }))
    for (let id = 1; id <= 250; id++) it.fake.queue.push(groupMessage(id, [{ type: 'Plain', text: 'x' }]))
    await until(() => it.mah.events.length === 250, 'all of them', 3000)
    expect(it.fake.queue).toEqual([])
  })

  test('a command that an old server does not have', async () => {
    await using it = await rig((fake) => overHttp(fake, {}))
    await until(it.mah.isOnline)
    const raw = it.mah.call('raw', { dialect: 'mirai', name: 'madeUp', params: {} })
    expect(await failure(raw)).toMatchObject({ kind: 'unknownAction', certain: true })
    const odd = it.mah.call('raw', { dialect: 'mirai', name: '../x?y', params: {} })
    expect(await failure(odd)).toMatchObject({ kind: 'unknownAction', certain: true })
  })
})

describe('webhook', () => {
  test('what has no token, no account or no event is refused and changes nothing', async () => {
    await using it = await rig((fake) => overWebhook(fake, {}))
    await until(it.mah.isOnline)
    const event = JSON.stringify(groupMessage(1, [{ type: 'Plain', text: 'x' }]))
    const post = async (headers: Record<string, string>, body = event, query = '') =>
      (await fetch(it.url + query, { method: 'POST', body, headers })).status
    const qq = String(bot)
    expect(await post({ qq })).toBe(401)
    expect(await post({ qq, authorization: 'Bearer wrong' })).toBe(403)
    expect(await post({ authorization })).toBe(400)
    expect(await post({ authorization, qq }, 'not json')).toBe(400)
    expect(await post({ authorization, qq }, '{}')).toBe(400)
    expect(await post({ authorization, qq: '99' })).toBe(204)
    expect(it.mah.events).toEqual([])
    expect(await post({ 'X-bot': qq, bot: qq }, event, `?token=${encodeURIComponent(token)}`)).toBe(204)
    expect(it.mah.events).toHaveLength(1)
    expect(it.mah.logs.join('\n')).not.toContain('wrong token of')
  })
})

describe('reverse-ws', () => {
  test('a stranger is not shown the verifyKey', async () => {
    await using it = await rig((fake) => overReverse(fake, {}, false))
    for (const [headers, status] of [
      [{}, 401],
      [{ authorization: 'Bearer wrong' }, 403],
    ] as const) {
      const socket = new WebSocket(it.url, { headers })
      socket.on('error', () => {})
      const refused = new Promise((resolve) =>
        socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode)),
      )
      expect(await refused).toBe(status)
      socket.terminate()
    }
    expect(it.fake.handshakes).toBe(0)
  })

  test('one connection for each account, found out by asking; an account that comes later is waited for', async () => {
    const bots = [10001, 10002]
    await using it = await rig((fake) => overReverse(fake, { bots, reconnect: quick }, false))
    const other = new FakeMah()
    other.account = 10002
    await other.dial(it.url, { authorization })
    await it.fake.dial(it.url, { authorization })
    await until(() => it.mah.outbound.bots().every(({ online }) => online), 'both')
    expect([it.fake.sessions.size, other.sessions.size]).toEqual([1, 1])
    await other.close()
    await until(() => it.mah.outbound.bots()[1]?.online === false)
    const late = new FakeMah()
    late.account = 0
    await late.dial(it.url, { authorization })
    await until(() => late.handshakes >= 3)
    late.account = 10002
    await until(() => it.mah.outbound.bots()[1]?.online)
    await late.close()
  })

  test('a session that the server forgot: the link is ended, the next one serves the call', async () => {
    await using it = await rig((fake) => overReverse(fake, {}))
    await until(it.mah.isOnline)
    it.fake.on('friendList', { code: 0, msg: '', data: [] })
    it.fake.sessions.clear()
    const asked = friends(it.mah)
    await until(() => !it.mah.isOnline())
    await it.comeBack()
    expect(await asked).toEqual([])
  })

  test('uploads need the address of the http adapter', async () => {
    await using it = await rig((fake) => overReverse(fake, {}))
    await until(it.mah.isOnline)
    const peer = { kind: 'group' as const, groupId: lab }
    const upload = it.mah.call('file.upload', { peer, name: 'a.txt', base64: 'YQ==' })
    expect(await failure(upload)).toMatchObject({ kind: 'notSupported' })
  })
})

describe('configuration', () => {
  const parse = (more: object) => () =>
    parseConfig({ backends: { mah: { dialect: 'mirai', bots: [1], verifyKey: key, ...more } }, inbounds: {} })

  test.each([
    [{}, /one of ws, listen and http is needed/],
    [{ ws: 'ws://h:1', listen: '127.0.0.1:1' }, /exclude each other/],
    [{ ws: 'ws://h:1', webhook: { listen: '127.0.0.1:1' } }, /http alone/],
    [{ listen: '0.0.0.0:9000' }, /backends\.mah\.token/],
    [{ http: 'http://h:1', webhook: { listen: '0.0.0.0:9000' } }, /backends\.mah\.webhook\.token/],
  ])('%j is refused', (more, text) => {
    expect(parse(more)).toThrow(ConfigError)
    expect(parse(more)).toThrow(text)
  })

  test('every way alone is fine, and an http address beside ws or listen', () => {
    for (const more of [
      { ws: 'ws://h:1', http: 'http://h:2' },
      { listen: '127.0.0.1:1', http: 'http://h:2' },
      { http: 'http://h:2', webhook: { listen: '127.0.0.1:1' } },
    ]) {
      expect(parse(more)).not.toThrow()
    }
  })
})
