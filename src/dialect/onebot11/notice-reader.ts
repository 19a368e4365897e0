// What the readers of notices share.
import type { BridgeEvent } from '../../core/event.ts'
import type { MessageId, Peer, UserId } from '../../core/ids.ts'
import type { WireObject } from '../../core/read.ts'
import { textOf } from './segment-parse.ts'
import type { EventIds } from './wire.ts'

export interface EventReader {
  wire: WireObject
  bot: UserId
  /** Unix seconds. */
  time: number
  ids: EventIds
}

/** undefined: what it says cannot be read, so it stays raw. */
export type NoticeParser = (reader: EventReader) => BridgeEvent | undefined

/** 0 is no message. */
export function messageNamed(wire: WireObject, peer: Peer, ids: EventIds): MessageId | undefined {
  const native = textOf(wire['message_id'])
  return native === undefined || native === '0' ? undefined : ids.message(native, peer)
}
