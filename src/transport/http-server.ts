// One listening port: HTTP through hono, WebSocket through ws, both bounded, shared by any number of mounts.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket as TcpSocket } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import type { LimitName, OnLimit } from '../core/limit.ts'
import { watchBodies } from './body-clock.ts'
import { answerBroken } from './broken-requests.ts'
import { holdMessages } from './body.ts'
import { checkBrowser, toHostName, type BrowserPolicy } from './browser.ts'
import {
  createHttpApp,
  defaultHttpLimits,
  printAddress,
  type HttpLimits,
  type Mount,
  type MountOptions,
  type UpgradeDecision,
  type Upgrader,
} from './mount.ts'
import { createPlaces, type Group, type Mounted, type Places } from './places.ts'
import type { QueueAccount } from './queue-memory.ts'
import { takeShortWay } from './short-way.ts'
import { attachSocket, defaultSocketLimits, type Socket, type SocketEvents, type SocketLimits } from './socket.ts'
import { cutStalled } from './stalled.ts'
import { letIn, limitStrangers } from './strangers.ts'
import type { Turn } from './turn.ts'

export interface PortOptions {
  host: string
  port: number
  turn: Turn
  /** Asked when mounts come and go, and by `refresh`. */
  browser: () => Pick<BrowserPolicy, 'origins' | 'hosts'>
  http?: HttpLimits
  socket?: SocketLimits
  onError: (error: unknown) => void
  onLimit?: OnLimit
  /** Told what clients do not take. */
  account?: QueueAccount
}

export interface Port {
  readonly host: string
  /** The real port, also when 0 was asked for. Only after `listen`. */
  readonly port: number
  /** Whether it accepts connections. */
  readonly listening: boolean
  mount(options?: MountOptions): Mount
  /** What browsers may do has changed. */
  refresh(): void
  /** Rejects with the system's error, EADDRINUSE for one. Also after `stopAccepting`. */
  listen(): Promise<void>
  /** No further connections; those that stand are served. */
  stopAccepting(): void
  /** Stops accepting, lets open requests end, closes WebSockets with 1001. */
  close(): Promise<void>
}

export interface ListenerOptions extends Omit<PortOptions, 'browser'> {
  browser: BrowserPolicy
}

/** A port with one mount that has all of it. */
export type Listener = Mount & Pick<Port, 'listen' | 'stopAccepting' | 'close'>

export function createListener({ browser, ...options }: ListenerOptions): Listener {
  const port = createPort({ ...options, browser: () => browser })
  const mount = port.mount({ secretRequired: browser.secretRequired })
  const { listen, stopAccepting, close } = port
  return Object.defineProperties({ listen, stopAccepting, close } as Listener, Object.getOwnPropertyDescriptors(mount))
}

export function createPort(options: PortOptions): Port {
  const limits = options.http ?? defaultHttpLimits
  const places = createPlaces(options)
  const { onLimit = () => {} } = options
  const server = createHttpServer(places, limits, { ...options, onLimit })
  limitStrangers(server, limits.strangers, onLimit)
  const { stalledMs } = options.socket ?? defaultSocketLimits
  cutStalled(server, { stalledMs, checkMs: limits.checkMs }, onLimit)
  server.on('drop', (data) =>
    onLimit(
      'connections',
      data?.remoteAddress ?? '',
      `${limits.connections} connections are open: new ones are refused`,
    ),
  )
  const sockets = new Map<Mounted, Set<Socket>>()
  acceptUpgrades(server, { ...options, onLimit }, { places, sockets })
  let closed: Promise<void> | undefined
  const stopAccepting = (): Promise<void> => (closed ??= new Promise((resolve) => server.close(() => resolve())))
  let port = options.port

  function mount(given: MountOptions = {}): Mount {
    const upgraders: Upgrader[] = []
    const mounted: Mounted = { options: given, app: createHttpApp(), upgraders, shortWay: undefined }
    const own = new Set<Socket>()
    sockets.set(mounted, own)
    places.add(mounted)
    return {
      app: mounted.app,
      host: options.host,
      limits,
      socketLimits: options.socket ?? defaultSocketLimits,
      onLimit,
      get port() {
        return port
      },
      get address() {
        return printAddress(given, options.host, port)
      },
      onUpgrade: (upgrader) => void upgraders.push(upgrader),
      takeShortWay(shortWay) {
        mounted.shortWay = shortWay
      },
      openSockets: () => own.size,
      get mounted() {
        return sockets.has(mounted)
      },
      unmount() {
        if (!sockets.delete(mounted)) return
        places.remove(mounted)
        if (own.size === 0) return
        for (const socket of own) socket.close(1001, 'going away')
        setTimeout(() => own.forEach((socket) => socket.terminate()), graceMs).unref()
      },
    }
  }

  return {
    host: options.host,
    mount,
    refresh: places.refresh,
    get listening() {
      return server.listening
    },
    get port() {
      return port
    },
    listen: () =>
      new Promise((resolve, reject) => {
        closed = undefined
        server.once('error', reject)
        server.listen(options.port, options.host, () => {
          server.off('error', reject)
          server.on('error', options.onError)
          port = (server.address() as AddressInfo).port
          resolve()
        })
      }),
    stopAccepting: () => void stopAccepting(),
    close: () =>
      closeServer(
        server,
        [...sockets.values()].flatMap((own) => [...own]),
        stopAccepting(),
      ),
  }
}

