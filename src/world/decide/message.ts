// Saying, taking back, reading, and what is done to messages.
import { BridgeError } from '../../core/error.ts'
import type { MessageId, Peer, UserId } from '../../core/ids.ts'
import type { Segment, SegmentOf } from '../../core/segment.ts'
import { type Env, secondsOf } from '../env.ts'
import type { Happening, MessageHappening } from '../happening.ts'
import {
  accountOf,
  atAllLeft,
  chatWith,
  groupMessageFor,
  isAbove,
  keyOfPeer,
  memberOf,
  messageFor,
  requireRank,
  requireVoice,
  groupOf,
} from '../look.ts'
import { type Chat, chatKey, type Device, type WorldMessage, type WorldState } from '../state.ts'
import { compose } from './content.ts'
import { toStoredFile } from './file.ts'

/** How long members can take back what they said. */
const recallSeconds = 120

export interface Saying {
  senderId: UserId
  to: Peer
  segments: readonly Segment[]
  /** World id of the message that is answered. */
  quote?: number | undefined
  device: Device
}

export function say(state: WorldState, env: Env, saying: Saying): [MessageHappening, ...Happening[]] {
  const { senderId, device } = saying
  accountOf(state, senderId)
  const chat = chatWith(state, senderId, saying.to)
  const time = secondsOf(env)
  requireSpeaker(state, chat, senderId, time)
  const messageId = freeMessageId(state)
  const quote: Segment[] = saying.quote === undefined ? [] : [{ type: 'reply', messageId: saying.quote as MessageId }]
  if (saying.segments.some(({ type }) => type === 'mentionAll')) requireAtAll(state, { chat, senderId, time })
  const segments = compose({ state, env, senderId, chat, messageId }, [...quote, ...saying.segments])
  const seq = (state.conversations.get(chatKey(chat))?.length ?? 0) + 1
  const message: WorldMessage = { id: messageId, chat, seq, time, senderId, device, segments }
  return [{ type: 'message', time, message }, ...filesOf(message, saying.segments)]
}

function requireSpeaker(state: WorldState, chat: Chat, senderId: UserId, now: number): void {
  if (chat.kind !== 'group') return
  const group = groupOf(state, chat.groupId)
  requireVoice(group, memberOf(group, senderId), now)
}

/**
 * @全体成员 of a bot takes an admin, and is possible some times a day. People of the world are played by tests, which may
 * always want to show one to a bot. In private it is but text.
 */
function requireAtAll(
  state: WorldState,
  { chat, senderId, time }: { chat: Chat; senderId: UserId; time: number },
): void {
  if (chat.kind !== 'group') return
  const account = accountOf(state, senderId)
  if (!account.bot) return
  const group = groupOf(state, chat.groupId)
  requireRank(group, senderId, 'admin', 'mentioning everybody')
  const { forGroup, forBot } = atAllLeft(group, account, time)
  if (forGroup > 0 && forBot > 0) return
  const who = forGroup > 0 ? `${senderId} has` : `group ${chat.groupId} has`
  throw new BridgeError('noPermission', `${who} no mention of everybody left today, 20 a group and 10 a person`)
}

/** Ids count up; after 2^31 - 1 they start again at 1 and pass over those in use. */
function freeMessageId(state: WorldState): number {
  let id = state.nextMessageId
  while (state.messages.has(id)) id = id === 2147483647 ? 1 : id + 1
  return id
}

/** Files sent to a group lie in its root folder from then on, with the bytes that came with them. */
function filesOf(message: WorldMessage, given: readonly Segment[]): Happening[] {
  const { chat, time, senderId, id } = message
  if (chat.kind !== 'group') return []
  const files = message.segments.filter((segment): segment is SegmentOf<'file'> => segment.type === 'file')
  const sources = given.filter((segment) => segment.type === 'file')
  return files.map((file, at) => ({
    type: 'file.upload',
    time,
    groupId: chat.groupId,
    file: toStoredFile(file, { id: file.id ?? `/${id}-${at}`, uploaderId: senderId, time, source: sources[at] }),
    messageId: id,
  }))
}

export function recall(state: WorldState, env: Env, operatorId: UserId, id: number): Happening[] {
  const message = messageFor(state, id, operatorId)
  const time = secondsOf(env)
  requireRecall(state, message, operatorId, time)
  return [{ type: 'message.recall', time, id, operatorId }]
}

function requireRecall(state: WorldState, message: WorldMessage, operatorId: UserId, now: number): void {
  const { chat, senderId, id } = message
  const own = senderId === operatorId
  if (chat.kind === 'group') {
    const group = groupOf(state, chat.groupId)
    const operator = memberOf(group, operatorId)
    if (own && operator.role !== 'member') return
    const author = group.members.get(senderId)
    // Who has left ranks as a member.
    if (!own && (author ? isAbove(operator, author) : operator.role !== 'member')) return
  }
  if (!own) throw new BridgeError('noPermission', `${operatorId} cannot recall message ${id} of ${senderId}`)
  if (now - message.time <= recallSeconds) return
  throw new BridgeError('noPermission', `message ${id} is older than 2 minutes, it cannot be recalled any more`)
}

/** Without a peer: everything. */
export function markRead(state: WorldState, env: Env, userId: UserId, peer: Peer | undefined): Happening[] {
  const keys = peer ? [keyOfPeer(state, userId, peer)] : keysOf(state, userId)
  const marks = keys.map((key): [string, number] => [key, state.conversations.get(key)?.length ?? 0])
  return [{ type: 'message.read', time: secondsOf(env), userId, marks }]
}

function keysOf(state: WorldState, userId: UserId): string[] {
  const account = accountOf(state, userId)
  const isOwn = (chat: Chat): boolean =>
    chat.kind === 'group' ? account.groups.has(chat.groupId) : chat.users.includes(userId)
  return [...state.conversations].filter(([, [first]]) => first && isOwn(first.chat)).map(([key]) => key)
}

export interface Nudging {
  senderId: UserId
  where: Peer
  targetId: UserId
  device: Device
}

export function nudge(state: WorldState, env: Env, { senderId, where, targetId, device }: Nudging): Happening[] {
  accountOf(state, senderId)
  const chat = chatWith(state, senderId, where)
  if (chat.kind === 'group') memberOf(groupOf(state, chat.groupId), targetId)
  else if (!chat.users.includes(targetId)) {
    throw new BridgeError('notFound', `${targetId} is not in the conversation of ${chat.users.join(' and ')}`)
  }
  return [{ type: 'nudge', time: secondsOf(env), chat, senderId, targetId, device }]
}

export interface Marking {
  userId: UserId
  id: number
  on: boolean
}

export function setEssence(state: WorldState, env: Env, { userId, id, on }: Marking): Happening[] {
  const { group } = groupMessageFor(state, id, userId)
  requireRank(group, userId, 'admin', 'setting an essence message')
  if (group.essence.has(id) === on) return []
  return [{ type: 'group.essence', time: secondsOf(env), groupId: group.groupId, id, operatorId: userId, on }]
}

export function react(state: WorldState, env: Env, { userId, id, on }: Marking, emojiId: string): Happening[] {
  const { message, group } = groupMessageFor(state, id, userId)
  if ((message.reactions?.get(emojiId)?.has(userId) ?? false) === on) return []
  return [{ type: 'group.reaction', time: secondsOf(env), groupId: group.groupId, userId, id, emojiId, on }]
}
