// Everything that happens in a world, in order, and waiting for what is expected of it.
import { describeMiss, type Expected, fits, missed, type Recorded, toRecorded } from '../world/expectation.ts'
import type { World } from '../world/index.ts'

export interface Recorder {
  /** All so far. */
  readonly happenings: readonly Recorded[]
  /**
   * The first happening after the last one that was expected, or one to come, that fits. Rejects with `timeout`, saying
   * what came nearest.
   */
  expect(expected: Expected, options?: { timeoutMs?: number | undefined }): Promise<Recorded>
  /** Forgets what was not asked for so far. */
  skip(): void
  stop(): void
}

/** `timeoutMs`: how long `expect` waits unless it is told. */
export function recordWorld(world: World, { timeoutMs: usualMs = 5000 } = {}): Recorder {
  const happenings: Recorded[] = []
  const waiting = new Set<() => void>()
  let next = 0
  const unwatch = world.watch((happening) => {
    happenings.push(toRecorded(happening))
    for (const look of waiting) look()
  })

  function find(expected: Expected): Recorded | undefined {
    for (let at = next; at < happenings.length; at++) {
      const happening = happenings[at] as Recorded
      if (!fits(expected, happening)) continue
      next = at + 1
      return happening
    }
    return undefined
  }

  function wait(expected: Expected, timeoutMs: number): Promise<Recorded> {
    return new Promise((resolve, reject) => {
      const since = next
      const caller = new Error()
      const look = (): void => {
        const found = find(expected)
        if (!found) return
        clearTimeout(timer)
        waiting.delete(look)
        resolve(found)
      }
      const timer = setTimeout(() => {
        waiting.delete(look)
        reject(missed(describeMiss(expected, happenings.slice(since), timeoutMs), caller))
      }, timeoutMs)
      waiting.add(look)
    })
  }

  return {
    happenings,
    async expect(expected, { timeoutMs = usualMs } = {}) {
      return find(expected) ?? wait(expected, timeoutMs)
    },
    skip: () => void (next = happenings.length),
    stop: unwatch,
  }
}
