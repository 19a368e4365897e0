// What is wrong with a value, in words for people: valibot's own sentences are for programmers.
import type * as v from 'valibot'

/** Without the path. Messages that a schema gives itself stay as they are. */
export function describeFault({ message, expected, received }: v.BaseIssue<unknown>): string {
  if (!message.startsWith('Invalid ')) return message
  if (received === 'undefined') return 'is missing'
  return expected === null ? message : `expected ${expected}, got ${received}`
}
