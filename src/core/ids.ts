// Branded ids. Only the module that made an id may look inside it; every other module passes it on.
import * as v from 'valibot'

const accountNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** A QQ account number, bots included. */
export const UserId = v.pipe(accountNumber, v.brand('UserId'))
export type UserId = v.InferOutput<typeof UserId>

/** A QQ group number. */
export const GroupId = v.pipe(accountNumber, v.brand('GroupId'))
export type GroupId = v.InferOutput<typeof GroupId>

/** Bridge id of a message: a non-zero signed 32-bit integer, unique per bot, made by `state/messages`. */
export const MessageId = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(-2147483648),
  v.maxValue(2147483647),
  v.notValue(0),
  v.brand('MessageId'),
)
export type MessageId = v.InferOutput<typeof MessageId>

/** Bridge id of a friend or group request: mah's eventId as it is, OneBot's flag as its decimal text. Made by `state/requests`. */
export const RequestId = v.pipe(accountNumber, v.brand('RequestId'))
export type RequestId = v.InferOutput<typeof RequestId>

/** Bridge handle of an image, voice or video: 32 upper-case hex digits, a dot, an extension. Made by `state/media`. */
export const MediaId = v.pipe(v.string(), v.regex(/^[0-9A-F]{32}\.[A-Za-z0-9]{1,8}$/), v.brand('MediaId'))
export type MediaId = v.InferOutput<typeof MediaId>

/** Where a message lives. `temp` is a private chat with a group member who is not a friend. */
export const Peer = v.variant('kind', [
  v.object({ kind: v.literal('group'), groupId: GroupId }),
  v.object({ kind: v.literal('friend'), userId: UserId }),
  v.object({ kind: v.literal('temp'), userId: UserId, groupId: v.optional(GroupId) }),
  v.object({ kind: v.literal('stranger'), userId: UserId }),
])
export type Peer = v.InferOutput<typeof Peer>

/** The number that names the conversation: the group, or the other person. */
export function peerId(peer: Peer): GroupId | UserId {
  return peer.kind === 'group' ? peer.groupId : peer.userId
}

/** One key per conversation: a group and a person with the same number stay apart, the kinds of private chat do not. */
export function peerKey(peer: Peer): string {
  return peer.kind === 'group' ? `g${peer.groupId}` : `u${peer.userId}`
}
