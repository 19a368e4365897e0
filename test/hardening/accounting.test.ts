// The law of calls, under seeded storms of good, late, double, missing and unreadable answers and of links that break: each
// call is answered once, a send reaches its backend once, and what the caller is told is true.
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { connectClients, type Told } from './fault-clients.ts'
import { callTimeoutMs, type Step } from './fault-steps.ts'
import { stand, ways } from './fault-ways.ts'

/** What a send meets, and how often in a hundred. `told`: what its caller may hear when its link stands. */
interface Weather {
  often: number
  over?: 'socket' | 'mirai'
  steps: readonly Step[]
  told: Told['ending']
}

const good: Step = { do: 'answer', as: 'good' }
const weathers: Record<string, Weather> = {
  fair: { often: 44, steps: [good], told: 'ok' },
  slow: { often: 12, steps: [{ do: 'wait', ms: 60 }, good], told: 'ok' },
  refused: { often: 8, steps: [{ do: 'answer', as: 'refused' }], told: 'refused' },
  idless: { often: 6, steps: [{ do: 'answer', as: 'noId' }], told: 'unknown' },
  unreadable: { often: 6, steps: [{ do: 'answer', as: 'wordsForCode' }], told: 'unknown' },
  silent: { often: 4, steps: [], told: 'unknown' },
  late: { often: 4, steps: [{ do: 'wait', ms: callTimeoutMs + 50 }, good], told: 'unknown' },
  cut: { often: 2, steps: [{ do: 'cut' }], told: 'unknown' },
  twice: { often: 8, over: 'socket', steps: [good, good], told: 'ok' },
  contrary: { often: 4, over: 'socket', steps: [good, { do: 'answer', as: 'refused' }], told: 'ok' },
  unasked: { often: 4, over: 'socket', steps: [{ do: 'answerUnasked' }, good], told: 'ok' },
  // The first time; the second time it is fair.
  forgotten: { often: 2, over: 'mirai', steps: [{ do: 'answer', as: 'sessionLost' }], told: 'ok' },
  forgetful: { often: 1, over: 'mirai', steps: [{ do: 'answer', as: 'sessionLost' }], told: 'refused' },
}

/** Deterministic, good enough for weather. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function chooseFor(way: string, random: () => number): string {
  const { isSocket, dialect } = ways[way] ?? {}
  const possible = Object.entries(weathers).filter(
    ([, { over }]) => over === undefined || (over === 'socket' ? isSocket : dialect === 'mirai'),
  )
  let at = random() * possible.reduce((sum, [, { often }]) => sum + often, 0)
  return possible.find(([, { often }]) => (at -= often) < 0)?.[0] ?? 'fair'
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const calls = 400
const seeds = process.env['SEED'] ? [Number(process.env['SEED'])] : [1, 2]

describe.each(['OneBot ws', 'OneBot reverse ws', 'OneBot http and SSE', 'mah ws', 'mah reverse ws', 'mah http'])(
  '%s',
  (way) => {
    test.each(seeds)('seed %i', { timeout: 60_000 }, async (seed) => {
      const random = createRandom(seed)
      const on = await stand(way)
      closers.push(on.close)
      const groups = await Promise.all([1, 2, 3].map(() => connectClients(on.bridge)))
      const all = groups.flatMap(({ kinds, answersTo }) => kinds.map((send) => ({ send, answersTo })))
      on.backend.plan = (text, times) => {
        const weather = text.split(' ', 1)[0] ?? ''
        return weather === 'forgotten' && times > 1 ? undefined : weathers[weather]?.steps
      }
      const told = new Map<string, Told[]>()
      const clientOf = new Map<string, (typeof all)[number]>()
      async function call(number: number): Promise<void> {
        const text = `${chooseFor(way, random)} ${seed} ${number}`
        const client = all[Math.floor(random() * all.length)] as (typeof all)[number]
        clientOf.set(text, client)
        const began = performance.now()
        const heard = await client.send(text)
        told.set(text, [...(told.get(text) ?? []), heard])
        expect(performance.now() - began).toBeLessThan(5000)
      }
      let next = 0
      async function keepCalling(): Promise<void> {
        while (next < calls) {
          await call(next++)
          // A link that was lost comes back; what is asked meanwhile is refused at once.
          if (random() < 0.7) await until(on.isOnline, 'the link')
        }
      }
      await Promise.all(Array.from({ length: 24 }, keepCalling))
      // Late and double answers are all here by then.
      await new Promise((resolve) => setTimeout(resolve, callTimeoutMs + 100))

      expect(told.size).toBe(calls)
      const wrong = [...told].filter(([text, [heard]]) => {
        const weather = text.split(' ', 1)[0] ?? ''
        const times = on.backend.sent.filter((sent) => sent === text).length
        const mayRepeat = weather === 'forgotten' || weather === 'forgetful'
        if (times > (mayRepeat ? 2 : 1)) return true
        const ending = heard?.ending
        // Written to a link that was lost before anybody read it: nobody here can know that it did not happen.
        if (times === 0) return ending === 'ok'
        if (ending === 'unknown' || mayRepeat) return false
        return ending !== weathers[weather]?.told
      })
      expect(wrong).toEqual([])
      const overSocket = [...clientOf].map(([text, client]) => client.answersTo(text))
      expect(overSocket.every((count) => count <= 1)).toBe(true)
      // The links stand most of the time.
      expect([...told.values()].filter(([heard]) => heard?.ending === 'ok').length).toBeGreaterThan(calls / 5)
    })
  },
)
