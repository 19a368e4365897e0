// What a drop-in server does beyond mah, and what of mah it must not copy; the rest of the list stands beside what it is about.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { startBridge, verifyKey } from '../../support/bridge.ts'
import { http } from '../../hardening/support.ts'
import { bot, lab } from '../../dialect/mirai/fixtures.ts'
import { connect, key, login, post, postText, startInbound, until, type Harness } from './setup.ts'

let harness: Harness
afterEach(() => harness.close())

test('http, ws, uploads and 1.x on one port', async () => {
  harness = await startInbound()
  const sessionKey = await login(harness)
  const client = connect(harness, `/all?verifyKey=${encodeURIComponent(key)}&qq=${bot}`)
  expect(await client.frame(0)).toMatch(/^\{"syncId":"","data":\{"code":0,"session":"[A-Za-z0-9]{24}"\}\}$/)
  const form = new FormData()
  form.append('sessionKey', sessionKey)
  form.append('type', 'group')
  form.append('img', new Blob(['GIF8']), 'a.gif')
  expect(await (await fetch(`${harness.url}/uploadImage`, { method: 'POST', body: form })).text()).toContain('imageId')
  expect(await postText(harness, '/auth', { authKey: key })).toMatch(/^\{"code":0,"session":/)
})

test.each(['recall', 'setEssence'])('%s: the id counts when the target misses', async (command) => {
  harness = await startInbound()
  const sessionKey = await login(harness)
  for (const where of [{ target: lab }, { target: 5 }, { target: null }, {}]) {
    const answer = await postText(harness, `/${command}`, { sessionKey, messageId: 517, ...where })
    expect(answer).toBe('{"code":0,"msg":"success"}')
  }
  expect(new Set(harness.calls.map(({ params }) => (params as { messageId: number }).messageId))).toEqual(
    new Set([517]),
  )
})

test('every answer is HTTP 200, refusals too', async () => {
  harness = await startInbound()
  const sessionKey = await login(harness)
  for (const body of [{ sessionKey: 'unknown' }, { sessionKey }, '{', { sessionKey, target: 'x', messageChain: 5 }]) {
    expect((await post(harness, '/sendGroupMessage', body)).status).toBe(200)
  }
})

test('a listed web page may send its session in a header', async () => {
  harness = await startInbound()
  const origin = 'https://page.example'
  await using bridge = await startBridge({ origins: [origin] })
  const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'sessionkey,content-type' }
  const { status, headers } = await http(bridge.miraiPort, {
    method: 'OPTIONS',
    path: '/sendGroupMessage',
    headers: { origin, ...asked },
  })
  expect(status).toBe(204)
  const allowed = String(headers['access-control-allow-headers']).split(/,\s*/)
  expect(allowed).toEqual(expect.arrayContaining(['sessionkey', 'authorization', 'content-type']))
  const body = JSON.stringify({ verifyKey })
  const verified = await http(bridge.miraiPort, { path: '/verify', body, headers: { origin } })
  expect(verified.headers['access-control-allow-origin']).toBe(origin)
})

describe('reverse-ws never gives up, however the link ends', () => {
  type Ending = (port: number) => Promise<{ met: () => boolean; end: () => Promise<unknown> }>

  function gone(server: { close(done: () => void): unknown }): Promise<void> {
    return new Promise((resolve) => void server.close(resolve))
  }

  /** A server that answers the upgrade with this, or hangs up. */
  const answering =
    (text: string): Ending =>
    async (port) => {
      let met = false
      const server = createTcpServer((socket) => {
        socket.on('error', () => {})
        socket.once('data', () => {
          met = true
          socket.end(text)
        })
      }).listen(port, '127.0.0.1')
      await once(server, 'listening')
      return { met: () => met, end: () => gone(server) }
    }

  const closing =
    (how: 'close' | 'terminate'): Ending =>
    async (port) => {
      let met = false
      const server = new WebSocketServer({ port, host: '127.0.0.1' })
      server.on('connection', (socket) => {
        met = true
        if (how === 'close') socket.close(1000)
        else socket.terminate()
      })
      await once(server, 'listening')
      return { met: () => met, end: () => gone(server) }
    }

  const endings: [string, Ending][] = [
    ['a farewell', closing('close')],
    ['end of file', closing('terminate')],
    ['HTTP 404', answering('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')],
    ['something that is not HTTP', answering('220 mail.example\r\n')],
    ['nothing at all', answering('')],
  ]

  async function freePort(): Promise<number> {
    const server: Server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await gone(server)
    return port
  }

  test.each(endings)('%s', async (_, ending) => {
    const port = await freePort()
    const bad = await ending(port)
    harness = await startInbound({ reverse: [{ url: `ws://127.0.0.1:${port}/` }] })
    await until(bad.met)
    await bad.end()
    const good = new WebSocketServer({ port, host: '127.0.0.1' })
    await once(good, 'connection')
    expect(harness.logs.some((line) => line.startsWith('warn'))).toBe(true)
    for (const socket of good.clients) socket.terminate()
    await gone(good)
  })
})
