// What was written reaches the disk itself within a second, beside the event loop: the system keeps it in memory for half
// a minute otherwise. Also moves what SQLite's log holds into its file, which waits for the disk several times.
import { open, stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'

export interface Flusher {
  /** Something was written. */
  touch(): void
  /** The log is nearly empty: it ends when nobody writes to the database for a moment. */
  isMoving(): boolean
  close(): void
}

export interface FlusherOptions {
  /** The database; its log stands beside it. */
  database: string
  /** Other files that are appended to. */
  files: readonly string[]
  /** Called before the disk is asked for what was written; what it returns, when the disk has it. */
  settle?: (() => () => void) | undefined
  /** Milliseconds. Default 1000. */
  everyMs?: number
  /** Bytes of the log at which it is moved into the file. Default 16 MiB: moving begins with a thread, which costs 50 ms of CPU. */
  logBytes?: number
}

export function createFlusher({
  database,
  files,
  settle = () => () => {},
  everyMs = 1000,
  logBytes = 16 * 1024 * 1024,
}: FlusherOptions): Flusher {
  const log = `${database}-wal`
  const mover = createMover(database)
  let timer: NodeJS.Timeout | undefined
  let closed = false

  /** What is written from now on asks for another one. */
  async function flush(): Promise<void> {
    timer = undefined
    const settled = settle()
    await Promise.all(files.map(synchronize))
    if (await synchronize(log)) settled()
    if ((await sizeOf(log)) > logBytes && !closed) mover.move()
  }

  function flushBeside(): void {
    // No thread, no file to remove: SQLite moves its log itself when it gets far too large, and the next flush tries again.
    flush().catch(() => {})
  }

  return {
    touch() {
      if (timer || closed) return
      timer = setTimeout(flushBeside, everyMs).unref()
    },
    isMoving: mover.isMoving,
    close() {
      closed = true
      clearTimeout(timer)
      mover.close()
    },
  }
}

/** Whether the disk has it. One that is gone meanwhile needs nothing. */
async function synchronize(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r+')
    try {
      await file.datasync()
      return true
    } finally {
      await file.close()
    }
  } catch {
    // A full or failing disk shows itself where it is written to.
    return false
  }
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

/**
 * PASSIVE: nobody who reads or writes waits for it. What was written meanwhile stays, and so does the log: once more then.
 * Under load that would have no end, so those who write are told when it is nearly done.
 */
const moving = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  const db = new DatabaseSync(workerData)
  const move = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  parentPort.on('message', () => {
    for (let round = 0; round < 20; round++) {
      const { log, checkpointed } = move.get()
      if (log === checkpointed) break
      if (round === 0) parentPort.postMessage('nearly')
    }
    parentPort.postMessage('end')
  })
`

/** A thread takes 50 ms of CPU to begin and 10 MB to stay: under load it is needed again within seconds. */
const idleMs = 30_000

interface Mover {
  /** Nothing while it is at it. */
  move(): void
  isMoving(): boolean
  close(): void
}

function createMover(database: string): Mover {
  let worker: Worker | undefined
  let isBusy = false
  let isNearly = false
  let idle: NodeJS.Timeout | undefined

  function start(): Worker {
    const started = new Worker(moving, { eval: true, workerData: database })
    started.unref()
    started.on('message', (text) => {
      if (text === 'nearly') isNearly = true
      else rest()
    })
    // It failed: the next one may not, and SQLite itself does it when the log gets far too large.
    started.on('error', () => {})
    started.on('exit', () => {
      if (worker === started) end()
    })
    return started
  }

  function rest(): void {
    isBusy = isNearly = false
    idle = setTimeout(end, idleMs).unref()
  }

  function end(): void {
    clearTimeout(idle)
    isBusy = isNearly = false
    const ended = worker
    worker = undefined
    void ended?.terminate()
  }

  return {
    move() {
      if (isBusy) return
      clearTimeout(idle)
      isBusy = true
      worker ??= start()
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage('move')
    },
    isMoving: () => isNearly,
    close: end,
  }
}
