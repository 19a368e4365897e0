// Who may come in: the verifyKey, sessions and their bots, single mode. Slows guessing peers down.
import { LRUCache } from 'lru-cache'
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import { createLimitedLog } from '../../core/limited-log.ts'
import type { InboundHost } from '../../core/ports.ts'
import { createFailureDelay } from '../../transport/failures.ts'
import type { HttpLimits } from '../../transport/mount.ts'
import type { QueueMemory } from '../../transport/queue-memory.ts'
import { createSecretCheck } from '../../transport/secret.ts'
import type { MiraiInboundOptions } from './options.ts'
import { createQueue, type EventQueue } from './queue.ts'
import { createSessions, type Session, type Sessions } from './session.ts'

export const singleKey = 'SINGLE_SESSION'

export interface BoundSession extends Session {
  bot: UserId
}

export interface Gate {
  readonly sessions: Sessions
  readonly single: boolean
  /** Single mode in which somebody has verified, or need not: whoever comes is served. */
  readonly isOpen: boolean
  /** Somebody at this address has shown the verifyKey, and sessions are alive. */
  trusts(peer: string): boolean
  /** Whether it is the verifyKey, or none is asked for. */
  isRight(verifyKey: string | undefined): boolean
  /** Throws `forbidden` for a wrong verifyKey, after a delay when this peer guesses. */
  check(verifyKey: string | undefined, peer: string): Promise<void>
  /** POST /verify or 1.x's /auth, after `check`: the key of the new session. */
  verified(v1?: boolean): string
  /** By what a socket says of itself: `key` wins over `bot`. Throws `badRequest` for neither, `noBot`, and as `bound`. */
  choose(key: string | undefined, bot: UserId | undefined): Session
  /** Binds to a bot over HTTP, with a queue. Throws `noBot`; `notSupported` in single mode. */
  bind(session: Session, bot: UserId): void
  /** Throws `noSession`. In single mode every key is good. */
  session(key: string | undefined): Session
  find(key: string | undefined): Session | undefined
  /** Throws `noSession`, `notBound`. */
  bound(key: string | undefined): BoundSession
}

/** Addresses of clients. Beyond it the one that verified longest ago is a stranger's again. */
const mostTrusted = 2000

interface GateSetup {
  options: MiraiInboundOptions
  host: InboundHost
  port?: HttpLimits
  queues?: QueueMemory | undefined
}

export function createGate({ options, host, port, queues }: GateSetup): Gate {
  const { limits, singleMode } = options
  const sessions = createSessions(limits, { onLimit: host.onLimit, queues })
  const isRight = options.enableVerify && options.verifyKey !== '' ? createSecretCheck(options.verifyKey) : undefined
  const account = queues?.of('session')
  const failed = createFailureDelay(port, host.onLimit)
  const log = createLimitedLog(host.log)
  const trusted = new LRUCache<string, true>({ max: mostTrusted })
  let only: Session | undefined
  let opened = !isRight

  function newQueue(): EventQueue | undefined {
    const { queueEvents, queueBytes } = limits
    if (queueEvents === 0) return undefined
    return createQueue({ events: queueEvents, bytes: queueBytes, drops: options.queueDrops }, account)
  }

  function requireBot(bot: UserId): void {
    if (!host.bots().some((status) => status.bot === bot)) throw new BridgeError('noBot', `no bot ${bot}`)
  }

  /** In single mode: made on first use, made anew when somebody released it. */
  function theOnly(): Session {
    if (!opened) throw new BridgeError('notBound', 'nobody has verified yet')
    const first = host.bots()[0]
    if (!first) throw new BridgeError('noBot', 'there is no bot')
    const alive = only && sessions.find(only.key)
    if (alive) return alive
    only = sessions.open()
    sessions.bind(only, first.bot)
    only.references = 1
    sessions.fill(only, newQueue())
    return only
  }

  function session(key: string | undefined): Session {
    return singleMode ? theOnly() : sessions.get(key)
  }

  function bound(key: string | undefined): BoundSession {
    const found = session(key)
    if (found.bot === undefined) throw new BridgeError('notBound', 'the session is not bound')
    return found as BoundSession
  }

  function bindNew(bot: UserId): Session {
    requireBot(bot)
    const made = sessions.open()
    sessions.bind(made, bot)
    return made
  }

  return {
    sessions,
    single: singleMode,
    get isOpen() {
      return singleMode && opened
    },
    isRight: (verifyKey) => isRight === undefined || isRight(verifyKey),
    trusts: (peer) => sessions.size > 0 && (isRight === undefined || trusted.has(peer)),
    async check(verifyKey, peer) {
      if (isRight === undefined) return
      if (isRight(verifyKey)) return void trusted.set(peer, true)
      log('warn', `key ${peer}`, `a mirai client from ${peer} showed a wrong verifyKey`)
      await failed(peer)
      throw new BridgeError('forbidden', 'wrong verifyKey')
    },
    verified(v1) {
      if (!singleMode) return sessions.open(v1).key
      opened = true
      sessions.fill(theOnly(), newQueue())
      return singleKey
    },
    bind(given, bot) {
      if (singleMode) throw new BridgeError('notSupported', 'single mode binds by itself')
      requireBot(bot)
      if (given.bot !== undefined) return
      sessions.bind(given, bot)
      given.references++
      sessions.fill(given, newQueue())
      host.log('info', `mirai client bound (http, bot ${bot})`)
    },
    choose(key, bot) {
      if (singleMode) {
        opened = true
        sessions.fill(theOnly(), newQueue())
        return theOnly()
      }
      if (key !== undefined) return bound(key)
      if (bot === undefined) throw new BridgeError('badRequest', 'qq or sessionKey is needed')
      return bindNew(bot)
    },
    session,
    find: (key) => sessions.find(singleMode ? only?.key : key),
    bound,
  }
}
