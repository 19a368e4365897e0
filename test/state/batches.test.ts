// Rows of messages: joined while they are small, gone when they are old or too many.
import { expect, test } from 'vitest'
import { createBatches, type Batches } from '../../src/state/batches.ts'
import { openDatabase } from '../../src/state/database.ts'
import { printRecord, type MessageRecord, type PrintedRecord } from '../../src/state/record.ts'

const bot = 10001 as never

function record(id: number, native = `n${id}`): PrintedRecord {
  const peer = { kind: 'group', groupId: 30001 } as MessageRecord['peer']
  return printRecord({ bot, id: id as never, native, peer, recalled: false, content: null })
}

const open = () => openDatabase(undefined, () => {})
const find = (batches: Batches, id: number) => batches.find(bot, id as never)?.native
const rowsOf = (db: ReturnType<typeof open>) =>
  (db.prepare('SELECT count(*) AS rows FROM message_batches').get() as { rows: number }).rows

test('small neighbours are joined, and everything is found as before, after a start too', () => {
  const db = open()
  const batches = createBatches(db)
  for (let id = 1; id <= 1000; id++) batches.append([record(id)])
  // Learnt anew later: what is newer counts.
  batches.append([record(5, 'newer')])
  expect(rowsOf(db)).toBeLessThan(100)
  for (const one of [batches, createBatches(db)]) {
    expect(find(one, 1)).toBe('n1')
    expect(find(one, 5)).toBe('newer')
    expect(find(one, 1000)).toBe('n1000')
    expect(find(one, 1001)).toBeUndefined()
  }
})

test('the same id twice among rows that are joined', () => {
  const db = open()
  const batches = createBatches(db)
  for (let round = 0; round < 70; round++) batches.append([record(7, `round ${round}`)])
  expect(rowsOf(db)).toBeLessThan(20)
  expect(find(batches, 7)).toBe('round 69')
  expect(find(createBatches(db), 7)).toBe('round 69')
})

test('large rows keep their order beside small ones', () => {
  const db = open()
  const batches = createBatches(db)
  const large = Array.from({ length: 100 }, (_, at) => record(at + 1, 'large'))
  for (let n = 0; n < 70; n++) batches.append([record(1, 'small')])
  batches.append(large)
  for (let n = 0; n < 70; n++) batches.append([record(2, 'small again')])
  for (const one of [batches, createBatches(db)]) {
    expect([find(one, 1), find(one, 2), find(one, 3)]).toEqual(['large', 'small again', 'large'])
  }
})

test('too many: the oldest are unknown', () => {
  const db = open()
  const batches = createBatches(db, { keep: { days: 30, messages: 1000 } })
  for (let id = 1; id <= 5000; id++) batches.append([record(id)])
  expect(find(batches, 1)).toBeUndefined()
  expect(find(batches, 3900)).toBeUndefined()
  for (let id = 4100; id <= 5000; id++) expect(find(batches, id)).toBe(`n${id}`)
})

test('too old: unknown after some more were learnt, or after a start', () => {
  const db = open()
  let now = 1_700_000_000
  const keep = { days: 2, messages: 1_000_000 }
  const batches = createBatches(db, { keep, now: () => now })
  batches.append([record(1)])
  now += 24 * 3600
  batches.append([record(2)])
  now += 25 * 3600
  batches.append([record(3)])
  expect([1, 2, 3].map((id) => find(batches, id))).toEqual([undefined, 'n2', 'n3'])
  now += 24 * 3600
  const later = createBatches(db, { keep, now: () => now })
  expect([2, 3].map((id) => find(later, id))).toEqual([undefined, 'n3'])
})

test('a later record keeps an id alive when the first one goes', () => {
  const batches = createBatches(open(), { keep: { days: 30, messages: 100 } })
  batches.append([record(-9)])
  for (let id = 1; id <= 60; id++) batches.append([record(id), record(1000 + id)])
  batches.append([record(-9, 'again')])
  for (let id = 2001; id <= 2060; id++) batches.append([record(id)])
  expect(find(batches, -9)).toBe('again')
})

test('no append touches many rows, whatever it finds: small neighbours, the limit, rows that all got too old', () => {
  const db = open()
  let now = 1_700_000_000
  const batches = createBatches(db, { keep: { days: 2, messages: 2000 }, now: () => now })
  const changes = db.prepare('SELECT total_changes() AS n')
  const total = () => (changes.get() as { n: number }).n
  let worst = 0
  for (let id = 1; id <= 6000; id++) {
    if (id === 4000) now += 3 * 24 * 3600
    const before = total()
    batches.append([record(id)])
    worst = Math.max(worst, total() - before)
  }
  // One is written, up to fifteen go into a sixteenth, two of the oldest go.
  expect(worst).toBeLessThanOrEqual(1 + 16 + 2)
  expect(rowsOf(db)).toBeLessThan(2000 / 16 + 16)
})

test('at the start all goes that is too old', () => {
  const db = open()
  const now = 1_700_000_000
  const batches = createBatches(db, { now: () => now })
  for (let id = 1; id <= 5000; id++) batches.append([record(id)])
  createBatches(db, { keep: { days: 2, messages: 1000 }, now: () => now + 3 * 24 * 3600 })
  expect(rowsOf(db)).toBe(1)
})

test('a row that cannot be read is told once; what else there is stays', () => {
  const db = openDatabase(undefined, () => {})
  const told: string[] = []
  const batches = createBatches(db, { onDamage: (text) => told.push(text) })
  for (const id of [1, 2, 3]) batches.append([record(id)])
  db.exec(`UPDATE message_batches SET data = '[{"bot":1,' WHERE n = 1`)
  db.exec(`UPDATE message_batches SET data = replace(data, '"recalled"', '"recallec"') WHERE n = 2`)
  expect([1, 2, 3, 1].map((id) => find(batches, id))).toEqual([undefined, undefined, 'n3', undefined])
  expect(told).toEqual(['messages in the data file cannot be read and are unknown from now on, those of row 1 first'])
})
