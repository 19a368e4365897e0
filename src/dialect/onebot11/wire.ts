// Shapes of the OneBot 11 wire that several parts of the grammar share.
import type { Extra } from '../../core/extra.ts'
import type { MessageId, Peer, RequestId } from '../../core/ids.ts'
import type { NativeMessage, MediaSource, RequestRecord } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import type { MediaSegment, Segment } from '../../core/segment.ts'
import type { Sender } from '../../core/message.ts'

export const dialectName = 'onebot11'

export interface WireSegment {
  type: string
  data: WireObject
}

export type MessageFormat = 'array' | 'string'

/** A medium as a backend names it. */
interface ReceivedMedium {
  kind: MediaSegment['type']
  native: string
  url?: string | undefined
  name?: string | undefined
  sizeBytes?: number | undefined
}

/** What reading a backend's messages needs: the bridge's own ids for the backend's. */
export interface ReceiveIds {
  /** Bridge id of a message that is named, quoted for instance. undefined: leave it out. */
  message(native: string, peer: Peer): MessageId | undefined
  /** Bridge handle of a medium. */
  media(medium: ReceivedMedium): string
}

/** What reading a backend's events and answers needs on top. */
export interface EventIds extends ReceiveIds {
  /** Bridge id of a message that came with its content. */
  received(native: NativeMessage, content: ReceivedContent): MessageId
  request(record: RequestRecord): RequestId
}

interface ReceivedContent {
  sender: Sender
  time: number
  segments: Segment[]
  seq?: number | undefined
  extra?: Extra | undefined
}

/** What printing for a backend needs: the backend's ids for the bridge's own. Both may throw `notFound`. */
export interface SendIds {
  message(id: MessageId): string
  source(segment: MediaSegment): MediaSource
}
