// A backend that follows a script: a healthy server of either dialect by any way, until its calls are to go wrong.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket as TcpSocket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { Step } from './fault-steps.ts'
import {
  account,
  greet,
  readFrame,
  sends,
  textSent,
  toAnswer,
  toEvent,
  toFrame,
  type Asked,
  type Dialect,
} from './fault-wire.ts'

/** How a call is answered, or not. */
interface Line {
  answer(answer: unknown): void
  answerUnasked(answer: unknown): void
  text(text: string): void
  binary(bytes: Buffer): void
  halfFrame(): void
  raw(bytes: Buffer): void
  status(step: Extract<Step, { do: 'status' }>): void
  huge(bytes: number): void
  endless(): void
  drip(everyMs: number): void
  close(code: number): void
  cut(): void
}

interface Script {
  steps: readonly Step[]
  /** Calls that have not come, and those that are not through. */
  missing: number
  underWay: number
  come: PromiseWithResolvers<void>
  done: PromiseWithResolvers<void>
}

export class FaultBackend {
  readonly dialect: Dialect
  port = 0
  /** Texts that it was asked to send, in order. */
  readonly sent: string[] = []
  /** Paths and commands, in order. */
  readonly asked: string[] = []
  readonly sockets = new Set<WebSocket>()
  /** What the bridge has shown of itself: headers, queries, first frames. */
  readonly shown: string[] = []
  /** Bytes of bodies without end that were taken. */
  endlessBytes = 0
  #script: Script | undefined
  #messageId = 1000
  readonly #http = createServer((request, response) => void this.#serve(request, response))
  readonly #streams = new Set<TcpSocket>()
  readonly #events = new Set<ServerResponse>()
  #session = 0
  #dialling: { url: string; headers: Record<string, string> } | undefined
  queue: unknown[] = []
  /** Who is logged in there. */
  account = account
  /** What a send with this text meets, instead of a good answer; `times`: how often it has come. */
  plan: ((text: string, times: number) => readonly Step[] | undefined) | undefined

