// Messages and what happens to them.
import * as v from 'valibot'
import { MessageId, Peer, UserId } from '../ids.ts'
import { Message } from '../message.ts'
import { ForwardNode, Segment } from '../segment.ts'
import { define, none } from './define.ts'

export const messageActions = {
  /** A reply segment quotes. A forward segment with nodes is a merged forward. */
  'message.send': define(
    v.object({ peer: Peer, segments: v.array(Segment) }),
    v.object({ messageId: MessageId, forwardId: v.optional(v.string()) }),
  ),
  'message.recall': define(v.object({ messageId: MessageId }), none),
  'message.get': define(v.object({ messageId: MessageId }), Message),
  /** Oldest first. `before` leaves out that message and all later ones. Times are Unix seconds, both inclusive. */
  'message.history': define(
    v.object({
      peer: Peer,
      count: v.optional(v.number()),
      before: v.optional(MessageId),
      timeStart: v.optional(v.number()),
      timeEnd: v.optional(v.number()),
    }),
    v.object({ messages: v.array(Message) }),
  ),
  /** `id`: a forward id, or the decimal text of the id of the message that holds the forward. */
  'message.forward.get': define(v.object({ id: v.string() }), v.object({ nodes: v.array(ForwardNode) })),
  /** Sends a message that exists once more, to another conversation. */
  'message.repeat': define(v.object({ messageId: MessageId, peer: Peer }), v.object({ messageId: MessageId })),
  /** Without a peer: everything. */
  'message.markRead': define(v.object({ peer: v.optional(Peer) }), none),
  /** The avatar nudge (戳一戳). The peer says where. */
  'nudge.send': define(v.object({ peer: Peer, targetId: UserId }), none),
  /** Conversations, the latest first, each with its last message. */
  'message.recent': define(v.object({ count: v.optional(v.number()) }), v.array(Message)),
  /** A reaction (贴表情) of the bot, put on or taken off. */
  'message.react': define(v.object({ messageId: MessageId, emojiId: v.string(), on: v.boolean() }), none),
  /** Who reacted with this emoji. */
  'message.reactions': define(
    v.object({ messageId: MessageId, emojiId: v.string(), count: v.optional(v.number()) }),
    v.array(v.object({ userId: UserId, nickname: v.string() })),
  ),
  /** Tells the other person that the bot is typing, or no longer. */
  'typing.set': define(v.object({ userId: UserId, on: v.boolean() }), none),
  /** Where the bytes of a received medium or of a file are. `id`: a MediaId, or the backend's own handle. */
  'media.get': define(
    v.object({ kind: v.picklist(['image', 'voice', 'video', 'file']), id: v.string(), format: v.optional(v.string()) }),
    v.object({
      url: v.optional(v.string()),
      /** A path on the backend's machine. */
      path: v.optional(v.string()),
      name: v.optional(v.string()),
      sizeBytes: v.optional(v.number()),
      base64: v.optional(v.string()),
    }),
  ),
}
