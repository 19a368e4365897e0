// Finding things in a world, or saying in the words of its users what is not there or not allowed.
import type { Role } from '../core/contact.ts'
import { BridgeError } from '../core/error.ts'
import type { GroupId, Peer, UserId } from '../core/ids.ts'
import {
  type Account,
  type Chat,
  chatKey,
  type DayCount,
  dayOf,
  pairKey,
  type WorldGroup,
  type WorldMember,
  type WorldMessage,
  type WorldState,
} from './state.ts'

const ranks = { member: 1, admin: 2, owner: 3 } as const satisfies Record<Role, number>

export function accountOf(state: WorldState, userId: UserId): Account {
  const account = state.accounts.get(userId)
  if (!account) throw new BridgeError('notFound', `there is no account ${userId}`)
  return account
}

export function groupOf(state: WorldState, groupId: GroupId): WorldGroup {
  const group = state.groups.get(groupId)
  if (!group) throw new BridgeError('notFound', `there is no group ${groupId}`)
  return group
}

export function memberOf(group: WorldGroup, userId: UserId): WorldMember {
  const member = group.members.get(userId)
  if (!member) throw new BridgeError('notFound', `${userId} is not a member of group ${group.groupId}`)
  return member
}

/** A group as one of its members sees it; to others it is not there. */
export function groupFor(state: WorldState, groupId: GroupId, userId: UserId): WorldGroup {
  const group = groupOf(state, groupId)
  memberOf(group, userId)
  return group
}

export function ownerOf(group: WorldGroup): WorldMember {
  for (const member of group.members.values()) if (member.role === 'owner') return member
  throw new Error(`group ${group.groupId} has no owner`)
}

/** Throws `noPermission` unless the member is of that rank or above. */
export function requireRank(group: WorldGroup, userId: UserId, role: Role, what: string): WorldMember {
  const member = memberOf(group, userId)
  if (ranks[member.role] >= ranks[role]) return member
  const needed = role === 'owner' ? 'the owner' : 'an admin'
  throw new BridgeError(
    'noPermission',
    `${what} in group ${group.groupId} takes ${needed}, ${userId} is ${member.role}`,
  )
}

/** Throws `noPermission` unless the operator stands above the other member. */
export function requireAbove(group: WorldGroup, operatorId: UserId, userId: UserId, what: string): WorldMember {
  const operator = memberOf(group, operatorId)
  const member = memberOf(group, userId)
  if (isAbove(operator, member)) return member
  const text = `${operatorId} (${operator.role}) cannot ${what} ${userId} (${member.role}) in group ${group.groupId}`
  throw new BridgeError('noPermission', text)
}

/** Admins stand above members, the owner above all others. */
export function isAbove(operator: WorldMember, member: WorldMember): boolean {
  return ranks[operator.role] >= ranks.admin && ranks[operator.role] > ranks[member.role]
}

/** `now` in Unix seconds. */
export function requireVoice(group: WorldGroup, member: WorldMember, now: number): void {
  if (member.mutedUntil > now) {
    throw new BridgeError('muted', `${member.userId} is muted in group ${group.groupId} until ${member.mutedUntil}`)
  }
  if (group.settings.muteAll && member.role === 'member') {
    throw new BridgeError('muted', `all members of group ${group.groupId} are muted`)
  }
}

export function areFriends(state: WorldState, one: UserId, other: UserId): boolean {
  return state.accounts.get(one)?.friends.has(other) ?? false
}

/** Empty once it has ended. `now` in Unix seconds. */
export function titleOf(member: { title: string; titleUntil: number }, now: number): string {
  return member.titleUntil > 0 && member.titleUntil <= now ? '' : member.title
}

/** A group that both are in; `groupId` when both are in that one. */
function sharedGroup(state: WorldState, one: UserId, other: UserId, groupId?: GroupId): GroupId | undefined {
  const candidates = groupId === undefined ? (state.accounts.get(one)?.groups ?? []) : [groupId]
  for (const candidate of candidates) {
    const members = state.groups.get(candidate)?.members
    if (members?.has(one) && members.has(other)) return candidate
  }
  return undefined
}

