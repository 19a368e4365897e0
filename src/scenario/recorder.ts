// Everything that happens in a world, in order, and waiting for what is expected of it.
import { BridgeError } from '../core/error.ts'
import type { Segment } from '../core/segment.ts'
import type { Happening, World } from '../world/index.ts'
import { differences, show } from './match.ts'

/** A happening; for a message with the words of its segments. */
export type Recorded = Happening & { text?: string }

/** A part of a happening, or a test of one. */
export type Expected = Record<string, unknown> | ((happening: Recorded) => boolean)

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

const defaultTimeoutMs = 5000

export function recordWorld(world: World): Recorder {
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
      const look = (): void => {
        const found = find(expected)
        if (!found) return
        clearTimeout(timer)
        waiting.delete(look)
        resolve(found)
      }
      const timer = setTimeout(() => {
        waiting.delete(look)
        reject(new BridgeError('timeout', describeMiss(expected, happenings.slice(since), timeoutMs)))
      }, timeoutMs)
      waiting.add(look)
    })
  }

  return {
    happenings,
    async expect(expected, { timeoutMs = defaultTimeoutMs } = {}) {
      return find(expected) ?? wait(expected, timeoutMs)
    },
    skip: () => void (next = happenings.length),
    stop: unwatch,
  }
}

function toRecorded(happening: Happening): Recorded {
  return happening.type === 'message' ? { ...happening, text: textOf(happening.message.segments) } : happening
}

/** What one reads: texts as they are, everything else as `[type]`. */
function textOf(segments: readonly Segment[]): string {
  return segments.map((segment) => (segment.type === 'text' ? segment.text : `[${segment.type}]`)).join('')
}

function fits(expected: Expected, happening: Recorded): boolean {
  if (typeof expected === 'function') return expected(happening)
  return differences(expected, happening).length === 0
}

function describeMiss(expected: Expected, seen: readonly Recorded[], timeoutMs: number): string {
  const head = `not within ${timeoutMs} ms: ${typeof expected === 'function' ? 'what was expected' : show(expected)}`
  if (seen.length === 0) return `${head}\n  nothing happened meanwhile`
  const all = `  ${seen.length} other happenings: ${seen.map(({ type }) => type).join(', ')}`
  if (typeof expected === 'function') return `${head}\n${all}`
  const ranked = seen.map((happening) => ({ happening, lines: differences(expected, happening) }))
  // Of the right type first, then what differs least.
  const wrongType = ({ lines }: (typeof ranked)[number]): number =>
    Number(lines.some((line) => line.startsWith('type:')))
  ranked.sort((one, other) => wrongType(one) - wrongType(other) || one.lines.length - other.lines.length)
  const [nearest] = ranked
  const near = nearest
    ? `  nearest: ${show(nearest.happening)}\n${nearest.lines.map((one) => `    - ${one}`).join('\n')}`
    : ''
  return `${head}\n${near}\n${all}`
}
