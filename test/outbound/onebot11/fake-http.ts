// The HTTP side of a scripted implementation: its API, its stream of events, and the events it posts.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WebSocket } from 'ws'
import { answerTo, silence, type FakeOneBot, type Frame } from './fake-onebot.ts'

/** Return this from a script: this status and text instead of an answer. */
export class Raw {
  readonly status: number
  readonly text: string
  constructor(status: number, text = '') {
    this.status = status
    this.text = text
  }
}

export class FakeHttp {
  readonly fake: FakeOneBot
  readonly requests: { method: string; path: string; headers: IncomingHttpHeaders }[] = []
  readonly streams = new Set<ServerResponse>()
  /** Every request without it is refused. */
  token = ''
  port = 0
  #server = createServer((request, response) => void this.#serve(request, response))

  constructor(fake: FakeOneBot) {
    this.fake = fake
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async listen(port = 0): Promise<this> {
    this.#server = createServer((request, response) => void this.#serve(request, response))
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
    return this
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    this.requests.push({ method: request.method ?? '', path, headers: request.headers })
    if (this.token !== '' && request.headers.authorization !== `Bearer ${this.token}`) {
      response.writeHead(403, { 'content-type': 'text/html' }).end('{"message":"token verify failed!"}')
      return
    }
    if (path.startsWith('/_events')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      this.streams.add(response)
      response.on('close', () => this.streams.delete(response))
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const frame: Frame = {
      action: decodeURIComponent(path.slice(1).split('?', 1)[0] ?? ''),
      params: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Frame['params'],
      echo: undefined,
    }
    // Scripts that speak over the socket are of WebSocket tests.
    const answer = this.fake.answer(frame, undefined as unknown as WebSocket)
    if (answer === silence) return
    if (answer instanceof Raw) response.writeHead(answer.status).end(answer.text)
    else {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(toHttp(answerTo(frame, answer))))
    }
  }

  stream(value: unknown): void {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    for (const response of this.streams) response.write(`data: ${text}\n\n`)
  }

  /** Every connection, in the middle of whatever it does. */
  drop(): void {
    this.#server.closeAllConnections()
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.drop()
    await closed
  }
}

/** NapCat's codes over HTTP are those over WebSocket less 1000, and 200 for an unknown action. */
function toHttp(members: Record<string, unknown>): Record<string, unknown> {
  const { retcode } = members
  if (typeof retcode !== 'number' || retcode < 1000) return members
  return { ...members, retcode: retcode === 1404 ? 200 : retcode - 1000 }
}

/** What an implementation does with an event. Resolves with the status. */
export async function post(url: string, event: unknown, secret: string, headers: Record<string, string> = {}) {
  const body = typeof event === 'string' ? event : JSON.stringify(event)
  const signature = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-self-id': '10001', 'x-signature': signature, ...headers },
  })
  await response.arrayBuffer()
  return response.status
}
