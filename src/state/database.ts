// The one SQLite file of a data folder: opened, brought to the current version, set aside when it is damaged.
import { chmodSync, existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BridgeError } from '../core/error.ts'
import { DamagedFile, isDamage } from './unusable.ts'

/** Each step brings the file from version n to n + 1; never edit one that was released. */
const migrations = [
  `CREATE TABLE message_batches (n INTEGER PRIMARY KEY, ids BLOB NOT NULL, data TEXT NOT NULL);
   CREATE TABLE requests (
     bot INTEGER NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL, native TEXT NOT NULL,
     user_id INTEGER NOT NULL, group_id INTEGER, answered INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL,
     PRIMARY KEY (bot, id)
   ) WITHOUT ROWID;
   CREATE UNIQUE INDEX requests_native ON requests (bot, kind, native);
   CREATE TABLE media (
     stem TEXT NOT NULL PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, backend TEXT, native TEXT, url TEXT,
     name TEXT, size INTEGER, width INTEGER, height INTEGER, at INTEGER NOT NULL
   ) WITHOUT ROWID;`,
  `CREATE TABLE worlds (name TEXT NOT NULL PRIMARY KEY, origin TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE world_parts (world TEXT NOT NULL, part INTEGER NOT NULL, json TEXT NOT NULL);
   CREATE INDEX world_parts_order ON world_parts (world, part);
   CREATE TABLE world_messages (seq INTEGER PRIMARY KEY, world TEXT NOT NULL, json TEXT NOT NULL);
   CREATE TABLE world_happenings (seq INTEGER PRIMARY KEY AUTOINCREMENT, world TEXT NOT NULL, json TEXT NOT NULL);`,
  // When a batch was learnt, Unix seconds. Older ones count from here.
  `ALTER TABLE message_batches ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
   UPDATE message_batches SET at = unixepoch();`,
  // Seconds that a voice lasts. When a request was asked, Unix seconds, as the backend says it.
  `ALTER TABLE media ADD COLUMN duration REAL;
   ALTER TABLE requests ADD COLUMN asked INTEGER;`,
]

/**
 * normal: what was committed survives kill -9 of the process; a power failure may take the last second. full: it survives
 * that, too; each turn that learnt something waits for the disk.
 */
export type Durability = 'normal' | 'full'

export function databaseIn(folder: string): string {
  return join(folder, 'bridge.db')
}

/** `folder` undefined: memory only. */
export function openDatabase(
  folder: string | undefined,
  onDamage: (text: string) => void,
  durability: Durability = 'normal',
): DatabaseSync {
  if (folder === undefined) return prepare(new DatabaseSync(':memory:'))
  const path = databaseIn(folder)
  setOrphanAside(path, onDamage)
  try {
    return openFile(path, durability)
  } catch (error) {
    if (!isDamage(error) && !isFolder(path)) throw error
    setAside(folder, error, onDamage)
    return openFile(path, durability)
  }
}

/** Whatever cannot be opened for another reason, a full disk or missing rights, must stay where it is. */
export function setAside(folder: string, error: unknown, onDamage: (text: string) => void): void {
  const path = databaseIn(folder)
  const aside = moveAside(path, ['', '-wal', '-shm'])
  onDamage(
    `the data file could not be read (${(error as Error).message.replaceAll(/\s+/g, ' ')}); it was moved to ${aside} and a new one started`,
  )
}

/** SQLite deletes the log of a file that is missing or empty: somebody may still want to read it. */
function setOrphanAside(path: string, onDamage: (text: string) => void): void {
  if (sizeOf(`${path}-wal`) === 0 || sizeOf(path) > 0) return
  const aside = moveAside(path, ['-wal', '-shm'])
  onDamage(`the data file is missing, but its log is there; it was moved to ${aside}-wal and a new file started`)
}

function moveAside(path: string, suffixes: readonly string[]): string {
  const aside = `${path}.damaged-${Date.now()}`
  for (const suffix of suffixes) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  return aside
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** Pages at which SQLite itself empties its log: only when nobody else did. */
const largeLog = 16_384

function openFile(path: string, durability: Durability): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    chmodSync(path, 0o600)
    const synchronous = durability === 'full' ? 'FULL' : 'NORMAL'
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA busy_timeout = 2000`)
    db.exec(`PRAGMA wal_autocheckpoint = ${largeLog}`)
    // A log that was emptied keeps its size otherwise, and would look full every second.
    db.exec(`PRAGMA journal_size_limit = ${1024 * 1024}`)
    if (statSync(path).size < checkedBytes) checkAll(db)
    return prepare(db)
  } catch (error) {
    db.close()
    throw error
  }
}

/** Files up to this size are read through at the start, 0.1 s; larger ones show damage when they are used. */
const checkedBytes = 32 * 1024 * 1024

function checkAll(db: DatabaseSync): void {
  const { quick_check: verdict } = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
  if (verdict !== 'ok') throw new DamagedFile(verdict)
}

function prepare(db: DatabaseSync): DatabaseSync {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  if (version > migrations.length) {
    const text = `the data file is of a newer bridge (version ${version}, this one reads ${migrations.length}): update, or set data to another folder`
    throw new BridgeError('notSupported', text)
  }
  for (let at = version; at < migrations.length; at++) {
    db.exec(`BEGIN; ${migrations[at]} PRAGMA user_version = ${at + 1}; COMMIT`)
  }
  return db
}
