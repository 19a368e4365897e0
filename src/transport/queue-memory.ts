// What waits for clients, counted over all queues of the bridge: each of them has bounds of its own, all together have one.
// Who has more than his share gives first, so that one who is away takes nothing from those who read.
import type { OnLimit } from '../core/limit.ts'

export const queueKinds = ['outbox', 'session', 'webhook', 'stream', 'socket'] as const
export type QueueKind = (typeof queueKinds)[number]

export interface Waiting {
  /** Entries. */
  readonly size: number
  readonly bytes: number
  /** Makes it smaller, and tells whoever owns it. */
  dropOldest(): void
}

/** To be told each time that a queue has grown or shrunk, with the memory that this took or gave back. */
export type QueueAccount = (queue: Waiting, bytes: number) => void

export interface QueueMemory {
  of(kind: QueueKind): QueueAccount
  /** What waits now. */
  totals(): Iterable<{ kind: QueueKind; entries: number; bytes: number }>
}

/** Of the events and answers that wait for all clients. */
export const defaultQueueMemoryBytes = 256 * 1024 * 1024

interface QueueMemoryOptions {
  bytes?: number
  onLimit?: OnLimit
}

export function createQueueMemory({ bytes: most = defaultQueueMemoryBytes, onLimit }: QueueMemoryOptions): QueueMemory {
  const queues = new Map<Waiting, QueueKind>()
  let total = 0
  /** Goes round, so that finding who has too much costs nothing on average. */
  let round = queues.keys()
  let richest: Waiting | undefined

  function isRich(queue: Waiting | undefined): queue is Waiting {
    return queue !== undefined && queues.has(queue) && queue.bytes * queues.size > most
  }

  function next(): Waiting | undefined {
    const { done, value } = round.next()
    if (!done) return value
    round = queues.keys()
    return round.next().value
  }

  /** More than all have at most: one of them has more than its share. */
  function findRichest(): Waiting | undefined {
    for (let left = queues.size; left > 0 && !isRich(richest); left--) richest = next()
    return isRich(richest) ? richest : undefined
  }

  function isOver(): boolean {
    return total > most
  }

  function makeRoom(): void {
    onLimit?.('queueMemoryBytes', '', `${most} bytes wait for clients: the fullest queues lose their oldest`)
    for (let queue = findRichest(); queue; queue = isOver() ? findRichest() : undefined) queue.dropOldest()
  }

  return {
    of: (kind) => (queue, bytes) => {
      total += bytes
      // One at a time: at one it has begun, or is about to end.
      if (queue.size === 0) queues.delete(queue)
      else if (queue.size === 1) queues.set(queue, kind)
      if (bytes > 0 && isOver()) makeRoom()
    },
    *totals() {
      for (const kind of queueKinds) {
        const own = [...queues].flatMap(([queue, its]) => (its === kind ? [queue] : []))
        const bytes = own.reduce((sum, queue) => sum + queue.bytes, 0)
        yield { kind, entries: own.reduce((sum, { size }) => sum + size, 0), bytes }
      }
    },
  }
}
