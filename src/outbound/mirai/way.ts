// What a session needs of a transport, whichever it is: somewhere to ask, and someone who tells what happens.
import type { Dropped } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import type { PrintedCommand } from '../../dialect/mirai/index.ts'

export interface Request {
  command: PrintedCommand
  /** It changes something: when the answer is missing, it may have happened all the same. */
  hasEffect: boolean
  /** On the clock of `performance.now()`. */
  deadline: number
  /** Default: written down nowhere. */
  trace?: Trace | undefined
}

export interface Way {
  /** Refusals are answers too. Rejects with a BridgeError when there is none. */
  exchange(request: Request): Promise<WireObject>
  /** The server forgot the session: gets another one. */
  renew(): void
  /** Ends what waits; resolves when the server has been told, after a second at most. */
  close(): Promise<void>
}

/** What a way tells about one account, again and again. */
export interface Reports {
  /** Requests may be sent. `key`: of the session, for uploads. */
  up(key: string): void
  event(wire: WireObject): void
  /** Requests may no longer be sent. */
  lost(): void
  /** An attempt has failed or its link has ended, but not for `renew`. Without a time: the server has to come. */
  down(reason: string, retryInMs?: number): void
  /** The server is there, but does not take key or account. */
  refused(code: number, msg: string): void
  /** Something that cannot be read was dropped. */
  garbage(reason: string): void
  /** An answer came that nobody waits for. */
  stray(what: Dropped): void
  /** Something else that an operator should know. */
  note(text: string): void
}

export type OpenWay = (reports: Reports) => Way

/** Milliseconds that a farewell may take. */
export const farewellMs = 1000
