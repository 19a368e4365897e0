// Which account a client means: the one that the call names, the one that its connection names, the inbound's own, the only
// one. Never just any: a message from the wrong account cannot be taken back.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { BotStatus, InboundHost } from '../../core/ports.ts'
import { toUserId } from '../../core/read.ts'

/** What stands outside of a call. */
export interface Binding {
  /** Named by the connection or request. */
  bot: unknown
  /** Whose address was called: no other one will do. */
  only?: unknown
  /** Of the inbound, for calls that name none. */
  fallback?: number | undefined
}

/** `names`: what a call names by itself, in order of weight. Throws `noBot`; with several to choose from it says which. */
export function botFor(host: InboundHost, { bot, only, fallback }: Binding, ...names: unknown[]): UserId {
  if (isNamed(only)) {
    const owner = findBot(host, only)
    const other = names.some((name) => isNamed(name) && toUserId(name) !== owner)
    if (other) throw new BridgeError('noBot', `self_id: this address is for account ${owner} only`)
    return owner
  }
  const named = [...names, bot, fallback].find(isNamed)
  return named === undefined ? theOnly(host) : findBot(host, named)
}

function isNamed(name: unknown): boolean {
  return name !== undefined && name !== null && name !== ''
}

function findBot(host: InboundHost, named: unknown): UserId {
  const wanted = toUserId(named)
  const found = host.bots().find((status) => status.bot === wanted)
  if (!found) throw new BridgeError('noBot', `self_id: no such account here; ${choicesOf(host)}`)
  return found.bot
}

function theOnly(host: InboundHost): UserId {
  const [first, ...more] = host.bots()
  if (!first) throw new BridgeError('noBot', 'no account is connected')
  if (more.length === 0) return first.bot
  const how = 'name one by the parameter self_id, the header X-Self-ID or the address /bots/<account>/'
  throw new BridgeError('noBot', `self_id: which account? ${choicesOf(host)}; ${how}`)
}

/** Accounts that an error names; a bridge may have hundreds. */
const mostChoices = 10

function choicesOf(host: InboundHost): string {
  const bots = host.bots().map(({ bot }) => bot)
  const more = bots.length > mostChoices ? ` and ${bots.length - mostChoices} more` : ''
  return `there are ${bots.slice(0, mostChoices).join(', ') || 'none'}${more}`
}

export function statusOf(host: InboundHost, bot: UserId): BotStatus | undefined {
  return host.bots().find((status) => status.bot === bot)
}
