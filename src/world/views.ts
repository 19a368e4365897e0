// People, groups and messages of a world in canonical form, as one account sees them.
import { displayName, type Friend, type Group, type GroupConfig, type Member, type Profile } from '../core/contact.ts'
import type { GroupId, MessageId, UserId } from '../core/ids.ts'
import type { Message, Sender } from '../core/message.ts'
import { accountOf, groupFor, memberOf, peerFor, titleOf } from './look.ts'
import type { Account, Chat, FriendEntry, WorldGroup, WorldMember, WorldMessage, WorldState } from './state.ts'

export function toProfile(account: Account): Profile {
  const { userId, nickname, sex, age, level, sign, email } = account
  return { userId, nickname, sex, age, level, sign, ...(email === undefined ? {} : { email }) }
}

export function friendsOf(state: WorldState, userId: UserId): Friend[] {
  const account = accountOf(state, userId)
  return [...account.friends].map((entry) => toFriend(state, account, entry))
}

/** People who have not this account as a friend. */
export function oneWayFriendsOf(state: WorldState, userId: UserId): Friend[] {
  const account = accountOf(state, userId)
  return [...account.oneWay].map((entry) => toFriend(state, account, entry))
}

function toFriend(state: WorldState, account: Account, [id, { remark, category }]: [UserId, FriendEntry]): Friend {
  const categoryId = account.categories.indexOf(category)
  return { ...toProfile(accountOf(state, id)), remark, categoryId, categoryName: category }
}

export function toGroup(group: WorldGroup, userId: UserId): Group {
  const { role, remark } = memberOf(group, userId)
  return {
    groupId: group.groupId,
    name: group.name,
    botRole: role,
    memberCount: group.members.size,
    maxMemberCount: Math.max(group.maxMemberCount, group.members.size),
    muteAll: group.settings.muteAll,
    remark,
  }
}

export function groupsOf(state: WorldState, userId: UserId): Group[] {
  const ids = [...accountOf(state, userId).groups]
  return ids.map((groupId) => toGroup(groupFor(state, groupId, userId), userId))
}

export function toGroupConfig(group: WorldGroup): GroupConfig {
  const { confessTalk, allowMemberInvite, autoApprove, anonymousChat, muteAll } = group.settings
  return { name: group.name, confessTalk, allowMemberInvite, autoApprove, anonymousChat, muteAll }
}

/** `now` in Unix seconds: titles and mutes end. */
export function toMember(state: WorldState, groupId: GroupId, member: WorldMember, now: number): Member {
  const { nickname, sex, age } = accountOf(state, member.userId)
  const shown: Member = {
    groupId,
    userId: member.userId,
    nickname,
    card: member.card,
    role: member.role,
    title: titleOf(member, now),
    joinTime: member.joinTime,
    lastSpeakTime: member.lastSpeakTime,
    mutedUntil: member.mutedUntil > now ? member.mutedUntil : 0,
    sex,
    age,
    level: String(member.level),
  }
  if (member.titleUntil > now) shown.titleUntil = member.titleUntil
  return shown
}

/** The name under which a conversation shows someone, who may have left it. */
export function shownName(state: WorldState, chat: Chat, userId: UserId): string {
  const nickname = state.accounts.get(userId)?.nickname ?? String(userId)
  const card = chat.kind === 'group' ? state.groups.get(chat.groupId)?.members.get(userId)?.card : undefined
  return displayName({ card, nickname })
}

/** Members bring their card and rank, friends their remark. */
export function toSender(state: WorldState, message: WorldMessage, viewer: UserId): Sender {
  const { nickname, sex, age } = accountOf(state, message.senderId)
  const sender: Sender = { userId: message.senderId, nickname, sex, age }
  const { chat } = message
  const { groupId } = chat
  const member = groupId === undefined ? undefined : state.groups.get(groupId)?.members.get(message.senderId)
  if (member) {
    const { card, role, level } = member
    Object.assign(sender, { card, role, title: titleOf(member, message.time), level: String(level) })
  }
  const remark = state.accounts.get(viewer)?.friends.get(message.senderId)?.remark
  if (remark !== undefined) sender.remark = remark
  return sender
}

/** Ids in it are world ids. */
export function toMessage(state: WorldState, message: WorldMessage, viewer: UserId): Message {
  return {
    id: message.id as MessageId,
    peer: peerFor(message.chat, viewer),
    time: message.time,
    sender: toSender(state, message, viewer),
    segments: message.segments,
    seq: message.seq,
  }
}
