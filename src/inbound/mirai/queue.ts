// The unread events of one HTTP session, as JSON text, bounded by number and bytes.

import type { QueueAccount, Waiting } from '../../transport/queue-memory.ts'

export interface QueueLimits {
  events: number
  bytes: number
  drops: 'oldest' | 'newest'
}

/** Many queues hold the same one: a session that nobody reads costs an event next to nothing. */
export interface QueuedEvent {
  readonly text: string
  /** Of the text in UTF-8. */
  readonly bytes: number
  /** Queues that it is in now: the memory is counted once. */
  holders: number
}

export interface EventQueue {
  readonly size: number
  /** false: something was thrown away for it, or it itself. */
  add(event: QueuedEvent): boolean
  /** Oldest first, removed. */
  fetch(count: number): string[]
  /** Newest first, removed. */
  fetchLatest(count: number): string[]
  /** Oldest first, kept. */
  peek(count: number): string[]
  /** Newest first, kept. */
  peekLatest(count: number): string[]
  /** Nobody will ask any more. */
  clear(): void
}

export function createQueue(limits: QueueLimits, account: QueueAccount = () => {}): EventQueue {
  /** Those before `first` are gone: a full queue loses one with each event, and moving a thousand others each time costs 6 us. */
  let entries: (QueuedEvent | undefined)[] = []
  let first = 0
  let bytes = 0

  const size = (): number => entries.length - first

  function dropOldest(): void {
    const entry = entries[first]
    entries[first++] = undefined
    if (first * 2 > entries.length) compact()
    if (entry) letGo(entry)
  }

  function letGo(event: QueuedEvent): void {
    bytes -= event.bytes
    account(kept, --event.holders === 0 ? -event.bytes : 0)
  }

  function compact(): void {
    entries = entries.slice(first)
    first = 0
  }

  function takeOut(from: number, count: number): string[] {
    compact()
    const taken = entries.splice(from, count)
    for (const entry of taken) if (entry) letGo(entry)
    return taken.map(toText)
  }

  const kept: Waiting = {
    get size() {
      return size()
    },
    get bytes() {
      return bytes
    },
    dropOldest,
  }

  function isFull(): boolean {
    return size() > limits.events || bytes > limits.bytes
  }

  return {
    get size() {
      return size()
    },
    add(event) {
      entries.push(event)
      bytes += event.bytes
      account(kept, event.holders++ === 0 ? event.bytes : 0)
      if (!isFull()) return true
      if (limits.drops === 'newest') takeOut(size() - 1, 1)
      while (isFull()) dropOldest()
      return false
    },
    fetch: (count) => takeOut(0, count),
    fetchLatest: (count) => takeOut(Math.max(0, size() - count), count).toReversed(),
    peek: (count) => entries.slice(first, first + count).map(toText),
    peekLatest: (count) =>
      entries
        .slice(Math.max(first, entries.length - count))
        .map(toText)
        .toReversed(),
    clear: () => void takeOut(0, size()),
  }
}

function toText(entry: QueuedEvent | undefined): string {
  return entry?.text ?? ''
}
