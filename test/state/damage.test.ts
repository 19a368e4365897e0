// A data folder as kill -9 leaves it, and then one of its files is damaged: the state opens, says what it moved aside, and
// knows everything that stood elsewhere.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GroupId, MessageId, RequestId, UserId } from '../../src/core/ids.ts'
import { databaseIn } from '../../src/state/database.ts'
import { createState, type State } from '../../src/state/index.ts'

const bot = 10001 as UserId
const peer = { kind: 'group' as const, groupId: 30001 as GroupId }
const picture = Buffer.from('GIF89a, says the picture')
const medium = createHash('md5').update(picture).digest('hex').toUpperCase()
const root = mkdtempSync(join(tmpdir(), 'bridge-damage-'))
const killed = join(root, 'killed')
let requests: RequestId[] = []
afterAll(() => rmSync(root, { recursive: true }))

function learnMessage(state: State, id: number): void {
  const sender = { userId: 20001 as UserId, nickname: 'n' }
  const content = { sender, time: 1, segments: [{ type: 'text' as const, text: `text ${id}` }] }
  state.messages.learn(bot, { native: String(id), peer }, content, true)
}

function learnRequest(state: State, native: string): RequestId {
  return state.requests.learn(bot, { kind: 'friend', native, userId: 20001 as UserId })
}

beforeAll(() => {
  const alive = join(root, 'alive')
  const first = createState({ folder: alive })
  for (let id = 1; id <= 100; id++) learnMessage(first, id)
  first.media.put('image', picture, 'p.gif')
  first.openWorldStore?.('lab', 'w').begin(['part'])
  requests = [learnRequest(first, 'old')]
  first.close()
  // In the database stands what this process wrote; the next one leaves a log and a journal.
  const second = createState({ folder: alive })
  learnMessage(second, 200)
  requests.push(learnRequest(second, 'new'))
  const world = second.openWorldStore?.('lab', 'w')
  world?.append('happening')
  second.commit()
  cpSync(alive, killed, { recursive: true })
  second.close()
})

/** Everything that can be known, by where it stood. */
type Knowledge = 'database' | 'log' | 'journal' | 'media'

function knowledgeOf(state: State): Knowledge[] {
  const stored = state.openWorldStore?.('lab', 'w').load()
  const [oldRequest, newRequest] = requests.map((id) => state.requests.get(bot, id))
  const facts: [Knowledge, unknown[]][] = [
    [
      'database',
      [state.messages.get(bot, 50 as MessageId), oldRequest, state.media.get(medium), stored && [...stored.parts][0]],
    ],
    ['log', [newRequest, stored && [...stored.happenings][0]]],
    ['journal', [state.messages.get(bot, 200 as MessageId)]],
    ['media', [state.media.get(medium)?.bytes]],
  ]
  const known = facts.filter(([, all]) => all.every((fact) => fact !== undefined))
  const halfKnown = facts.filter(([, all]) => new Set(all.map((fact) => fact === undefined)).size > 1)
  expect(halfKnown).toEqual([])
  return known.map(([where]) => where)
}

const damages: Record<string, (path: string) => void> = {
  missing: (path) => rmSync(path),
  empty: (path) => writeFileSync(path, ''),
  half: (path) => writeFileSync(path, readFileSync(path).subarray(0, readFileSync(path).length >> 1)),
  garbage: (path) => writeFileSync(path, Buffer.alloc(9000, 'no\n')),
  overwritten(path) {
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill('x', bytes.length >> 2, bytes.length >> 1))
  },
}

const all: Knowledge[] = ['database', 'log', 'journal', 'media']
const fresh: Knowledge[] = ['journal']
const database =
  /^the data file could not be read \(.+\); it was moved to .*bridge\.db\.damaged-\d+ and a new one started$/
const orphan =
  /^the data file is missing, but its log is there; it was moved to .*bridge\.db\.damaged-\d+-wal and a new file started$/
const lines = /^\d+ lines of the journal could not be read and were moved to bridge\.journal\.damaged$/
const bytes = /^the bytes of medium [0-9A-F]{32} are damaged; they were moved to media\/[0-9A-F]{32}\.damaged$/

