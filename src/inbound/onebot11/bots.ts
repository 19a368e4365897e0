// Which account a client means.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { InboundHost } from '../../core/ports.ts'
import { toUserId } from '../../core/read.ts'

/** The account that was named, else the first one. Throws `noBot`. `names`: in order of weight; absent ones are passed over. */
function chooseBot(host: InboundHost, ...names: unknown[]): UserId {
  const bots = host.bots()
  const named = names.find((name) => name !== undefined && name !== null && name !== '')
  if (named === undefined) {
    const first = bots[0]
    if (!first) throw new BridgeError('noBot', 'no account is connected')
    return first.bot
  }
  const wanted = toUserId(named)
  const found = bots.find(({ bot }) => bot === wanted)
  if (!found) throw new BridgeError('noBot', `self_id: no such account here`)
  return found.bot
}

/** `names`: what a call names by itself. An address of one account serves no other one. */
export function botFor(host: InboundHost, caller: { bot: unknown; only?: unknown }, ...names: unknown[]): UserId {
  if (caller.only === undefined) return chooseBot(host, ...names, caller.bot)
  const bot = chooseBot(host, caller.only)
  const other = names.some((name) => name !== undefined && name !== null && name !== '' && toUserId(name) !== bot)
  if (other) throw new BridgeError('noBot', `self_id: this address is for account ${bot} only`)
  return bot
}

export function isOnline(host: InboundHost, bot: UserId): boolean {
  return host.bots().find((status) => status.bot === bot)?.online ?? false
}
