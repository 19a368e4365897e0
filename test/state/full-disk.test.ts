// A disk without room: what cannot be written is known all the same, told once, and written when there is room again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RequestId, UserId } from '../../src/core/ids.ts'
import type { RequestRecord } from '../../src/core/ports.ts'
import { createByteStore } from '../../src/state/bytes.ts'
import { openDatabase } from '../../src/state/database.ts'
import { createMediaStore } from '../../src/state/media.ts'
import { createPatience } from '../../src/state/patience.ts'
import { createRequestLog } from '../../src/state/requests.ts'
import { createWorldStore } from '../../src/state/world-store.ts'

const bot = 10001 as UserId
const told = 'what was learnt could not be written and would be lost with this process: database or disk is full'
let folder = ''
let said: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-full-'))
  said = []
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A data file that may grow no more while it is full. */
function openDisk() {
  const db = openDatabase(folder, (text) => said.push(text))
  db.exec('CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)')
  const pages = (): number => (db.prepare('PRAGMA page_count').get() as { page_count: number }).page_count
  return {
    db,
    fill() {
      db.exec(`PRAGMA max_page_count = ${pages()}`)
      // Small rows still find room in pages that are there.
      const insert = db.prepare('INSERT INTO ballast VALUES (zeroblob(?))')
      for (const size of [3000, 300, 30]) while (attempt(() => insert.run(size)));
    },
    clear: () => db.exec('PRAGMA max_page_count = 4294967294'),
  }
}

function attempt(task: () => void): boolean {
  try {
    task()
    return true
  } catch {
    return false
  }
}

function openAll(db: DatabaseSync) {
  const onDamage = (text: string): void => void said.push(text)
  const patience = createPatience(onDamage)
  return {
    patience,
    requests: createRequestLog({ db, patience }),
    media: createMediaStore({ db, patience, bytes: createByteStore(undefined, 1000), baseUrl: () => undefined }),
    world: createWorldStore({ db, name: 'lab', onPending: () => {}, onDamage }, 'w'),
  }
}

const record = (at: number): RequestRecord => ({
  kind: 'friend',
  native: `flag-${at}-${'x'.repeat(500)}`,
  userId: bot,
  time: at,
})
const numbers = Array.from({ length: 50 }, (_, at) => at)

test('requests: known, answered, asked for again; all of it on disk afterwards', () => {
  const disk = openDisk()
  const first = openAll(disk.db)
  disk.fill()
  const ids = numbers.map((at) => first.requests.learn(bot, record(at)))
  expect(new Set(ids).size).toBe(numbers.length)
  expect(numbers.map((at) => first.requests.learn(bot, record(at)))).toEqual(ids)
  first.requests.markAnswered(bot, ids[7] as RequestId)
  const known = ids.map((id) => first.requests.get(bot, id))
  expect(known.map((one) => one?.answered)).toEqual(numbers.map((at) => at === 7))
  expect(first.requests.get(10002 as UserId, ids[0] as RequestId)).toBeUndefined()
  expect(said).toEqual([told])
  disk.clear()
  first.patience.retry()
  disk.db.close()
  const later = openAll(openDisk().db)
  expect(ids.map((id) => later.requests.get(bot, id))).toEqual(known)
})

test('media: their handles are good, and on disk afterwards', () => {
  const disk = openDisk()
  const first = openAll(disk.db)
  disk.fill()
  const ids = numbers.map((at) =>
    first.media.learn({ kind: 'image', backend: 'back', native: `${at}-${'x'.repeat(500)}` }),
  )
  expect(ids.map((id) => first.media.get(id)?.native?.split('-', 1)[0])).toEqual(numbers.map(String))
  expect(said).toEqual([told])
  disk.clear()
  first.patience.retry()
  disk.db.close()
  const later = openAll(openDisk().db)
  expect(ids.map((id) => later.media.get(id)?.native?.split('-', 1)[0])).toEqual(numbers.map(String))
})

test('a world: what happens waits in its order', () => {
  const disk = openDisk()
  const { world } = openAll(disk.db)
  world.begin(['part'])
  disk.fill()
  for (const at of numbers) {
    world.append(`${at} ${'x'.repeat(500)}`)
    world.commit()
  }
  expect(said).toEqual([told])
  disk.clear()
  world.append('last')
  world.commit()
  disk.db.close()
  const stored = openAll(openDisk().db).world.load()
  const texts = [...(stored?.happenings ?? [])].map((text) => text.split(' ', 1)[0])
  expect(texts).toEqual([...numbers.map(String), 'last'])
})
