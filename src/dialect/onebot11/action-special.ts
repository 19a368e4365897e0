// Actions whose parameters depend on each other: who is meant, and what a message or flag names.
import type { OneBot11Special } from '../../../mappings/onebot11-actions.ts'
import type { Action } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { MessageId, Peer, RequestId, UserId } from '../../core/ids.ts'
import { toInteger, toMessageId, toRequestId, toUserId, type WireObject } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import { fileReaders, readUpload } from './action-files.ts'
import { settingReaders } from './action-settings.ts'
import { isAutoEscape, parseForwardMessage, parseMessage } from './message.ts'
import {
  account,
  flagOf,
  groupOf,
  invalid,
  isAbsent,
  messageIdOf,
  missing,
  optionalGroup,
  requiredText,
} from './params.ts'
import { readCardTexts, textOf, withoutAbsent } from './segment-parse.ts'
import { dialectName } from './wire.ts'

export interface ActionContext {
  isFriend(userId: UserId): boolean
  /** Where a message is. */
  peerOf(messageId: MessageId): Peer | undefined
}

export type Reader = (params: WireObject, context: ActionContext) => Action[]
type Wanted = 'group' | 'private' | undefined

export const specialReaders: Record<OneBot11Special, Reader> = {
  send: (params, context) => readSend(params, context, wantedBy(params)),
  sendGroup: (params, context) => readSend(params, context, 'group'),
  sendPrivate: (params, context) => readSend(params, context, 'private'),
  forward: (params, context) => readForward(params, context, wantedBy(params)),
  forwardGroup: (params, context) => readForward(params, context, 'group'),
  forwardPrivate: (params, context) => readForward(params, context, 'private'),
  historyGroup: (params, context) => readHistory(params, context, 'group'),
  historyFriend: (params, context) => readHistory(params, context, 'private'),
  repeatGroup: (params, context) => readRepeat(params, context, 'group'),
  repeatFriend: (params, context) => readRepeat(params, context, 'private'),
  markRead: readMark,
  essenceOff: readEssenceOff,
  poke: readPoke,
  answerFriend: (params) => [
    {
      name: 'request.friend.answer',
      params: withoutAbsent({ ...readAnswer(params), remark: textOf(params['remark']) }),
    },
  ],
  answerGroup: (params) => [
    {
      name: 'request.group.answer',
      params: withoutAbsent({ ...readAnswer(params), reason: textOf(params['reason']) }),
    },
  ],
  kickMany: readKicks,
  ...settingReaders,
  ...fileReaders,
  privateFileUrl: (params, context) => [
    {
      name: 'file.url',
      params: withoutAbsent({
        // Only Lagrange is told whose file it is.
        peer: isAbsent(params['user_id']) ? undefined : readPeer(params, context, 'private'),
        fileId: requiredText(params, 'file_id'),
      }),
    },
  ],
  uploadPrivate: (params, context) => [readUpload(params, readPeer(params, context, 'private'))],
}

/** message_type wins; otherwise group_id first, then user_id. */
function wantedBy(params: WireObject): Wanted {
  const type = params['message_type']
  return type === 'group' || type === 'private' ? type : undefined
}

function readPeer(params: WireObject, context: ActionContext, wanted: Wanted): Peer {
  const groupId = optionalGroup(params)
  if (wanted === 'group' || (wanted === undefined && groupId !== undefined)) {
    return { kind: 'group', groupId: groupId ?? missing('group_id') }
  }
  const userId = isAbsent(params['user_id'])
    ? missing(wanted === undefined ? 'group_id or user_id' : 'user_id')
    : account(params, 'user_id')
  if (context.isFriend(userId)) return { kind: 'friend', userId }
  return groupId === undefined ? { kind: 'stranger', userId } : { kind: 'temp', userId, groupId }
}

/** Nodes in a plain send are a forward; what is written on its outside stands beside the message then. */
function readSend(params: WireObject, context: ActionContext, wanted: Wanted): Action[] {
  const peer = readPeer(params, context, wanted)
  const message = params['message'] ?? params['messages'] ?? missing('message')
  const segments = parseMessage(message, { autoEscape: isAutoEscape(params['auto_escape']) })
  if (segments.length === 0) throw new BridgeError('badParameter', 'message is empty')
  return [
    sendAction(
      peer,
      segments.map((segment) => withCardTexts(segment, params)),
    ),
  ]
}

