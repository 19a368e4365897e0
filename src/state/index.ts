// Everything durable, opened together and committed together.
import { mkdirSync } from 'node:fs'
import type { MediaId } from '../core/ids.ts'
import type { Retention } from './batches.ts'
import { createByteStore } from './bytes.ts'
import { databaseIn, openDatabase, type Durability } from './database.ts'
import { createFlusher } from './flusher.ts'
import { journalIn } from './journal.ts'
import { lockFolder } from './lock.ts'
import { createMediaStore } from './media.ts'
import { createMessageLog } from './messages.ts'
import { createRequestLog } from './requests.ts'
import { createWorldStore, type DurableWorldStore } from './world-store.ts'

export interface StateOptions {
  /** Data folder. Absent: everything is lost at the end. */
  folder?: string | undefined
  /** Default normal. */
  durability?: Durability
  /** Bytes of uploads that are kept. */
  mediaBytes?: number
  /** Latest messages in memory, all bots together; up to twice as many. Default 10000. */
  cachedMessages?: number
  /** How long messages are kept. Default 30 days, a million. */
  keep?: Retention
  /** Days that a request can be answered. Default 7. */
  requestDays?: number
  mediaBaseUrl?: () => string | undefined
  /** Asked to call `commit` soon: something waits to be written. */
  onPending?: () => void
  onDamage?: (text: string) => void
}

export function createState(options: StateOptions = {}) {
  const { folder, durability = 'normal' } = options
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = folder === undefined ? undefined : lockFolder(folder)
  const db = openDatabase(folder, options.onDamage ?? (() => {}), durability)
  const flusher =
    folder === undefined
      ? undefined
      : createFlusher({
          database: databaseIn(folder),
          files: [journalIn(folder)],
          settle: () => messages.settle(),
        })
  const bytes = createByteStore(folder, options.mediaBytes ?? 256 * 1024 * 1024)
  const requests = createRequestLog({ db, days: options.requestDays, onWrite: () => flusher?.touch() })
  const media = createMediaStore({ db, bytes, baseUrl: options.mediaBaseUrl ?? (() => undefined) })
  const messages = createMessageLog({
    db,
    folder,
    durability,
    onDamage: options.onDamage,
    keep: options.keep,
    ...(options.cachedMessages !== undefined && { cached: options.cachedMessages }),
    urlOf: (id) => media.urlOf(id as MediaId),
    onPending,
    isMoving: flusher?.isMoving,
  })
  // What an earlier process left is in the database now.
  flusher?.touch()
  const worlds = new Set<DurableWorldStore>()

  function onPending(): void {
    flusher?.touch()
    options.onPending?.()
  }

  /** A world comes before the ids of its messages: an id without a message would be given twice. */
  function commit(): void {
    for (const world of worlds) world.commit()
    messages.commit()
  }

  /** Where the world of that backend keeps itself; `origin` names its file. */
  function openWorldStore(name: string, origin: string): DurableWorldStore {
    // It goes on from what another one of that name has learnt.
    commit()
    const store = createWorldStore({ db, name, onPending }, origin)
    worlds.add(store)
    return store
  }

  return {
    messages,
    requests,
    media,
    /** undefined without a data folder: there is nothing to keep a world in. */
    openWorldStore: folder === undefined ? undefined : openWorldStore,
    /** What it has learnt is written; it can be opened again. */
    closeWorldStore(store: DurableWorldStore): void {
      commit()
      worlds.delete(store)
    },
    commit,
    close(): void {
      commit()
      messages.close()
      flusher?.close()
      db.close()
      bytes.close()
      unlock?.()
    },
  }
}

export type State = ReturnType<typeof createState>
