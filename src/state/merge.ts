// What several links tell of the same happenings, as one. Each is let through as often as the link that told it most often:
// two pokes in a row by one link are two, the same poke by two links is one.
import { createRecent } from './recent.ts'

export interface Merge {
  /** Whether another link told this one before. `link`: whoever tells. */
  isRepeat(key: string, link: unknown): boolean
}

export interface MergeOptions {
  /** Keys that are remembered; up to twice as many. The oldest go, and would be let through again. */
  kept: number
  /** Milliseconds in which links tell the same happening. Default 10000. */
  windowMs?: number
  now?: () => number
}

interface Told {
  /** Milliseconds. */
  since: number
  passed: number
  by: Map<unknown, number>
}

export function createMerge({ kept, windowMs = 10_000, now = Date.now }: MergeOptions): Merge {
  const told = createRecent<string, Told>(kept)

  function find(key: string): Told {
    const known = told.get(key)
    if (known && now() - known.since < windowMs) return known
    const made: Told = { since: now(), passed: 0, by: new Map() }
    told.set(key, made)
    return made
  }

  return {
    isRepeat(key, link) {
      const one = find(key)
      const times = (one.by.get(link) ?? 0) + 1
      one.by.set(link, times)
      if (times <= one.passed) return true
      one.passed = times
      return false
    },
  }
}
