// The only code that changes a world's state. What comes in was decided before and always fits.
import type { GroupId } from '../core/ids.ts'
import type { Segment } from '../core/segment.ts'
import { accountEvolution } from './evolve/account.ts'
import { type Evolution, groupOf, memberOf } from './evolve/evolution.ts'
import { fileEvolution } from './evolve/file.ts'
import { groupEvolution } from './evolve/group.ts'
import type { Happening, HappeningOf } from './happening.ts'
import { befriend } from './load.ts'
import { newGroup, newMember } from './make.ts'
import { chatKey, type DayCount, dayOf, defaultCategory, type WorldMember, type WorldState } from './state.ts'

export function evolve(state: WorldState, happening: Happening): void {
  const change = evolution[happening.type] as (state: WorldState, happening: Happening) => void
  change(state, happening)
}

const evolution: Evolution = {
  ...accountEvolution,
  ...groupEvolution,
  ...fileEvolution,
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
  'group.essence': (state, { groupId, id, operatorId, on, time }) => {
    const { essence } = groupOf(state, groupId)
    if (on) essence.set(id, { operatorId, time })
    else essence.delete(id)
  },
  request: (state, { request }) => {
    state.requests.set(request.flag, { ...request })
    state.nextRequest++
  },
  'request.answer': (state, { flag, by, outcome, block }) => {
    const request = state.requests.get(flag)
    if (!request) return
    request.outcome = outcome
    request.answeredBy = by
    if (!block) return
    if (request.kind === 'join' && request.groupId) groupOf(state, request.groupId).blocked.add(request.userId)
    else state.accounts.get(by)?.blocked.add(request.userId)
  },
  'friend.add': (state, { of, userId, remark }) =>
    befriend(state, of, userId, { remark, category: defaultCategory, listed: true }),
  'friend.remove': (state, { by, userId }) => {
    state.accounts.get(by)?.oneWay.delete(userId)
    state.accounts.get(by)?.friends.delete(userId)
    state.accounts.get(userId)?.friends.delete(by)
  },
  'group.create': (state, { groupId, name, ownerId, time }) => {
    state.groups.set(groupId, newGroup(groupId, name))
    // The number may have been that of a group that was dismissed.
    const joinSeq = state.conversations.get(`g${groupId}`)?.length ?? 0
    addMember(state, groupId, newMember({ userId: ownerId, role: 'owner', joinTime: time, joinSeq }))
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
  'group.setting': (state, { groupId, setting, on }) => {
    const group = groupOf(state, groupId)
    group.settings[setting] = on
    if (setting === 'autoApprove') group.joinOption = { ...group.joinOption, type: on ? 1 : 2 }
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
  const group = groupOf(state, message.chat.groupId)
  const member = group.members.get(message.senderId)
  if (member) member.lastSpeakTime = message.time
  if (!message.segments.some(({ type }) => type === 'mentionAll')) return
  countDay(group.atAll, message.time)
  const sender = state.accounts.get(message.senderId)
  if (sender) countDay(sender.atAll, message.time)
}

function countDay(counted: DayCount, time: number): void {
  const day = dayOf(time)
  counted.count = counted.day === day ? counted.count + 1 : 1
  counted.day = day
}

/** Forwards can be asked for by their ids, nested ones too. */
export function keepForwards(state: WorldState, segments: readonly Segment[]): void {
  for (const segment of segments) {
    if (segment.type !== 'forward' || segment.id === undefined || !segment.nodes) continue
    state.forwards.set(segment.id, segment.nodes)
    for (const node of segment.nodes) keepForwards(state, node.segments ?? [])
  }
}

function addMember(state: WorldState, groupId: GroupId, member: WorldMember): void {
  groupOf(state, groupId).members.set(member.userId, member)
  state.accounts.get(member.userId)?.groups.add(groupId)
}
