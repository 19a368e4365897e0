// What an adapter is given of a port: routes and upgrades of its own, below a path and for a host name when it has them.
import type { IncomingHttpHeaders } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import type { OnLimit } from '../core/limit.ts'
import type { ShortWay } from './short-way.ts'
import type { Socket, SocketEvents, SocketLimits } from './socket.ts'

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
  /** For uploads of senders who are known, instead of `bodyMs`. */
  uploadIdleMs: number
  /** Bytes of unread bodies and messages that all clients together may have in memory. */
  bodyMemoryBytes: number
  /** Milliseconds between two looks for late headers. */
  checkMs: number
  /** Milliseconds that a connection without a request is kept. */
  keepAliveMs: number
  /** Wrong secrets of one peer in one minute that are answered at once. */
  freeFailures: number
  /** Milliseconds that further ones wait. */
  failureDelayMs: number
}

export const defaultHttpLimits: HttpLimits = {
  maxBodyBytes: 64 * 1024 * 1024,
  connections: 1024,
  strangers: 256,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  bodyMs: 60_000,
  uploadIdleMs: 30_000,
  bodyMemoryBytes: 256 * 1024 * 1024,
  checkMs: 5000,
  keepAliveMs: 65_000,
  freeFailures: 10,
  failureDelayMs: 200,
}

export interface UpgradeRequest {
  /** Below the path of the mount. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  remote: string
  /** Nobody else is asked after this one. */
  isLast: boolean
}

/** Accept it (not `known`: to turn it away in a frame), refuse it with an HTTP status (`after` a while), or leave it to the next one. */
export type UpgradeDecision =
  | { accept: (socket: Socket) => SocketEvents; limits?: Partial<SocketLimits>; known?: boolean }
  | { status: 400 | 401 | 403 | 404 | 503; headers?: Record<string, string>; after?: Promise<void> }
  | undefined

export type Upgrader = (request: UpgradeRequest) => UpgradeDecision

export type HttpContext = Context<{ Bindings: HttpBindings }>
export type HttpApp = Hono<{ Bindings: HttpBindings }>

export function createHttpApp(): HttpApp {
  return new Hono<{ Bindings: HttpBindings }>({ strict: false })
}

/** Where on a port something is. */
export interface Place {
  /** In lower case. Absent: whatever the name. */
  host?: string | undefined
  /** `/napcat`: this path and all below it. Absent: every path. */
  path?: string | undefined
}

export interface MountOptions extends Place {
  /** The routes are given with the whole path, and upgrades are asked with it. Default false: `path` is cut off. */
  wholePath?: boolean
  /** Nobody is served without a secret. Default: as the others on this port. */
  secretRequired?: boolean
  /** Among those of the same place the lowest is asked first. Default 0. */
  rank?: number
}

export interface Mount {
  readonly app: HttpApp
  /** Address that is listened on. */
  readonly host: string
  readonly limits: HttpLimits
  readonly socketLimits: SocketLimits
  readonly onLimit: OnLimit
  /** The real port, also when 0 was asked for. Only once it is listened on. */
  readonly port: number
  /** For people: `127.0.0.1:8080`, `a.example.org:8080/napcat`. */
  readonly address: string
  onUpgrade(upgrader: Upgrader): void
  /** Asked before the routes, for plain requests only. What it takes must be answered as the routes would. */
  takeShortWay(shortWay: ShortWay): void
  /** How many WebSockets came here and are open. */
  openSockets(): number
  /** false after `unmount`. */
  readonly mounted: boolean
  /** Nothing more is routed here; WebSockets close with 1001, and are cut two seconds later. */
  unmount(): void
}

export function printAddress({ host, path = '' }: Place, listen: string, port: number): string {
  const name = host ?? listen
  return `${name.includes(':') ? `[${name}]` : name}:${port}${path}`
}
