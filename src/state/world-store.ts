// What an embedded world keeps of itself: a snapshot in lines, its messages, and what has happened since.
import type { DatabaseSync } from 'node:sqlite'
import { whatFailed } from './patience.ts'

export interface DurableWorldStore {
  /** undefined when nothing was kept. */
  load(): { parts: Iterable<string>; messages: Iterable<string>; happenings: Iterable<string> } | undefined
  begin(parts: Iterable<string>): void
  append(happening: string): void
  compact(parts: Iterable<string>, messages: Iterable<string>): void
  /** By which world file it began, or was reset last. */
  origin(): string | undefined
  /** What was kept cannot be used: it stays in the file under this name, and the world begins anew. */
  setAside(): string
  /** Writes what waits; what the disk has no place for waits on. Never throws. Cheap when there is nothing. */
  commit(): void
}

export interface WorldStoreOptions {
  db: DatabaseSync
  /** Name of the backend. */
  name: string
  /** Told when the first happening waits for a commit. */
  onPending: () => void
  onDamage?: (text: string) => void
}

/** Rows of one transaction. */
const writtenAtOnce = 256

const tables = ['worlds', 'world_parts', 'world_messages', 'world_happenings']

/** `origin`: what names the world file, kept with the next beginning. */
export function createWorldStore(
  { db, name, onPending, onDamage = () => {} }: WorldStoreOptions,
  origin: string,
): DurableWorldStore {
  const insert = db.prepare('INSERT INTO world_happenings (world, json) VALUES (?, ?)')
  let pending: string[] = []
  let isFailing = false

  function lines(table: string, order: string): Iterable<string> {
    const rows = db.prepare(`SELECT json FROM ${table} WHERE world = ? ORDER BY ${order}`).iterate(name)
    return { [Symbol.iterator]: () => toText(rows) }
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

  function clear(names: readonly string[]): void {
    for (const table of names) db.prepare(`DELETE FROM ${table} WHERE ${keyOf(table)} = ?`).run(name)
  }

  function writeParts(parts: Iterable<string>): void {
    const write = db.prepare('INSERT INTO world_parts (world, part, json) VALUES (?, ?, ?)')
    let part = 0
    for (const json of parts) write.run(name, part++, json)
  }

  function readOrigin(): string | undefined {
    const row = db.prepare('SELECT origin FROM worlds WHERE name = ?').get(name) as { origin: string } | undefined
    return row?.origin
  }

  return {
    origin: readOrigin,
    load() {
      if (readOrigin() === undefined) return undefined
      return {
        parts: lines('world_parts', 'part'),
        messages: lines('world_messages', 'seq'),
        happenings: lines('world_happenings', 'seq'),
      }
    },
    begin(parts) {
      pending = []
      inTransaction(() => {
        clear(tables)
        db.prepare('INSERT INTO worlds (name, origin) VALUES (?, ?)').run(name, origin)
        writeParts(parts)
      })
    },
    append(happening) {
      pending.push(happening)
      if (pending.length === 1) onPending()
    },
    compact(parts, messages) {
      const keep = db.prepare('INSERT INTO world_messages (world, json) VALUES (?, ?)')
      inTransaction(() => {
        clear(['world_parts', 'world_happenings'])
        writeParts(parts)
        for (const line of messages) keep.run(name, line)
      })
    },
    setAside() {
      const aside = `${name}.damaged-${Date.now()}`
      inTransaction(() => {
        for (const table of tables)
          db.prepare(`UPDATE ${table} SET ${keyOf(table)} = ? WHERE ${keyOf(table)} = ?`).run(aside, name)
      })
      return aside
    },
    commit() {
      if (pending.length === 0) return
      try {
        while (pending.length > 0) {
          // A disk that was full is tried with one row: with many, every turn would write them in vain.
          const rows = pending.slice(0, isFailing ? 1 : writtenAtOnce)
          inTransaction(() => {
            for (const json of rows) insert.run(name, json)
          })
          pending = pending.slice(rows.length)
          isFailing = false
        }
      } catch (error) {
        if (!isFailing) onDamage(whatFailed(error))
        isFailing = true
      }
    },
  }
}

function keyOf(table: string): string {
  return table === 'worlds' ? 'name' : 'world'
}

function* toText(rows: Iterable<Record<string, unknown>>): Generator<string> {
  for (const row of rows) yield row['json'] as string
}
