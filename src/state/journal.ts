// What was learnt since the last write to the database, appended to a plain file: one system call of 3 us a turn, where a
// transaction takes 25. It survives kill -9 as the database does, and goes into it when there is enough for full rows.
import {
  appendFileSync,
  chmodSync,
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Durability } from './database.ts'

export interface Journal {
  /** Durable when it returns. `text`: one line without its end. */
  append(text: string): void
  /** Everything in it is elsewhere now. */
  clear(): void
  /** Cleared, and the file is gone. */
  close(): void
}

export function journalIn(folder: string): string {
  return join(folder, 'bridge.journal')
}

export interface JournalOptions {
  folder: string
  durability: Durability
  /** Gets each line that an earlier process left, oldest first; true: it could be read. */
  restore: (line: string) => boolean
  onDamage: (text: string) => void
}

export function openJournal({ folder, durability, restore, onDamage }: JournalOptions): Journal {
  const path = journalIn(folder)
  const file = openSync(path, 'a', 0o600)
  chmodSync(path, 0o600)
  const left = readFileSync(path)
  /** Bytes of whole lines. */
  let length = left.lastIndexOf('\n') + 1
  // A line that was being written when the power went has no end; nobody was told of what it holds. The next one must not join it.
  if (length < left.length) ftruncateSync(file, length)
  const lines = left.toString('utf8', 0, length).split('\n').slice(0, -1)
  const damaged = lines.filter((line) => !restore(line))
  if (damaged.length > 0) {
    appendFileSync(`${path}.damaged`, `${damaged.join('\n')}\n`, { mode: 0o600 })
    onDamage(`${damaged.length} lines of the journal could not be read and were moved to bridge.journal.damaged`)
  }
  if (damaged.length === lines.length) clear()

  function clear(): void {
    ftruncateSync(file)
    length = 0
  }

  return {
    append(text) {
      const line = `${text}\n`
      try {
        appendFileSync(file, line)
      } catch (error) {
        // Of a full disk a part of it may have come through.
        ftruncateSync(file, length)
        throw error
      }
      length += Buffer.byteLength(line)
      if (durability === 'full') fdatasyncSync(file)
    },
    clear,
    close() {
      closeSync(file)
      rmSync(path)
    },
  }
}
