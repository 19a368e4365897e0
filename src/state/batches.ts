// Message records on disk: one row for all that was learnt in a turn. Rows of their own in a B-tree of ids cost 9 us a
// message, 24 us in a file; a batch costs 1 and 3. The index of ids is in memory and read back from the batches at the start.
// Small neighbours are joined, so that a million messages are some sixty thousand rows; the oldest rows go.
import type { DatabaseSync } from 'node:sqlite'
import type { MessageId, UserId } from '../core/ids.ts'
import { createIdIndex, type IdIndex } from './id-index.ts'
import { readRecords } from './read-record.ts'
import type { MessageRecord, PrintedRecord } from './record.ts'

export interface Batches {
  /** Durable when it returns. All or none when it throws. */
  append(records: readonly PrintedRecord[]): void
  find(bot: UserId, id: MessageId): MessageRecord | undefined
}

export interface Retention {
  /** Days since a message was learnt. */
  days: number
  /** Most messages, all bots together. */
  messages: number
}

/** Whole batches go, so a little more than the limit may stay. */
export const defaultRetention: Retention = { days: 30, messages: 1_000_000 }

/** Records at which a row is large enough. A row is parsed as a whole: 64 make a lookup ten times as long as one alone. */
const fullBatch = 16
/** Rows deleted for each one that is written, until no more than the limit stays: what one append costs does not vary. */
const deletedForOne = 2
/** Bytes of one id in `ids`: bot and message as doubles. */
const bytesAnId = 16
const secondsADay = 24 * 3600

interface Row {
  n: number
  at: number
  ids: Uint8Array
}

export interface BatchesOptions {
  keep?: Retention | undefined
  /** Unix seconds. */
  now?: () => number
  /** Told once of a row that cannot be read: what it held is unknown. */
  onDamage?: (text: string) => void
}

