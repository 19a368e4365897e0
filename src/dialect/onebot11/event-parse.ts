// Events of OneBot backends as canonical ones. What has no canonical form stays `raw` with its payload untouched.
import type { BridgeEvent, MessageEvent } from '../../core/event.ts'
import { restOf, type Extra } from '../../core/extra.ts'
import type { Message, Sender } from '../../core/message.ts'
import { Role, Sex } from '../../core/contact.ts'
import type { GroupId, Peer, UserId } from '../../core/ids.ts'
import {
  nowSeconds,
  toBoolean,
  toGroupId,
  toInteger,
  toObject,
  toText,
  toUserId,
  type WireObject,
} from '../../core/read.ts'
import { fromMessage } from './message.ts'
import { noticeParsers } from './notice-parse.ts'
import type { EventReader } from './notice-reader.ts'
import { messageExtra, senderExtra } from './segment-extra.ts'
import { textOf, withoutAbsent } from './segment-parse.ts'
import { dialectName, type EventIds } from './wire.ts'

/** undefined: a meta event, or no event at all. */
export function parseEvent(wire: WireObject, ids: EventIds): BridgeEvent | undefined {
  const bot = toUserId(wire['self_id'])
  const postType = wire['post_type']
  if (bot === undefined || typeof postType !== 'string') return undefined
  if (postType === 'meta_event' && !isOddMeta(wire)) return undefined
  const reader: EventReader = { wire, bot, time: toSeconds(wire['time']), ids }
  const known = parseKnown(postType, reader)
  return known ?? (isBroken(postType, wire) ? undefined : toRaw(postType, reader))
}

/** What only its backend knows the meaning of: heartbeats and greetings are the bridge's own. */
export function isOddMeta({ meta_event_type: type }: WireObject): boolean {
  return typeof type === 'string' && type !== 'heartbeat' && type !== 'lifecycle'
}

/** A private or group message that could not be read is garbage; other kinds, of guilds for one, are merely unknown. */
function isBroken(postType: string, { message_type: type }: WireObject): boolean {
  return postType.startsWith('message') && (type === 'group' || type === 'private')
}

/** The name by which raw events are told apart: notice.flash_file.downloaded. */
function toRaw(postType: string, { wire, bot, time }: EventReader): BridgeEvent {
  const parts = [postType, wire[`${postType}_type`] ?? wire['message_type'], wire['sub_type']]
  const name = parts.filter((part) => typeof part === 'string' && part !== '').join('.')
  const { echo: _echo, ...payload } = wire
  return { type: 'raw', bot, time, dialect: dialectName, name, payload: 'echo' in wire ? payload : wire }
}

function parseKnown(postType: string, reader: EventReader): BridgeEvent | undefined {
  if (postType === 'message' || postType === 'message_sent') {
    return isSystemTip(reader.wire) ? toRaw(postType, reader) : parseMessageEvent(reader)
  }
  if (postType === 'request') return parseRequest(reader)
  if (postType !== 'notice') return undefined
  const { notice_type: type, sub_type: subType } = reader.wire
  return noticeParsers.get(type === 'notify' ? `notify.${toText(subType) ?? ''}` : (toText(type) ?? ''))?.(reader)
}

/** The standard's sub_type for what QQ itself says in a group: nobody wrote it. */
function isSystemTip(wire: WireObject): boolean {
  return wire['message_type'] === 'group' && wire['sub_type'] === 'notice'
}

/** NapCat falls back to milliseconds when the server's time is missing. */
function toSeconds(value: unknown): number {
  const time = toInteger(value) ?? 0
  if (time <= 0) return nowSeconds()
  return time > 100_000_000_000 ? Math.floor(time / 1000) : time
}

/** The account's own messages are `sync`: only the adapter knows which of them the bridge itself sent. */
function parseMessageEvent(reader: EventReader): BridgeEvent | undefined {
  const message = parseMessageDetail(reader.wire, reader.bot, reader.ids)
  if (!message) return undefined
  const own = reader.wire['post_type'] === 'message_sent' || message.sender.userId === reader.bot
  const event: MessageEvent = {
    type: 'message',
    bot: reader.bot,
    time: reader.time,
    origin: own ? 'sync' : 'received',
    message,
  }
  const groupName = textOf(reader.wire['group_name'])
  if (groupName !== undefined) event.groupName = groupName
  const anonymous = parseAnonymous(reader.wire['anonymous'])
  if (anonymous) event.anonymous = anonymous
  return event
}

function parseAnonymous(value: unknown): { id: number; name: string; flag: string } | undefined {
  const wire = toObject(value)
  const id = toInteger(wire?.['id'])
  if (!wire || id === undefined) return undefined
  return { id, name: toText(wire['name']) ?? '', flag: toText(wire['flag']) ?? '' }
}

