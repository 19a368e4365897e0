// Reading messages: one, a history, a forward. And recall and read marks.
import type { Params, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { MessageId, Peer } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import type { NativeMessage } from '../../core/ports.ts'
import { toMessageId, toObject, type WireObject } from '../../core/read.ts'
import { printAction, toWireId } from '../../dialect/onebot11/action-print.ts'
import { parseMessageDetail } from '../../dialect/onebot11/event-parse.ts'
import { fromForward } from '../../dialect/onebot11/message.ts'
import { readForwardItems, readHistory } from '../../dialect/onebot11/result.ts'
import type { EventIds } from '../../dialect/onebot11/wire.ts'
import type { Call, Done } from './call.ts'
import { nativeOf } from './ids.ts'

export async function getMessage(call: Call, params: Params<'message.get'>): Promise<Message> {
  const { messageId: id } = params
  const known = nativeOf(call.services, call.bot, id)
  const data = await call.ask(printAction({ name: 'message.get', params }, call.sendIds))
  const wire = { ...placeOf(known.peer), ...toObject(data), message_id: known.native }
  const message = parseMessageDetail(wire, call.bot, idsIn(call, known.peer, known))
  if (!message) throw new BridgeError('backend', `get_msg: the answer names no author`, { backend: call.backend })
  return { ...message, id, peer: known.peer }
}

/** Answers leave out where a message is now and then: it is what was asked for. */
function placeOf(peer: Peer): WireObject {
  return peer.kind === 'group'
    ? { message_type: 'group', group_id: peer.groupId }
    : { message_type: 'private', target_id: peer.userId }
}

/** In private chats own messages do not always name the other side. */
function idsIn(call: Call, peer: Peer, only?: NativeMessage): EventIds {
  const { services, bot, eventIds } = call
  return {
    ...eventIds,
    received: ({ native }, content) =>
      services.messages.learn(bot, { native: only?.native ?? native, peer }, content, true).id,
  }
}

const usualCount = 20
const mostMessages = 1000
const pageSize = 100
const mostPages = 30

/** Pages backwards until there are enough, the time is reached, or nothing new comes. */
export async function getHistory(call: Call, params: Params<'message.history'>): Promise<Result<'message.history'>> {
  const { peer, timeStart, timeEnd } = params
  const timed = timeStart !== undefined || timeEnd !== undefined
  const wanted = params.count ?? (timed ? mostMessages : usualCount)
  const found = new Map<MessageId, Message>()
  let before = params.before
  for (let page = 0; page < mostPages && found.size < wanted; page++) {
    const asked = getPage(call, peer, { before, count: timed ? pageSize : wanted - found.size })
    // NapCat calls it an error when there is nothing older.
    const messages = page === 0 ? await asked : await asked.catch(() => [])
    const fresh = messages.filter(({ id }) => !found.has(id) && id !== before)
    const [oldest] = fresh
    if (!oldest) break
    for (const message of fresh.toReversed()) if (isWithin(message, timeStart, timeEnd)) found.set(message.id, message)
    before = oldest.id
    if (timeStart !== undefined && oldest.time < timeStart) break
  }
  return { messages: [...found.values()].slice(0, wanted).toReversed() }
}

function isWithin({ time }: Message, start = 0, end = Number.POSITIVE_INFINITY): boolean {
  return time >= start && time <= end
}

/** One more than wanted: the message to start from is in the answer, too. Oldest first, without that one and later ones. */
async function getPage(
  call: Call,
  peer: Peer,
  { before, count }: { before: MessageId | undefined; count: number },
): Promise<Message[]> {
  const more = before === undefined ? count : count + 1
  const request = printAction(
    { name: 'message.history', params: { peer, count: Math.min(more, pageSize + 1), before } },
    call.sendIds,
  )
  if (call.flavour.traits.historyFrom === 'sequence') {
    delete request.params['message_id']
    delete request.params['message_seq']
    if (before !== undefined) request.params['message_seq'] = await sequenceOf(call, before)
  }
  const messages = readHistory(await call.ask(request), call.bot, idsIn(call, peer)).map((message) => ({
    ...message,
    peer,
  }))
  const end = before === undefined ? -1 : messages.findIndex(({ id }) => id === before)
  return end < 0 ? messages : messages.slice(0, end)
}

async function sequenceOf(call: Call, messageId: MessageId): Promise<number> {
  const { messages } = call.services
  const seq = messages.get(call.bot, messageId)?.seq ?? (await getMessage(call, { messageId })).seq
  if (seq === undefined) throw new BridgeError('notFound', `message ${messageId} has no sequence number`)
  return seq
}

/** The id of a forward, or of the message that holds one: then its own id counts, where it is known. */
export async function getForward(
  call: Call,
  { id }: Params<'message.forward.get'>,
): Promise<Result<'message.forward.get'>> {
  const messageId = toMessageId(id)
  const stored = messageId === undefined ? undefined : call.services.messages.get(call.bot, messageId)
  const forward = stored?.segments.find((segment) => segment.type === 'forward')
  if (forward?.nodes) return { nodes: forward.nodes }
  const named = forward?.id ?? id
  const data = await call.ask(printAction({ name: 'message.forward.get', params: { id: named } }, call.sendIds))
  const items = readForwardItems(data)
  if (items.length === 0)
    throw new BridgeError('notFound', `the forward ${id} is empty or gone`, { backend: call.backend })
  const peer: Peer = stored?.peer ?? { kind: 'friend', userId: call.bot }
  // Quotes inside a forward name messages that this account has never seen: no ids are made for these.
  const { messages } = call.services
  const ids = { ...call.eventIds, message: (native: string) => messages.find(call.bot, { native, peer }) }
  return { nodes: fromForward(items, peer, ids) }
}

export async function recallMessage(call: Call, params: Params<'message.recall'>): Promise<Done> {
  await call.ask(printAction({ name: 'message.recall', params }, call.sendIds))
  return {}
}

/** NapCat marks conversations; the others mark up to a message, so the newest one that was seen is named. */
export async function markRead(call: Call, params: Params<'message.markRead'>): Promise<Done> {
  if (call.flavour.traits.markRead === 'conversation') {
    await call.ask(printAction({ name: 'message.markRead', params }, call.sendIds))
    return {}
  }
  const seen = params.peer ? [call.intake.lastSeen(params.peer)] : call.intake.allLastSeen()
  const natives = seen.filter((native) => native !== undefined)
  if (params.peer && natives.length === 0) {
    throw new BridgeError('notFound', 'no message of this conversation was seen since the start', {
      backend: call.backend,
    })
  }
  for (const native of natives) {
    await call.ask({ action: 'mark_msg_as_read', params: { message_id: toWireId(native) } })
  }
  return {}
}
