// Everything that a client can ask for: `resource.verb`, with the shape of its parameters and of its result.
// Dialect grammars build parameters that already fit; untrusted callers go through `parseAction`.
import * as v from 'valibot'
import { Friend, Group, GroupConfig, Member, Profile } from './contact.ts'
import { BridgeError } from './error.ts'
import { GroupId, MessageId, Peer, RequestId, UserId } from './ids.ts'
import { Message } from './message.ts'
import { ForwardNode, Segment } from './segment.ts'

const none = v.object({})
const flag = v.optional(v.boolean())
/** Bypass the caches. */
const fresh = { fresh: flag }
const inGroup = { groupId: GroupId }
const ofMember = { groupId: GroupId, userId: UserId }

function define<P extends v.GenericSchema, R extends v.GenericSchema>(params: P, result: R) {
  return { params, result }
}

export const actions = {
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
  'message.markRead': define(v.object({ peer: v.optional(Peer) }), none),
  /** The avatar nudge (戳一戳). The peer says where. */
  'nudge.send': define(v.object({ peer: Peer, targetId: UserId }), none),

  'bot.info': define(none, Profile),
  'user.profile': define(v.object({ userId: UserId, ...fresh }), Profile),

  'friend.list': define(v.object(fresh), v.array(Friend)),
  'friend.delete': define(v.object({ userId: UserId }), none),

  /** `block`: and never ask again. */
  'request.friend.answer': define(
    v.object({ requestId: RequestId, approve: v.boolean(), remark: v.optional(v.string()), block: flag }),
    none,
  ),
  /** Both kinds: someone asks to join, or the bot is invited. `ignore`: settle it without an answer. */
  'request.group.answer': define(
    v.object({
      requestId: RequestId,
      approve: v.boolean(),
      ignore: flag,
      reason: v.optional(v.string()),
      block: flag,
    }),
    none,
  ),

  'group.list': define(v.object(fresh), v.array(Group)),
  'group.get': define(v.object({ ...inGroup, ...fresh }), Group),
  'group.leave': define(v.object({ ...inGroup, dismiss: flag }), none),
  'group.muteAll': define(v.object({ ...inGroup, on: v.boolean() }), none),
  'group.config.get': define(v.object(inGroup), GroupConfig),
  /** Only the keys that are given change. */
  'group.config.set': define(v.object({ ...inGroup, ...v.partial(GroupConfig).entries }), none),

  /** The bot itself included. */
  'group.member.list': define(v.object({ ...inGroup, ...fresh }), v.array(Member)),
  'group.member.get': define(v.object({ ...ofMember, ...fresh }), Member),
  'group.member.kick': define(v.object({ ...ofMember, block: flag, message: v.optional(v.string()) }), none),
  /** 0 lifts the mute. */
  'group.member.mute': define(v.object({ ...ofMember, durationSeconds: v.number() }), none),
  'group.member.admin': define(v.object({ ...ofMember, on: v.boolean() }), none),
  'group.member.card': define(v.object({ ...ofMember, card: v.string() }), none),
  /** durationSeconds absent or negative: for ever. */
  'group.member.title': define(
    v.object({ ...ofMember, title: v.string(), durationSeconds: v.optional(v.number()) }),
    none,
  ),
  'group.essence.set': define(v.object({ messageId: MessageId, on: v.boolean() }), none),

  /** What has no canonical form. Passed through to a backend of the same dialect, refused by any other. */
  raw: define(
    v.object({ dialect: v.string(), name: v.string(), params: v.record(v.string(), v.unknown()) }),
    v.unknown(),
  ),
} as const

export type ActionName = keyof typeof actions
export type Params<N extends ActionName> = v.InferOutput<(typeof actions)[N]['params']>
export type Result<N extends ActionName> = v.InferOutput<(typeof actions)[N]['result']>
export type ActionOf<N extends ActionName> = { [K in N]: { name: K; params: Params<K> } }[N]
export type Action = ActionOf<ActionName>

export const actionNames = Object.keys(actions) as ActionName[]

/** An action from an untrusted caller (library, shell). Throws `unknownAction` or `badParameter` with the dotted path. */
export function parseAction(name: string, params: unknown): Action {
  if (!Object.hasOwn(actions, name)) throw new BridgeError('unknownAction', `no such action: ${name}`)
  const result = v.safeParse(actions[name as ActionName].params, params ?? {})
  if (result.success) return { name, params: result.output } as Action
  const issue = result.issues[0]
  throw new BridgeError('badParameter', `${name}: ${v.getDotPath(issue) ?? 'params'}: ${issue.message}`)
}
