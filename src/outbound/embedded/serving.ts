// What a handler of an action is given, and the shape of the table of handlers.
import type { ActionName, Params, Result } from '../../core/action.ts'
import type { UserId } from '../../core/ids.ts'
import type { OutboundServices } from '../../core/ports.ts'
import type { Actor, World } from '../../world/index.ts'
import type { EmbeddedHost } from './host.ts'

export interface Serving {
  world: World
  host: EmbeddedHost
  services: OutboundServices
  bot: UserId
  /** The bot's account, acting through this bridge. */
  actor: Actor
}

export type Handlers = {
  [N in Exclude<ActionName, 'raw'>]: (serving: Serving, params: Params<N>) => Result<N>
}