describe('one file of a killed process is damaged', () => {
  test.each<[string, string, Knowledge[], RegExp[]]>([
    ['nothing', 'half', all, []],
    ['bridge.db', 'missing', fresh, [orphan]],
    ['bridge.db', 'empty', fresh, [orphan]],
    ['bridge.db', 'half', fresh, [database]],
    ['bridge.db', 'garbage', fresh, [database]],
    ['bridge.db', 'overwritten', fresh, [database]],
    // SQLite takes a log for as long as its check sums say, and nobody can tell what stood behind that.
    ['bridge.db-wal', 'missing', ['database', 'journal', 'media'], []],
    ['bridge.db-wal', 'empty', ['database', 'journal', 'media'], []],
    ['bridge.db-wal', 'garbage', ['database', 'journal', 'media'], []],
    ['bridge.db-shm', 'missing', all, []],
    ['bridge.db-shm', 'empty', all, []],
    ['bridge.db-shm', 'garbage', all, []],
    ['bridge.journal', 'missing', ['database', 'log', 'media'], []],
    ['bridge.journal', 'empty', ['database', 'log', 'media'], []],
    ['bridge.journal', 'half', ['database', 'log', 'media'], []],
    ['bridge.journal', 'garbage', ['database', 'log', 'media'], [lines]],
    ['bridge.lock', 'empty', all, []],
    ['bridge.lock', 'garbage', all, []],
    [`media/${medium}`, 'missing', ['database', 'log', 'journal'], []],
    [`media/${medium}`, 'empty', ['database', 'log', 'journal'], [bytes]],
    [`media/${medium}`, 'half', ['database', 'log', 'journal'], [bytes]],
    [`media/${medium}`, 'garbage', ['database', 'log', 'journal'], [bytes]],
    [`media/${medium}`, 'overwritten', ['database', 'log', 'journal'], [bytes]],
  ])('%s: %s', (file, damage, known, told) => {
    const folder = mkdtempSync(join(root, 'case-'))
    cpSync(killed, folder, { recursive: true })
    if (file !== 'nothing') damages[damage]?.(join(folder, file))
    const said: string[] = []
    const state = createState({ folder, onDamage: (text) => said.push(text) })
    expect(knowledgeOf(state)).toEqual(known)
    expect(said).toEqual(told.map((pattern) => expect.stringMatching(pattern) as string))
    // Whatever was moved aside is there, and it goes on working.
    const names = readdirSync(folder, { recursive: true }).map(String)
    expect(names.filter((name) => name.includes('damaged')).length > 0).toBe(told.length > 0)
    learnMessage(state, 300)
    state.close()
    const again = createState({ folder, onDamage: (text) => said.push(text) })
    expect(again.messages.get(bot, 300 as MessageId)).toBeDefined()
    expect(said).toHaveLength(told.length)
    again.close()
  })

  test('tables that are not there', () => {
    const folder = mkdtempSync(join(root, 'case-'))
    cpSync(killed, folder, { recursive: true })
    const db = new DatabaseSync(databaseIn(folder))
    db.exec('DROP TABLE requests')
    db.close()
    const said: string[] = []
    const state = createState({ folder, onDamage: (text) => said.push(text) })
    expect(said).toEqual([expect.stringMatching(database) as string])
    expect(knowledgeOf(state)).toEqual(fresh)
    state.close()
  })
})

describe('a folder that cannot be used is refused in words, and nothing in it is touched', () => {
  test('another program holds the file', () => {
    const folder = mkdtempSync(join(root, 'case-'))
    createState({ folder }).close()
    const holder = new DatabaseSync(databaseIn(folder))
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    expect(() => createState({ folder })).toThrow(
      `the data folder ${folder} cannot be used: another program holds the data file (database is locked)`,
    )
    holder.close()
    expect(readdirSync(folder).toSorted()).toEqual(['bridge.db', 'media'])
    createState({ folder }).close()
  })

  test.each(['bridge.journal', 'bridge.lock'])('%s is a folder', (name) => {
    const folder = mkdtempSync(join(root, 'case-'))
    mkdirSync(join(folder, name))
    expect(() => createState({ folder })).toThrow(
      `the data folder ${folder} cannot be used: something else has its name (EISDIR: `,
    )
    expect(existsSync(join(folder, name))).toBe(true)
  })

  test('it is a file', () => {
    const folder = join(root, 'file')
    writeFileSync(folder, 'x')
    expect(() => createState({ folder })).toThrow('cannot be used: something else has its name (EEXIST: ')
    expect(() => createState({ folder: join(folder, 'below') })).toThrow('something else has its name (ENOTDIR: ')
    expect(readFileSync(folder, 'utf8')).toBe('x')
  })
})
