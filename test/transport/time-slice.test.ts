import { afterEach, expect, test, vi } from 'vitest'
import { isTimeUp, takeTurns } from '../../src/transport/time-slice.ts'

const round = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** A clock that stands until it is moved. */
function stopClock(): { move(ms: number): void } {
  let now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  return { move: (ms) => void (now += ms) }
}

afterEach(() => vi.restoreAllMocks())

test('few messages never wait; of many each waits once 20 ms are used up, until the turn ends', async () => {
  const clock = stopClock()
  const ask = (): boolean[] => Array.from({ length: 16 }, () => isTimeUp())
  expect(new Set(ask())).toEqual(new Set([false]))
  clock.move(15)
  expect(new Set(ask())).toEqual(new Set([false]))
  clock.move(10)
  expect(ask().at(-1)).toBe(true)
  expect(new Set(ask())).toEqual(new Set([true]))
  await round()
  expect(new Set(ask())).toEqual(new Set([false]))
})

test('those that wait go on by turns, as long as there is time in each round', async () => {
  const clock = stopClock()
  const log: string[] = []
  const work = (name: string, all: number) => {
    let left = all
    takeTurns((messages) => {
      const taken = Math.min(messages, left)
      left -= taken
      log.push(`${name} ${taken}`)
      clock.move(taken)
      return left > 0
    })
  }
  work('a', 30)
  work('b', 3)
  work('c', 9)
  await round()
  // 8 + 3 + 8 messages of a millisecond each are not 20 yet.
  expect(log.splice(0)).toEqual(['a 8', 'b 3', 'c 8', 'a 8'])
  await round()
  expect(log.splice(0)).toEqual(['c 1', 'a 8', 'a 6'])
  await round()
  expect(log).toEqual([])
})
