// Clients that are away: each has its time, and the number of them is bounded.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAway } from '../../../src/inbound/onebot11/away.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('beyond the bound the first is given up, and the last has its time as all others', () => {
  const gone: string[] = []
  const away = createAway({ ageMs: 100, most: 2, giveUp: (key) => void gone.push(key) })
  for (const key of ['one', 'two', 'three']) away.left(key)
  expect(gone).toEqual(['one'])
  vi.advanceTimersByTime(99)
  expect(gone).toEqual(['one'])
  vi.advanceTimersByTime(1)
  expect(gone).toEqual(['one', 'two', 'three'])
  expect(vi.getTimerCount()).toBe(0)
})

test('who is back is not given up; who leaves again has its time anew', () => {
  const gone: string[] = []
  const away = createAway({ ageMs: 100, most: 100, giveUp: (key) => void gone.push(key) })
  away.left('back')
  away.left('again')
  vi.advanceTimersByTime(60)
  away.forget('back')
  away.left('again')
  vi.advanceTimersByTime(99)
  expect(gone).toEqual([])
  vi.advanceTimersByTime(1)
  expect(gone).toEqual(['again'])
})
