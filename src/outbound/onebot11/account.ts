// One account of the backend: its connections, whether it is on line, and which implementation it runs on.
import { BridgeError } from '../../core/error.ts'
import type { BridgeEvent } from '../../core/event.ts'
import type { Extra } from '../../core/extra.ts'
import type { UserId } from '../../core/ids.ts'
import type { BotStatus } from '../../core/ports.ts'
import { createPresence } from '../../state/presence.ts'
import type { Health } from '../../dialect/onebot11/event-parse.ts'
import { unknownFlavour, type Flavour } from './flavour.ts'
import type { Link, Request, Role } from './link.ts'

/** Clients may ask for anything. */
const mostMissing = 1000

export interface AccountOptions {
  bot: UserId
  backend: string
  graceMs: number
  emit(event: BridgeEvent): void
  changed(): void
}

export interface Account {
  readonly bot: UserId
  readonly flavour: Flavour
  /** Actions of which the backend said that it has none. */
  readonly missing: ReadonlySet<string>
  /** More than one link stands. */
  readonly several: boolean
  status(): BotStatus
  /** A link stands and has been greeted. `facts` are of the links that take calls. */
  join(link: Link, role: Role, facts?: { nickname: string; flavour: Flavour }): void
  leave(link: Link): void
  /** What a heartbeat says. */
  heartbeat(health: Health): void
  /** The backend itself reported that the account went or came. */
  reported(online: boolean): void
  /** It was asked to log out, and did. */
  left(): void
  ask(request: Request): Promise<unknown>
  close(): void
}

export function createAccount({ bot, backend, graceMs, emit, changed }: AccountOptions): Account {
  const links = new Map<Link, Role>()
  const missing = new Set<string>()
  let flavour = unknownFlavour
  let nickname = ''
  let loggedIn = true
  let said: Extra | undefined
  const presence = createPresence({ bot, graceMs, first: true, emit })

  /** Calls prefer the link that is for nothing else. */
  function caller(): Link | undefined {
    const [only] = links.size === 1 ? links.keys() : []
    if (only) return only.open && links.get(only) !== 'event' ? only : undefined
    const open = [...links].filter(([link, role]) => link.open && role !== 'event')
    return (open.find(([, role]) => role === 'api') ?? open[0])?.[0]
  }

  function setLogin(online: boolean): boolean {
    if (loggedIn === online) return false
    loggedIn = online
    changed()
    return true
  }

  return {
    bot,
    missing,
    get flavour() {
      return flavour
    },
    get several() {
      return links.size > 1
    },
    status: () => ({ bot, nickname, online: loggedIn && caller() !== undefined, ...(said && { extra: said }) }),
    join(link, role, facts) {
      links.set(link, role)
      if (!facts) return
      ;({ nickname, flavour } = facts)
      // Another version may run by now.
      missing.clear()
      loggedIn = true
      changed()
      presence.here()
    },
    leave(link) {
      if (!links.delete(link) || caller()) return
      changed()
      presence.lost()
    },
    heartbeat({ online, extra }) {
      said = extra
      if (!setLogin(online) || !caller()) return
      if (online) presence.here()
      else presence.away()
    },
    reported(online) {
      presence.reported(online)
      setLogin(online)
    },
    left: presence.left,
    async ask(request) {
      const { action } = request
      if (missing.has(action)) throw lacking(action, backend)
      const link = caller()
      if (!link) throw new BridgeError('offline', `${action}: ${backend} is not connected`, { backend })
      try {
        return await link.ask(request)
      } catch (error) {
        if (!(error instanceof BridgeError) || error.kind !== 'unknownAction') throw error
        if (missing.size >= mostMissing) missing.clear()
        missing.add(action)
        throw lacking(action, backend)
      }
    },
    close() {
      presence.close()
      links.clear()
    },
  }
}

function lacking(action: string, backend: string): BridgeError {
  return new BridgeError('notSupported', `${backend} has no action ${action}`, { backend })
}
