// What bots are told: a happening as canonical events, one for each bot that sees it. Ids in them are world ids.
import type { BridgeEvent } from '../core/event.ts'
import type { GroupId, MessageId, RequestId, UserId } from '../core/ids.ts'
import type { Happening, HappeningOf, HappeningType } from './happening.ts'
import { isVisible, peerFor } from './look.ts'
import type { Chat, WorldMessage, WorldRequest, WorldState } from './state.ts'
import { toMessage } from './views.ts'

/** `request.*` events carry no request id yet: whoever delivers them learns it for `flag`. */
export type WorldEvent = BridgeEvent & { flag?: string }

type Told = { [T in HappeningType]: (state: WorldState, happening: HappeningOf<T>) => WorldEvent[] }

/** Call it after the happening has taken effect. Bots that are off line are told nothing. */
export function toEvents(state: WorldState, happening: Happening): WorldEvent[] {
  const tell = told[happening.type] as (state: WorldState, happening: Happening) => WorldEvent[]
  const events = tell(state, happening)
  if (happening.type === 'online') return events
  return events.filter((event) => state.accounts.get(event.bot)?.online)
}

const unseen = (): WorldEvent[] => []

const told: Told = {
  profile: unseen,
  'profile.avatar': unseen,
  'profile.status': unseen,
  'profile.model': unseen,
  'profile.like': (state, { userId, by, times, time }) => {
    const nickname = state.accounts.get(by)?.nickname ?? ''
    return botIs(state, userId).map((bot) => ({ type: 'profile.like', bot, time, userId: by, nickname, times }))
  },
  client: (state, { userId, on, device, time }) =>
    botIs(state, userId).map((bot) => ({ type: 'client.status', bot, time, on, client: { ...device } })),
  typing: (state, { userId, toId, on, time }) =>
    botIs(state, toId).map((bot) => ({
      type: 'friend.typing',
      bot,
      time,
      userId,
      on,
      text: on ? '对方正在输入...' : '',
    })),
  'favourite.add': unseen,
  'friend.remark': unseen,
  'group.remark': unseen,
  'group.sign': unseen,
  'group.avatar': unseen,
  'group.joinOption': unseen,
  'group.robotOption': unseen,
  'group.search': unseen,
  'group.notice.publish': unseen,
  'group.notice.read': unseen,
  'group.notice.delete': unseen,
  'group.honor': (state, { groupId, userId, honor, holder, time }) => {
    const rest = { time, groupId, userId, honor, lost: holder === undefined }
    return botsOf(state, groupId).map((bot) => ({ type: 'group.member.honor', bot, ...rest }))
  },
  'file.move': unseen,
  'file.rename': unseen,
  'file.keep': unseen,
  'file.delete': unseen,
  'file.folder.create': unseen,
  'file.folder.delete': unseen,
  message: tellMessage,
  'message.recall': tellRecall,
  'message.read': () => [],
  nudge: (state, { chat, senderId, targetId, time }) =>
    botsIn(state, chat).map((bot) => ({
      type: 'nudge',
      bot,
      time,
      peer: peerFor(chat, bot),
      senderId,
      targetId,
      action: '戳了戳',
      suffix: '',
    })),
  'group.reaction': tellReaction,
  'group.essence': (state, { groupId, id, operatorId, on, time }) => {
    const senderId = state.messages.get(id)?.senderId ?? operatorId
    const rest = { time, groupId, messageId: id as MessageId, senderId, operatorId, on }
    return botsOf(state, groupId).map((bot) => ({ type: 'group.essence', bot, ...rest }))
  },
  'file.upload': (state, { groupId, file, time }) => {
    const { id, name, sizeBytes, url } = file
    const shown = { id, name, sizeBytes, busId: 102, url }
    const others = botsOf(state, groupId).filter((bot) => bot !== file.uploaderId)
    const rest = { time, peer: { kind: 'group', groupId }, userId: file.uploaderId, file: shown } as const
    return others.map((bot) => ({ type: 'file.upload', bot, ...rest }))
  },
  request: (state, { request, time }) => tellRequest(state, request, time),
  'request.answer': () => [],
  'friend.add': (state, { of, userId, time }) =>
    pairs(state, of, userId).map(([bot, other]) => ({ type: 'friend.add', bot, time, userId: other })),
  'friend.remove': (state, { by, userId, oneWay, time }) =>
    pairs(state, by, userId)
      .filter(([bot]) => !oneWay || bot === by)
      .map(([bot, other]) => ({ type: 'friend.remove', bot, time, userId: other })),
  'group.create': () => [],
  'group.member.join': (state, { groupId, userId, operatorId, invitorId, time }) => {
    const rest = { time, groupId, userId, operatorId, invitorId }
    return botsOf(state, groupId).map((bot) => ({ type: 'group.member.join', bot, ...rest }))
  },
  'group.member.leave': (state, { groupId, userId, how, operatorId, time }) => {
    const rest = { time, groupId, userId, how, operatorId }
    const gone = state.bots.filter((bot) => bot === userId)
    return [...botsOf(state, groupId), ...gone].map((bot) => ({ type: 'group.member.leave', bot, ...rest }))
  },
  'group.dismiss': (state, { groupId, operatorId, members, time }) => {
    const bots = state.bots.filter((bot) => members.includes(bot))
    return bots.map((bot) => ({
      type: 'group.member.leave',
      bot,
      time,
      groupId,
      userId: bot,
      how: 'disband',
      operatorId,
    }))
  },
  'group.member.mute': (state, { groupId, userId, operatorId, durationSeconds, time }) => {
    const rest = { time, groupId, userId, operatorId, durationSeconds }
    return botsOf(state, groupId).map((bot) => ({ type: 'group.member.mute', bot, ...rest }))
  },
  'group.muteAll': (state, { groupId, operatorId, on, time }) =>
    botsOf(state, groupId).map((bot) => ({ type: 'group.muteAll', bot, time, groupId, operatorId, on })),
  'group.member.role': (state, { groupId, userId, role, oldRole, time }) =>
    botsOf(state, groupId).map((bot) => ({ type: 'group.member.role', bot, time, groupId, userId, role, oldRole })),
  'group.member.card': (state, { groupId, userId, card, oldCard, time }) =>
    botsOf(state, groupId).map((bot) => ({ type: 'group.member.card', bot, time, groupId, userId, card, oldCard })),
  'group.member.title': (state, { groupId, userId, title, oldTitle, time }) =>
    botsOf(state, groupId).map((bot) => ({ type: 'group.member.title', bot, time, groupId, userId, title, oldTitle })),
  'group.name': (state, { groupId, operatorId, name, oldName, time }) =>
    botsOf(state, groupId).map((bot) => ({ type: 'group.name', bot, time, groupId, name, oldName, operatorId })),
  'group.setting': (state, { groupId, operatorId, setting, on, time }) => {
    if (setting === 'autoApprove') return []
    return botsOf(state, groupId).map((bot) => ({ type: 'group.setting', bot, time, groupId, setting, on, operatorId }))
  },
  'profile.nickname': (state, { userId, nickname, oldNickname, time }) => {
    const bots = state.bots.filter((bot) => state.accounts.get(bot)?.friends.has(userId))
    return bots.map((bot) => ({ type: 'friend.nickname', bot, time, userId, nickname, oldNickname }))
  },
  online: (state, { userId, on, how = 'dropped', time }) => {
    if (!state.bots.includes(userId)) return []
    const base = { bot: userId, time }
    return [on ? { ...base, type: 'bot.online', again: true } : { ...base, type: 'bot.offline', how }]
  },
  reset: () => [],
}

