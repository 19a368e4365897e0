import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { createIdIndex } from '../../src/state/id-index.ts'

test('an index of ids is a map of int32, negative ones too', () => {
  const pair = fc.tuple(
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).filter((id) => id !== 0),
    fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  )
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 3000 }), (pairs) => {
      const index = createIdIndex()
      for (const [id, batch] of pairs) index.set(id, batch)
      for (const [id, batch] of new Map(pairs)) expect(index.get(id)).toBe(batch)
      expect(index.get(123_456_789)).toBe(new Map(pairs).get(123_456_789) ?? 0)
    }),
    { numRuns: 30 },
  )
})

test('ids in sequence and ids far apart are found alike', () => {
  const index = createIdIndex()
  for (let id = 1; id <= 50_000; id++) index.set(id << 8, id)
  for (let id = 1; id <= 50_000; id++) expect(index.get(id << 8)).toBe(id)
})

test('what is removed is unknown, and nothing else is', () => {
  const ids = fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 2000 })
  fc.assert(
    fc.property(ids, ids, (added, removed) => {
      const index = createIdIndex()
      for (const id of added) index.set(id, 1)
      for (const id of removed) {
        index.remove(id, 2)
        index.remove(id, 1)
      }
      const gone = new Set(removed)
      for (const id of added) expect(index.get(id)).toBe(gone.has(id) ? 0 : 1)
    }),
    { numRuns: 50 },
  )
})

test('growing is spread: no one id of a hundred thousand makes a large table anew', () => {
  const largest: number[] = []
  const { Int32Array: Original } = globalThis
  vi.stubGlobal(
    'Int32Array',
    new Proxy(Original, {
      construct(target, args: [number]) {
        largest.push(args[0])
        return new target(...args)
      },
    }),
  )
  const index = createIdIndex()
  for (let id = 1; id <= 100_000; id++) index.set(id, id)
  vi.unstubAllGlobals()
  expect(Math.max(...largest)).toBe(2048)
  expect(index.get(99_999)).toBe(99_999)
})
