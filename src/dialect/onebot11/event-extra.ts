// Members of a backend's event that the canonical form has no place for: kept beside it, for clients of the same dialect.
import type { BridgeEvent } from '../../core/event.ts'
import type { WireObject } from '../../core/read.ts'
import { dialectName } from './wire.ts'

/** What the canonical events hold, or what would mean something else to a client. */
const held = new Set([
  ...['time', 'self_id', 'post_type', 'message_type', 'notice_type', 'request_type', 'meta_event_type', 'sub_type'],
  ...['message_id', 'message_seq', 'real_id', 'real_seq', 'message', 'raw_message', 'message_format', 'font'],
  ...['message_sent_type', 'user_id', 'group_id', 'group_name', 'target_id', 'operator_id', 'sender_id', 'sender'],
  ...['anonymous', 'temp_source', 'file', 'duration', 'card_new', 'card_old', 'honor_type', 'title', 'name_new'],
  ...['times', 'operator_nick', 'likes', 'is_add', 'code', 'count', 'action', 'suffix', 'event_type', 'status_text'],
  ...['flag', 'comment', 'invitor_id', 'tag', 'online', 'client', 'echo', '__proto__'],
])

/** The event with what else the backend said. The same one when there is nothing else. */
export function withExtra<E extends BridgeEvent>(event: E, wire: WireObject): E {
  if (event.type === 'raw') return event
  let members: WireObject | undefined
  for (const name of Object.keys(wire)) {
    if (!held.has(name)) (members ??= {})[name] = wire[name]
  }
  return members ? { ...event, extra: { dialect: dialectName, members } } : event
}

/** The printed event and, behind its own members, those that came with it. */
export function printExtra({ extra }: BridgeEvent, wire: WireObject): WireObject {
  if (extra?.dialect !== dialectName) return wire
  const more = Object.entries(extra.members).filter(([name]) => !Object.hasOwn(wire, name))
  return { ...wire, ...Object.fromEntries(more) }
}
