// What was learnt since the last write to the database, appended to a plain file: one system call of 3 us a turn, where a
// transaction takes 25. It survives kill -9 as the database does, and goes into it when there is enough for full rows.
//
// What is in the database may still be in the memory of the system alone. So a part that was saved stays under another
// name until the disk has the log of the database: a power failure takes one second at most, not what was learnt in hours.
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Durability } from './database.ts'

export interface Journal {
  /** Durable when it returns; nothing of it stays when it throws. Whole lines. */
  append(lines: Uint8Array): void
  /** Everything in it is in the database now. */
  saved(): void
  /** Called before the disk is asked for the log of the database; what it returns, when the disk has it. */
  settle(): () => void
  /** `isSaved`: everything in it is elsewhere, and the file goes. */
  close(isSaved: boolean): void
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
  /** Writes all of it at the end of the file, or throws. */
  write?: ((file: number, bytes: Uint8Array) => void) | undefined
}

export function openJournal(options: JournalOptions): Journal {
  const { folder, durability, restore, onDamage, write = appendFileSync } = options
  const path = journalIn(folder)
  const savedPath = `${path}.saved`
  /** What waits under the other name; a new object for each. */
  let waiting: object | undefined = existsSync(savedPath) ? {} : undefined
  let file = openFile(path)
  const earlier = waiting ? readLines(savedPath).lines : []
  const own = readLines(path)
  const lines = [...earlier, ...own.lines]
  const damaged = lines.filter((line) => !restore(line))
  if (damaged.length > 0) {
    appendFileSync(`${path}.damaged`, `${damaged.join('\n')}\n`, { mode: 0o600 })
    onDamage(`${damaged.length} lines of the journal could not be read and were moved to bridge.journal.damaged`)
  }
  /** Bytes of whole lines. */
  let length = damaged.length === lines.length ? 0 : own.length
  /** A part of a line stands at the end and could not be taken back. */
  let isTorn = false
  takeBack()
  // The name of a new file is data of its folder.
  if (durability === 'full') synchronizeFolder(folder)

  function takeBack(): void {
    try {
      ftruncateSync(file, length)
      isTorn = false
    } catch {
      isTorn = true
    }
  }

  function append(lines: Uint8Array): void {
    const bytes = isTorn ? Buffer.concat([Buffer.from('\n'), lines]) : lines
    try {
      write(file, bytes)
      if (durability === 'full') fdatasyncSync(file)
    } catch (error) {
      takeBack()
      throw error
    }
    length = isTorn ? fstatSync(file).size : length + bytes.length
    isTorn = false
  }

  /** Should there be no place for a new file, the old one goes on. */
  function setAside(): void {
    renameSync(path, savedPath)
    let next: number
    try {
      next = openFile(path)
    } catch {
      renameSync(savedPath, path)
      return
    }
    closeSync(file)
    file = next
    length = 0
    waiting = {}
  }

  return {
    append,
    saved() {
      if (length === 0) return
      if (durability === 'normal') {
        if (!waiting) setAside()
        return
      }
      length = 0
      takeBack()
    },
    settle() {
      const before = waiting
      return () => {
        if (!before || before !== waiting) return
        rmSync(savedPath, { force: true })
        waiting = undefined
      }
    },
    close(isSaved) {
      closeSync(file)
      if (!isSaved) return
      rmSync(path, { force: true })
      rmSync(savedPath, { force: true })
    },
  }
}

function openFile(path: string): number {
  const file = openSync(path, 'a', 0o600)
  chmodSync(path, 0o600)
  return file
}

/** One that was being written when the power went has no end; nobody was told of what it holds. */
function readLines(path: string): { lines: string[]; length: number } {
  const bytes = readFileSync(path)
  const length = bytes.lastIndexOf(0x0a) + 1
  const lines = bytes.toString('utf8', 0, length).split('\n')
  return { lines: lines.filter((line) => line !== ''), length }
}

/** Windows has no such thing, and needs none. */
function synchronizeFolder(folder: string): void {
  if (process.platform === 'win32') return
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
