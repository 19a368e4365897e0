// Rates with a clock of our own: what passes at once, what waits how long, what is refused, and what is remembered.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as v from 'valibot'
import type { Action } from '../../../src/core/action.ts'
import { createBuckets } from '../../../src/route/access/bucket.ts'
import { createLine } from '../../../src/route/access/line.ts'
import { RateOptions } from '../../../src/route/access/options.ts'
import { createLimiter, type Entering } from '../../../src/route/access/rate.ts'

const bot = 10001 as never

function send(group: number, client?: object): Entering {
  const peer = { kind: 'group', groupId: group as never } as const
  const options = client ? { client } : {}
  return { inbound: 'a', bot, action: { name: 'message.send', params: { peer, segments: [] } }, options }
}

function ask(action: Action): Entering {
  return { inbound: 'a', bot, action, options: {} }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

function limiter(rate: v.InferInput<typeof RateOptions>) {
  const limit = createLimiter({ rate: v.parse(RateOptions, rate), place: 'routes.0.rate' })
  /** now, busy, or the milliseconds after which it went on. */
  return async (entering: Entering): Promise<number | string> => {
    const began = performance.now()
    try {
      await limit(entering)
      return performance.now() - began
    } catch (error) {
      return (error as Error).message
    }
  }
}

describe('buckets', () => {
  test('a burst at once, then evenly, full again after a pause', () => {
    const buckets = createBuckets<string>({ intervalMs: 200, burst: 3 })
    const take = (now: number): number => {
      const waitMs = buckets.waitMs('a', now)
      buckets.take('a', now)
      return waitMs
    }
    expect([0, 0, 0, 0, 0].map(take)).toEqual([0, 0, 0, 200, 400])
    expect([2000, 2000, 2000, 2000].map(take)).toEqual([0, 0, 0, 200])
    expect(buckets.waitMs('b', 2000)).toBe(0)
  })

  test('as many as there is room for: full ones go first, then the one that was used longest ago', () => {
    const buckets = createBuckets<string>({ intervalMs: 100, burst: 1 }, 2)
    buckets.take('a', 0)
    buckets.take('b', 50)
    buckets.take('c', 120)
    expect(buckets.waitMs('b', 120)).toBe(30)
    buckets.take('d', 121)
    expect(buckets.waitMs('b', 122)).toBe(0)
    expect(buckets.waitMs('c', 122)).toBe(98)
  })
})

describe('a line', () => {
  test('lets out in order of the moments, equals as they came, with one timer', async () => {
    const line = createLine(() => performance.now())
    const out: string[] = []
    for (const [name, at] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
      ['a2', 10],
    ] as const) {
      void line.wait(at).then(() => out.push(name))
    }
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(9)
    expect(out).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(out).toEqual(['a', 'a2'])
    await vi.advanceTimersByTimeAsync(30)
    expect(out).toEqual(['a', 'a2', 'b', 'c'])
    expect([line.length, vi.getTimerCount()]).toEqual([0, 0])
  })
})

describe('a limiter', () => {
  test('holds back in turn and refuses who would wait too long', async () => {
    const enter = limiter({ perClient: { messages: 2, seconds: 1 }, maxWaitMs: 1000 })
    const results = Promise.all([1, 2, 3, 4, 5].map(() => enter(send(1))))
    await vi.advanceTimersByTimeAsync(1000)
    const tooMany = 'too many messages: routes.0.rate.perClient of the bridge; try again in 1500 ms'
    expect(await results).toEqual([0, 0, 500, 1000, tooMany])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('refuses at once when told so', async () => {
    const enter = limiter({ perGroup: { messages: 1 }, over: 'refuse' })
    expect([await enter(send(1)), await enter(send(2)), await enter(send(1))]).toEqual([
      0,
      0,
      'too many messages: routes.0.rate.perGroup of the bridge; try again in 1000 ms',
    ])
  })

  test('knows clients, groups and accounts apart; a refusal takes nothing from the others', async () => {
    const [one, other] = [{}, {}]
    const perClient = limiter({ perClient: { messages: 1 }, over: 'refuse' })
    expect([await perClient(send(1, one)), await perClient(send(1, other)), await perClient(send(1))]).toEqual([
      0, 0, 0,
    ])
    const both = limiter({
      perGroup: { messages: 1, seconds: 10 },
      perBot: { messages: 2, seconds: 10 },
      over: 'refuse',
    })
    expect(await both(send(1))).toBe(0)
    expect(await both(send(1))).toContain('perGroup')
    expect(await both(send(2))).toBe(0)
    expect(await both(send(3))).toContain('perBot')
    expect(await both({ ...send(1), bot: 10002 as never })).toBe(0)
  })

  test('counts what is sent, or everything', async () => {
    const list = ask({ name: 'group.list', params: {} })
    const upload = ask({ name: 'file.upload', params: { peer: { kind: 'group', groupId: 1 as never }, name: 'a' } })
    const messages = limiter({ perBot: { messages: 1, seconds: 60 }, over: 'refuse' })
    expect([await messages(list), await messages(list), await messages(upload)]).toEqual([0, 0, 0])
    expect(await messages(send(1))).toContain('too many messages')
    const calls = limiter({ perBot: { messages: 1, seconds: 60 }, over: 'refuse', counts: 'calls' })
    expect([await calls(list), await calls(list)]).toEqual([0, expect.stringContaining('too many calls')])
  })

  test('private messages are of no group', async () => {
    const enter = limiter({ perGroup: { messages: 1, seconds: 60 }, over: 'refuse' })
    const hello = ask({ name: 'message.send', params: { peer: { kind: 'friend', userId: 1 as never }, segments: [] } })
    expect([await enter(hello), await enter(hello)]).toEqual([0, 0])
  })
})
