// Strangers of every kind: requests byte by byte, sockets that keep what they hear, and what must be true after each table.
import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import type { LimitName } from '../../src/core/limit.ts'
import { accessToken, adminToken, startBridge, verifyKey, type RunningBridge } from '../support/bridge.ts'

export const bot = 10001

export interface HttpAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

export interface HttpRequest {
  method?: string
  path: string
  headers?: OutgoingHttpHeaders
  body?: string | Buffer | undefined
}

/** Everything that any client of this file was told. */
const heard: string[] = []

export async function http(port: number, { method, path, headers = {}, body }: HttpRequest): Promise<HttpAnswer> {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const chosen = method ?? (body === undefined ? 'GET' : 'POST')
  const sent = request({
    host: '127.0.0.1',
    port,
    method: chosen,
    path,
    headers: { ...length, ...headers },
    agent: false,
  })
  sent.on('error', () => {})
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A refusal in the middle of a large body may cut the line behind the answer.
  response.on('error', () => {})
  await new Promise((resolve) => response.once('close', resolve))
  const text = Buffer.concat(chunks).toString()
  heard.push(text)
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

/** What comes back for these bytes, until the other side closes or an answer is there. */
export async function bytes(port: number, text: string | Buffer): Promise<string> {
  const socket = connectTcp(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(text)
  const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [Buffer | boolean]
  socket.destroy()
  const said = Buffer.isBuffer(answer) ? answer.toString() : ''
  heard.push(said)
  return said
}

export interface Client {
  raw: WebSocket
  frames: string[]
  closed: Promise<{ code: number; reason: string }>
  send(frame: unknown): void
  next(): Promise<string>
  /** The first frame from now on that fits; others are passed over. */
  find(fits: (text: string) => boolean): Promise<string>
}

export function dial(url: string, headers: Record<string, string> = {}): Client {
  const raw = new WebSocket(url, { headers })
  const frames: string[] = []
  const waiting: (() => void)[] = []
  const wake = (): void => waiting.splice(0).forEach((go) => go())
  let ended = false
  raw.on('message', (data: Buffer) => {
    frames.push(data.toString())
    heard.push(data.toString())
    wake()
  })
  raw.on('error', () => {})
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    raw.on('close', (code, reason) => {
      ended = true
      resolve({ code, reason: reason.toString() })
      wake()
    })
  })
  async function next(): Promise<string> {
    for (;;) {
      const frame = frames.shift()
      if (frame !== undefined) return frame
      if (ended) throw new Error('the socket was closed')
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  return {
    raw,
    frames,
    closed,
    next,
    send: (frame) => raw.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame)),
    async find(fits) {
      for (;;) {
        const frame = await next()
        if (fits(frame)) return frame
      }
    },
  }
}

export async function open(client: Client): Promise<Client> {
  if (client.raw.readyState !== WebSocket.OPEN) await once(client.raw, 'open')
  return client
}

/** HTTP status of a refused upgrade. */
export async function refusedUpgrade(url: string, headers: Record<string, string> = {}): Promise<number> {
  const raw = new WebSocket(url, { headers })
  raw.on('error', () => {})
  const [, response] = (await once(raw, 'unexpected-response')) as [unknown, { statusCode: number }]
  raw.terminate()
  return response.statusCode
}

export interface Stage {
  bridge: RunningBridge
  onebot: {
    post(path: string, body?: string | Buffer, headers?: OutgoingHttpHeaders): Promise<HttpAnswer>
    get(path: string): Promise<HttpAnswer>
  }
  mirai: {
    post(path: string, body?: string | Buffer, headers?: OutgoingHttpHeaders): Promise<HttpAnswer>
    get(path: string): Promise<HttpAnswer>
  }
  key: string
  /** OneBot `/api` with the token: answers only. */
  api(): Promise<Client>
  /** mah `/all`, greeted. */
  all(): Promise<Client>
}

