// What an acting account is given.
import type { Env } from '../env.ts'
import type { Happening } from '../happening.ts'
import type { WorldState } from '../state.ts'

export interface Stage {
  readonly state: WorldState
  readonly env: Env
  /** Takes effect, then is told to everybody. */
  commit(happenings: readonly Happening[]): void
}
