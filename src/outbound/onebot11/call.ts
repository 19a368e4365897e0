// What the handlers of actions work with: one call of one account.
import type { ActionName, Params, Result } from '../../core/action.ts'
import type { Loss } from '../../core/fidelity.ts'
import type { UserId } from '../../core/ids.ts'
import type { CallOptions, OutboundServices, OutboundSink } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import type { RequestIds } from '../../dialect/onebot11/action-print.ts'
import type { EventIds } from '../../dialect/onebot11/wire.ts'
import type { Line } from './accounts.ts'
import type { Flavour } from './flavour.ts'
import type { Intake } from './intake.ts'
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
}

/** Nothing to say but that it worked. */
export type Done = Record<string, never>

export type Handlers = { [N in ActionName]: (call: Call, params: Params<N>) => Promise<Result<N>> }

export interface CallContext {
  line: Line
  name: string
  options: OneBot11OutboundOptions
  services: OutboundServices
  given: CallOptions
  sink: OutboundSink
}

/** All requests of a call share its deadline. */
export function createCall({ line, name, options, services, given, sink }: CallContext): Call {
  const { account, intake, eventIds, sendIds } = line
  const { bot, flavour } = account
  const started = performance.now()
  return {
    bot,
    nickname: account.status().nickname,
    backend: name,
    flavour,
    services,
    eventIds,
    sendIds,
    intake,
    ask({ action, params }, transfer = false) {
      const wholeMs = given.timeoutMs ?? (transfer ? options.transferTimeoutMs : options.callTimeoutMs)
      const leftMs = Math.max(1, Math.round(wholeMs - (performance.now() - started)))
      const { names } = flavour.traits
      return account.ask(Object.hasOwn(names, action) ? (names[action] as string) : action, params, leftMs)
    },
    loss: (loss) => sink.loss(bot, 'in', loss),
  }
}
