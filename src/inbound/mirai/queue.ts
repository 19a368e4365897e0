// The unread events of one HTTP session, as JSON text, bounded by number and bytes.

export interface QueueLimits {
  events: number
  bytes: number
  drops: 'oldest' | 'newest'
}

export interface EventQueue {
  readonly size: number
  /** false: something was thrown away for it, or it itself. */
  add(text: string): boolean
  /** Oldest first, removed. */
  fetch(count: number): string[]
  /** Newest first, removed. */
  fetchLatest(count: number): string[]
  /** Oldest first, kept. */
  peek(count: number): string[]
  /** Newest first, kept. */
  peekLatest(count: number): string[]
}

export function createQueue(limits: QueueLimits): EventQueue {
  const texts: string[] = []
  let bytes = 0

  function takeOut(from: number, count: number): string[] {
    const taken = texts.splice(from, count)
    for (const text of taken) bytes -= Buffer.byteLength(text)
    return taken
  }

  function isFull(): boolean {
    return texts.length > limits.events || bytes > limits.bytes
  }

  return {
    get size() {
      return texts.length
    },
    add(text) {
      texts.push(text)
      bytes += Buffer.byteLength(text)
      if (!isFull()) return true
      if (limits.drops === 'newest') takeOut(texts.length - 1, 1)
      while (isFull()) takeOut(0, 1)
      return false
    },
    fetch: (count) => takeOut(0, count),
    fetchLatest: (count) => takeOut(Math.max(0, texts.length - count), count).toReversed(),
    peek: (count) => texts.slice(0, count),
    peekLatest: (count) => texts.slice(Math.max(0, texts.length - count)).toReversed(),
  }
}
