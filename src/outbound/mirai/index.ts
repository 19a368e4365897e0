// A real mirai-api-http server as a backend: one session per account, actions as commands, pushes as events.
import type { ActionName, ActionOf, Result } from '../../core/action.ts'
import { BridgeError, toBridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { CallOptions, Dropped, Outbound, OutboundServices, OutboundSink } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import type { SocketLimits } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { createPresence } from '../../state/presence.ts'
import { createAccount, type Account, type AccountSetup } from './account.ts'
import { serve, toCapabilities } from './actions.ts'
import type { MiraiOutboundOptions } from './options.ts'
import { createLimitedLog } from '../../core/limited-log.ts'
import type { Mount } from '../../transport/mount.ts'
import { readEvent } from './reading.ts'
import { Session } from './session.ts'
import { createWays } from './ways.ts'

export interface MiraiOutboundSetup {
  name: string
  options: MiraiOutboundOptions
  services: OutboundServices
  turn: Turn
  /** For `listen` and `webhook`; the bridge opens its port. */
  listener?: Mount | undefined
  /** Of connections that the bridge opens. */
  socket?: SocketLimits | undefined
}

export function createMiraiOutbound(setup: MiraiOutboundSetup): Outbound {
  const { name, options, services, turn, listener, socket } = setup
  const accounts = new Map<UserId, Account>()
  let sink: OutboundSink | undefined

  const log: AccountSetup['log'] = (level, text) => sink?.log(level, text)
  const limitedLog = createLimitedLog(log)
  const dropped = (what: Dropped): void => sink?.dropped(what)
  const ways = createWays({
    name,
    options,
    listener,
    turn,
    socket,
    onLimit: services.onLimit,
    log: limitedLog,
    dropped,
    json: services.jsonLimits,
    receive: receiveFor,
  })
  for (const bot of new Set(options.bots)) {
    const session = new Session({
      bot,
      backend: name,
      options,
      openWay: ways.openWay(bot),
      onEvent: (wire) => receive(bot, wire),
      onState: () => noteState(bot),
      log,
      dropped,
    })
    const loss: AccountSetup['loss'] = (direction, what) => sink?.loss(bot, direction, what)
    const presence = createPresence({ bot, graceMs: options.graceMs, emit: (event) => sink?.event(event) })
    accounts.set(bot, createAccount({ bot, backend: name, options, services, session, presence, log, loss }))
  }

  function noteState(bot: UserId): void {
    sink?.botsChanged()
    const account = accounts.get(bot)
    if (account?.session.online) account.presence.here()
    else account?.presence.lost()
  }

  function receiveFor(bot: UserId, wire: WireObject): boolean {
    accounts.get(bot)?.session.receive(wire)
    return accounts.has(bot)
  }

  function receive(bot: UserId, wire: WireObject): void {
    const account = accounts.get(bot)
    const event = account && readEvent(account, wire)
    if (!event) return dropped('event')
    if (event.type === 'bot.online' || event.type === 'bot.offline') {
      account.presence.reported(event.type === 'bot.online')
      account.session.setLoggedIn(event.type === 'bot.online')
    }
    account.seen.note(event)
    sink?.event(event, wire)
  }

  async function call<N extends ActionName>(
    bot: UserId,
    action: ActionOf<N>,
    callOptions: CallOptions = {},
  ): Promise<Result<N>> {
    const account = accounts.get(bot)
    if (!account) throw new BridgeError('noBot', `backend ${name} has no bot ${bot}`, { backend: name })
    const { trace } = callOptions
    const deadline = performance.now() + (callOptions.timeoutMs ?? options.callTimeoutMs)
    try {
      return await serve({ account: trace ? follow(account, trace) : account, deadline, trace }, action)
    } catch (thrown) {
      throw toBridgeError(thrown, (defect, id) => log('error', `${id} ${describe(defect)}`), trace?.id)
    }
  }

  return {
    name,
    dialect: 'mirai',
    async start(given) {
      sink = given
      const sessions = [...accounts.values()].map(({ session }) => session)
      for (const session of sessions) session.connect()
      await Promise.all(sessions.map((session) => session.started))
    },
    bots: () =>
      [...accounts.values()].map(({ bot, session }) => ({ bot, nickname: session.nickname, online: session.online })),
    capabilities: (bot) => toCapabilities(accounts.get(bot)?.session.version ?? ''),
    call,
    async close() {
      ways.close()
      for (const { presence } of accounts.values()) presence.close()
      await Promise.all([...accounts.values()].map(({ session }) => session.close()))
    },
  }
}

/** The same account, whose losses are told to the trace of one call, too. */
function follow(account: Account, trace: Trace): Account {
  return {
    ...account,
    loss(direction, loss) {
      trace.lost(loss)
      account.loss(direction, loss)
    },
  }
}

function describe(defect: unknown): string {
  return defect instanceof Error ? (defect.stack ?? defect.message) : String(defect)
}
