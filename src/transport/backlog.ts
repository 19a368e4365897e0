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
  return new TextBacklog(onDrop, limits, account)
}

/** A class: each client has two, and objects with getters of their own take ten times as much memory. */
class TextBacklog<T extends { text: string }> implements Backlog<T>, Waiting {
  bytes = 0
  readonly #waiting: { item: T; bytes: number; since: number }[] = []
  readonly #onDrop: (count: number) => void
  readonly #limits: BacklogLimits
  readonly #account: QueueAccount

  constructor(onDrop: (count: number) => void, limits: BacklogLimits, account: QueueAccount) {
    this.#onDrop = onDrop
    this.#limits = limits
    this.#account = account
  }

  get size(): number {
    return this.#waiting.length
  }

  dropOldest(): void {
    if (this.#shift()) this.#onDrop(1)
  }

  add(item: T): void {
    const size = Buffer.byteLength(item.text)
    this.#waiting.push({ item, bytes: size, since: Date.now() })
    this.bytes += size
    this.#account(this, size)
    this.#dropWhile(() => this.size > this.#limits.items || this.bytes > this.#limits.bytes)
  }

  take(): T | undefined {
    if (this.size === 0) return undefined
    const oldest = Date.now() - this.#limits.ageMs
    this.#dropWhile(() => (this.#waiting[0]?.since ?? Infinity) < oldest)
    return this.#shift()
  }

  clear(): void {
    if (this.size === 0) return
    const held = this.bytes
    this.#waiting.length = 0
    this.bytes = 0
    this.#account(this, -held)
  }

  #shift(): T | undefined {
    const head = this.#waiting.shift()
    if (!head) return undefined
    this.bytes -= head.bytes
    this.#account(this, -head.bytes)
    return head.item
  }

  #dropWhile(isTooMuch: () => boolean): void {
    let dropped = 0
    for (; isTooMuch(); dropped++) this.#shift()
    if (dropped > 0) this.#onDrop(dropped)
  }
}
