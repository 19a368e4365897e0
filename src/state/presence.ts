// Tells that an account went or came, once each, and not for a link that is back in a moment.
import type { BotOfflineEvent, BridgeEvent } from '../core/event.ts'
import type { UserId } from '../core/ids.ts'
import { nowSeconds } from '../core/read.ts'

export interface PresenceOptions {
  bot: UserId
  /** Milliseconds that a link may be lost until the account counts as off line. */
  graceMs: number
  /** Tell of the first time, too. Default false: only of what changes. */
  first?: boolean
  emit(event: BridgeEvent): void
}

export interface Presence {
  /** A link stands and the account is logged in. */
  here(): void
  /** No link stands. */
  lost(): void
  /** The link stands, the account is not logged in. */
  away(): void
  /** It logged out, because it was asked to. */
  left(): void
  /** The backend itself reported it: there is an event already. */
  reported(online: boolean): void
  close(): void
}

export function createPresence({ bot, graceMs, first = false, emit }: PresenceOptions): Presence {
  let announced: 'nothing' | 'online' | 'offline' = 'nothing'
  let grace: NodeJS.Timeout | undefined
  let closed = false

  function announce(now: 'online' | 'offline', how: BotOfflineEvent['how'] = 'dropped'): void {
    if (closed || announced === now || (announced === 'nothing' && now === 'offline')) return
    const again = announced === 'offline'
    announced = now
    if (now === 'online') {
      if (again || first) emit({ type: 'bot.online', bot, time: nowSeconds(), again })
    } else emit({ type: 'bot.offline', bot, time: nowSeconds(), how })
  }

  return {
    here() {
      clearTimeout(grace)
      announce('online')
    },
    lost() {
      clearTimeout(grace)
      grace = setTimeout(announce, graceMs, 'offline')
      grace.unref()
    },
    away: () => announce('offline'),
    left() {
      clearTimeout(grace)
      announce('offline', 'active')
    },
    reported(online) {
      announced = online ? 'online' : 'offline'
    },
    close() {
      closed = true
      clearTimeout(grace)
    },
  }
}
