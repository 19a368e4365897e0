// Canonical actions as requests to a OneBot backend. One request each; what takes several is composed by the adapter.
import { onebot11Actions, type OneBot11ActionRow } from '../../../mappings/onebot11-actions.ts'
import type { Action, ActionName, ActionOf, Params } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import { defineFields, type FieldTable } from '../../core/fields.ts'
import type { MessageId, Peer } from '../../core/ids.ts'
import { toMessageId, type WireObject } from '../../core/read.ts'
import { toForward, toMessage } from './message-print.ts'
import { printPeer, toWireId, type OneBotRequest, type RequestIds } from './request.ts'
import { printAsk } from './request-ask.ts'
import { filePrinters } from './request-files.ts'
import { settingPrinters } from './request-settings.ts'
import { withoutAbsent } from './segment-parse.ts'
import type { SendIds } from './wire.ts'

export { toWireId, type OneBotRequest, type RequestIds } from './request.ts'

interface Row {
  name: string
  fields: FieldTable
  fixed: Readonly<Record<string, boolean | string>> | undefined
}

const rows = Map.groupBy(
  Object.entries<OneBot11ActionRow>(onebot11Actions).filter(([, row]) => row.to && !row.special),
  ([, row]) => row.to as ActionName,
)
const requests = new Map<ActionName, Row[]>(
  [...rows].map(([action, named]) => [
    action,
    named.map(([name, row]) => ({ name, fields: defineFields(row.params ?? []), fixed: row.fixed })),
  ]),
)

/** Throws what `ids` throws. */
export function printAction(action: Action, ids: RequestIds): OneBotRequest {
  const print = Object.hasOwn(printers, action.name) ? printers[action.name as keyof typeof printers] : undefined
  if (print) return (print as (params: unknown, ids: RequestIds) => OneBotRequest)(action.params, ids)
  return printByRow(action, ids)
}

function printByRow({ name, params }: Action, ids: RequestIds): OneBotRequest {
  const canonical = params as WireObject
  const row = requests.get(name)?.find(({ fixed }) => matches(fixed, canonical))
  if (!row) throw new BridgeError('notSupported', `OneBot has no single action for ${name}`)
  const printed = row.fields.print(canonical)
  const messageId = toMessageId(canonical['messageId'])
  if (messageId !== undefined) printed['message_id'] = toWireId(ids.message(messageId))
  return { action: row.name, params: printed }
}

function matches(fixed: Row['fixed'], params: WireObject): boolean {
  return fixed === undefined || Object.keys(fixed).every((key) => params[key] === fixed[key])
}

const printers = {
  'message.send': printSend,
  'message.history': printHistory,
  'message.forward.get': printForwardGet,
  'message.repeat': (params: Params<'message.repeat'>, ids: RequestIds) => ({
    action: params.peer.kind === 'group' ? 'forward_group_single_msg' : 'forward_friend_single_msg',
    params: { ...printPeer(params.peer), message_id: toWireId(ids.message(params.messageId)) },
  }),
  'message.markRead': ({ peer }: Params<'message.markRead'>) => printMark(peer),
  'nudge.send': ({ peer, targetId }: Params<'nudge.send'>) =>
    peer.kind === 'group'
      ? { action: 'group_poke', params: { group_id: peer.groupId, user_id: targetId } }
      : { action: 'friend_poke', params: { user_id: peer.userId, target_id: targetId } },
  'request.group.answer': printGroupAnswer,
  'group.essence.set': ({ messageId, on }: Params<'group.essence.set'>, ids: RequestIds) => ({
    action: on ? 'set_essence_msg' : 'delete_essence_msg',
    params: { message_id: toWireId(ids.message(messageId)) },
  }),
  /** -1: for ever. */
  'group.member.title': (params: Params<'group.member.title'>) => ({
    action: 'set_group_special_title',
    params: {
      group_id: params.groupId,
      user_id: params.userId,
      special_title: params.title,
      duration: params.durationSeconds ?? -1,
    },
  }),
  'server.ask': printAsk,
  raw: printRaw,
  ...settingPrinters,
  ...filePrinters,
}

/** One forward with nodes goes through the forward actions, all else through the plain ones. */
function printSend({ peer, segments }: Params<'message.send'>, ids: SendIds): OneBotRequest {
  const [first, ...others] = segments
  const way = peer.kind === 'group' ? 'group' : 'private'
  if (first?.type === 'forward' && first.nodes && others.length === 0) {
    return { action: `send_${way}_forward_msg`, params: { ...printPeer(peer), ...toForward(first, ids) } }
  }
  return { action: `send_${way}_msg`, params: { ...printPeer(peer), message: toMessage(segments, ids) } }
}

/** NapCat and LuckyLilliaBot take a message id as message_seq, Lagrange one as message_id. */
function printHistory({ peer, count, before }: Params<'message.history'>, ids: SendIds): OneBotRequest {
  const from = before === undefined ? undefined : toWireId(ids.message(before))
  const target = peer.kind === 'group' ? { group_id: peer.groupId } : { user_id: peer.userId }
  return {
    action: peer.kind === 'group' ? 'get_group_msg_history' : 'get_friend_msg_history',
    params: withoutAbsent({ ...target, message_seq: from, message_id: from, count: count ?? 20 }),
  }
}

/** Decimal text that fits a message id names the message that holds the forward. */
function printForwardGet({ id }: Params<'message.forward.get'>, ids: SendIds): OneBotRequest {
  const messageId: MessageId | undefined = toMessageId(id)
  const native = messageId === undefined ? id : ids.message(messageId)
  return { action: 'get_forward_msg', params: { id: native, message_id: native } }
}

function printMark(peer: Peer | undefined): OneBotRequest {
  if (!peer) return { action: '_mark_all_as_read', params: {} }
  return peer.kind === 'group'
    ? { action: 'mark_group_msg_as_read', params: { group_id: peer.groupId } }
    : { action: 'mark_private_msg_as_read', params: { user_id: peer.userId } }
}

/** sub_type is what the standard and go-cqhttp demand; `type` its older name. */
function printGroupAnswer(params: Params<'request.group.answer'>, ids: RequestIds): OneBotRequest {
  const { native, kind } = ids.request(params.requestId)
  const subType = kind === 'invite' ? 'invite' : 'add'
  return {
    action: 'set_group_add_request',
    params: { flag: native, sub_type: subType, type: subType, approve: params.approve, reason: params.reason ?? '' },
  }
}

/** Passed on as it is, except for the bridge's own message ids. */
function printRaw({ name, params }: ActionOf<'raw'>['params'], ids: SendIds): OneBotRequest {
  const row = Object.hasOwn(onebot11Actions, name)
    ? (onebot11Actions as Record<string, OneBot11ActionRow>)[name]
    : undefined
  const messageId = row?.messageId ? toMessageId(params['message_id']) : undefined
  if (messageId === undefined) return { action: name, params }
  return { action: name, params: { ...params, message_id: toWireId(ids.message(messageId)) } }
}