/** Milliseconds for the other side to read the farewell. */
const graceMs = 2000

type Reporting = PortOptions & { onLimit: OnLimit }

function createHttpServer(places: Places, limits: HttpLimits, { onError, onLimit }: Reporting): Server {
  const respond = getRequestListener(
    (request, env) => {
      const { incoming } = env as { incoming: IncomingMessage }
      const group = findGroup(places, incoming)
      return group ? group.fetch(request, env) : new Response(null, { status: 404 })
    },
    { overrideGlobalObjects: false, errorHandler: toErrorResponse(onError) },
  )
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: 0,
      connectionsCheckingInterval: limits.checkMs,
      keepAliveTimeout: limits.keepAliveMs,
      // Of two hosts or two secrets none is the right one.
      joinDuplicateHeaders: true,
    },
    (incoming, outgoing) => {
      if (!takeShortWay(incoming, outgoing, { places, onError })) void respond(incoming, outgoing)
    },
  )
  server.maxConnections = limits.connections
  watchBodies(server, limits, onLimit)
  answerBroken(server, limits, onLimit)
  return server
}

function findGroup(places: Places, { headers, url = '/' }: IncomingMessage): Group | undefined {
  const query = url.indexOf('?')
  return places.find(toHostName(headers.host ?? ''), query < 0 ? url : url.slice(0, query))
}

function remoteOf({ remoteAddress }: TcpSocket): string {
  return remoteAddress ?? ''
}

function toErrorResponse(onError: (error: unknown) => void) {
  return (error: unknown): Response => {
    onError(error)
    return new Response(null, { status: 400 })
  }
}

interface Serving {
  places: Places
  sockets: ReadonlyMap<Mounted, Set<Socket>>
}

function acceptUpgrades(server: Server, options: Reporting, { places, sockets }: Serving): void {
  const { maxBodyBytes, bodyMemoryBytes } = options.http ?? defaultHttpLimits
  const limits = options.socket ?? defaultSocketLimits
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: maxBodyBytes,
    maxFragments: limits.framesPerMessage,
    perMessageDeflate: false,
    // A client that asks for sub-protocols gives up when it gets none of them back.
    handleProtocols: (offered) => offered.values().next().value ?? false,
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', options.onError)
    const { decision, mounted } = decide(request, places, options.onError)
    if ('status' in decision) {
      const { status, headers, after } = decision
      return after ? void after.then(() => refuse(stream, status, headers)) : refuse(stream, status, headers)
    }
    const { accept, known } = decision
    const remote = remoteOf(request.socket)
    const own = mounted && sockets.get(mounted)
    const wanted = decision.limits ? { ...limits, ...decision.limits } : limits
    wss.handleUpgrade(request, stream, head, (raw) => {
      if (known !== false) letIn(stream)
      const socketOptions = toSocketOptions(options, wanted, remote)
      attachSocket(raw, socketOptions, (socket) => track(socket, own, accept))
      // Hears of each piece after the socket has taken it.
      holdMessages(raw, stream, { memoryBytes: bodyMemoryBytes, onLimit: socketOptions.onLimit })
    })
  })
}

/** Apart from where it is used: its closure would keep the request in memory as long as the socket. */
function toSocketOptions({ turn, account, onError, onLimit }: Reporting, limits: SocketLimits, remote: string) {
  return { turn, limits, remote, account, onError, onLimit: tellLimit }

  function tellLimit(limit: LimitName, text: string): void {
    onLimit(limit, remote, text)
  }
}

/** The owner's events, and who is there to be told when the place goes. */
function track(socket: Socket, own: Set<Socket> | undefined, accept: (socket: Socket) => SocketEvents): SocketEvents {
  own?.add(socket)
  const events = accept(socket)
  return {
    message: events.message,
    close(code, reason) {
      own?.delete(socket)
      events.close(code, reason)
    },
  }
}

interface Decided {
  decision: NonNullable<UpgradeDecision>
  mounted?: Mounted
}

function decide(request: IncomingMessage, places: Places, onError: (error: unknown) => void): Decided {
  const url = parsePath(request.url ?? '/')
  if (!url || /[\s,]/.test(request.headers.host ?? '')) return { decision: { status: 400 } }
  const { pathname } = url
  const group = places.find(toHostName(request.headers.host ?? ''), pathname)
  if (!group) return { decision: { status: 404 } }
  if (checkBrowser(request.headers, group.browser)) return { decision: { status: 403 } }
  const common = { query: url.searchParams, headers: request.headers, remote: request.socket.remoteAddress ?? '' }
  const below = pathname.slice(group.path.length) || '/'
  try {
    const asked = group.mounted.flatMap((mounted) => mounted.upgraders.map((upgrader) => ({ mounted, upgrader })))
    for (const [at, { mounted, upgrader }] of asked.entries()) {
      const path = mounted.options.wholePath ? pathname : below
      const decision = upgrader({ ...common, path, isLast: at === asked.length - 1 })
      if (decision) return { decision, mounted }
    }
  } catch (error) {
    onError(error)
    return { decision: { status: 503 } }
  }
  return { decision: { status: 404 } }
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

async function closeServer(server: Server, sockets: readonly Socket[], closed: Promise<void>): Promise<void> {
  for (const socket of sockets) socket.close(1001, 'going away')
  server.closeIdleConnections()
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.terminate()
    server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(timer)
}