  constructor(dialect: Dialect) {
    this.dialect = dialect
    this.#http.on('connection', (stream) => {
      this.#streams.add(stream)
      stream.on('close', () => this.#streams.delete(stream)).on('error', () => {})
    })
    this.#http.on('clientError', (_error, stream) => stream.destroy())
    const sockets = new WebSocketServer({ server: this.#http, maxPayload: 256 * 1024 * 1024 })
    sockets.on('connection', (socket, request) => {
      this.shown.push(JSON.stringify(request.headers), String(request.url))
      if (dialect === 'mirai') socket.send(toFrame('mirai', '', { code: 0, session: `session-${++this.#session}` }))
      this.#attach(socket)
    })
  }

  async listen(): Promise<this> {
    this.#http.listen(this.port, '127.0.0.1')
    await once(this.#http, 'listening')
    this.port = (this.#http.address() as AddressInfo).port
    return this
  }

  /** Connects to the bridge, again whenever the connection has ended. */
  dial(url: string, headers: Record<string, string>): void {
    this.#dialling = { url, headers }
    const socket = new WebSocket(url, { headers })
    socket.on('error', () => {})
    socket.on('close', () => setTimeout(() => this.#dialling && this.dial(url, headers), 30))
    this.#attach(socket)
  }

  /** The next `calls` sends go wrong, together, once all of them have come. */
  misbehave(steps: readonly Step[], calls: number): { come: Promise<void>; done: Promise<void> } {
    const come = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    this.#script = { steps, missing: calls, underWay: calls, come, done }
    return { come: come.promise, done: done.promise }
  }

  /** To whoever listens, over WebSocket, a stream of events or the queue of mah's http adapter. */
  say(text: string, self = this.account): void {
    const event = toEvent(this.dialect, text, self)
    const frame = JSON.stringify(this.dialect === 'mirai' ? { syncId: '-1', data: event } : event)
    for (const socket of this.sockets) socket.send(frame)
    for (const response of this.#events) response.write(`data: ${frame}\n\n`)
    if (this.sockets.size === 0) this.queue.push(event)
  }

  async close(): Promise<void> {
    this.#dialling = undefined
    for (const socket of this.sockets) socket.terminate()
    for (const stream of this.#streams) stream.destroy()
    if (this.port !== 0) await new Promise((resolve) => this.#http.close(resolve))
  }

  #attach(socket: WebSocket): void {
    socket.on('open', () => this.sockets.add(socket))
    if (socket.readyState === WebSocket.OPEN) this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      const asked = readFrame(this.dialect, data.toString())
      this.#take(
        asked,
        socketLine({ dialect: this.dialect, socket, id: asked.id, isClient: this.#dialling !== undefined }),
      )
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(String(request.url), 'http://far')
    this.shown.push(JSON.stringify(request.headers), String(request.url))
    if (url.pathname === '/_events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      this.#events.add(response)
      response.on('close', () => this.#events.delete(response))
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const content = text === '' ? Object.fromEntries(url.searchParams) : (JSON.parse(text) as Asked['content'])
    this.#take({ name: url.pathname.slice(1), id: undefined, content }, this.#httpLine(response))
  }

  #take(asked: Asked, line: Line): void {
    this.asked.push(asked.name)
    if (!sends.has(asked.name)) return this.#greet(asked, line)
    const text = textSent(asked)
    this.sent.push(text)
    const steps = this.plan?.(text, this.sent.filter((sent) => sent === text).length)
    if (steps) return void this.#perform(steps, line)
    const script = this.#script
    if (!script || script.missing === 0) return line.answer(toAnswer(this.dialect, 'good', ++this.#messageId))
    void this.#follow(script, line)
  }

  #greet(asked: Asked, line: Line): void {
    if (asked.name === 'fetchMessage') return line.answer({ code: 0, msg: '', data: this.queue.splice(0, 100) })
    const answer = greet(this.dialect, asked.name, { account: this.account, session: `session-${++this.#session}` })
    // A missing answer to what a script does not know would be a fault of the script.
    line.answer(answer ?? toAnswer(this.dialect, 'refused', 0))
  }

  async #follow(script: Script, line: Line): Promise<void> {
    if (--script.missing === 0) script.come.resolve()
    await script.come.promise
    await this.#perform(script.steps, line)
    if (--script.underWay === 0) script.done.resolve()
  }

  async #perform(steps: readonly Step[], line: Line): Promise<void> {
    for (const step of steps) {
      if (step.do === 'wait') await new Promise((resolve) => setTimeout(resolve, step.ms))
      else this.#act(step, line)
    }
  }

  #act(step: Exclude<Step, { do: 'wait' }>, line: Line): void {
    switch (step.do) {
      case 'answer':
        return line.answer(toAnswer(this.dialect, step.as, ++this.#messageId))
      case 'answerUnasked':
        return line.answerUnasked(toAnswer(this.dialect, 'good', 1))
      case 'text':
        return line.text(step.text)
      case 'binary':
        return line.binary(Buffer.from(step.bytes))
      case 'halfFrame':
        return line.halfFrame()
      case 'raw':
        return line.raw(typeof step.text === 'string' ? Buffer.from(step.text) : Buffer.from(step.text))
      case 'status':
        return line.status(step)
      case 'huge':
        return line.huge(step.kibibytes * 1024)
      case 'endless':
        return line.endless()
      case 'drip':
        return line.drip(step.everyMs)
      case 'close':
        return line.close(step.code)
      case 'cut':
        return line.cut()
    }
  }

  #httpLine(response: ServerResponse): Line {
    const stream = response.socket
    const body = (text: string): void => {
      if (!response.destroyed) response.writeHead(200, { 'content-type': 'application/json' }).end(text)
    }
    const none = (): never => {
      throw new Error('not over HTTP')
    }
    return {
      answer: (answer) => body(JSON.stringify(answer)),
      answerUnasked: none,
      text: body,
      binary: none,
      halfFrame: none,
      raw: (bytes) => void stream?.write(bytes),
      status: ({ status, body: text = '', headers = {} }) => void response.writeHead(status, headers).end(text),
      huge: (bytes) => body(`"${'x'.repeat(bytes)}"`),
      endless: () => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const chunk = Buffer.alloc(64 * 1024, ' ')
        const more = (): void => {
          while (!response.destroyed && response.write(chunk)) this.endlessBytes += chunk.length
        }
        response.on('drain', more)
        more()
      },
      drip(everyMs) {
        response.writeHead(200, { 'content-type': 'application/json' })
        const timer = setInterval(() => response.write(' '), everyMs)
        response.on('close', () => clearInterval(timer))
      },
      close: none,
      cut: () => void stream?.destroy(),
    }
  }
}

interface Asking {
  dialect: Dialect
  socket: WebSocket
  id: unknown
  isClient: boolean
}

function socketLine({ dialect, socket, id, isClient }: Asking): Line {
  const send = (text: string): void => void (socket.readyState === WebSocket.OPEN && socket.send(text))
  const stream = (): TcpSocket => (socket as unknown as { _socket: TcpSocket })._socket
  const none = (): never => {
    throw new Error('not over WebSocket')
  }
  return {
    answer: (answer) => send(toFrame(dialect, id, answer)),
    answerUnasked: (answer) => send(toFrame(dialect, 'never-asked', answer)),
    text: send,
    // 100 bytes of text, of which 3 come; those of a client are masked.
    halfFrame: () =>
      void stream()?.write(
        Buffer.from(isClient ? [0x81, 0xe4, 1, 2, 3, 4, 0x7a, 0x20, 0x66] : [0x81, 100, 0x7b, 0x22, 0x65]),
      ),
    binary: (bytes) => socket.send(bytes, { binary: true }),
    raw: (bytes) => void stream()?.write(bytes),
    status: none,
    huge: (bytes) => send(`"${'x'.repeat(bytes)}"`),
    endless: none,
    drip: none,
    close: (code) => socket.close(code),
    cut: () => socket.terminate(),
  }
}
