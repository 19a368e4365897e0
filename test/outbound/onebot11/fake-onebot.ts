// A scripted OneBot 11 implementation: what it answers is set per action, what it was asked is written down.
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

export interface Frame {
  action: string
  params: Record<string, unknown>
  echo: unknown
}

export type Script = (params: Record<string, unknown>, frame: Frame, socket: WebSocket) => unknown

/** Return this from a script: no answer. */
export const silence = Symbol('no answer')

/** Return this from a script: these members instead of a success. */
export class Members {
  readonly members: Record<string, unknown>
  constructor(members: Record<string, unknown>) {
    this.members = members
  }
}

export function failed(retcode: number, message = ''): Members {
  return new Members({ status: 'failed', retcode, data: null, message, wording: message })
}

export class FakeOneBot {
  readonly frames: Frame[] = []
  readonly requests: IncomingMessage[] = []
  readonly sockets = new Set<WebSocket>()
  readonly #scripts = new Map<string, Script>()
  #server: WebSocketServer | undefined
  port = 0

  constructor(appName = 'NapCat.Onebot') {
    this.on('get_login_info', () => ({ user_id: 10001, nickname: '桥' }))
    this.on('get_version_info', () => ({ app_name: appName, app_version: '4.8.1', protocol_version: 'v11' }))
  }

  /** `script`: the data of a success, or a function that makes it. */
  on(action: string, script: unknown): this {
    this.#scripts.set(action, typeof script === 'function' ? (script as Script) : () => script)
    return this
  }

  async listen(port = 0): Promise<this> {
    const server = new WebSocketServer({ host: '127.0.0.1', port })
    this.#server = server
    server.on('connection', (socket, request) => {
      this.requests.push(request)
      this.attach(socket)
    })
    await once(server, 'listening')
    this.port = (server.address() as AddressInfo).port
    return this
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/`
  }

  /** Reverse WebSocket. Resolves with the open socket, or with the HTTP status of a refusal. */
  dial(url: string, headers: Record<string, string>): Promise<WebSocket | number> {
    const socket = new WebSocket(url, { headers })
    return new Promise((resolve) => {
      socket.on('error', () => {})
      socket.once('unexpected-response', (request, response) => {
        request.destroy()
        resolve(response.statusCode ?? 0)
      })
      socket.once('open', () => resolve(socket))
      this.attach(socket)
    })
  }

  attach(socket: WebSocket): void {
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as Frame
      const answer = this.answer(frame, socket)
      if (answer !== silence) socket.send(JSON.stringify(answerTo(frame, answer)))
    })
  }

  /** What the script says to a call, which is written down. */
  answer(frame: Frame, socket: WebSocket): unknown {
    this.frames.push(frame)
    const script = this.#scripts.get(frame.action)
    return script ? script(frame.params, frame, socket) : failed(1404, `不支持的Api ${frame.action}`)
  }

  /** Asks of the bridge after the greeting. */
  get calls(): { action: string; params: Record<string, unknown> }[] {
    const greeting = new Set(['get_login_info', 'get_version_info'])
    return this.frames.filter(({ action }) => !greeting.has(action)).map(({ action, params }) => ({ action, params }))
  }

  /** To every connection. */
  send(value: unknown): void {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    for (const socket of this.sockets) socket.send(text)
  }

  drop(): void {
    for (const socket of this.sockets) socket.terminate()
  }

  async close(): Promise<void> {
    this.drop()
    const server = this.#server
    this.#server = undefined
    if (server) await new Promise((resolve) => server.close(resolve))
  }
}

export function answerTo(frame: Frame, answer: unknown): Record<string, unknown> {
  const members =
    answer instanceof Members ? answer.members : { status: 'ok', retcode: 0, data: answer, message: '', wording: '' }
  return { ...members, echo: frame.echo }
}
