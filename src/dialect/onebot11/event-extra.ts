// Members of a backend's event that the canonical form has no place for: kept beside it, for clients of the same dialect.
// Those of messages stay with the message, see segment-extra.
import type { BridgeEvent } from '../../core/event.ts'
import { restOf } from '../../core/extra.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import { withMembers } from './segment-extra.ts'
import { dialectName } from './wire.ts'

/** Held by every event, or ids that mean nothing to a client. */
const common = [
  ...['time', 'self_id', 'post_type', 'notice_type', 'request_type', 'meta_event_type', 'sub_type', 'echo'],
  ...['message_id', 'real_id', 'flag', 'group_id', 'user_id', 'operator_id', 'target_id'],
]

const names = ['name_new', 'name']
const reactions = ['likes', 'is_add', 'code', 'count']

/** What an event holds beyond that, by notice_type, by sub_type of a notify, or by post_type. */
const held = new Map<string, ReadonlySet<string>>(
  Object.entries({
    group_ban: ['duration'],
    group_card: ['card_new', 'card_old'],
    group_msg_emoji_like: reactions,
    reaction: reactions,
    honor: ['honor_type'],
    title: ['title'],
    group_name: names,
    group_name_change: names,
    poke: ['sender_id', 'action', 'suffix'],
    essence: ['sender_id'],
    input_status: ['event_type', 'status_text'],
    profile_like: ['times', 'operator_nick'],
    bot_offline: ['tag', 'message'],
    client_status: ['online'],
    request: ['comment', 'invitor_id'],
  }).map(([type, own]) => [type, new Set([...common, ...own])]),
)
const heldByAll: ReadonlySet<string> = new Set(common)

/** Members that are objects, and what is held of them. */
const inside = new Map<string, ReadonlySet<string>>([
  ['file', new Set(['id', 'name', 'size', 'busid', 'url'])],
  ['client', new Set(['app_id', 'device_name', 'device_kind'])],
])

function heldBy({ post_type: postType, notice_type: type, sub_type: subType }: WireObject): ReadonlySet<string> {
  const key = postType === 'request' ? 'request' : type === 'notify' ? subType : type
  return held.get(String(key)) ?? heldByAll
}

/** The event with what else the backend said. The same one when there is nothing else. */
export function withExtra<E extends BridgeEvent>(event: E, wire: WireObject): E {
  if (event.type === 'raw' || event.type === 'message') return event
  const own = heldBy(wire)
  let members = restOf(wire, (name) => own.has(name) || isWhole(name, wire[name]))
  for (const [name, parts] of inside) {
    const whole = members && toObject(members[name])
    const rest = whole && restOf(whole, (part) => parts.has(part))
    if (rest) members = { ...members, [name]: rest }
  }
  return members ? { ...event, extra: { dialect: dialectName, members } } : event
}

/** An object of which everything is held. */
function isWhole(name: string, value: unknown): boolean {
  const parts = inside.get(name)
  const whole = parts && toObject(value)
  return whole !== undefined && restOf(whole, (part) => parts?.has(part) === true) === undefined
}

/** The printed event and, behind its own members, those that came with it. */
export function printExtra({ extra }: BridgeEvent, wire: WireObject): WireObject {
  if (extra?.dialect !== dialectName) return wire
  const out = withMembers(extra, wire)
  for (const name of inside.keys()) {
    const printed = toObject(wire[name])
    const rest = toObject(extra.members[name])
    if (printed && rest) out[name] = { ...rest, ...printed }
  }
  return out
}
