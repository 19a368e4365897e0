// How long requests are known, and what happens when somebody asks again.
import { expect, test } from 'vitest'
import type { UserId } from '../../src/core/ids.ts'
import { openDatabase } from '../../src/state/database.ts'
import { createRequestLog } from '../../src/state/requests.ts'

const bot = 10001 as UserId
const day = 24 * 3600
const start = 1_700_000_000

function setUp() {
  const db = openDatabase(undefined, () => {})
  let seconds = start
  const open = () => createRequestLog({ db, days: 7, now: () => seconds * 1000 })
  return { open, log: open(), wait: (more: number) => (seconds += more) }
}

const ask = { kind: 'friend' as const, native: 'u_abc', userId: 20001 as UserId }

test('a request expires after its days and is forgotten after as many more', () => {
  const { log, open, wait } = setUp()
  const id = log.learn(bot, ask)
  wait(7 * day)
  expect(log.get(bot, id)).toMatchObject({ expired: false })
  wait(1)
  expect(log.get(bot, id)).toMatchObject({ expired: true, answered: false })
  wait(7 * day)
  expect(open().get(bot, id)).toBeUndefined()
})

test('the same report again changes nothing, a later one under the same name is a new request', () => {
  const { log } = setUp()
  const id = log.learn(bot, { ...ask, time: start })
  log.markAnswered(bot, id)
  expect(log.learn(bot, { ...ask, time: start })).toBe(id)
  // A list of requests, which says no times.
  expect(log.learn(bot, ask)).toBe(id)
  expect(log.get(bot, id)).toMatchObject({ answered: true })
  expect(log.learn(bot, { ...ask, time: start + 60 })).toBe(id)
  expect(log.get(bot, id)).toMatchObject({ answered: false, expired: false })
})

test('ids of another life are not met again', () => {
  const { log, wait } = setUp()
  const first = log.learn(bot, ask)
  wait(1)
  expect(setUp().log.learn(bot, ask)).toBe(first)
  expect(log.learn(bot, { ...ask, native: 'other' })).toBeGreaterThan(first)
})
