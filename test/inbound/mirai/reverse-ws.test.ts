import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import type { BridgeEvent } from '../../../src/core/event.ts'
import { bot, time } from '../../dialect/mirai/fixtures.ts'
import { getText, key, login, startInbound, until, type Harness } from './setup.ts'

/** A bot framework that waits for mah. */
interface Framework {
  url: string
  port: number
  headers: string[]
  sockets: WebSocket[]
  frames: string[]
  /** The next frame after sending. */
  ask(request: unknown): Promise<string>
  close(): Promise<void>
}

async function startFramework(port = 0): Promise<Framework> {
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  await once(server, 'listening')
  const framework: Framework = {
    url: '',
    port: (server.address() as AddressInfo).port,
    headers: [],
    sockets: [],
    frames: [],
    ask(request) {
      const { frames, sockets } = framework
      const next = frames.length
      sockets.at(-1)?.send(typeof request === 'string' ? request : JSON.stringify(request))
      return until(() => frames.length > next).then(() => frames[next] as string)
    },
    async close() {
      for (const socket of framework.sockets) socket.terminate()
      server.close()
      await once(server, 'close')
    },
  }
  framework.url = `ws://127.0.0.1:${framework.port}/mah?from=here`
  server.on('connection', (socket, request) => {
    framework.sockets.push(socket)
    framework.headers.push(`${request.url} ${String(request.headers['x-name'])}`)
    socket.on('message', (data: Buffer) => framework.frames.push(data.toString()))
  })
  return framework
}

let harness: Harness
const frameworks: Framework[] = []
afterEach(async () => {
  await harness.close()
  await Promise.all(frameworks.splice(0).map((framework) => framework.close()))
})

async function start(given: Parameters<typeof startInbound>[0] = {}): Promise<Framework> {
  const framework = await startFramework()
  frameworks.push(framework)
  harness = await startInbound({ reverse: [{ url: framework.url, headers: { 'x-name': 'mah' } }], ...given })
  await until(() => framework.sockets.length === 1)
  return framework
}

const online: BridgeEvent = { type: 'bot.online', bot, time, again: false }
const pushed = `{"syncId":"-1","data":{"type":"BotOnlineEvent","qq":${bot}}}`
const verify = (content: Record<string, unknown>) => ({ syncId: '0', command: 'verify', content })
const good = { verifyKey: key, sessionKey: null, qq: bot }

describe('the handshake', () => {
  test('we dial with the given headers and say nothing', async () => {
    const framework = await start()
    expect(framework.headers).toEqual(['/mah?from=here mah'])
    harness.inbound.push(online)
    expect(framework.frames).toEqual([])
  })

  test('about and botList before verify, anything else is bare code 1, nonsense is ignored', async () => {
    const framework = await start()
    framework.sockets[0]?.send('nonsense')
    framework.sockets[0]?.send('{"syncId":"1"}')
    expect(await framework.ask({ syncId: 'a', command: 'about' })).toBe(
      '{"syncId":"a","data":{"code":0,"msg":"","data":{"version":"2.10.0"}}}',
    )
    expect(await framework.ask({ syncId: 5, command: 'botList', content: null })).toBe(
      '{"syncId":"5","data":{"code":0,"msg":"","data":[10001,10002]}}',
    )
    expect(await framework.ask({ syncId: 'b', command: 'friendList' })).toBe('{"code":1,"msg":"Auth Key错误"}')
  })

  test.each([
    [{ ...good, verifyKey: 'wrong' }, 1],
    [{}, 1],
    [{ ...good, qq: 77 }, 2],
    [{ ...good, sessionKey: 'unknown1' }, 3],
    [{ ...good, qq: null }, 400],
  ])('%j is refused bare, and may be tried again', async (content, code) => {
    const framework = await start()
    expect(JSON.parse(await framework.ask(verify(content)))).toMatchObject({ code })
    expect(await framework.ask(verify(good))).toMatch(/^\{"syncId":"0","data":\{"code":0,"session":"\w{24}"\}\}$/)
  })

  test('unbound sessions are code 4', async () => {
    const framework = await start()
    const answer = await fetch(`${harness.url}/verify`, { method: 'POST', body: JSON.stringify({ verifyKey: key }) })
    const { session } = (await answer.json()) as { session: string }
    expect(await framework.ask(verify({ ...good, sessionKey: session }))).toBe('{"code":4,"msg":"Session未认证"}')
  })

  test('members that say nothing may be missing, numbers may be text', async () => {
    const framework = await start()
    expect(await framework.ask(verify({ verifyKey: key, qq: String(bot) }))).toContain('"code":0')
  })

  test('a key joins that session, which lives on without the socket', async () => {
    const framework = await start()
    const session = await login(harness)
    expect(await framework.ask(verify({ ...good, sessionKey: session }))).toBe(
      `{"syncId":"0","data":{"code":0,"session":"${session}"}}`,
    )
    framework.sockets[0]?.terminate()
    await until(() => framework.sockets.length === 2)
    expect(await getText(harness, '/sessionInfo', { sessionKey: session })).toContain('"code":0')
  })
})

