// Clients of every transport, with what they were sent.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

/** What comes is handed out in order. */
export function createInbox<T>() {
  const items: T[] = []
  const waiting: ((item: T) => void)[] = []
  return {
    all: items,
    put(item: T): void {
      const next = waiting.shift()
      if (next) next(item)
      else items.push(item)
    },
    next(): Promise<T> {
      const ready = items.shift()
      return ready === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(ready)
    },
  }
}

export interface Post {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface Answer {
  status: number
  body?: string
}

/** A server that events are posted to; `answer` decides, after it has been written down. undefined: never. */
export async function listenForPosts(
  answer: (post: Post) => Answer | undefined | Promise<Answer> = () => ({ status: 204 }),
  port = 0,
) {
  const posts = createInbox<Post>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const post = { method, path, headers, body: Buffer.concat(chunks) }
      posts.put(post)
      void Promise.resolve(answer(post)).then((given) => {
        if (given) response.writeHead(given.status).end(given.body)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: real } = server.address() as AddressInfo
  return {
    posts,
    server,
    port: real,
    url: `http://127.0.0.1:${real}/hook?key=1`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** A server of a bot that the bridge dials. */
export async function listenForBridge(port = 0) {
  const server = createServer()
  const wss = new WebSocketServer({ server })
  const connections = createInbox<{
    headers: IncomingHttpHeaders
    path: string
    socket: WebSocket
    texts: ReturnType<typeof createInbox<string>>
  }>()
  wss.on('connection', (socket, request) => {
    const texts = createInbox<string>()
    socket.on('message', (data) => texts.put((data as Buffer).toString()))
    connections.put({ headers: request.headers, path: request.url ?? '', socket, texts })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    connections,
    port: (server.address() as AddressInfo).port,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/onebot/v11/ws`,
    async close() {
      for (const socket of wss.clients) socket.terminate()
      wss.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Reads a stream of server-sent events: `chunks` as they are, `events` their data. */
export async function readStream(url: string, headers: Record<string, string> = {}) {
  const gone = new AbortController()
  const response = await fetch(url, { headers, signal: gone.signal })
  const events = createInbox<string>()
  let text = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const piece = decoder.decode(chunk, { stream: true })
      text += piece
      rest += piece
      for (let at = rest.indexOf('\n\n'); at >= 0; at = rest.indexOf('\n\n')) {
        const block = rest.slice(0, at)
        rest = rest.slice(at + 2)
        if (block.startsWith('data: ')) events.put(block.slice(6))
      }
    }
  })().catch(() => {})
  return {
    response,
    events,
    seen: () => text,
    ended: reading,
    async close() {
      gone.abort()
      await reading
    },
  }
}