function withCardTexts(segment: Segment, params: WireObject): Segment {
  return segment.type === 'forward' && segment.nodes ? { ...readCardTexts(params), ...segment } : segment
}

function readForward(params: WireObject, context: ActionContext, wanted: Wanted): Action[] {
  const peer = readPeer(params, context, wanted)
  return [sendAction(peer, parseForwardMessage(params['messages'] ?? params['message'], params))]
}

function sendAction(peer: Peer, segments: Segment[]): Action {
  return { name: 'message.send', params: { peer, segments } }
}

/** message_seq is a message id, as NapCat takes it and as this server writes it; 0 or absent: from the newest. */
function readHistory(params: WireObject, context: ActionContext, wanted: Wanted): Action[] {
  const peer = readPeer(wanted === 'private' ? { user_id: params['user_id'] } : params, context, wanted)
  const from = toInteger(params['message_seq'] ?? params['message_id']) ?? 0
  const before = from === 0 ? undefined : (toMessageId(from) ?? invalid('message_seq', 'a message id'))
  const count = isAbsent(params['count']) ? 20 : toInteger(params['count'])
  if (count === undefined || count < 1) return invalid('count', 'a positive number')
  return [{ name: 'message.history', params: withoutAbsent({ peer, count, before }) }]
}

function readRepeat(params: WireObject, context: ActionContext, wanted: Wanted): Action[] {
  return [
    { name: 'message.repeat', params: { messageId: messageIdOf(params), peer: readPeer(params, context, wanted) } },
  ]
}

function readMark(params: WireObject, context: ActionContext): Action[] {
  if (isAbsent(params['message_id'])) {
    return [{ name: 'message.markRead', params: { peer: readPeer(params, context, undefined) } }]
  }
  const messageId = messageIdOf(params)
  const peer = context.peerOf(messageId)
  if (!peer) throw new BridgeError('notFound', `no such message: ${messageId}`)
  return [{ name: 'message.markRead', params: { peer } }]
}

/** By the message, or by the three numbers that QQ knows it by: these mean something to an implementation only. */
function readEssenceOff(params: WireObject): Action[] {
  const numbers = ['msg_seq', 'msg_random', 'group_id'].every((name) => !isAbsent(params[name]))
  if (isAbsent(params['message_id']) && numbers) {
    return [{ name: 'raw', params: { dialect: dialectName, name: 'delete_essence_msg', params } }]
  }
  return [{ name: 'group.essence.set', params: { messageId: messageIdOf(params), on: false } }]
}

/** With group_id it is a poke in the group. The target is user_id unless target_id says otherwise. */
function readPoke(params: WireObject, context: ActionContext): Action[] {
  const onlyTarget = isAbsent(params['user_id']) && !isAbsent(params['target_id'])
  const userId = account(params, onlyTarget ? 'target_id' : 'user_id')
  const targetId = isAbsent(params['target_id']) ? userId : account(params, 'target_id')
  const groupId = optionalGroup(params)
  const peer: Peer =
    groupId === undefined ? readPeer({ user_id: userId }, context, 'private') : { kind: 'group', groupId }
  return [{ name: 'nudge.send', params: { peer, targetId } }]
}

/** A flag that this bridge never gave out names no request. */
function readAnswer(params: WireObject): { requestId: RequestId; approve: boolean } {
  const flag = textOf(params['flag']) ?? missing('flag')
  const requestId = toRequestId(flag)
  if (requestId === undefined) throw new BridgeError('notFound', `no such request: flag ${flag.slice(0, 40)}`)
  return { requestId, approve: flagOf(params, 'approve') ?? true }
}

function readKicks(params: WireObject): Action[] {
  const groupId = groupOf(params)
  const given = params['user_id'] ?? params['user_ids'] ?? missing('user_id')
  const block = flagOf(params, 'reject_add_request')
  return (Array.isArray(given) ? given : [given]).map((value) => {
    const userId = toUserId(value) ?? invalid('user_id', 'a list of account numbers')
    return { name: 'group.member.kick', params: withoutAbsent({ groupId, userId, block }) }
  })
}
