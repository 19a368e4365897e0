// A world as a backend: its bot accounts are the bots, what happens in it are the events.
import type { ActionName, ActionOf, Params, Result } from '../../core/action.ts'
import { BridgeError, toBridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { BotStatus, Outbound, OutboundServices, OutboundSink } from '../../core/ports.ts'
import { type Happening, toEvents, type World } from '../../world/index.ts'
import { accountHandlers } from './account.ts'
import { embeddedCapabilities } from './capabilities.ts'
import { contactHandlers, groupHandlers } from './contacts.ts'
import { withBridgeIds } from './event-ids.ts'
import { fileHandlers } from './files.ts'
import { groupCardHandlers } from './group-card.ts'
import { createHost } from './host.ts'
import { mediaHandlers } from './media.ts'
import { messageHandlers } from './messages.ts'
import { requestHandlers } from './requests.ts'
import { serverHandlers } from './server.ts'
import type { Handlers } from './serving.ts'

export interface EmbeddedOutboundOptions {
  name: string
  world: World
  services: OutboundServices
}

const handlers: Handlers = {
  ...messageHandlers,
  ...mediaHandlers,
  ...accountHandlers,
  ...contactHandlers,
  ...requestHandlers,
  ...groupHandlers,
  ...groupCardHandlers,
  ...fileHandlers,
  ...serverHandlers,
}

export function createEmbeddedOutbound({ name, world, services }: EmbeddedOutboundOptions): Outbound {
  const host = createHost(world, services, name)
  world.connect(host)
  let sink: OutboundSink | undefined
  let stop = (): void => {}

  function serve<N extends ActionName>(bot: UserId, action: ActionOf<N>): Result<N> {
    if (!world.state.bots.includes(bot)) throw new BridgeError('noBot', `${name} has no bot ${bot}`)
    if (!world.state.accounts.get(bot)?.online)
      throw new BridgeError('offline', `bot ${bot} is off line`, { backend: name })
    if (action.name === 'raw')
      throw new BridgeError('notSupported', embeddedCapabilities.actions.raw.reason, { backend: name })
    const handler = (handlers as Partial<Record<ActionName, unknown>>)[action.name] as HandlerOf<N>
    return handler({ world, host, services, bot, actor: world.as(bot, 'bridge') }, action.params)
  }

  function tell(happening: Happening): void {
    if (!sink) return
    for (const event of toEvents(world.state, happening)) sink.event(withBridgeIds(event, host, services.messages))
    if (happening.type === 'online' || happening.type === 'reset' || happening.type === 'profile.nickname') {
      sink.botsChanged()
    }
  }

  return {
    name,
    dialect: 'embedded',
    async start(given) {
      sink = given
      stop()
      stop = world.watch(tell)
      given.botsChanged()
    },
    bots: () => botsOf(world),
    capabilities: () => embeddedCapabilities,
    async call(bot, action, options) {
      try {
        return serve(bot, action)
      } catch (error) {
        const tell = (defect: unknown, trace: string): void =>
          sink?.log('error', `${trace}: ${action.name} failed: ${String(defect)}`)
        throw toBridgeError(error, tell, options?.trace?.id)
      }
    },
    async close() {
      stop()
      sink = undefined
    },
  }
}

type HandlerOf<N extends ActionName> = (
  serving: Parameters<Handlers[keyof Handlers]>[0],
  params: Params<N>,
) => Result<N>

function botsOf(world: World): BotStatus[] {
  return world.state.bots.flatMap((bot) => {
    const account = world.state.accounts.get(bot)
    return account ? [{ bot, nickname: account.nickname, online: account.online }] : []
  })
}
