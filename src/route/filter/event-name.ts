// What an event is called in either dialect, its subtype included. Messages are named without being printed.
import type { BridgeEvent, MessageEvent } from '../../core/event.ts'
import type { View } from '../../core/ports.ts'
import { toText, type WireObject } from '../../core/read.ts'
import { printEvent as printMirai } from '../../dialect/mirai/index.ts'
import { printEvent as printOneBot } from '../../dialect/onebot11/event-print.ts'

/** `notice.group_ban.lift_ban`. undefined: OneBot has no such event. */
export function onebotNameOf(event: BridgeEvent, view: View): string | undefined {
  if (event.type === 'message') return onebotMessageName(event)
  const wire = printOneBot(event, { view, format: 'array' })
  return wire && nameIn(wire)
}

/** `MemberUnmuteEvent`. undefined: mah has no such event. */
export function miraiNameOf(event: BridgeEvent, view: View): string | undefined {
  if (event.type === 'message') return miraiMessageName(event)
  return toText(printMirai(event, { view, loss: () => {} })?.body['type'])
}

/** Post type, its own type, subtype: as far as they are there. */
function nameIn(wire: WireObject): string {
  const post = toText(wire['post_type']) ?? ''
  return [post, wire[`${post}_type`], wire['sub_type']].filter((part) => typeof part === 'string').join('.')
}

const privateKinds = { friend: 'friend', temp: 'group', stranger: 'other' } as const

function onebotMessageName({ origin, message: { peer }, anonymous }: MessageEvent): string {
  const post = origin === 'received' ? 'message' : 'message_sent'
  if (peer.kind === 'group') return `${post}.group.${anonymous ? 'anonymous' : 'normal'}`
  return `${post}.private.${privateKinds[peer.kind]}`
}

const places = { group: 'Group', friend: 'Friend', temp: 'Temp', stranger: 'Stranger' } as const

/** mah reports nothing of what the bridge itself sends. */
function miraiMessageName({ origin, message: { peer } }: MessageEvent): string | undefined {
  if (origin === 'self') return undefined
  return `${places[peer.kind]}${origin === 'sync' ? 'Sync' : ''}Message`
}
