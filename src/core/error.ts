// One error for everything that can go wrong on the way of an action. mappings/codes turns kinds into wire codes.
import type { LimitName } from './limit.ts'

export const errorKinds = [
  'badRequest', // the frame or body cannot be read at all
  'badParameter', // readable, but a parameter is missing or wrong
  'forbiddenSource', // a local path or refused address was named as a media source
  'unauthorized', // no secret
  'forbidden', // wrong secret
  'noBot', // no such bot here
  'noSession', // unknown or expired mah session
  'notBound', // mah session without a bot
  'unknownAction', // no such action, command or path
  'notSupported', // known, but this backend cannot do it
  'notFound', // contact, message, file or request does not exist
  'noPermission', // rank too low
  'muted', // the bot, or the whole group, is muted
  'tooLong', // text, nodes or files beyond the limit
  'offline', // the backend is away
  'timeout', // no answer within the deadline
  'busy', // too many calls in flight
  'backend', // the backend refused for a reason of its own
  'internal', // our own defect
] as const
export type ErrorKind = (typeof errorKinds)[number]

export interface BridgeErrorOptions {
  /** false: it may have happened all the same (time-out after sending); must not be repeated. Default true. */
  certain?: boolean
  backend?: string
  cause?: unknown
  /** What was reached, when it is a limit: whoever answers counts and tells it. */
  limit?: LimitName
}

export class BridgeError extends Error {
  override readonly name = 'BridgeError'
  readonly kind: ErrorKind
  readonly certain: boolean
  readonly backend: string | undefined
  readonly limit: LimitName | undefined

  constructor(kind: ErrorKind, message: string, options: BridgeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.certain = options.certain ?? true
    this.backend = options.backend
    this.limit = options.limit
  }
}

const traced = new Set<ErrorKind>(['offline', 'timeout', 'internal'])

/** Not the client's doing: it is told where to read on. A rule of QQ or mah that was broken has no backend that failed. */
function isTraced({ kind, backend }: BridgeError): boolean {
  return traced.has(kind) || (kind === 'backend' && backend !== undefined)
}

/**
 * The text for a client: also that something may have happened, so that it is not simply tried again. `trace` is named
 * where the failure is the backend's or our own.
 */
export function explain(error: BridgeError, trace?: string): string {
  const text = error.certain ? error.message : `${error.message}; the outcome is unknown, it may have happened`
  return trace === undefined || !isTraced(error) || text.includes(trace) ? text : `${text} (trace ${trace})`
}

let traceNumber = 0

/**
 * Any thrown value as a BridgeError. What we did not expect becomes `internal` with a number to find it in the log by, `id`
 * when there is a trace; its own text stays out of answers, since it may hold paths or secrets.
 */
export function toBridgeError(
  thrown: unknown,
  onDefect: (error: unknown, trace: string) => void,
  id?: string,
): BridgeError {
  if (thrown instanceof BridgeError) return thrown
  const trace = id ?? `E${(++traceNumber).toString(36)}`
  onDefect(thrown, trace)
  return new BridgeError('internal', `the bridge failed on this call, see ${trace} in its log`, { cause: thrown })
}
