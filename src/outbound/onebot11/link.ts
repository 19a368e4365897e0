// What an account needs of a transport, whichever it is: somewhere to ask, and someone who tells what comes in.
import type { UserId } from '../../core/ids.ts'
import type { WireObject } from '../../core/read.ts'
import type { Health } from '../../dialect/onebot11/event-parse.ts'
import type { Trace } from '../../core/trace.ts'

/** What a connection is for. */
export type Role = 'universal' | 'api' | 'event'

export interface Request {
  action: string
  params: WireObject
  timeoutMs: number
  /** Told of the whole answer, refusals too, before the call ends. */
  heard?: ((wire: WireObject) => void) | undefined
  /** The answer comes in pieces: told of each but the last one. The deadline begins anew with each. */
  piece?: ((wire: WireObject) => void) | undefined
  /** Default: written down nowhere. */
  trace?: Trace | undefined
}

export interface Link {
  readonly open: boolean
  /** The data of the answer. Rejects with `unknownAction` only when the backend surely has no such action. */
  ask(request: Request): Promise<unknown>
  /** Says good-bye; `reports.closed` follows where there is a connection that can end. */
  close(): void
  /** Fails what waits for an answer. */
  abandon(reason: string): void
}

/** What a link tells, in the order in which it came. */
export interface Reports {
  /** `text`: what it was read from. */
  event(wire: WireObject, text?: string): void
  heartbeat(health: Health): void
  lifecycle(bot: UserId): void
  /** The token is not the right one. */
  refused(): void
  closed(): void
}
