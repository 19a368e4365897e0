// What the handlers of actions work with: one call of one account.
import type { ActionName, Params, Result } from '../../core/action.ts'
import type { Loss } from '../../core/fidelity.ts'
import type { UserId } from '../../core/ids.ts'
import type { CallOptions, HeardAnswer, OutboundServices, OutboundSink } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import { canonicalOf, comesInPieces } from '../../dialect/onebot11/action.ts'
import type { OneBotRequest, RequestIds } from '../../dialect/onebot11/action-print.ts'
import { aroundOf } from '../../dialect/onebot11/answer-extra.ts'
import { withMembers } from '../../dialect/onebot11/segment-extra.ts'
import { dialectName, type EventIds } from '../../dialect/onebot11/wire.ts'
import type { Line } from './accounts.ts'
import type { Flavour } from './flavour.ts'
import type { Intake } from './intake.ts'
import type { Request } from './link.ts'
import type { OneBot11OutboundOptions } from './options.ts'

export interface Call {
  bot: UserId
  nickname: string
  backend: string
  flavour: Flavour
  services: OutboundServices
  eventIds: EventIds
  sendIds: RequestIds
  intake: Intake
  /** The data of the backend's answer. `transfer`: it carries files, which takes longer. */
  ask(request: { action: string; params: WireObject }, transfer?: boolean): Promise<unknown>
  loss(loss: Loss): void
  /** The account logged out. */
  left(): void
}

/** Nothing to say but that it worked. */
export type Done = Record<string, never>

export type Handlers = { [N in ActionName]: (call: Call, params: Params<N>) => Promise<Result<N>> }

export interface CallContext {
  line: Line
  backend: string
  options: OneBot11OutboundOptions
  services: OutboundServices
  given: CallOptions
  /** What the caller asked for. */
  name: ActionName
  sink: OutboundSink
}

/** What client and backend of one dialect say beyond the action goes with the request that is the action itself. */
function besideOf(
  { extra, heard, piece }: CallOptions,
  name: ActionName,
  { action, params }: OneBotRequest,
): Pick<Request, 'params' | 'heard' | 'piece'> {
  if ((!extra && !heard) || (name !== 'raw' && canonicalOf(action) !== name)) return { params }
  return {
    params: extra ? withMembers(extra, params) : params,
    heard: heard && ((wire) => heard(toHeard(action, wire))),
    ...(piece && comesInPieces(action) && { piece: (wire: WireObject) => piece(toHeard(action, wire)) }),
  }
}

function toHeard(action: string, wire: WireObject): HeardAnswer {
  return { dialect: dialectName, action, data: wire['data'], around: aroundOf(wire) }
}

/** All requests of a call share its deadline. */
export function createCall(context: CallContext): Call {
  const { line, backend, options, services, given, name, sink } = context
  const { account, intake, eventIds, sendIds } = line
  const { bot, flavour } = account
  const started = performance.now()
  const { trace } = given
  return {
    bot,
    nickname: account.status().nickname,
    backend,
    flavour,
    services,
    eventIds,
    sendIds,
    intake,
    ask({ action, params }, transfer = false) {
      const wholeMs = given.timeoutMs ?? (transfer ? options.transferTimeoutMs : options.callTimeoutMs)
      const leftMs = Math.max(1, Math.round(wholeMs - (performance.now() - started)))
      const { names } = flavour.traits
      return account.ask({
        action: Object.hasOwn(names, action) ? (names[action] as string) : action,
        timeoutMs: leftMs,
        trace,
        ...besideOf(given, name, { action, params }),
      })
    },
    loss(loss) {
      trace?.lost(loss)
      sink.loss(bot, 'in', loss)
    },
    left: account.left,
  }
}