describe('afterwards', () => {
  test('commands and pushes as on /all; a second verify is code 6', async () => {
    const framework = await start()
    await framework.ask(verify(good))
    harness.inbound.push(online)
    await until(() => framework.frames.includes(pushed))
    expect(await framework.ask({ syncId: 'c', command: 'botProfile', content: {} })).toBe(
      '{"syncId":"c","data":{"nickname":"bot","email":"","age":0,"level":0,"sign":"","sex":"UNKNOWN"}}',
    )
    expect(await framework.ask(verify(good))).toBe('{"syncId":"0","data":{"code":6,"msg":"指定操作不支持"}}')
    expect(await framework.ask('{"command":"about"')).toBe('{"code":400,"msg":"无效参数"}')
  })

  test('a session of the socket is valid over http, and gone with it', async () => {
    const framework = await start()
    const text = await framework.ask(verify(good))
    const { data } = JSON.parse(text) as { data: { session: string } }
    const headers = { sessionKey: data.session }
    expect(await getText(harness, '/sessionInfo', headers)).toContain('"code":0')
    framework.sockets[0]?.close(1000)
    await until(async () => (await getText(harness, '/sessionInfo', headers)).includes('"code":3'))
  })

  test('it comes back after a loss, and must verify again', async () => {
    const framework = await start()
    await framework.ask(verify(good))
    framework.sockets[0]?.terminate()
    await until(() => framework.sockets.length === 2)
    harness.inbound.push(online)
    expect(await framework.ask({ syncId: 'd', command: 'friendList' })).toBe('{"code":1,"msg":"Auth Key错误"}')
    expect(framework.frames).not.toContain(pushed)
  })

  test('one destination that is away does not keep the others', async () => {
    const dead = await startFramework()
    const { url } = dead
    await dead.close()
    const framework = await startFramework()
    frameworks.push(framework)
    harness = await startInbound({ reverse: [{ url }, { url: framework.url }] })
    await until(() => framework.sockets.length === 1)
    expect(await framework.ask(verify(good))).toContain('"code":0')
    expect(harness.logs.some((line) => line.startsWith('warn') && !line.includes('from=here'))).toBe(true)
  })

  test('two destinations share a single session', async () => {
    const second = await startFramework()
    frameworks.push(second)
    const first = await startFramework()
    frameworks.push(first)
    harness = await startInbound({ singleMode: true, reverse: [{ url: first.url }, { url: second.url }] })
    await until(() => first.sockets.length === 1 && second.sockets.length === 1)
    const single = '{"syncId":"0","data":{"code":0,"session":"SINGLE_SESSION"}}'
    const content = { verifyKey: key, sessionKey: 'whatever', qq: 77 }
    expect(await first.ask(verify(content))).toBe(single)
    expect(await second.ask(verify(content))).toBe(single)
    harness.inbound.push(online)
    await until(() => first.frames.includes(pushed) && second.frames.includes(pushed))
    first.sockets[0]?.terminate()
    await until(() => first.sockets.length === 2)
    expect(await second.ask({ syncId: 'e', command: 'botList' })).toContain('"code":0')
    expect(await getText(harness, '/friendList')).toContain('"code":0')
  })
})
