import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { BrowserPolicy } from '../../src/transport/browser.ts'
import { readBody } from '../../src/transport/body.ts'
import { createListener, type Listener } from '../../src/transport/http-server.ts'
import type { Upgrader } from '../../src/transport/mount.ts'
import { createSecretCheck, weaknessOf } from '../../src/transport/secret.ts'
import { createTurn } from '../../src/transport/turn.ts'
import { keepConnected } from '../../src/transport/ws-client.ts'

const errors: unknown[] = []
const turn = createTurn((error) => errors.push(error))
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  expect(errors.splice(0)).toEqual([])
})

async function listen(browser: Partial<BrowserPolicy> = {}, upgrader?: Upgrader): Promise<Listener> {
  const listener = createListener({
    host: '127.0.0.1',
    port: 0,
    turn,
    browser: { origins: [], hosts: [], secretRequired: false, ...browser },
    onError: () => {},
  })
  listener.app.get('/hello', (c) => c.text('hi'))
  listener.app.post('/echo', async (c) => {
    try {
      return c.text(await readBody(c.env, { maxBytes: 1000 }))
    } catch (error) {
      return c.text((error as Error).message, 413, { connection: 'close' })
    }
  })
  if (upgrader) listener.onUpgrade(upgrader)
  await listener.listen()
  closers.push(() => listener.close())
  return listener
}

