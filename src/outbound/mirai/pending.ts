// Requests that wait for an answer, oldest first. Each ends exactly once: answer, deadline, or loss of the link.
import { BridgeError, type ErrorKind } from '../../core/error.ts'
import type { Dropped } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import { createSlots } from '../../transport/slots.ts'

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
  timer: NodeJS.Timeout | undefined
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

export function createPending(backend: string): Pending {
  /** Numbers are of all links: an answer that comes by another link than its question fits none. */
  const entries = createSlots<Entry>()
  const late = new Set<number>()

  function take(number: number): Entry | undefined {
    const entry = entries.take(number)
    if (entry) clearTimeout(entry.timer)
    return entry
  }

  function fail(number: number, kind: ErrorKind, why: string): boolean {
    const entry = take(number)
    const limit = kind === 'timeout' ? ({ limit: 'callTimeoutMs' } as const) : undefined
    entry?.reject(new BridgeError(kind, `${entry.command}: ${why}`, { certain: !entry.hasEffect, backend, ...limit }))
    return entry !== undefined
  }

  function expire(number: number): void {
    late.add(number)
    if (late.size > rememberedLate) late.delete(late.keys().next().value as number)
    fail(number, 'timeout', 'no answer in time')
  }

  function settle(number: number, data: WireObject): Dropped | undefined {
    const entry = take(number)
    entry?.resolve(data)
    if (entry) return undefined
    if (late.delete(number)) return 'late'
    return entries.wasGiven(number) ? 'double' : 'unasked'
  }

  return {
    get size() {
      return entries.size
    },
    add(request) {
      const { command, hasEffect, deadline } = request
      const { promise, resolve, reject } = Promise.withResolvers<WireObject>()
      const entry: Entry = { command, hasEffect, deadline, resolve, reject, timer: undefined }
      const number = entries.add(entry)
      entry.timer = setTimeout(expire, Math.max(0, deadline - performance.now()), number)
      return { syncId: String(number), answer: promise }
    },
    settle: (syncId, data) => settle(Number(syncId), data),
    settleOldest(data) {
      const oldest = Math.min(...entries.numbers())
      return Number.isFinite(oldest) ? settle(oldest, data) : 'unasked'
    },
    spoil: (syncId, why) => fail(Number(syncId), 'backend', `the answer cannot be read: ${why}`),
    failAll(kind, why) {
      for (const number of entries.numbers()) fail(number, kind, why)
    },
  }
}
