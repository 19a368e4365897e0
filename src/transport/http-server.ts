// One listening port: HTTP through hono, WebSocket through ws, both bounded, nothing about any dialect.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { WebSocketServer } from 'ws'
import { holdMessages } from './body.ts'
import { checkBrowser, corsHeaders, type BrowserPolicy } from './browser.ts'
import { attachSocket, defaultSocketLimits, type Socket, type SocketEvents, type SocketLimits } from './socket.ts'
import type { Turn } from './turn.ts'

export interface HttpLimits {
  /** Bytes of one WebSocket message or JSON body. */
  maxBodyBytes: number
  /** Beyond it the newest are refused. */
  connections: number
  /** Of these, how many that nobody was let in on yet: nothing asked, or everything refused. Beyond it the newest are refused. */
  strangers: number
  headerBytes: number
  headersMs: number
  bodyMs: number
}

export const defaultHttpLimits: HttpLimits = {
  maxBodyBytes: 64 * 1024 * 1024,
  connections: 1024,
  strangers: 256,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  bodyMs: 60_000,
}

export interface ListenerOptions {
  host: string
  port: number
  turn: Turn
  browser: BrowserPolicy
  http?: HttpLimits
  socket?: SocketLimits
  onError: (error: unknown) => void
}

export interface UpgradeRequest {
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  remote: string
}

/** Accept it, refuse it with an HTTP status (`after` a while), or leave it to the next one. */
export type UpgradeDecision =
  | { accept: (socket: Socket) => SocketEvents }
  | { status: 400 | 401 | 403 | 404 | 503; headers?: Record<string, string>; after?: Promise<void> }
  | undefined

export type Upgrader = (request: UpgradeRequest) => UpgradeDecision

export type HttpContext = Context<{ Bindings: HttpBindings }>
export type HttpApp = Hono<{ Bindings: HttpBindings }>

export interface Listener {
  readonly app: HttpApp
  readonly host: string
  readonly limits: HttpLimits
  /** The real port, also when 0 was asked for. Only after `listen`. */
  readonly port: number
  onUpgrade(upgrader: Upgrader): void
  /** Rejects with the system's error, EADDRINUSE for one. */
  listen(): Promise<void>
  /** No further connections; those that stand are served. */
  stopAccepting(): void
  /** Stops accepting, lets open requests end, closes WebSockets with 1001. */
  close(): Promise<void>
}

export function createHttpApp(): HttpApp {
  return new Hono<{ Bindings: HttpBindings }>({ strict: false })
}

export function createListener(options: ListenerOptions): Listener {
  const limits = options.http ?? defaultHttpLimits
  const app = createHttpApp()
  app.use('*', guardBrowser(options.browser))
  // Whoever mounts routes answers his own failures; this is for those that got past him.
  app.onError((error, c) => {
    options.onError(error)
    return c.body(null, 503)
  })
  const respond = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: toErrorResponse(options.onError),
  })
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.bodyMs,
      connectionsCheckingInterval: 5000,
      keepAliveTimeout: 65_000,
    },
    (incoming, outgoing) => {
      if (strangers.has(incoming.socket)) {
        outgoing.once('finish', () => outgoing.statusCode < 400 && strangers.delete(incoming.socket))
      }
      void respond(incoming, outgoing)
    },
  )
  server.maxConnections = limits.connections
  const strangers = limitStrangers(server, limits.strangers)
  const sockets = new Set<Socket>()
  const upgraders: Upgrader[] = []
  acceptUpgrades(server, options, upgraders, { sockets, strangers })
  let closed: Promise<void> | undefined
  const stopAccepting = (): Promise<void> => (closed ??= new Promise((resolve) => server.close(() => resolve())))
  let port = options.port

  return {
    app,
    host: options.host,
    limits,
    get port() {
      return port
    },
    onUpgrade: (upgrader) => void upgraders.push(upgrader),
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(options.port, options.host, () => {
          server.off('error', reject)
          server.on('error', options.onError)
          port = (server.address() as AddressInfo).port
          resolve()
        })
      }),
    stopAccepting: () => void stopAccepting(),
    close: () => closeServer(server, sockets, stopAccepting()),
  }
}

