// A OneBot 11 implementation as a backend, reached by WebSocket in either direction or over HTTP.
import type { ActionName, ActionOf, Params, Result } from '../../core/action.ts'
import { BridgeError, toBridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { CallOptions, Outbound, OutboundServices, OutboundSink } from '../../core/ports.ts'
import type { Mount } from '../../transport/mount.ts'
import type { SocketLimits } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { createAccounts, type Accounts, type Line } from './accounts.ts'
import { createCall, type Call } from './call.ts'
import { toCapabilities, unknownFlavour } from './flavour.ts'
import type { Way } from './forward.ts'
import { handlers } from './handlers.ts'
import { createLimitedLog } from '../../core/limited-log.ts'
import type { OneBot11OutboundOptions } from './options.ts'
import { openWay } from './ways.ts'

export interface OneBot11Outbound {
  name: string
  options: OneBot11OutboundOptions
  services: OutboundServices
  turn: Turn
  /** For `listen` and `webhook`; the bridge opens its port. */
  listener: Mount | undefined
  /** Of connections that the bridge opens. */
  socket?: SocketLimits | undefined
}

export function createOneBot11Outbound(given: OneBot11Outbound): Outbound {
  const { name, options, services, turn, listener, socket } = given
  let sink: OutboundSink | undefined
  let accounts: Accounts | undefined
  let way: Way | undefined

  function lineOf(bot: UserId): Line {
    const line = accounts?.lines.get(bot)
    if (!line) throw new BridgeError('noBot', `${name} has no bot ${bot}`, { backend: name })
    return line
  }

  async function call<N extends ActionName>(bot: UserId, action: ActionOf<N>, given: CallOptions): Promise<Result<N>> {
    try {
      const line = lineOf(bot)
      const context = createCall({
        line,
        backend: name,
        options,
        services,
        given,
        name: action.name,
        sink: sink as OutboundSink,
      })
      const handle = handlers[action.name] as (call: Call, params: Params<N>) => Promise<Result<N>>
      return await handle(context, action.params)
    } catch (error) {
      throw toBridgeError(
        error,
        (thrown, trace) => {
          sink?.log('error', `${trace}: ${action.name}: ${thrown instanceof Error ? thrown.stack : String(thrown)}`)
        },
        given.trace?.id,
      )
    }
  }

  return {
    name,
    dialect: 'onebot11',
    async start(to) {
      sink = to
      const log = createLimitedLog(to.log)
      accounts = createAccounts({ name, options, services, sink: to, log })
      way = openWay({
        name,
        options,
        accounts,
        listener,
        turn,
        json: services.jsonLimits,
        log,
        dropped: to.dropped,
        socket,
        onLimit: services.onLimit,
      })
      await way.started
    },
    bots: () => [...(accounts?.lines.values() ?? [])].map(({ account }) => account.status()),
    capabilities(bot) {
      const account = accounts?.lines.get(bot)?.account
      return toCapabilities(account?.flavour ?? unknownFlavour, account?.missing ?? new Set())
    },
    call: (bot, action, callOptions = {}) => call(bot, action, callOptions),
    async close() {
      way?.close()
      accounts?.close()
    },
  }
}
