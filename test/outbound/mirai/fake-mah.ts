// A mirai-api-http server with all four adapters, scripted: one account, real sockets, commands answered from a table.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket as TcpSocket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { findRoute } from '../../../src/dialect/mirai/index.ts'
import { bot, key } from './setup.ts'

type Content = Record<string, unknown>
/** A value, or what makes it. `silence`: no answer. */
type Reply = unknown

export const silence = Symbol('no answer')
export const accepted = { code: 0, msg: 'success' }
const wrongKey = { code: 1, msg: 'Auth Key错误' }

export class FakeMah {
  port = 0
  verifyKey = key
  account: number = bot
  /** Command and content of all requests but the introduction, in order. */
  readonly calls: { command: string; content: Content }[] = []
  readonly released: string[] = []
  /** How often somebody asked for a session. */
  handshakes = 0
  sessions = new Set<string>()
  queue: unknown[] = []
  queueCode: number | undefined
  readonly #replies = new Map<string, Reply>([
    ['about', { code: 0, msg: '', data: { version: '2.10.0' } }],
    ['sessionInfo', { code: 0, msg: '', data: { sessionKey: 'k', qq: { id: bot, nickname: 'Botty', remark: '' } } }],
  ])
  readonly #sockets = new Set<WebSocket>()
  readonly #streams = new Set<TcpSocket>()
  #server: Server | undefined
  #made = 0

  on(command: string, reply: Reply): this {
    this.#replies.set(command, reply)
    return this
  }

  async listen(port = 0): Promise<this> {
    const server = createServer((request, response) => void this.#serve(request, response))
    server.on('connection', (stream) => {
      this.#streams.add(stream)
      stream.on('close', () => this.#streams.delete(stream))
    })
    const wss = new WebSocketServer({ server })
    wss.on('connection', (socket, request) => this.#accept(socket, request))
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
    this.port = (server.address() as AddressInfo).port
    return this
  }

  /** The process dies: nobody is told. */
  async close(): Promise<void> {
    this.drop()
    this.sessions.clear()
    for (const stream of this.#streams) stream.destroy()
    const server = this.#server
    this.#server = undefined
    if (!server) return
    server.close()
    await once(server, 'close')
  }

  drop(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  /** Over every socket on which somebody verified. */
  push(event: unknown): void {
    const text = typeof event === 'string' ? event : JSON.stringify({ syncId: '-1', data: event })
    for (const socket of this.#sockets) socket.send(text)
  }

  /** reverse-ws: dials, and serves when it has been verified. */
  async dial(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
    const socket = new WebSocket(url, { headers })
    let session: string | undefined
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { syncId: string; command: string; content: Content }
      if (session !== undefined || frame.command !== 'verify') return this.#answerFrame(socket, frame, session)
      this.handshakes++
      const { verifyKey, qq } = frame.content
      if (verifyKey !== this.verifyKey) return socket.send(JSON.stringify(wrongKey))
      if (qq !== this.account) return socket.send(JSON.stringify({ code: 2, msg: '指定Bot不存在' }))
      session = this.#open()
      this.#join(socket)
      return socket.send(JSON.stringify({ syncId: frame.syncId, data: { code: 0, session } }))
    })
    await once(socket, 'open')
    return socket
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    this.handshakes++
    const { headers } = request
    if (headers['verifykey'] !== this.verifyKey) {
      socket.send(JSON.stringify({ syncId: '', data: wrongKey }))
      return socket.close(1000)
    }
    const session = this.#open()
    this.#join(socket)
    socket.send(JSON.stringify({ syncId: '', data: { code: 0, session } }))
    socket.on('message', (data: Buffer) => this.#answerFrame(socket, JSON.parse(data.toString()), session))
  }

  #join(socket: WebSocket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
  }

  #open(): string {
    const session = `session-${++this.#made}`
    this.sessions.add(session)
    return session
  }

  #answerFrame(
    socket: WebSocket,
    {
      syncId,
      command,
      content,
      subCommand,
    }: { syncId: string; command: string; content: Content; subCommand?: string },
    session: string | undefined,
  ): void {
    const isKnown = session !== undefined && this.sessions.has(session)
    const answer = isKnown ? this.#answer(command, content, subCommand) : { code: 3, msg: 'Session失效或不存在' }
    if (answer !== silence) socket.send(JSON.stringify({ syncId, data: answer }))
  }

  #answer(command: string, content: Content, sub?: string | null): unknown {
    if (command !== 'about' && command !== 'sessionInfo') this.calls.push({ command, content })
    const reply = this.#replies.get(sub ? `${command}.${sub}` : command) ?? accepted
    return typeof reply === 'function' ? (reply as (content: Content) => unknown)(content) : reply
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(String(request.url), 'http://fake')
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const isPost = request.method === 'POST'
    // What ktor does since 2.10.
    if (isPost && !request.headers['content-type']?.startsWith('application/json'))
      return void response.writeHead(415).end()
    const { sessionKey, ...content } = isPost ? (JSON.parse(text) as Content) : Object.fromEntries(url.searchParams)
    const answer = this.#answerHttp(url.pathname, String(request.method), content, String(sessionKey))
    if (answer === undefined) return void response.writeHead(404).end()
    if (answer !== silence) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  #answerHttp(path: string, method: string, content: Content, session: string): unknown {
    if (path === '/verify') {
      this.handshakes++
      return content['verifyKey'] === this.verifyKey ? { code: 0, session: this.#open() } : wrongKey
    }
    if (path !== '/about' && !this.sessions.has(session)) return { code: 3, msg: 'Session失效或不存在' }
    if (path === '/bind') return content['qq'] === this.account ? accepted : { code: 2, msg: '指定Bot不存在' }
    if (path === '/release') {
      this.released.push(session)
      this.sessions.delete(session)
      return accepted
    }
    if (path === '/fetchMessage') {
      if (this.queueCode !== undefined) return { code: this.queueCode, msg: 'Not a http session' }
      return { code: 0, msg: '', data: this.queue.splice(0, Number(content['count'])) }
    }
    const route = findRoute(method, path)
    if (route === undefined || route === 'method') return undefined
    return this.#answer(route.name, content, route.sub)
  }
}