/** Everything that can happen. */
export const happeningTypes = Object.keys(told) as readonly HappeningType[]

function tellMessage(state: WorldState, { message, time }: HappeningOf<'message'>): WorldEvent[] {
  return botsIn(state, message.chat).map((bot) => ({
    type: 'message',
    bot,
    time,
    origin: originFor(message, bot),
    message: toMessage(state, message, bot),
  }))
}

function originFor(message: WorldMessage, bot: UserId): 'received' | 'self' | 'sync' {
  if (message.senderId !== bot) return 'received'
  return message.device === 'bridge' ? 'self' : 'sync'
}

function tellRecall(state: WorldState, { id, operatorId, time }: HappeningOf<'message.recall'>): WorldEvent[] {
  const message = state.messages.get(id)
  if (!message) return []
  const bots = botsIn(state, message.chat).filter((bot) => isVisible(state, message, bot))
  return bots.map((bot) => ({
    type: 'message.recall',
    bot,
    time,
    peer: peerFor(message.chat, bot),
    messageId: id as MessageId,
    authorId: message.senderId,
    operatorId,
    sentTime: message.time,
  }))
}

function tellReaction(state: WorldState, happening: HappeningOf<'group.reaction'>): WorldEvent[] {
  const { groupId, userId, id, emojiId, on, time } = happening
  const count = state.messages.get(id)?.reactions?.get(emojiId)?.size ?? 0
  const rest = { time, groupId, messageId: id as MessageId, userId, emojiId, count, on }
  return botsOf(state, groupId).map((bot) => ({ type: 'group.reaction', bot, ...rest }))
}

/** Set by whoever delivers the event. */
const noRequestId = 0 as RequestId

function tellRequest(state: WorldState, request: WorldRequest, time: number): WorldEvent[] {
  const { flag, kind, userId, toId, groupId, comment, filtered, outcome } = request
  if (outcome !== 'open' || filtered) return []
  const nickname = state.accounts.get(userId)?.nickname
  const common = { time, requestId: noRequestId, userId, nickname, comment, flag }
  if (kind === 'friend') {
    const bots = state.bots.filter((bot) => bot === toId)
    return bots.map((bot) => ({ type: 'request.friend', bot, ...common, groupId }))
  }
  if (groupId === undefined) return []
  const bots = kind === 'invite' ? state.bots.filter((bot) => bot === toId) : adminBotsOf(state, groupId)
  const groupName = state.groups.get(groupId)?.name
  return bots.map((bot) => ({ type: 'request.group', bot, kind, ...common, groupId, groupName }))
}

function adminBotsOf(state: WorldState, groupId: GroupId): UserId[] {
  const members = state.groups.get(groupId)?.members
  return botsOf(state, groupId).filter((bot) => members?.get(bot)?.role !== 'member')
}

function botsOf(state: WorldState, groupId: GroupId): UserId[] {
  const members = state.groups.get(groupId)?.members
  return members ? state.bots.filter((bot) => members.has(bot)) : []
}

function botsIn(state: WorldState, chat: Chat): UserId[] {
  return chat.kind === 'group' ? botsOf(state, chat.groupId) : state.bots.filter((bot) => chat.users.includes(bot))
}

function botIs(state: WorldState, userId: UserId): UserId[] {
  return state.bots.filter((bot) => bot === userId)
}

/** Each bot of the two with the other one. */
function pairs(state: WorldState, one: UserId, other: UserId): [UserId, UserId][] {
  const both: [UserId, UserId][] = [
    [one, other],
    [other, one],
  ]
  return both.filter(([bot]) => state.bots.includes(bot))
}
