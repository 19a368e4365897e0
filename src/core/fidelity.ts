// How well a conversion kept its meaning, and the record it leaves when it did not.
import type { UserId } from './ids.ts'

/** exact: nothing lost. lossy: some fields lost. asText: shown as text. dropped: left out. refused: the call fails. */
export type Fidelity = 'exact' | 'lossy' | 'asText' | 'dropped' | 'refused'

/** One imperfect conversion. */
export interface Loss {
  /** What was converted: a segment, event or action name. */
  what: string
  fidelity: Exclude<Fidelity, 'exact'>
  reason: string
}

export interface LossRecord extends Loss {
  /** Unix milliseconds. */
  at: number
  /** Which way it went: `in` from a client to a backend, `out` from a backend to a client. */
  direction: 'in' | 'out'
  bot?: UserId | undefined
  /** Name of the inbound or backend where it happened. */
  where: string
}
