// The only code that changes a world's state. What comes in was decided before and always fits.
import type { GroupId, UserId } from '../core/ids.ts'
import type { ForwardNode, Segment } from '../core/segment.ts'
import type { Happening, HappeningOf, HappeningType } from './happening.ts'
import { befriend } from './load.ts'
import {
  chatKey,
  defaultCategory,
  defaultSettings,
  type WorldGroup,
  type WorldMember,
  type WorldState,
} from './state.ts'

type Evolution = { [T in HappeningType]: (state: WorldState, happening: HappeningOf<T>) => void }

export function evolve(state: WorldState, happening: Happening): void {
  const change = evolution[happening.type] as (state: WorldState, happening: Happening) => void
  change(state, happening)
}

const evolution: Evolution = {
  message: addMessage,
  'message.recall': (state, { id, operatorId, time }) => {
    const message = state.messages.get(id)
    if (!message) return
    message.recalled = { by: operatorId, time }
    if (message.chat.kind === 'group') state.groups.get(message.chat.groupId)?.essence.delete(id)
  },
  'message.read': (state, { userId, marks }) => {
    for (const [key, seq] of marks) state.accounts.get(userId)?.readMarks.set(key, seq)
  },
  nudge: () => {},
  'group.reaction': (state, { id, emojiId, userId, on }) => {
    const message = state.messages.get(id)
    if (!message) return
    message.reactions ??= new Map()
    const users = message.reactions.get(emojiId) ?? new Set()
    if (on) users.add(userId)
    else users.delete(userId)
    message.reactions.set(emojiId, users)
  },
  'group.essence': (state, { groupId, id, on }) => {
    const { essence } = groupOf(state, groupId)
    if (on) essence.add(id)
    else essence.delete(id)
  },
  'file.upload': (state, { groupId, file }) => void groupOf(state, groupId).files.set(file.id, file),
  request: (state, { request }) => {
    state.requests.set(request.flag, { ...request })
    state.nextRequest++
  },
  'request.answer': (state, { flag, by, outcome, block }) => {
    const request = state.requests.get(flag)
    if (!request) return
    request.outcome = outcome
    if (!block) return
    if (request.kind === 'join' && request.groupId) groupOf(state, request.groupId).blocked.add(request.userId)
    else state.accounts.get(by)?.blocked.add(request.userId)
  },
  'friend.add': (state, { of, userId, remark }) =>
    befriend(state, of, userId, { remark, category: defaultCategory, listed: true }),
  'friend.remove': (state, { by, userId }) => {
    state.accounts.get(by)?.friends.delete(userId)
    state.accounts.get(userId)?.friends.delete(by)
  },
  'group.create': (state, { groupId, name, ownerId, time }) => {
    state.groups.set(groupId, newGroup(groupId, name))
    addMember(state, groupId, newMember({ userId: ownerId, role: 'owner', joinTime: time, joinSeq: 0 }))
  },
  'group.member.join': (state, { groupId, userId, time }) => {
    const joinSeq = state.conversations.get(`g${groupId}`)?.length ?? 0
    addMember(state, groupId, newMember({ userId, role: 'member', joinTime: time, joinSeq }))
  },
  'group.member.leave': (state, { groupId, userId, block }) => {
    const group = groupOf(state, groupId)
    group.members.delete(userId)
    if (block) group.blocked.add(userId)
    state.accounts.get(userId)?.groups.delete(groupId)
  },
  'group.dismiss': (state, { groupId, members }) => {
    state.groups.delete(groupId)
    for (const userId of members) state.accounts.get(userId)?.groups.delete(groupId)
  },
  'group.member.mute': (state, { groupId, userId, durationSeconds, time }) => {
    memberOf(state, groupId, userId).mutedUntil = durationSeconds === 0 ? 0 : time + durationSeconds
  },
  'group.muteAll': (state, { groupId, on }) => void (groupOf(state, groupId).settings.muteAll = on),
  'group.member.role': (state, { groupId, userId, role }) => void (memberOf(state, groupId, userId).role = role),
  'group.member.card': (state, { groupId, userId, card }) => void (memberOf(state, groupId, userId).card = card),
  'group.member.title': (state, { groupId, userId, title, until }) =>
    void Object.assign(memberOf(state, groupId, userId), { title, titleUntil: until }),
  'group.name': (state, { groupId, name }) => void (groupOf(state, groupId).name = name),
  'group.setting': (state, { groupId, setting, on }) => void (groupOf(state, groupId).settings[setting] = on),
  'profile.nickname': (state, { userId, nickname }) => {
    const account = state.accounts.get(userId)
    if (account) account.nickname = nickname
  },
  online: (state, { userId, on }) => {
    const account = state.accounts.get(userId)
    if (account) account.online = on
  },
  reset: () => {},
}

function addMessage(state: WorldState, { message }: HappeningOf<'message'>): void {
  const key = chatKey(message.chat)
  const conversation = state.conversations.get(key)
  if (conversation) conversation.push(message)
  else state.conversations.set(key, [message])
  state.messages.set(message.id, message)
  state.nextMessageId = message.id === 2147483647 ? 1 : message.id + 1
  keepForwards(state, message.segments)
  if (message.chat.kind !== 'group') return
  const member = groupOf(state, message.chat.groupId).members.get(message.senderId)
  if (member) member.lastSpeakTime = message.time
}

function keepForwards(state: WorldState, segments: readonly Segment[]): void {
  for (const segment of segments) {
    if (segment.type !== 'forward' || segment.id === undefined || !segment.nodes) continue
    state.forwards.set(segment.id, segment.nodes)
    for (const node of segment.nodes satisfies ForwardNode[]) keepForwards(state, node.segments ?? [])
  }
}

function newGroup(groupId: GroupId, name: string): WorldGroup {
  return {
    groupId,
    name,
    members: new Map(),
    settings: { ...defaultSettings },
    maxMemberCount: 2000,
    files: new Map(),
    essence: new Set(),
    blocked: new Set(),
  }
}

function newMember(start: Pick<WorldMember, 'userId' | 'role' | 'joinTime' | 'joinSeq'>): WorldMember {
  return { card: '', title: '', titleUntil: 0, level: 1, lastSpeakTime: 0, mutedUntil: 0, ...start }
}

function addMember(state: WorldState, groupId: GroupId, member: WorldMember): void {
  groupOf(state, groupId).members.set(member.userId, member)
  state.accounts.get(member.userId)?.groups.add(groupId)
}

function groupOf(state: WorldState, groupId: GroupId): WorldGroup {
  const group = state.groups.get(groupId)
  if (!group) throw new Error(`a happening names group ${groupId}, which is not there`)
  return group
}

function memberOf(state: WorldState, groupId: GroupId, userId: UserId): WorldMember {
  const member = groupOf(state, groupId).members.get(userId)
  if (!member) throw new Error(`a happening names member ${userId} of group ${groupId}, who is not there`)
  return member
}
