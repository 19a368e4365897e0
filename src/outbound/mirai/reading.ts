// What the server reports, with the ids of this bridge: events, and messages that it was asked for.
import { randomUUID } from 'node:crypto'
import { events } from '../../../mappings/events.ts'
import type { BridgeEvent, MessageEvent, RawEvent } from '../../core/event.ts'
import type { Peer } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import { nowSeconds, toObject, type WireObject } from '../../core/read.ts'
import { parseEvent, parseMessage, type WireIds } from '../../dialect/mirai/index.ts'
import type { Account } from './account.ts'

/** `peer`: where messages live, when that is known better than the packet says it. */
function idsFor({ bot, backend, services }: Account, peer?: Peer): WireIds {
  return {
    // Without a number there is still a message: it gets an id by which nothing can be asked of the server.
    message: (native, said, content) =>
      services.messages.learn(bot, { native: native || `none-${randomUUID()}`, peer: peer ?? said }, content, false).id,
    request: (record) => services.requests.learn(bot, record),
    media: (record) => services.media.learn({ ...record, backend }),
  }
}

/** Events that are made canonical, except for those that have forms without a canonical one. */
const understood = new Set<string>(Object.values(events).flatMap(({ mirai }): readonly string[] => mirai.names))
for (const name of ['NudgeEvent', 'CommandExecutedEvent']) understood.delete(name)

/** mirai's number for whoever writes anonymously. */
const anonymousId = 80_000_000

/** undefined: nothing that makes sense, logged. Never throws. */
export function readEvent(account: Account, wire: WireObject): BridgeEvent | undefined {
  const { bot } = account
  try {
    const parsed = parseEvent(wire, { bot, now: nowSeconds(), ids: idsFor(account) })
    if (!parsed) return undefined
    for (const loss of parsed.losses) account.loss('out', loss)
    const { event } = parsed
    if (event.type === 'raw') return admitRaw(account, event)
    if (event.type === 'message') completeMessage(account, event)
    return event
  } catch (error) {
    account.log('error', `bot ${bot}: an event was dropped: ${error instanceof Error ? error.message : 'unreadable'}`)
    return undefined
  }
}

/** Clients get what is unknown as it is, but not what lacks something. */
function admitRaw({ bot, log }: Account, event: RawEvent): RawEvent | undefined {
  if (!understood.has(event.name)) {
    log('debug', `bot ${bot}: an event of a kind unknown here: ${event.name}`)
    return event
  }
  log('warn', `bot ${bot}: ${event.name} was dropped: it lacks what it is about`)
  return undefined
}

function completeMessage({ tempGroups }: Account, event: MessageEvent): void {
  const { peer, sender } = event.message
  if (peer.kind === 'temp' && peer.groupId !== undefined) tempGroups.set(peer.userId, peer.groupId)
  if (peer.kind === 'group' && sender.userId === anonymousId) {
    event.anonymous = { id: anonymousId, name: sender.nickname, flag: '' }
  }
}

/**
 * A packet that the server was asked for. For messages of the bot itself mah writes bot or recipient as sender, so the
 * conversation is the one that was asked about.
 */
export function readMessage(account: Account, value: unknown, peer: Peer): Message | undefined {
  const wire = toObject(value)
  const parsed = wire && parseMessage(wire, { bot: account.bot, now: nowSeconds(), ids: idsFor(account, peer) })
  if (!parsed) return undefined
  for (const loss of parsed.losses) account.loss('out', loss)
  return { ...parsed.message, peer }
}