/** Those that were not let in yet; whoever was is taken out. */
function limitStrangers(server: Server, limit: number): Set<Duplex> {
  const strangers = new Set<Duplex>()
  server.on('connection', (socket) => {
    if (strangers.size >= limit) return socket.destroy()
    strangers.add(socket)
    return socket.once('close', () => strangers.delete(socket))
  })
  return strangers
}

function guardBrowser(policy: BrowserPolicy) {
  return async (c: HttpContext, next: () => Promise<void>): Promise<Response | undefined> => {
    const headers = c.env.incoming.headers
    const refusal = checkBrowser(headers, policy)
    if (refusal) return c.json({ error: refusal }, 403)
    const cors = headers.origin === undefined ? undefined : corsHeaders(headers, policy)
    if (cors && c.req.method === 'OPTIONS') return c.body(null, 204, cors)
    await next()
    if (cors) for (const [name, value] of Object.entries(cors)) c.res.headers.set(name, value)
    return undefined
  }
}

function toErrorResponse(onError: (error: unknown) => void) {
  return (error: unknown): Response => {
    onError(error)
    return new Response(null, { status: 400 })
  }
}

function acceptUpgrades(
  server: Server,
  options: ListenerOptions,
  upgraders: readonly Upgrader[],
  { sockets, strangers }: { sockets: Set<Socket>; strangers: Set<Duplex> },
): void {
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: (options.http ?? defaultHttpLimits).maxBodyBytes,
    perMessageDeflate: false,
    // A client that asks for sub-protocols gives up when it gets none of them back.
    handleProtocols: (offered) => offered.values().next().value ?? false,
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', options.onError)
    const decision = decide(request, options, upgraders)
    if ('status' in decision) {
      const { status, headers, after } = decision
      return after ? void after.then(() => refuse(stream, status, headers)) : refuse(stream, status, headers)
    }
    wss.handleUpgrade(request, stream, head, (raw) => {
      strangers.delete(stream)
      const socketOptions = {
        turn: options.turn,
        limits: options.socket ?? defaultSocketLimits,
        remote: request.socket.remoteAddress ?? '',
        onError: options.onError,
      }
      attachSocket(raw, socketOptions, (socket) => {
        sockets.add(socket)
        const events = decision.accept(socket)
        return {
          message: events.message,
          close: (code, reason) => {
            sockets.delete(socket)
            events.close(code, reason)
          },
        }
      })
      // Hears of each piece after the socket has taken it.
      holdMessages(raw, stream)
    })
  })
}

function decide(
  request: IncomingMessage,
  options: ListenerOptions,
  upgraders: readonly Upgrader[],
): NonNullable<UpgradeDecision> {
  if (checkBrowser(request.headers, options.browser)) return { status: 403 }
  const url = parsePath(request.url ?? '/')
  if (!url) return { status: 400 }
  const wanted = {
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    remote: request.socket.remoteAddress ?? '',
  }
  try {
    for (const upgrader of upgraders) {
      const decision = upgrader(wanted)
      if (decision) return decision
    }
  } catch (error) {
    options.onError(error)
    return { status: 503 }
  }
  return { status: 404 }
}

/** `//x` would be read as a host; a fixed base and one leading slash keep it a path. */
export function parsePath(target: string): URL | undefined {
  try {
    decodeURIComponent(target.split('?', 1)[0] as string)
    return new URL(`http://bridge.invalid/${target.replace(/^\/+/, '')}`)
  } catch {
    return undefined
  }
}

const reasons: Record<number, string> = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }

function refuse(stream: Duplex, status: number, headers: Record<string, string> = {}): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const reason = reasons[status] ?? 'Service Unavailable'
  stream.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n${lines.join('')}\r\n`)
}

async function closeServer(server: Server, sockets: Set<Socket>, closed: Promise<void>): Promise<void> {
  for (const socket of sockets) socket.close(1001, 'going away')
  server.closeIdleConnections()
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.terminate()
    server.closeAllConnections()
  }, 2000)
  await closed
  clearTimeout(timer)
}
