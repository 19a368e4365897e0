// What a command needs to be carried out, and the small questions that several commands share.
import type { ActionName, ActionOf, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { GroupId, Peer, UserId } from '../../core/ids.ts'
import type { CallOptions, InboundHost } from '../../core/ports.ts'
import { nowSeconds, type WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import type { Segment } from '../../core/segment.ts'
import type { PrintContext } from '../../dialect/mirai/index.ts'
import { prepareSegments } from '../../translate/prepare.ts'

export interface Ask {
  host: InboundHost
  bot: UserId
  /** Canonical parameters, read by the command's table. */
  params: WireObject
  /** The client sits on this machine. */
  loopback: boolean
  /** The session, unless it was made for this one command. */
  client?: object | undefined
  /** The client did not ask for it: it is needed to serve what he did ask for. */
  aside?: true
  trace?: Trace | undefined
}

/** Carries a command out; the answer is what the table's `result` says. */
export type Handler = (ask: Ask) => Promise<unknown>

export function callBot<N extends ActionName>(ask: Ask, action: ActionOf<N>): Promise<Result<N>> {
  const { host, bot, loopback, trace, client } = ask
  const options: CallOptions = { loopback, trace }
  if (client) options.client = client
  if (ask.aside) options.aside = true
  return host.call(bot, action, options)
}

/** For questions beside the one that the client asked. */
export function aside(ask: Ask): Ask {
  return { ...ask, aside: true }
}

/** A number that the table has read as an account. */
export function accountIn(params: WireObject, name: string): number | undefined {
  return params[name] as number | undefined
}

export function groupIn(params: WireObject): GroupId {
  return params['groupId'] as GroupId
}

/** Throws `notFound`, which is what mah says when no usable target is named. */
export function needTarget(...candidates: (number | undefined)[]): number {
  const found = candidates.find((candidate) => candidate !== undefined)
  if (found === undefined) throw new BridgeError('notFound', 'no target was named')
  return found
}

/** Asks the view first; the friend list is fetched once when it is not known yet. */
export async function isFriend(ask: Ask, userId: UserId): Promise<boolean> {
  if (ask.host.view.friend(ask.bot, userId)) return true
  const friends = await callBot(aside(ask), { name: 'friend.list', params: {} })
  return friends.some((friend) => friend.userId === userId)
}

export async function toPrivatePeer(ask: Ask, target: number): Promise<Peer> {
  const userId = target as UserId
  return { kind: (await isFriend(ask, userId)) ? 'friend' : 'stranger', userId }
}

/** mah looks among the friends first, then among the groups. */
export async function toPeer(ask: Ask, target: number): Promise<Peer> {
  const userId = target as UserId
  if (await isFriend(ask, userId)) return { kind: 'friend', userId }
  return { kind: 'group', groupId: target as GroupId }
}

export function printingFor({ host, bot }: Pick<Ask, 'host' | 'bot'>): PrintContext {
  return { bot, view: host.view, now: nowSeconds(), ...chainPrinting(host, bot) }
}

/** How content is fitted to mirai clients, with every loss on record. */
export function chainPrinting(
  host: InboundHost,
  bot: UserId,
): {
  loss: PrintContext['loss']
  prepare: NonNullable<PrintContext['prepare']>
} {
  const loss: PrintContext['loss'] = (one) => host.loss(bot, 'out', one)
  return {
    loss,
    prepare(segments, peer) {
      const prepared = prepareSegments(segments as Segment[], { dialect: 'mirai', way: 'event', peer })
      prepared.losses.forEach(loss)
      return prepared.segments
    },
  }
}