describe('listener', () => {
  test('serves HTTP on the port it was given by the system', async () => {
    const { port } = await listen()
    expect(await (await fetch(`http://127.0.0.1:${port}/hello`)).text()).toBe('hi')
  })

  test('a port in use is an error, not a crash', async () => {
    const { port } = await listen()
    const second = createListener({
      host: '127.0.0.1',
      port,
      turn,
      browser: { origins: [], hosts: [], secretRequired: false },
      onError: () => {},
    })
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('counts bodies while they arrive and refuses compressed ones', async () => {
    const { port } = await listen()
    const post = (body: string, headers = {}) =>
      fetch(`http://127.0.0.1:${port}/echo`, { method: 'POST', body, headers })
    expect(await (await post('x'.repeat(1000))).text()).toHaveLength(1000)
    expect((await post('x'.repeat(1001))).status).toBe(413)
    expect(await (await post('x', { 'content-encoding': 'gzip' })).text()).toContain('compressed')
  })

  test('answers broken requests and goes on', async () => {
    const { port } = await listen()
    for (const text of [
      'nonsense\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      'GET /%ff HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ]) {
      const raw = connect(port, '127.0.0.1')
      raw.write(text)
      const [answer] = (await once(raw, 'data')) as [Buffer]
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 400/)
      raw.destroy()
    }
    expect((await fetch(`http://127.0.0.1:${port}/hello`)).status).toBe(200)
  })
})

describe('browsers on a listener without a secret', () => {
  const get = (port: number, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(([k, v]) => `${k}: ${v}\r\n`)
      const raw = connect(port, '127.0.0.1', () =>
        raw.write(`GET /hello HTTP/1.1\r\n${lines.join('')}connection: close\r\n\r\n`),
      )
      raw.on('error', reject)
      raw.once('data', (data: Buffer) => resolve(Number(data.toString().slice(9, 12))))
    })

  test.each([
    ['no browser', {}, 200],
    ['a listed origin', { origin: 'https://ok.example' }, 200],
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['a null origin', { origin: 'null' }, 403],
    ['an origin equal to the host (rebinding)', { origin: 'http://evil.example', host: 'evil.example' }, 403],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a foreign host name', { host: 'evil.example' }, 403],
    ['a host that only starts like loopback', { host: '127.0.0.1.evil.example' }, 403],
    ['a configured host', { host: 'bot.lan:80' }, 200],
    ['localhost', { host: 'localhost' }, 200],
  ])('%s -> %3$i', async (_, headers, status) => {
    const { port } = await listen({ origins: ['https://ok.example'], hosts: ['bot.lan'] })
    expect(await get(port, headers as Record<string, string>)).toBe(status)
  })

  test('only listed origins may read answers, exactly named', async () => {
    const { port } = await listen({ origins: ['https://ok.example'], secretRequired: true })
    const url = `http://127.0.0.1:${port}/hello`
    const listed = await fetch(url, { headers: { origin: 'https://ok.example' } })
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://ok.example')
    const other = await fetch(url, { headers: { origin: 'https://evil.example' } })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('WebSocket', () => {
  const echo: Upgrader = () => ({
    accept: (socket) => ({
      message(text) {
        for (let at = 0; at < 3; at++) socket.send(`${text}${at}`)
        if (text === 'bye') socket.close(1000, 'done')
      },
      close: () => {},
    }),
  })

  test('sends in order, closes after what was sent, gives back an offered sub-protocol', async () => {
    const { port } = await listen({}, echo)
    const client = new WebSocket(`ws://127.0.0.1:${port}/x`, ['v11', 'other'])
    const got: string[] = []
    client.on('message', (data: Buffer) => got.push(data.toString()))
    await once(client, 'open')
    expect(client.protocol).toBe('v11')
    client.send('a')
    client.send('bye')
    const [code, reason] = (await once(client, 'close')) as [number, Buffer]
    expect([code, reason.toString()]).toEqual([1000, 'done'])
    expect(got).toEqual(['a0', 'a1', 'a2', 'bye0', 'bye1', 'bye2'])
  })

  test('refuses with the status that the upgrader chose, unknown paths with 404', async () => {
    const upgrader: Upgrader = ({ path }) => (path === '/secret' ? { status: 401 } : undefined)
    const { port } = await listen({}, upgrader)
    for (const [path, status] of [
      ['/secret', 401],
      ['/other', 404],
    ] as const) {
      const client = new WebSocket(`ws://127.0.0.1:${port}${path}`)
      client.on('error', () => {})
      const [, response] = (await once(client, 'unexpected-response')) as [unknown, { statusCode: number }]
      expect(response.statusCode).toBe(status)
      client.terminate()
    }
  })

  test('what is said in a turn leaves after the hooks of that turn', async () => {
    const order: string[] = []
    const own = createTurn((error) => errors.push(error))
    own.beforeTasks(() => void order.push('commit'))
    own.defer(() => void order.push('send 1'))
    own.defer(() => void order.push('send 2'))
    await own.ended()
    expect(order).toEqual(['commit', 'send 1', 'send 2'])
  })
})

describe('keepConnected', () => {
  const fast = { firstMs: 5, maxMs: 20, refusedMs: 40 }

  test('comes back after every loss and says why it was down', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    closers.push(() => new Promise((resolve) => server.close(resolve)))
    const { port } = server.address() as AddressInfo
    let accepted = 0
    server.on('connection', (socket) => {
      if (++accepted < 3) socket.close(1012, 'restart')
      else socket.send('here')
    })
    const reasons: string[] = []
    const heard = new Promise<string>((resolve) => {
      const link = keepConnected({
        url: `ws://127.0.0.1:${port}`,
        turn,
        backoff: fast,
        onOpen: () => ({ message: resolve, close: () => {} }),
        onDown: (reason) => reasons.push(reason),
      })
      closers.unshift(() => link.close())
    })
    expect(await heard).toBe('here')
    expect(reasons).toEqual(['closed with 1012 restart', 'closed with 1012 restart'])
  })

  test('the first attempt ends although nobody listens, and a refusal is told as such', async () => {
    const web = createServer((_, response) => response.writeHead(200).end()).listen(0, '127.0.0.1')
    web.on('upgrade', (_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'))
    await once(web, 'listening')
    closers.push(() => new Promise((resolve) => web.close(resolve)))
    const reasons: [string, number][] = []
    for (const port of [(web.address() as AddressInfo).port, 1]) {
      const link = keepConnected({
        url: `ws://127.0.0.1:${port}`,
        turn,
        backoff: fast,
        onOpen: () => ({ message: () => {}, close: () => {} }),
        onDown: (reason, wait) => reasons.push([reason, wait]),
      })
      await link.firstAttempt
      link.close()
    }
    expect(reasons[0]?.[0]).toBe('the server answered HTTP 401')
    expect(reasons[0]?.[1]).toBeGreaterThanOrEqual(fast.refusedMs * 0.8)
    expect(reasons[1]?.[0]).toBe('ECONNREFUSED')
  })
})

test('secrets', () => {
  const check = createSecretCheck('correct horse')
  expect(check('correct horse')).toBe(true)
  expect([undefined, '', 'correct hors', 'Correct horse'].map(check)).toEqual([false, false, false, false])
  expect(['', '1234567890', 'napcat', 'short'].every((secret) => weaknessOf(secret))).toBe(true)
  expect(weaknessOf('N0t-so-easy')).toBeUndefined()
})
