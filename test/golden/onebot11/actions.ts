// The 131 actions of the reference: a request as it shows one, what it means, and the answer; and, for backends, what is
// asked of an implementation and what its answer means. Written by hand from the reference and the facts.
import { readFileSync } from 'node:fs'
import type { Action } from '../../../src/core/action.ts'

export interface GoldenAction {
  name: string
  params: Record<string, unknown>
  /** The bridge answers itself. */
  local?: true
  /** Kind of the error that is the answer. */
  refused?: string
  calls?: Action[]
  /** What the last call gives. */
  result?: unknown
  /** The answer's data. */
  data?: unknown
  /** What a backend is asked for the last call. Absent: nothing of its own. */
  asks?: { action: string; params: Record<string, unknown> }[]
  /** Data of a backend's answers by action. Absent: `data` for the first one. */
  answers?: Record<string, unknown>
  /** A backend may be asked for more after that. */
  more?: true
  /** Why printing and parsing are not inverse. */
  law?: string
}

export const goldenActions = JSON.parse(
  readFileSync(new URL('actions.json', import.meta.url), 'utf8'),
) as GoldenAction[]
