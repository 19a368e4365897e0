// The data file: those of former versions are brought up to date, one of a later version is left alone, its log is emptied
// beside the event loop.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import type { GroupId, MessageId, Peer, RequestId, UserId } from '../../src/core/ids.ts'
import { databaseIn, openDatabase } from '../../src/state/database.ts'
import { createFlusher } from '../../src/state/flusher.ts'
import { createState } from '../../src/state/index.ts'
import { until } from '../support/until.ts'

const bot = 10001 as UserId
const peer: Peer = { kind: 'group', groupId: 30001 as GroupId }
const folders: string[] = []

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-data-'))
  folders.push(folder)
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** As they were released. */
const versions = [
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
  `ALTER TABLE message_batches ADD COLUMN at INTEGER NOT NULL DEFAULT 0;`,
]

test.each([1, 2, 3])('a file of version %i is read', (version) => {
  const folder = makeFolder()
  const db = new DatabaseSync(databaseIn(folder))
  db.exec(`${versions.slice(0, version).join('')} PRAGMA user_version = ${version}`)
  const content = { sender: { userId: 20001, nickname: 'n' }, time: 1, segments: [{ type: 'text', text: 'of old' }] }
  const record = { bot, id: -77, native: '-77', peer, recalled: false, content }
  const columns = version < 3 ? '(n, ids, data) VALUES (1, ?, ?)' : `(n, at, ids, data) VALUES (1, unixepoch(), ?, ?)`
  const ids = new Uint8Array(Float64Array.of(bot, -77).buffer)
  db.prepare(`INSERT INTO message_batches ${columns}`).run(ids, JSON.stringify([record]))
  db.prepare("INSERT INTO requests VALUES (10001, 5, 'join', 'flag', 20302, 30001, 0, ?)").run(Date.now())
  const stem = '0A1B2C3D4E5F60718293A4B5C6D7E8F9'
  db.prepare("INSERT INTO media VALUES (?, ?, 'image', 'back', 'n.jpg', 'https://x/1', 'n.jpg', 1, 2, 3, 4)").run(
    stem,
    `${stem}.jpg`,
  )
  db.close()

  const state = createState({ folder })
  expect(state.messages.get(bot, -77 as MessageId)).toEqual({ id: -77, peer, ...content })
  expect(state.messages.learn(bot, { native: '-77', peer }, undefined, true)).toEqual({ id: -77, fresh: false })
  expect(state.requests.get(bot, 5 as RequestId)).toMatchObject({ native: 'flag', answered: false, expired: false })
  expect(state.media.get(stem)).toMatchObject({ native: 'n.jpg', url: 'https://x/1', width: 2 })
  expect(state.openWorldStore?.('none', '').load()).toBeUndefined()
  state.close()
  const again = new DatabaseSync(databaseIn(folder))
  expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: versionNow() })
  again.close()
})

function versionNow(): number {
  const db = openDatabase(undefined, () => {})
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
}

test('a file of a later version is refused by name and stays as it is', () => {
  const folder = makeFolder()
  const db = new DatabaseSync(databaseIn(folder))
  db.exec('PRAGMA user_version = 99')
  db.close()
  expect(() => openDatabase(folder, () => {})).toThrow(/newer bridge \(version 99, this one reads \d+\)/)
  expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([])
})

test.each([
  ['normal', 1],
  ['full', 2],
] as const)('durability %s', (durability, level) => {
  const db = openDatabase(makeFolder(), () => {}, durability)
  expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: level })
  db.close()
})

test('a log that grew is moved into the file by somebody else than the one who writes', async () => {
  const folder = makeFolder()
  const db = openDatabase(folder, () => {})
  const path = databaseIn(folder)
  const flusher = createFlusher({ database: path, files: [], everyMs: 1, logBytes: 1024 })
  db.exec('CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(1000000))')
  expect(statSync(path).size).toBeLessThan(1_000_000)
  flusher.touch()
  await until(() => statSync(path).size > 1_000_000, 'the move')
  // When it has ended, what is written next begins the log anew.
  await until(() => {
    flusher.touch()
    const before = statSync(`${path}-wal`).size
    db.exec('INSERT INTO ballast VALUES (zeroblob(10000))')
    return statSync(`${path}-wal`).size === before
  }, 'the log from its start')
  flusher.close()
  db.close()
})

test('what was learnt while the disk was asked is asked for again; what lasted is told after that alone', async () => {
  const folder = makeFolder()
  const db = openDatabase(folder, () => {})
  let begun = 0
  let settled = 0
  const settle = () => {
    if (++begun === 1) flusher.touch()
    return () => void settled++
  }
  const flusher = createFlusher({ database: databaseIn(folder), files: [], everyMs: 1, settle })
  flusher.touch()
  await until(() => settled === 2, 'both')
  expect(begun).toBe(2)
  flusher.close()
  db.close()
})

test('a log that was emptied gives its space back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-log-'))
  const db = openDatabase(folder, () => {})
  const size = (): number => statSync(join(folder, 'bridge.db-wal')).size
  const insert = db.prepare('INSERT INTO message_batches (n, at, ids, data) VALUES (?, 0, ?, ?)')
  for (let n = 1; n <= 30; n++) insert.run(n, new Uint8Array(16), 'x'.repeat(100_000))
  expect(size()).toBeGreaterThan(2 * 1024 * 1024)
  db.exec('PRAGMA wal_checkpoint(PASSIVE)')
  insert.run(31, new Uint8Array(16), 'x')
  expect(size()).toBeLessThanOrEqual(1024 * 1024)
  db.close()
  rmSync(folder, { recursive: true })
})
