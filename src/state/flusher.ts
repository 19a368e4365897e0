// What was written reaches the disk itself within a second, beside the event loop: the system keeps it in memory for half
// a minute otherwise. Also moves what SQLite's log holds into its file, which waits for the disk several times.
import { open, stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'

export interface Flusher {
  /** Something was written. */
  touch(): void
  close(): void
}

export interface FlusherOptions {
  /** The database; its log stands beside it. */
  database: string
  /** Other files that are appended to. */
  files: readonly string[]
  /** Milliseconds. Default 1000. */
  everyMs?: number
  /** Bytes of the log at which it is moved into the file. Default 16 MiB: moving begins with a thread, which costs 50 ms of CPU. */
  logBytes?: number
}

export function createFlusher({
  database,
  files,
  everyMs = 1000,
  logBytes = 16 * 1024 * 1024,
}: FlusherOptions): Flusher {
  const log = `${database}-wal`
  let timer: NodeJS.Timeout | undefined
  let worker: Worker | undefined
  let closed = false

  async function flush(): Promise<void> {
    await Promise.all([...files, log].map(synchronize))
    timer = undefined
    if ((await sizeOf(log)) > logBytes && !worker && !closed) worker = moveLog(database, () => (worker = undefined))
  }

  return {
    touch() {
      if (timer || closed) return
      timer = setTimeout(() => void flush(), everyMs).unref()
    },
    close() {
      closed = true
      clearTimeout(timer)
      void worker?.terminate()
    },
  }
}

/** One that is gone meanwhile needs nothing. */
async function synchronize(path: string): Promise<void> {
  try {
    const file = await open(path, 'r+')
    try {
      await file.datasync()
    } finally {
      await file.close()
    }
  } catch {
    // A full or failing disk shows itself where it is written to.
  }
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

/** PASSIVE: nobody who reads or writes waits for it. What was written meanwhile stays, and so does the log: once more then. */
const moving = `
  const { workerData } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  const db = new DatabaseSync(workerData)
  const move = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  for (let round = 0; round < 20; round++) {
    const { log, checkpointed } = move.get()
    if (log === checkpointed) break
  }
  db.close()
`

function moveLog(database: string, onEnd: () => void): Worker {
  const worker = new Worker(moving, { eval: true, workerData: database })
  worker.unref()
  // It failed: the next one may not, and SQLite itself does it when the log gets far too large.
  worker.on('error', () => {})
  worker.on('exit', onEnd)
  return worker
}
