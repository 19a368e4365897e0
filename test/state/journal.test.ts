// What a process committed is there for the next one, however the first one ended.
import { execFile } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GroupId, MessageId, UserId } from '../../src/core/ids.ts'
import { openDatabase } from '../../src/state/database.ts'
import { createMessageLog } from '../../src/state/messages.ts'

const bot = 10001 as UserId
const peer = { kind: 'group' as const, groupId: 30001 as GroupId }
const toContent = (text: string) => ({
  sender: { userId: 20001 as UserId, nickname: '老船长' },
  time: 1_700_000_000,
  segments: [{ type: 'text' as const, text }],
})

let folder = ''
let said: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-journal-'))
  said = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const journalOf = () => readFileSync(join(folder, 'bridge.journal'), 'utf8')

/** A process that opens the folder; it ends without a word unless it is closed. */
function start(options: Partial<Parameters<typeof createMessageLog>[0]> = {}) {
  const db = openDatabase(folder, (text) => said.push(text))
  const log = createMessageLog({ db, folder, onDamage: (text) => said.push(text), onPending: () => {}, ...options })
  const learn = (id: number, text = `text ${id}`) => log.learn(bot, { native: String(id), peer }, toContent(text), true)
  const textOf = (id: number) => log.get(bot, id as MessageId)?.segments
  const rows = () => (db.prepare('SELECT count(*) AS n FROM message_batches').get() as { n: number }).n
  return { ...log, learn, textOf, rows, db, kill: () => db.close() }
}

test('what was committed and not closed is found by the next process, in the order in which it was learnt', () => {
  const first = start()
  first.learn(1)
  first.commit()
  first.learn(2)
  first.markRecalled(bot, 1 as MessageId)
  first.commit()
  first.learn(3)
  expect(first.rows()).toBe(0)
  expect(journalOf().split('\n')).toHaveLength(4)
  first.kill()

  const second = start()
  expect([1, 2, 3].map(second.textOf)).toEqual([
    [{ type: 'text', text: 'text 1' }],
    [{ type: 'text', text: 'text 2' }],
    undefined,
  ])
  expect(second.learn(2).fresh).toBe(false)
  expect(journalOf()).toBe('')
  expect(second.rows()).toBe(1)
  expect(said).toEqual([])
  second.kill()
})

test('full rows leave it, and it stays small', () => {
  const log = start()
  for (let id = 1; id <= 1000; id++) {
    log.learn(id)
    const settled = log.settle()
    log.commit()
    settled()
    expect(journalOf().split('\n').length).toBeLessThanOrEqual(128)
  }
  expect(log.rows()).toBe(60)
  log.close()
  expect(log.rows()).toBe(63)
  expect(readdirSync(folder)).not.toContain('bridge.journal')
  log.kill()
})

test('a line without an end is left out, a damaged one is set aside, the others count', () => {
  const first = start()
  first.learn(1)
  first.commit()
  first.kill()
  const path = join(folder, 'bridge.journal')
  const whole = journalOf()
  appendFileSync(path, '[{"bot":1,\n')
  appendFileSync(path, whole.replaceAll('text 1', 'text 9').replaceAll('"id":1', '"id":9'))
  appendFileSync(path, whole.slice(0, -2))

  const second = start()
  expect([1, 9].map(second.textOf)).toEqual([[{ type: 'text', text: 'text 1' }], [{ type: 'text', text: 'text 9' }]])
  expect(said).toEqual(['1 lines of the journal could not be read and were moved to bridge.journal.damaged'])
  expect(readFileSync(join(folder, 'bridge.journal.damaged'), 'utf8')).toBe('[{"bot":1,\n')
  expect(statSync(join(folder, 'bridge.journal.damaged')).mode & 0o777).toBe(0o600)
  second.kill()
})

test('a line with a record that is not whole is set aside, and spoils no row', () => {
  const first = start()
  first.learn(1)
  first.commit()
  first.kill()
  const broken = journalOf().replace('"recalled"', '"recallec"').replaceAll('"id":1', '"id":9')
  appendFileSync(join(folder, 'bridge.journal'), broken)
  const second = start()
  expect([1, 9].map(second.textOf)).toEqual([[{ type: 'text', text: 'text 1' }], undefined])
  expect(readFileSync(join(folder, 'bridge.journal.damaged'), 'utf8')).toBe(broken)
  expect(said).toEqual(['1 lines of the journal could not be read and were moved to bridge.journal.damaged'])
  second.kill()
})

/** The next line joined it: what had been acknowledged since was lost with it. */
test('what was cut off by a power failure does not spoil what comes after it', () => {
  writeFileSync(join(folder, 'bridge.journal'), '[{"bot":10001,"id":5,')
  const first = start()
  first.learn(1)
  first.commit()
  first.kill()
  expect(start().textOf(1)).toEqual([{ type: 'text', text: 'text 1' }])
  expect(said).toEqual([])
})

test('a journal of which nothing can be read is told of once', () => {
  writeFileSync(join(folder, 'bridge.journal'), 'of another version\n{"v":9}\n')
  start().kill()
  start().kill()
  expect(said).toEqual(['2 lines of the journal could not be read and were moved to bridge.journal.damaged'])
  expect(journalOf()).toBe('')
})

