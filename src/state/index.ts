// Everything durable, opened together and committed together.
import { mkdirSync } from 'node:fs'
import type { MediaId } from '../core/ids.ts'
import type { Retention } from './batches.ts'
import { createByteStore } from './bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import { databaseIn, openDatabase, setAside, type Durability } from './database.ts'
import { createFlusher } from './flusher.ts'
import { journalIn } from './journal.ts'
import { lockFolder } from './lock.ts'
import { createMediaStore } from './media.ts'
import { createMessageLog } from './messages.ts'
import { createRequestLog } from './requests.ts'
import { createPatience } from './patience.ts'
import { isDamage, toUnusable } from './unusable.ts'
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

/** Throws a BridgeError that says why when the folder cannot be used: `busy` when another process has it. */
export function createState(options: StateOptions = {}): State {
  const { folder } = options
  if (folder === undefined) return openState(options, undefined)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return openLocked(folder, options)
  } catch (error) {
    throw toUnusable(folder, error)
  }
}

/** Damage that the first look at the data file does not see shows when it is read. */
function openLocked(folder: string, options: StateOptions): State {
  const unlock = lockFolder(folder)
  const open = (): State => openState(options, unlock)
  try {
    try {
      return open()
    } catch (error) {
      if (!isDamage(error)) throw error
      setAside(folder, error, options.onDamage ?? (() => {}))
      return open()
    }
  } catch (error) {
    unlock()
    throw error
  }
}

function openState(options: StateOptions, unlock: (() => void) | undefined) {
  const { folder, onDamage = () => {}, durability = 'normal' } = options
  const db = openDatabase(folder, onDamage, durability)
  try {
    return createStores({ ...options, db, unlock, onDamage, durability })
  } catch (error) {
    db.close()
    throw error
  }
}

interface StoresOptions extends StateOptions {
  db: DatabaseSync
  unlock: (() => void) | undefined
  onDamage: (text: string) => void
  durability: Durability
}

function createStores(options: StoresOptions) {
  const { folder, durability, db, unlock, onDamage } = options
  const patience = createPatience(onDamage)
  const flusher =
    folder === undefined
      ? undefined
      : createFlusher({
          database: databaseIn(folder),
          files: [journalIn(folder)],
          settle: () => messages.settle(),
        })
  const bytes = createByteStore(folder, options.mediaBytes ?? 256 * 1024 * 1024, onDamage)
  const requests = createRequestLog({ db, days: options.requestDays, patience, onWrite: () => flusher?.touch() })
  const media = createMediaStore({ db, bytes, patience, baseUrl: options.mediaBaseUrl ?? (() => undefined) })
  const messages = createMessageLog({
    db,
    folder,
    durability,
    onDamage,
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
    patience.retry()
  }

  /** Where the world of that backend keeps itself; `origin` names its file. */
  function openWorldStore(name: string, origin: string): DurableWorldStore {
    // It goes on from what another one of that name has learnt.
    commit()
    const store = createWorldStore({ db, name, onPending, onDamage }, origin)
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

export type State = ReturnType<typeof createStores>
