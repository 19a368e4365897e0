// How long a request body may take: all of it within one time, or, once its sender is known, as long as it keeps flowing.
import type { IncomingMessage, Server } from 'node:http'
import type { OnLimit } from '../core/limit.ts'
import { letIn } from './strangers.ts'

export interface BodyTimes {
  /** Milliseconds for a whole request. */
  bodyMs: number
  /** Milliseconds without a byte, for bodies that may take their time. */
  uploadIdleMs: number
}

interface Watched {
  /** performance.now() at which it is too late. */
  deadline: number
  /** undefined: the whole body has one deadline. */
  idleMs: number | undefined
  idleAllowedMs: number
  bytesRead: number
  onLimit: OnLimit
}

const checkMs = 1000
const watched = new Map<IncomingMessage, Watched>()
let timer: NodeJS.Timeout | undefined

/** Node's own `requestTimeout` knows one time for all requests, so it must be off. */
export function watchBodies(server: Server, { bodyMs, uploadIdleMs }: BodyTimes, onLimit: OnLimit): void {
  server.on('request', (incoming: IncomingMessage) => {
    const { headers } = incoming
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return
    watched.set(incoming, {
      deadline: performance.now() + bodyMs,
      idleMs: undefined,
      idleAllowedMs: uploadIdleMs,
      bytesRead: incoming.socket.bytesRead,
      onLimit,
    })
    timer ??= setInterval(check, checkMs).unref()
  })
}

/** For whoever has read all of it: it need not wait for the next look. */
export function hasArrived(incoming: IncomingMessage): void {
  watched.delete(incoming)
}

/** From now on it is cut only when nothing comes any more. For senders who have shown who they are. */
export function mayTakeItsTime(incoming: IncomingMessage): void {
  letIn(incoming.socket)
  const entry = watched.get(incoming)
  if (!entry || entry.idleMs !== undefined) return
  entry.idleMs = entry.idleAllowedMs
  entry.deadline = performance.now() + entry.idleMs
}

function check(): void {
  const now = performance.now()
  for (const [incoming, entry] of watched) {
    const { bytesRead } = incoming.socket
    if (incoming.complete || incoming.destroyed) watched.delete(incoming)
    // A body that we do not read, since the disk is slow, is not idle of its own.
    if (entry.idleMs !== undefined && (bytesRead !== entry.bytesRead || incoming.isPaused())) {
      entry.bytesRead = bytesRead
      entry.deadline = now + entry.idleMs
    }
    if (now > entry.deadline && watched.has(incoming)) cut(incoming, entry)
  }
  if (watched.size > 0) return
  clearInterval(timer)
  timer = undefined
}

function cut(incoming: IncomingMessage, { idleMs, onLimit }: Watched): void {
  watched.delete(incoming)
  const peer = incoming.socket.remoteAddress ?? ''
  if (idleMs === undefined) onLimit('bodyMs', peer, 'a request took too long: it is cut')
  else onLimit('uploadIdleMs', peer, `an upload stood still for ${idleMs / 1000} s: it is cut`)
  incoming.socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
    // Whoever reads it must hear of it: a file that is being written would stay open.
    incoming.destroy(new Error('too slow')),
  )
}
