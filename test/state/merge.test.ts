// Happenings that several links tell.
import { expect, test } from 'vitest'
import { createMerge } from '../../src/state/merge.ts'

function setUp(kept = 100) {
  let now = 0
  const merge = createMerge({ kept, windowMs: 1000, now: () => now })
  const tell = (links: string, key = 'poke') => links.split('').map((link) => !merge.isRepeat(key, link))
  return { tell, wait: (ms: number) => (now += ms) }
}

test('one happening by two links passes once, whoever is first', () => {
  const { tell } = setUp()
  expect(tell('ab')).toEqual([true, false])
  expect(tell('ba', 'other')).toEqual([true, false])
})

test.each(['aabb', 'abab', 'abba'])('two happenings in a row pass twice, told as %s', (order) => {
  const { tell } = setUp()
  expect(tell(order).filter(Boolean)).toHaveLength(2)
})

test('a link that misses one takes nothing from the others', () => {
  const { tell } = setUp()
  expect(tell('abaab')).toEqual([true, false, true, true, false])
})

test('after a while the same words mean another happening', () => {
  const { tell, wait } = setUp()
  expect(tell('a')).toEqual([true])
  wait(1000)
  expect(tell('b')).toEqual([true])
})

test('memory is bounded: the oldest are forgotten', () => {
  const { tell } = setUp(2)
  expect(tell('a', 'first')).toEqual([true])
  for (const key of ['1', '2', '3', '4']) tell('a', key)
  expect(tell('b', 'first')).toEqual([true])
})
