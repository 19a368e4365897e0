// A message as it stands in a conversation.
import * as v from 'valibot'
import { Role, Sex } from './contact.ts'
import { Extra } from './extra.ts'
import { MessageId, Peer, UserId } from './ids.ts'
import { Segment } from './segment.ts'

/** Who wrote a message, as far as the backend said it. The directory knows the rest. */
export const Sender = v.object({
  userId: UserId,
  nickname: v.string(),
  card: v.optional(v.string()),
  remark: v.optional(v.string()),
  role: v.optional(Role),
  title: v.optional(v.string()),
  sex: v.optional(Sex),
  age: v.optional(v.number()),
  level: v.optional(v.string()),
  extra: v.optional(Extra),
})
export type Sender = v.InferOutput<typeof Sender>

export const Message = v.object({
  id: MessageId,
  peer: Peer,
  /** Unix seconds. */
  time: v.number(),
  sender: Sender,
  segments: v.array(Segment),
  /** Sequence number inside the conversation, when the backend has one. */
  seq: v.optional(v.number()),
  extra: v.optional(Extra),
})
export type Message = v.InferOutput<typeof Message>
