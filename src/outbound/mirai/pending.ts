// Requests that wait for an answer, oldest first. Each ends exactly once: answer, deadline, or loss of the link.
import { BridgeError, type ErrorKind } from '../../core/error.ts'
import type { Dropped } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'

export interface PendingRequest {
  command: string
  /** It changes something: when the answer is missing, it may have happened all the same. */
  hasEffect: boolean
  /** `performance.now()` at which it fails. */
  deadline: number
}

interface Entry extends PendingRequest {
  resolve(data: WireObject): void
  reject(error: BridgeError): void
  timer: NodeJS.Timeout
}

export interface Pending {
  readonly size: number
  /** The syncId to send it with is told before this returns. */
  add(request: PendingRequest): { syncId: string; answer: Promise<WireObject> }
  /** What it is when nobody waits for it; undefined: somebody did. */
  settle(syncId: string, data: WireObject): Dropped | undefined
  /** For answers that do not say what they answer. */
  settleOldest(data: WireObject): Dropped | undefined
  /** The answer came, but cannot be read. false: nobody waits for it. */
  spoil(syncId: string, why: string): boolean
  failAll(kind: ErrorKind, why: string): void
}

/** Those that are remembered whose caller was told of the deadline. */
const rememberedLate = 1000
/** Of all links: an answer that comes by another link than its question fits none. */
let last = 0

export function createPending(backend: string): Pending {
  const entries = new Map<string, Entry>()
  const late = new Set<string>()
  const first = last

  function take(syncId: string): Entry | undefined {
    const entry = entries.get(syncId)
    if (!entry) return undefined
    entries.delete(syncId)
    clearTimeout(entry.timer)
    return entry
  }

  function fail(syncId: string, kind: ErrorKind, why: string): boolean {
    const entry = take(syncId)
    const limit = kind === 'timeout' ? ({ limit: 'callTimeoutMs' } as const) : undefined
    entry?.reject(new BridgeError(kind, `${entry.command}: ${why}`, { certain: !entry.hasEffect, backend, ...limit }))
    return entry !== undefined
  }

  function expire(syncId: string): void {
    late.add(syncId)
    if (late.size > rememberedLate) late.delete(late.keys().next().value as string)
    fail(syncId, 'timeout', 'no answer in time')
  }

  function settle(syncId: string, data: WireObject): Dropped | undefined {
    const entry = take(syncId)
    entry?.resolve(data)
    if (entry) return undefined
    if (late.delete(syncId)) return 'late'
    const number = Number(syncId)
    return number > first && number <= last ? 'double' : 'unasked'
  }

  return {
    get size() {
      return entries.size
    },
    add(request) {
      const syncId = String(++last)
      const { promise, resolve, reject } = Promise.withResolvers<WireObject>()
      const wait = Math.max(0, request.deadline - performance.now())
      const timer = setTimeout(expire, wait, syncId)
      entries.set(syncId, { ...request, resolve, reject, timer })
      return { syncId, answer: promise }
    },
    settle,
    settleOldest(data) {
      const [oldest] = entries.keys()
      return oldest === undefined ? 'unasked' : settle(oldest, data)
    },
    spoil: (syncId, why) => fail(syncId, 'backend', `the answer cannot be read: ${why}`),
    failAll(kind, why) {
      for (const syncId of entries.keys()) fail(syncId, kind, why)
    },
  }
}
