// Which backend serves a bot, by the clock.
import { expect, test } from 'vitest'
import type { UserId } from '../../src/core/ids.ts'
import type { Outbound } from '../../src/core/ports.ts'
import { createFailover } from '../../src/route/failover.ts'

const bot = 10001 as UserId

function setUp() {
  const online = { a: true, b: true, c: true }
  const backends = (['a', 'b', 'c'] as const).map(
    (name) => ({ name, bots: () => [{ bot, nickname: '', online: online[name] }] }) as unknown as Outbound,
  )
  let now = 0
  let current: Outbound | undefined
  const failover = createFailover(() => now)
  return {
    /** Who serves after this, and when that changes by itself. */
    at(seconds: number, changes: Partial<typeof online> = {}): [string | undefined, number | undefined] {
      now = seconds * 1000
      Object.assign(online, changes)
      failover.look(backends)
      const candidates = backends.map((backend) => ({ backend, stayMs: 10_000 }))
      current = failover.choose(bot, candidates, current)
      return [current?.name, failover.nextChange()]
    },
  }
}

test('the first that is on line at the start; the next at once when it goes; the first again once it has stayed', () => {
  const { at } = setUp()
  expect(at(0, { a: false })).toEqual(['b', undefined])
  expect(at(100, { a: true })).toEqual(['b', 10_000])
  expect(at(104)).toEqual(['b', 6000])
  expect(at(110)).toEqual(['a', undefined])
  expect(at(120, { a: false })).toEqual(['b', undefined])
  expect(at(121, { b: false })).toEqual(['c', undefined])
  expect(at(122, { b: true })).toEqual(['c', 10_000])
  expect(at(125, { a: true })).toEqual(['c', 7000])
  expect(at(132)).toEqual(['b', 3000])
  expect(at(135)).toEqual(['a', undefined])
})

test('a link that comes and goes does not get the bot', () => {
  const { at } = setUp()
  expect(at(0, { a: false })).toEqual(['b', undefined])
  for (let round = 1; round < 20; round++) {
    expect(at(round * 10, { a: true })[0]).toBe('b')
    expect(at(round * 10 + 9, { a: false })[0]).toBe('b')
  }
})

test('with nobody on line the last one stays, and whoever is back first serves at once', () => {
  const { at } = setUp()
  expect(at(0)).toEqual(['a', undefined])
  expect(at(1, { a: false, b: false, c: false })).toEqual(['a', undefined])
  expect(at(2, { c: true })).toEqual(['c', undefined])
  expect(at(3, { c: false })).toEqual(['c', undefined])
  expect(at(4, { a: true })).toEqual(['a', undefined])
})
