// Which message ids may be in the database: a Bloom filter, so that a message that is new needs no query.
import type { DatabaseSync } from 'node:sqlite'

/** 2 MiB; with a million ids 1 question in 400 asks the database in vain. */
const bits = 2 ** 24
const hashes = 6
const rowsPerSlice = 20_000

export interface SeenFilter {
  add(bot: number, id: number): void
  /** false: certainly not in the database. Always true until all old rows were read, a slice per turn. */
  mayHold(bot: number, id: number): boolean
}

export function createSeenFilter(db: DatabaseSync): SeenFilter {
  const words = new Uint32Array(bits / 32)
  let ready = false

  function add(bot: number, id: number): void {
    let hash = mix(bot, id)
    const step = mix(id, bot) | 1
    for (let round = 0; round < hashes; round++, hash = (hash + step) | 0) {
      const bit = hash & (bits - 1)
      words[bit >>> 5] = (words[bit >>> 5] as number) | (1 << (bit & 31))
    }
  }

  function mayHold(bot: number, id: number): boolean {
    if (!ready) return true
    let hash = mix(bot, id)
    const step = mix(id, bot) | 1
    for (let round = 0; round < hashes; round++, hash = (hash + step) | 0) {
      const bit = hash & (bits - 1)
      if (((words[bit >>> 5] as number) & (1 << (bit & 31))) === 0) return false
    }
    return true
  }

  const rows = db.prepare('SELECT bot, id FROM messages').iterate() as Iterator<{ bot: number; id: number }>
  function readSlice(): void {
    if (!db.isOpen) return
    for (let count = 0; count < rowsPerSlice; count++) {
      const next = rows.next()
      if (next.done) {
        ready = true
        return
      }
      add(next.value.bot, next.value.id)
    }
    setImmediate(readSlice)
  }
  readSlice()
  return { add, mayHold }
}

function mix(one: number, other: number): number {
  let hash = Math.imul(one | 0, 0x9e3779b1) ^ Math.imul(other | 0, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
  return hash ^ (hash >>> 13)
}