/** The conversation in which `userId` may write to that peer. Throws `notFound` when there is none. */
export function chatWith(state: WorldState, userId: UserId, peer: Peer): Chat {
  if (peer.kind === 'group') return { kind: 'group', groupId: groupFor(state, peer.groupId, userId).groupId }
  const other = accountOf(state, peer.userId).userId
  const users: [UserId, UserId] = userId < other ? [userId, other] : [other, userId]
  if (areFriends(state, userId, other)) return { kind: 'private', users }
  const through =
    peer.kind === 'temp' ? sharedGroup(state, userId, other, peer.groupId) : tempGroup(state, userId, peer)
  if (through !== undefined && userId !== other) return { kind: 'private', users, groupId: through }
  const advice =
    peer.kind === 'temp' ? 'they share no such group' : 'only a temp conversation through a shared group is possible'
  throw new BridgeError('notFound', `${userId} and ${other} are not friends; ${advice}`)
}

/** Strangers of one group, and whoever had a temp conversation before, need not name the group. */
function tempGroup(state: WorldState, userId: UserId, peer: Exclude<Peer, { kind: 'group' }>): GroupId | undefined {
  const last = state.conversations.get(pairKey(userId, peer.userId))?.at(-1)
  const known = last?.chat.kind === 'private' ? last.chat.groupId : undefined
  if (known !== undefined && sharedGroup(state, userId, peer.userId, known) !== undefined) return known
  return peer.kind === 'stranger' ? sharedGroup(state, userId, peer.userId) : undefined
}

/** The conversation with that peer for reading: it may have ended. */
export function keyOfPeer(state: WorldState, userId: UserId, peer: Peer): string {
  if (peer.kind === 'group') return `g${groupFor(state, peer.groupId, userId).groupId}`
  return pairKey(userId, accountOf(state, peer.userId).userId)
}

/** The peer of a conversation as one side sees it. */
export function peerFor(chat: Chat, userId: UserId): Peer {
  if (chat.kind === 'group') return { kind: 'group', groupId: chat.groupId }
  const other = chat.users[0] === userId ? chat.users[1] : chat.users[0]
  return chat.groupId === undefined
    ? { kind: 'friend', userId: other }
    : { kind: 'temp', userId: other, groupId: chat.groupId }
}

/** Members see what was said since they came, nobody else sees anything. */
export function isVisible(state: WorldState, message: WorldMessage, userId: UserId): boolean {
  const { chat } = message
  if (chat.kind === 'private') return chat.users.includes(userId)
  const member = state.groups.get(chat.groupId)?.members.get(userId)
  return member !== undefined && message.seq > member.joinSeq
}

/** A message of a conversation that this account is in, recalled or not. */
export function seenMessage(state: WorldState, id: number, userId: UserId): WorldMessage {
  const message = state.messages.get(id)
  if (message && isVisible(state, message, userId)) return message
  throw new BridgeError('notFound', `there is no message ${id} that ${userId} can see`)
}

/** A message that this account can still read. */
export function messageFor(state: WorldState, id: number, userId: UserId): WorldMessage {
  const message = seenMessage(state, id, userId)
  if (!message.recalled) return message
  throw new BridgeError('notFound', `message ${id} was recalled`)
}

/** A message of a group that can still be read, with its group. */
export function groupMessageFor(
  state: WorldState,
  id: number,
  userId: UserId,
): { message: WorldMessage; group: WorldGroup } {
  const message = messageFor(state, id, userId)
  if (message.chat.kind === 'group') return { message, group: groupOf(state, message.chat.groupId) }
  throw new BridgeError('notFound', `message ${id} is not in a group (${chatKey(message.chat)})`)
}

/** Mentions of everybody that are left on that day. */
export function atAllLeft(group: WorldGroup, account: Account, now: number): { forGroup: number; forBot: number } {
  const used = ({ day, count }: DayCount): number => (day === dayOf(now) ? count : 0)
  return { forGroup: Math.max(0, 20 - used(group.atAll)), forBot: Math.max(0, 10 - used(account.atAll)) }
}
