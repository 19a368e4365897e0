// What is expected of a world: a part of a happening, or a test of one, and what to say when it does not come.
import { BridgeError } from '../core/error.ts'
import type { Segment } from '../core/segment.ts'
import type { Happening } from './happening.ts'
import { differences, show } from './match.ts'

/** A happening; for a message with the words of its segments. */
export type Recorded = Happening & { text?: string }

/** A part of a happening, or a test of one. */
export type Expected = Record<string, unknown> | ((happening: Recorded) => boolean)

export function toRecorded(happening: Happening): Recorded {
  return happening.type === 'message' ? { ...happening, text: textOf(happening.message.segments) } : happening
}

/** What one reads: texts as they are, everything else as `[type]`. */
function textOf(segments: readonly Segment[]): string {
  return segments.map((segment) => (segment.type === 'text' ? segment.text : `[${segment.type}]`)).join('')
}

export function fits(expected: Expected, happening: Recorded): boolean {
  if (typeof expected === 'function') return expected(happening)
  return differences(expected, happening).length === 0
}

export function describeMiss(expected: Expected, seen: readonly Recorded[], timeoutMs: number): string {
  const head = `not within ${timeoutMs} ms: ${typeof expected === 'function' ? 'what was expected' : show(expected)}`
  if (seen.length === 0) return `${head}\n  nothing happened meanwhile`
  const all = `  ${seen.length} other happenings: ${countTypes(seen)}`
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

/** Each type once, in the order of their first: a repeated act alone makes dozens. */
function countTypes(seen: readonly Recorded[]): string {
  const counts = new Map<string, number>()
  for (const { type } of seen) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts].map(([type, count]) => (count === 1 ? type : `${type} (${count})`)).join(', ')
}

/** With the stack of who waited, so that test runners point at that line; a timer knows only itself. */
export function missed(text: string, caller: Error): BridgeError {
  const error = new BridgeError('timeout', text)
  const frames = caller.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? []
  error.stack = [`${error.name}: ${text}`, ...frames].join('\n')
  return error
}
