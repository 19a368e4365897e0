// What requests to a OneBot backend are made of.
import type { Peer, RequestId } from '../../core/ids.ts'
import type { RequestRecord } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import { withoutAbsent } from './segment-parse.ts'
import type { SendIds } from './wire.ts'

export interface RequestIds extends SendIds {
  /** What the backend called a request. May throw `notFound`. */
  request(id: RequestId): RequestRecord
}

export interface OneBotRequest {
  action: string
  params: WireObject
}

/** In front of the flag of a friend request that QQ filtered: it is answered by another action. */
export const filteredMark = 'filtered:'

/** Numbers go out as numbers, which every implementation reads; longer ids stay text. */
export function toWireId(native: string): number | string {
  const number = Number(native)
  return native !== '' && Number.isSafeInteger(number) && String(number) === native ? number : native
}

/** A group, or a person; `group_id` beside a person makes it a temporary session. */
export function printPeer(peer: Peer): WireObject {
  if (peer.kind === 'group') return { group_id: peer.groupId }
  return withoutAbsent({ user_id: peer.userId, group_id: peer.kind === 'temp' ? peer.groupId : undefined })
}
