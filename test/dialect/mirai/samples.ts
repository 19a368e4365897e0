// One canonical event for every packet that mah has, by the type it is printed as.
import type { BridgeEvent, MessageOrigin } from '../../../src/core/event.ts'
import type { MessageId, Peer, RequestId } from '../../../src/core/ids.ts'
import { bot, boss, lab, mio, nico, time } from './fixtures.ts'

const base = { bot, time }
const inLab = { groupId: lab }
const ofMio = { ...inLab, userId: mio }

function message(peer: Peer, origin: MessageOrigin = 'received'): BridgeEvent {
  const userId = origin === 'sync' ? bot : peer.kind === 'group' ? mio : peer.userId
  const sender = { userId, nickname: userId === nico ? 'Nico' : 'Mio' }
  const content = { id: 517 as MessageId, peer, time, sender, segments: [{ type: 'text', text: 'hi' } as const] }
  return { ...base, type: 'message', origin, message: content }
}

const friend: Peer = { kind: 'friend', userId: nico }
const group: Peer = { kind: 'group', groupId: lab }
const temp: Peer = { kind: 'temp', userId: mio, groupId: lab }
const stranger: Peer = { kind: 'stranger', userId: mio }
const recall = { ...base, type: 'message.recall', messageId: 517 as MessageId, sentTime: time - 5 } as const
const request = { ...base, requestId: 77 as RequestId, userId: mio, nickname: 'Mio', comment: 'please' } as const

export const samples: Readonly<Record<string, BridgeEvent>> = {
  FriendMessage: message(friend),
  GroupMessage: message(group),
  TempMessage: message(temp),
  StrangerMessage: message(stranger),
  FriendSyncMessage: message(friend, 'sync'),
  GroupSyncMessage: message(group, 'sync'),
  TempSyncMessage: message(temp, 'sync'),
  StrangerSyncMessage: message(stranger, 'sync'),
  BotOnlineEvent: { ...base, type: 'bot.online', again: false },
  BotReloginEvent: { ...base, type: 'bot.online', again: true },
  BotOfflineEventActive: { ...base, type: 'bot.offline', how: 'active' },
  BotOfflineEventForce: { ...base, type: 'bot.offline', how: 'force', title: 'out', message: 'elsewhere' },
  BotOfflineEventDropped: { ...base, type: 'bot.offline', how: 'dropped' },
  GroupRecallEvent: { ...recall, peer: group, authorId: mio, operatorId: boss },
  FriendRecallEvent: { ...recall, peer: friend, authorId: nico, operatorId: nico },
  BotGroupPermissionChangeEvent: {
    ...base,
    type: 'group.member.role',
    ...inLab,
    userId: bot,
    role: 'admin',
    oldRole: 'member',
  },
  BotMuteEvent: { ...base, type: 'group.member.mute', ...inLab, userId: bot, operatorId: boss, durationSeconds: 60 },
  BotUnmuteEvent: { ...base, type: 'group.member.mute', ...inLab, userId: bot, operatorId: boss, durationSeconds: 0 },
  BotJoinGroupEvent: { ...base, type: 'group.member.join', ...inLab, userId: bot, invitorId: mio },
  BotLeaveEventActive: { ...base, type: 'group.member.leave', ...inLab, userId: bot, how: 'leave' },
  BotLeaveEventKick: { ...base, type: 'group.member.leave', ...inLab, userId: bot, how: 'kick', operatorId: boss },
  BotLeaveEventDisband: {
    ...base,
    type: 'group.member.leave',
    ...inLab,
    userId: bot,
    how: 'disband',
    operatorId: boss,
  },
  GroupNameChangeEvent: { ...base, type: 'group.name', ...inLab, name: 'Lab 2', oldName: 'Lab', operatorId: boss },
  GroupMuteAllEvent: { ...base, type: 'group.muteAll', ...inLab, on: true, operatorId: boss },
  GroupAllowAnonymousChatEvent: {
    ...base,
    type: 'group.setting',
    ...inLab,
    setting: 'anonymousChat',
    on: true,
    operatorId: boss,
  },
  GroupAllowConfessTalkEvent: {
    ...base,
    type: 'group.setting',
    ...inLab,
    setting: 'confessTalk',
    on: true,
    operatorId: bot,
  },
  GroupAllowMemberInviteEvent: {
    ...base,
    type: 'group.setting',
    ...inLab,
    setting: 'allowMemberInvite',
    on: false,
    operatorId: boss,
  },
  MemberJoinEvent: { ...base, type: 'group.member.join', ...ofMio, invitorId: boss },
  MemberLeaveEventKick: { ...base, type: 'group.member.leave', ...ofMio, how: 'kick', operatorId: boss },
  MemberLeaveEventQuit: { ...base, type: 'group.member.leave', ...ofMio, how: 'leave', operatorId: mio },
  MemberCardChangeEvent: { ...base, type: 'group.member.card', ...ofMio, card: 'M', oldCard: 'Mio' },
  MemberSpecialTitleChangeEvent: { ...base, type: 'group.member.title', ...ofMio, title: 'Dr', oldTitle: '' },
  MemberPermissionChangeEvent: { ...base, type: 'group.member.role', ...ofMio, role: 'admin', oldRole: 'member' },
  MemberMuteEvent: { ...base, type: 'group.member.mute', ...ofMio, operatorId: boss, durationSeconds: 60 },
  MemberUnmuteEvent: { ...base, type: 'group.member.mute', ...ofMio, operatorId: boss, durationSeconds: 0 },
  MemberHonorChangeEvent: { ...base, type: 'group.member.honor', ...ofMio, honor: 'talkative', lost: false },
  NewFriendRequestEvent: { ...request, type: 'request.friend', groupId: lab },
  MemberJoinRequestEvent: {
    ...request,
    type: 'request.group',
    kind: 'join',
    ...inLab,
    groupName: 'Lab',
    invitorId: boss,
  },
  BotInvitedJoinGroupRequestEvent: {
    ...request,
    comment: '',
    type: 'request.group',
    kind: 'invite',
    ...inLab,
    groupName: 'Lab',
  },
  NudgeEvent: { ...base, type: 'nudge', peer: group, senderId: mio, targetId: bot, action: '拍了拍', suffix: '' },
  FriendInputStatusChangedEvent: { ...base, type: 'friend.typing', userId: nico, on: true },
  FriendNickChangedEvent: { ...base, type: 'friend.nickname', userId: nico, nickname: 'Nicole', oldNickname: 'Nico' },
  FriendAddEvent: { ...base, type: 'friend.add', userId: nico },
  FriendDeleteEvent: { ...base, type: 'friend.remove', userId: nico },
  OtherClientOnlineEvent: {
    ...base,
    type: 'client.status',
    on: true,
    client: { id: 5, name: 'WINDOWS', platform: 'WINDOWS' },
  },
  OtherClientOfflineEvent: {
    ...base,
    type: 'client.status',
    on: false,
    client: { id: 5, name: 'IOS', platform: 'IOS' },
  },
  CommandExecutedEvent: {
    ...base,
    type: 'command',
    name: 'roll',
    peer: group,
    senderId: mio,
    args: [{ type: 'text', text: '6' }],
  },
}