export async function stage(config: Parameters<typeof startBridge>[0] = {}, qq = bot): Promise<Stage> {
  const bridge = await startBridge(config)
  const { onebotPort, miraiPort } = bridge
  const authorization = `Bearer ${accessToken}`
  const json = { 'content-type': 'application/json' }
  const key = await login(miraiPort, qq)
  return {
    bridge,
    key,
    onebot: {
      post: (path, body = '', headers = {}) =>
        http(onebotPort, { path, body, headers: { authorization, ...json, ...headers } }),
      get: (path) => http(onebotPort, { path, headers: { authorization } }),
    },
    mirai: {
      post: (path, body = '', headers = {}) =>
        http(miraiPort, { path, body, headers: { sessionKey: key, ...json, ...headers } }),
      get: (path) => http(miraiPort, { path, headers: { sessionKey: key } }),
    },
    api: () => open(dial(`ws://127.0.0.1:${onebotPort}/api`, { authorization })),
    async all() {
      const client = dial(`ws://127.0.0.1:${miraiPort}/all`, { verifyKey, qq: String(qq) })
      await client.next()
      return client
    },
  }
}

export async function login(port: number, qq = bot): Promise<string> {
  const verified = await http(port, { path: '/verify', body: JSON.stringify({ verifyKey }) })
  heard.pop()
  const { session } = JSON.parse(verified.text) as { session: string }
  await http(port, { path: '/bind', body: JSON.stringify({ sessionKey: session, qq }) })
  return session
}

/** A refusal as OneBot writes it. `echo` is JSON text. */
export function onebotRefusal(retcode: number, message: string, echo?: string): string {
  const text = JSON.stringify({ status: 'failed', retcode, data: null, message, wording: message })
  return echo === undefined ? text : `${text.slice(0, -1)},"echo":${echo}}`
}

/** A refusal as mah writes it; over WebSocket with the JSON text of its syncId. */
export function miraiRefusal(code: number, msg: string, syncId?: string): string {
  const text = JSON.stringify({ code, msg })
  return syncId === undefined ? text : `{"syncId":${syncId},"data":${text}}`
}

/** Milliseconds that nothing else could run are too many from here on. Parsing of the largest inputs is far below it. */
const blockedMs = 400

export interface Watch {
  /** Others are served, the loop was never blocked, and nobody was told anything that is not his. */
  verify(): Promise<void>
}

/** Once per table: before it, and `verify` behind it. `longestMs`: for tables whose floods are made in this process, too. */
export async function watch({ bridge, key, api }: Stage, longestMs = blockedMs): Promise<Watch> {
  const bystander = await api()
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  return {
    async verify() {
      delay.disable()
      expect(delay.max / 1e6).toBeLessThan(longestMs)
      bystander.send({ action: 'get_status', echo: 'bystander' })
      expect(JSON.parse(await bystander.find((text) => text.includes('bystander')))).toMatchObject({ status: 'ok' })
      const about = await http(bridge.miraiPort, { path: '/about' })
      expect(JSON.parse(about.text)).toEqual({ code: 0, msg: '', data: { version: '2.10.0' } })
      expect((await http(bridge.adminPort, { path: '/healthz' })).status).toBe(200)
      bystander.raw.terminate()
      expectDiscreet(heard.splice(0), [key])
    },
  }
}

/** No secret, no path of this machine, no stack, no text of a thrown error. */
export function expectDiscreet(texts: readonly string[], keys: readonly string[]): void {
  const secrets = [verifyKey, accessToken, adminToken, process.cwd(), ...keys]
  for (const text of texts) {
    for (const secret of secrets) expect(text).not.toContain(secret)
    expect(text).not.toMatch(
      /node_modules|node:internal|\.ts:\d|\n\s+at |TypeError|RangeError|SyntaxError|ENOENT|root:x:/,
    )
  }
}

/** How often a limit was reached, as the metrics tell. */
export async function countOf(bridge: RunningBridge, limit: LimitName): Promise<number> {
  const headers = { authorization: `Bearer ${adminToken}` }
  const { text } = await http(bridge.adminPort, { path: '/metrics', headers })
  return Number(new RegExp(`^bridge_limits_total\\{limit="${limit}"\\} (\\d+)$`, 'm').exec(text)?.[1])
}

/** It was reached since `before` was counted; what is told comes a moment after what is answered. */
export async function expectReached(bridge: RunningBridge, limit: LimitName, before: number): Promise<void> {
  const deadline = Date.now() + 5000
  while ((await countOf(bridge, limit)) <= before && Date.now() < deadline) await new Promise(setImmediate)
  expect(await countOf(bridge, limit)).toBeGreaterThan(before)
}