/** An event, an answer of get_msg or an entry of a history. undefined when ids are missing. */
export function parseMessageDetail(wire: WireObject, bot: UserId, ids: EventIds): Message | undefined {
  const from = toObject(wire['sender']) ?? {}
  const userId = toUserId(wire['user_id']) ?? toUserId(from['user_id'])
  const native = textOf(wire['message_id'])
  if (userId === undefined || native === undefined) return undefined
  const peer = parsePeer(wire, bot, userId)
  if (!peer) return undefined
  const sender = parseSender(from, userId)
  const time = toSeconds(wire['time'])
  const segments = fromMessage(wire['message'] ?? wire['raw_message'] ?? '', peer, ids)
  const content: Omit<Message, 'id' | 'peer'> = { sender, time, segments }
  const seq = parseSeq(wire)
  if (seq !== undefined) content.seq = seq
  const extra = messageExtra(wire)
  if (extra) content.extra = extra
  const id = ids.received({ native, peer }, content)
  const message: Message = { id, peer, sender, time, segments }
  if (seq !== undefined) message.seq = seq
  if (extra) message.extra = extra
  return message
}

/** NapCat puts the true number into real_seq; the others into message_seq. */
function parseSeq(wire: WireObject): number | undefined {
  const real = toInteger(wire['real_seq'])
  if (real !== undefined) return real
  return wire['message_seq'] === wire['message_id'] ? undefined : toInteger(wire['message_seq'])
}

/** Under this number QQ reports messages of people who are neither friends nor met in a group. */
const noGroup = 284840486

function parsePeer(wire: WireObject, bot: UserId, author: UserId): Peer | undefined {
  const type = wire['message_type']
  const groupId = toGroupId(wire['group_id'])
  if (type === 'group' || (type === undefined && groupId !== undefined)) {
    return groupId === undefined ? undefined : { kind: 'group', groupId }
  }
  if (type !== undefined && type !== 'private') return undefined
  const other = author === bot ? (toUserId(wire['target_id']) ?? author) : author
  const via = groupId ?? toGroupId(toObject(wire['sender'])?.['group_id'])
  if (via === noGroup) return { kind: 'stranger', userId: other }
  if (wire['sub_type'] === 'group' || toInteger(wire['temp_source']) === 0) {
    return withoutAbsent({ kind: 'temp' as const, userId: other, groupId: via })
  }
  return { kind: wire['sub_type'] === 'other' ? 'stranger' : 'friend', userId: other }
}

const roles = new Set<unknown>(Role.options)
const knownSexes = new Set<unknown>(Sex.options.filter((option) => option !== 'unknown'))

/** Member by member: this is done with every message, and copying what is there costs as much as all of it. */
function parseSender(from: WireObject, userId: UserId): Sender {
  const sender: Sender = { userId, nickname: toText(from['nickname']) ?? '' }
  const card = toText(from['card'])
  if (card !== undefined) sender.card = card
  const remark = textOf(from['remark'])
  if (remark !== undefined) sender.remark = remark
  if (roles.has(from['role'])) sender.role = from['role'] as Sender['role']
  const title = textOf(from['title'])
  if (title !== undefined) sender.title = title
  if (knownSexes.has(from['sex'])) sender.sex = from['sex'] as Sender['sex']
  const age = toInteger(from['age'])
  if (age) sender.age = age
  const level = textOf(from['level'])
  if (level !== undefined) sender.level = level
  const extra = senderExtra(from)
  if (extra) sender.extra = extra
  return sender
}

function parseRequest({ wire, bot, time, ids }: EventReader): BridgeEvent | undefined {
  const userId = toUserId(wire['user_id'])
  const native = textOf(wire['flag'])
  if (userId === undefined || native === undefined) return undefined
  const comment = toText(wire['comment']) ?? ''
  if (wire['request_type'] === 'friend') {
    return {
      type: 'request.friend',
      bot,
      time,
      requestId: ids.request({ kind: 'friend', native, userId, time }),
      userId,
      comment,
    }
  }
  const groupId: GroupId | undefined = toGroupId(wire['group_id'])
  if (wire['request_type'] !== 'group' || groupId === undefined) return undefined
  const kind = wire['sub_type'] === 'invite' ? ('invite' as const) : ('join' as const)
  return withoutAbsent({
    type: 'request.group' as const,
    bot,
    time,
    kind,
    requestId: ids.request({ kind, native, userId, groupId, time }),
    groupId,
    groupName: textOf(wire['group_name']),
    userId,
    comment,
    invitorId: toUserId(wire['invitor_id']),
  })
}

/** `status.online` of a heartbeat or of get_status; unknown counts as online. undefined: not a heartbeat. */
export function parseHeartbeat(wire: WireObject): (Health & { intervalMs: number | undefined }) | undefined {
  if (wire['meta_event_type'] !== 'heartbeat') return undefined
  const { online = true, extra } = parseHealth(wire['status'])
  return { online, extra, intervalMs: toInteger(wire['interval']) }
}

export interface Health {
  online: boolean
  extra: Extra | undefined
}

/** `status` of a heartbeat, or the answer of get_status. */
export function parseHealth(status: unknown): Omit<Health, 'online'> & { online: boolean | undefined } {
  const wire = toObject(status) ?? {}
  const members = restOf(wire, (name) => name === 'online' || name === 'good')
  return { online: toBoolean(wire['online']), extra: members && { dialect: dialectName, members } }
}
