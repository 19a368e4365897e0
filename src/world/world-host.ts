// What connects a world to its bots: where media are kept, and under which ids bots know messages and requests.
import type { MessageId, UserId } from '../core/ids.ts'
import type { MediaSegment, Segment } from '../core/segment.ts'
import { keepAsGiven } from './env.ts'
import type { WorldMessage } from './state.ts'

export interface WorldHost {
  /** Keeps the bytes of a medium and returns how receivers see it. Throws a BridgeError for one that cannot be had. */
  keepMedia(segment: MediaSegment): MediaSegment
  /** The id under which this bot knows, or will know, a message that it can see. */
  toMessageId(bot: UserId, message: WorldMessage): MessageId
  /** undefined for an id that this bot never saw. */
  toWorldId(bot: UserId, id: MessageId): number | undefined
  /** Content as it was kept, with the addresses of now: a restart may have changed the port. */
  freshen(segments: Segment[]): Segment[]
  /** The text by which this bot answers a request. */
  toFlag(bot: UserId, flag: string): string
}

/** A world on its own: its ids are the ids. */
export const unconnected: WorldHost = {
  keepMedia: keepAsGiven,
  toMessageId: (_bot, message) => message.id as MessageId,
  toWorldId: (_bot, id) => id,
  freshen: (segments) => segments,
  toFlag: (_bot, flag) => flag,
}