export function createBatches(db: DatabaseSync, options: BatchesOptions = {}): Batches {
  const { keep = defaultRetention, now = () => Date.now() / 1000, onDamage = () => {} } = options
  const indexes = new Map<UserId, IdIndex>()
  const insert = db.prepare('INSERT INTO message_batches (n, at, ids, data) VALUES (?, ?, ?, ?)')
  const select = db.prepare('SELECT data FROM message_batches WHERE n = ?')
  const oldest = db.prepare('SELECT n, at, ids FROM message_batches ORDER BY n LIMIT ?')
  const join = db.prepare(
    `UPDATE message_batches SET ids = ?, data = (
       SELECT '[' || group_concat(substr(data, 2, length(data) - 2), ',' ORDER BY n) || ']'
       FROM message_batches WHERE n BETWEEN ? AND ?
     ) WHERE n = ?`,
  )
  const selectIds = db.prepare('SELECT ids FROM message_batches WHERE n BETWEEN ? AND ? ORDER BY n')
  const remove = db.prepare('DELETE FROM message_batches WHERE n >= ? AND n < ?')
  let last = 0
  let count = 0
  /** When the oldest row was learnt, Unix seconds; unknown after it went. */
  let oldestAt = Number.POSITIVE_INFINITY
  /** Neighbours that are small, and the runs of these that are to be joined. */
  let run = { from: 0, to: 0, records: 0 }
  const runs: { from: number; to: number }[] = []

  function indexOf(bot: UserId): IdIndex {
    const known = indexes.get(bot)
    if (known) return known
    const made = createIdIndex()
    indexes.set(bot, made)
    return made
  }

  function note(n: number, at: number, records: number): void {
    last = n
    count += records
    oldestAt = Math.min(oldestAt, at)
    if (records * 2 > fullBatch) run = { from: 0, to: 0, records: 0 }
    else run = { from: run.from || n, to: n, records: run.records + records }
    if (run.records < fullBatch) return
    if (run.from < run.to) runs.push(run)
    run = { from: 0, to: 0, records: 0 }
  }

  function inTransaction(task: () => void): void {
    db.exec('BEGIN')
    try {
      task()
      db.exec('COMMIT')
    } catch (error) {
      // A full disk may have ended it already.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }

  /** Order stays: what is later in a row, and in later rows, counts. */
  function joinRun({ from, to }: { from: number; to: number }): void {
    const ids = Buffer.concat((selectIds.all(from, to) as unknown as Pick<Row, 'ids'>[]).map((row) => row.ids))
    if (ids.length === 0) return
    inTransaction(() => {
      join.run(ids, from, to, to)
      remove.run(from, to)
    })
    eachId(ids, (bot, id) => {
      const index = indexOf(bot)
      const n = index.get(id)
      if (n >= from && n < to) index.set(id, to)
    })
  }

  /** Returns how many rows went, `most` at most. */
  function trim(most: number): number {
    const before = now() - keep.days * secondsADay
    if (count <= keep.messages && oldestAt >= before) return 0
    const rows = oldest.all(most + 1) as unknown as Row[]
    let gone = 0
    for (const { n, at, ids } of rows) {
      const records = ids.length / bytesAnId
      oldestAt = at
      // The newest row stays whatever its age: numbers must not be given again.
      if (gone === most || n === last || (count - records < keep.messages && at >= before)) break
      eachId(ids, (bot, id) => indexes.get(bot)?.remove(id, n))
      count -= records
      gone++
    }
    const next = rows[gone]
    if (gone > 0 && next) remove.run(0, next.n)
    return gone
  }

  for (const row of db.prepare('SELECT n, at, ids FROM message_batches ORDER BY n').iterate()) {
    const { n, at, ids } = row as unknown as Row
    eachId(ids, (bot, id) => indexOf(bot).set(id, n))
    note(n, at, ids.length / bytesAnId)
  }
  while (trim(1000) > 0);

  function insertRow(n: number, at: number, records: readonly PrintedRecord[]): void {
    const pairs = new Float64Array(records.length * 2)
    records.forEach(({ bot, id }, index) => {
      pairs[index * 2] = bot
      pairs[index * 2 + 1] = id
    })
    insert.run(n, at, new Uint8Array(pairs.buffer), `[${records.map(({ json }) => json).join(',')}]`)
  }

  let isDamaged = false

  function read(n: number, text: string): MessageRecord[] {
    try {
      return readRecords(text)
    } catch {
      if (!isDamaged)
        onDamage(`messages in the data file cannot be read and are unknown from now on, those of row ${n} first`)
      isDamaged = true
      return []
    }
  }

  return {
    append(records) {
      const at = Math.floor(now())
      const rows = toRows(records)
      if (rows.length === 1) insertRow(last + 1, at, records)
      else inTransaction(() => rows.forEach((row, index) => insertRow(last + 1 + index, at, row)))
      for (const row of rows) {
        const n = last + 1
        for (const { bot, id } of row) indexOf(bot).set(id, n)
        note(n, at, row.length)
      }
      const due = runs.shift()
      if (due) joinRun(due)
      trim(rows.length * deletedForOne)
    },
    find(bot, id) {
      const n = indexes.get(bot)?.get(id) ?? 0
      const row = n === 0 ? undefined : (select.get(n) as { data: string } | undefined)
      if (!row) return undefined
      return read(n, row.data).findLast((record) => record.id === id && record.bot === bot)
    },
  }
}

function toRows(records: readonly PrintedRecord[]): (readonly PrintedRecord[])[] {
  const rows: (readonly PrintedRecord[])[] = []
  for (let at = 0; at < records.length; at += fullBatch) rows.push(records.slice(at, at + fullBatch))
  return rows
}

function eachId(ids: Uint8Array, visit: (bot: UserId, id: MessageId) => void): void {
  // A copy: the pairs must begin at a multiple of eight bytes.
  const pairs = new Float64Array(Uint8Array.from(ids).buffer)
  for (let at = 0; at < pairs.length; at += 2) visit(pairs[at] as UserId, pairs[at + 1] as MessageId)
}
