// Texts that wait for a reader who is slow or away: bounded by number, bytes and age, the oldest go first.
import type { QueueAccount, Waiting } from './queue-memory.ts'

export interface BacklogLimits {
  items: number
  bytes: number
  /** Milliseconds. */
  ageMs: number
}

export const defaultBacklogLimits: BacklogLimits = { items: 1000, bytes: 8 * 1024 * 1024, ageMs: 120_000 }

export interface Backlog<T extends { text: string }> {
  readonly size: number
  add(item: T): void
  /** The oldest one, removed. */
  take(): T | undefined
  clear(): void
}

/** `onDrop` is told how many were thrown away; `account` how much waits here. */
export function createBacklog<T extends { text: string }>(
  onDrop: (count: number) => void,
  limits: BacklogLimits = defaultBacklogLimits,
  account: QueueAccount = () => {},
): Backlog<T> {
  const waiting: { item: T; bytes: number; since: number }[] = []
  let bytes = 0

  function shift(): T | undefined {
    const head = waiting.shift()
    if (!head) return undefined
    bytes -= head.bytes
    account(kept, -head.bytes)
    return head.item
  }

  const kept: Waiting = {
    get size() {
      return waiting.length
    },
    get bytes() {
      return bytes
    },
    dropOldest() {
      if (shift()) onDrop(1)
    },
  }

  function dropWhile(isTooMuch: () => boolean): void {
    let dropped = 0
    for (; isTooMuch(); dropped++) shift()
    if (dropped > 0) onDrop(dropped)
  }

  return {
    get size() {
      return waiting.length
    },
    add(item) {
      const size = Buffer.byteLength(item.text)
      waiting.push({ item, bytes: size, since: Date.now() })
      bytes += size
      account(kept, size)
      dropWhile(() => waiting.length > limits.items || bytes > limits.bytes)
    },
    take() {
      const oldest = Date.now() - limits.ageMs
      dropWhile(() => (waiting[0]?.since ?? Infinity) < oldest)
      return shift()
    },
    clear() {
      if (waiting.length === 0) return
      const held = bytes
      waiting.length = 0
      bytes = 0
      account(kept, -held)
    },
  }
}