/** A limit on the size of files stands for the full disk: both take the part that fits. */
test.skipIf(process.platform === 'win32')('a line that did not fit leaves no part of itself', async () => {
  const script = fileURLToPath(new URL('journal-process.ts', import.meta.url))
  const limited = ['-c', 'ulimit -f 2; exec "$0" "$@"', process.execPath, script, folder]
  const { stdout } = await promisify(execFile)('/bin/bash', limited)
  expect(stdout).toBe('EFBIG')
  const lines = journalOf().split('\n')
  expect(lines.pop()).toBe('')
  expect(lines).toEqual(Array.from({ length: 2 }, (_, at) => JSON.stringify([at, 'x'.repeat(800)])))
})

test('what was saved stays beside it until the disk has the log of the database', () => {
  const aside = join(folder, 'bridge.journal.saved')
  const log = start()
  const learnMany = (from: number) => {
    for (let id = from; id < from + 64; id++) {
      log.learn(id)
      log.commit()
    }
  }
  const early = log.settle()
  learnMany(1)
  expect([journalOf(), existsSync(aside)]).toEqual(['', true])
  // This synchronization began before it was there.
  early()
  expect(existsSync(aside)).toBe(true)
  const settled = log.settle()
  learnMany(101)
  expect(journalOf().split('\n')).toHaveLength(65)
  settled()
  expect(existsSync(aside)).toBe(false)
  learnMany(201)
  log.kill()
  // The power went before the disk had any of it.
  rmSync(join(folder, 'bridge.db'))
  rmSync(join(folder, 'bridge.db-wal'), { force: true })
  const next = start()
  expect([1, 101, 164, 201, 264].map((id) => next.textOf(id)?.length)).toEqual([undefined, 1, 1, 1, 1])
  next.kill()
})

test('full: nothing waits beside it', () => {
  const log = start({ durability: 'full' })
  for (let id = 1; id <= 64; id++) {
    log.learn(id)
    log.commit()
  }
  expect([journalOf(), readdirSync(folder).includes('bridge.journal.saved')]).toEqual(['', false])
  log.kill()
})

describe('a disk that is full', () => {
  /** Writes half of what it is given while `full` is set. */
  function createDisk() {
    const disk = { full: false, write }
    function write(file: number, bytes: Uint8Array): void {
      writeSync(file, bytes, 0, disk.full ? bytes.length >> 1 : bytes.length)
      if (disk.full) throw new Error('ENOSPC: no space left on device, write')
    }
    return disk
  }
  const told =
    'what was learnt could not be written and would be lost with this process: ENOSPC: no space left on device, write'

  test('half a line is taken back, and what waited is in the next one', () => {
    const disk = createDisk()
    const first = start({ write: disk.write })
    first.learn(1)
    first.commit()
    const before = journalOf()
    disk.full = true
    for (const id of [2, 3]) {
      first.learn(id)
      first.commit()
      expect(journalOf()).toBe(before)
    }
    expect(said).toEqual([told])
    disk.full = false
    first.commit()
    first.learn(4)
    first.commit()
    expect(journalOf().split('\n')).toHaveLength(5)
    first.kill()
    const second = start()
    expect([1, 2, 3, 4].map((id) => second.textOf(id)?.[0])).toEqual(
      [1, 2, 3, 4].map((id) => ({ type: 'text', text: `text ${id}` })),
    )
    expect(said).toEqual([told])
    second.kill()
  })

  test('for the journal alone: what goes into the database is not missing', () => {
    const disk = createDisk()
    const log = start({ write: disk.write })
    disk.full = true
    for (let id = 1; id <= 640; id++) {
      log.learn(id)
      log.commit()
    }
    expect([said, journalOf()]).toEqual([[told], ''])
    log.kill()
    const later = start()
    expect([1, 300, 640].map((id) => later.textOf(id)?.length)).toEqual([1, 1, 1])
    later.kill()
  })

  test('for long: the latest wait in memory, and are written in pieces when there is place again', () => {
    const disk = createDisk()
    const log = start({ write: disk.write, cached: 400 })
    disk.full = true
    log.db.exec('PRAGMA query_only = 1')
    for (let id = 1; id <= 1000; id++) {
      log.learn(id)
      log.commit()
    }
    expect(said).toEqual([told])
    disk.full = false
    log.db.exec('PRAGMA query_only = 0')
    const lots = [1001, 1002, 1003, 1004].map((id) => {
      const before = log.rows()
      log.learn(id)
      log.commit()
      return log.rows() - before
    })
    // The first one tries with one message whether there is place.
    expect(lots).toEqual([9, 8, 8, 0])
    log.kill()
    const later = start()
    expect([1, 100, 601, 1000, 1004].map((id) => later.textOf(id)?.length)).toEqual([undefined, undefined, 1, 1, 1])
    later.kill()
  })
})

test('nobody else may read it', () => {
  start().kill()
  expect(statSync(join(folder, 'bridge.journal')).mode & 0o777).toBe(0o600)
})
