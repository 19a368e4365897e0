// Message records on disk: one row for all that was learnt in a turn. Rows of their own in a B-tree of ids cost 9 us a
// message, 24 us in a file; a batch costs 1 and 3. The index of ids is in memory and read back from the batches at the start.
import type { DatabaseSync } from 'node:sqlite'
import type { MessageId, Peer, UserId } from '../core/ids.ts'
import type { Message } from '../core/message.ts'
import { createIdIndex, type IdIndex } from './id-index.ts'

/** One message as it is written: later records of the same id replace earlier ones. */
export interface MessageRecord {
  bot: UserId
  id: MessageId
  native: string
  peer: Peer
  recalled: boolean
  content: Pick<Message, 'sender' | 'segments' | 'time' | 'seq'> | null
}

export interface Batches {
  /** Durable when it returns. */
  append(records: readonly MessageRecord[]): void
  find(bot: UserId, id: MessageId): MessageRecord | undefined
}

export function createBatches(db: DatabaseSync): Batches {
  const indexes = new Map<UserId, IdIndex>()
  const insert = db.prepare('INSERT INTO message_batches (n, ids, data) VALUES (?, ?, ?)')
  const select = db.prepare('SELECT data FROM message_batches WHERE n = ?')
  let last = 0

  function indexOf(bot: UserId): IdIndex {
    const known = indexes.get(bot)
    if (known) return known
    const made = createIdIndex()
    indexes.set(bot, made)
    return made
  }

  for (const row of db.prepare('SELECT n, ids FROM message_batches ORDER BY n').iterate()) {
    const { n, ids } = row as { n: number; ids: Uint8Array }
    // A copy: the pairs must begin at a multiple of eight bytes.
    const pairs = new Float64Array(ids.slice().buffer)
    for (let at = 0; at < pairs.length; at += 2) indexOf(pairs[at] as UserId).set(pairs[at + 1] as number, n)
    last = n
  }

  return {
    append(records) {
      const n = last + 1
      const pairs = new Float64Array(records.length * 2)
      records.forEach(({ bot, id }, at) => {
        pairs[at * 2] = bot
        pairs[at * 2 + 1] = id
      })
      insert.run(n, new Uint8Array(pairs.buffer), JSON.stringify(records))
      last = n
      for (const { bot, id } of records) indexOf(bot).set(id, n)
    },
    find(bot, id) {
      const n = indexes.get(bot)?.get(id) ?? 0
      const row = n === 0 ? undefined : (select.get(n) as { data: string } | undefined)
      if (!row) return undefined
      const records = JSON.parse(row.data) as MessageRecord[]
      return records.find((record) => record.id === id && record.bot === bot)
    },
  }
}
