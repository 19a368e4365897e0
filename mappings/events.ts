// Events: canonical <-> OneBot 11 post type and subtypes <-> mah event type, and what printing for a client costs.
import type { EventType } from '../src/core/event.ts'
import type { Fidelity } from '../src/core/fidelity.ts'

interface Cell {
  /** Names on the wire, for people and for the compatibility table. */
  names: readonly string[]
  fidelity: Fidelity
  reason?: string
}

export const events = {
  message: {
    onebot11: {
      names: [
        'message.private.friend',
        'message.private.group',
        'message.private.other',
        'message.group.normal',
        'message.group.anonymous',
        'message_sent',
      ],
      fidelity: 'exact',
    },
    mirai: {
      names: [
        'FriendMessage',
        'GroupMessage',
        'TempMessage',
        'StrangerMessage',
        'FriendSyncMessage',
        'GroupSyncMessage',
        'TempSyncMessage',
        'StrangerSyncMessage',
      ],
      fidelity: 'exact',
    },
  },
  'message.recall': {
    onebot11: { names: ['notice.group_recall', 'notice.friend_recall'], fidelity: 'exact' },
    mirai: { names: ['GroupRecallEvent', 'FriendRecallEvent'], fidelity: 'exact' },
  },
  nudge: {
    onebot11: { names: ['notice.notify.poke'], fidelity: 'exact' },
    mirai: { names: ['NudgeEvent'], fidelity: 'exact' },
  },
  'file.upload': {
    onebot11: { names: ['notice.group_upload', 'notice.offline_file'], fidelity: 'exact' },
    mirai: {
      names: ['GroupMessage', 'FriendMessage'],
      fidelity: 'lossy',
      reason: 'mah has no upload notice: shown as a message with a File element',
    },
  },
  'group.member.join': {
    onebot11: { names: ['notice.group_increase.approve', 'notice.group_increase.invite'], fidelity: 'exact' },
    mirai: { names: ['MemberJoinEvent', 'BotJoinGroupEvent'], fidelity: 'exact' },
  },
  'group.member.leave': {
    onebot11: {
      names: [
        'notice.group_decrease.leave',
        'notice.group_decrease.kick',
        'notice.group_decrease.kick_me',
        'notice.group_decrease.disband',
      ],
      fidelity: 'exact',
    },
    mirai: {
      names: [
        'MemberLeaveEventQuit',
        'MemberLeaveEventKick',
        'BotLeaveEventActive',
        'BotLeaveEventKick',
        'BotLeaveEventDisband',
      ],
      fidelity: 'exact',
    },
  },
  'group.member.mute': {
    onebot11: { names: ['notice.group_ban.ban', 'notice.group_ban.lift_ban'], fidelity: 'exact' },
    mirai: { names: ['MemberMuteEvent', 'MemberUnmuteEvent', 'BotMuteEvent', 'BotUnmuteEvent'], fidelity: 'exact' },
  },
  'group.muteAll': {
    onebot11: { names: ['notice.group_ban.ban', 'notice.group_ban.lift_ban'], fidelity: 'exact' },
    mirai: { names: ['GroupMuteAllEvent'], fidelity: 'exact' },
  },
  'group.member.role': {
    onebot11: {
      names: ['notice.group_admin.set', 'notice.group_admin.unset'],
      fidelity: 'lossy',
      reason: 'a change of owner has no OneBot form of its own',
    },
    mirai: { names: ['MemberPermissionChangeEvent', 'BotGroupPermissionChangeEvent'], fidelity: 'exact' },
  },
  'group.member.card': {
    onebot11: { names: ['notice.group_card'], fidelity: 'exact' },
    mirai: { names: ['MemberCardChangeEvent'], fidelity: 'exact' },
  },
  'group.member.title': {
    onebot11: { names: ['notice.notify.title'], fidelity: 'exact' },
    mirai: { names: ['MemberSpecialTitleChangeEvent'], fidelity: 'exact' },
  },
  'group.member.honor': {
    onebot11: { names: ['notice.notify.honor'], fidelity: 'lossy', reason: 'a lost honour has no OneBot form' },
    mirai: { names: ['MemberHonorChangeEvent'], fidelity: 'exact' },
  },
  'group.name': {
    onebot11: { names: ['notice.notify.group_name'], fidelity: 'exact' },
    mirai: { names: ['GroupNameChangeEvent'], fidelity: 'exact' },
  },
  'group.setting': {
    onebot11: { names: [], fidelity: 'dropped', reason: 'OneBot has no notice of group settings' },
    mirai: {
      names: ['GroupAllowAnonymousChatEvent', 'GroupAllowConfessTalkEvent', 'GroupAllowMemberInviteEvent'],
      fidelity: 'exact',
    },
  },
  'group.essence': {
    onebot11: { names: ['notice.essence.add', 'notice.essence.delete'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'dropped', reason: 'mah has no essence event' },
  },
  'group.reaction': {
    onebot11: { names: ['notice.group_msg_emoji_like'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'dropped', reason: 'mah has no reaction event' },
  },
  'group.luckyKing': {
    onebot11: { names: ['notice.notify.lucky_king'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'dropped', reason: 'mah has no red envelope event' },
  },
  'friend.add': {
    onebot11: { names: ['notice.friend_add'], fidelity: 'exact' },
    mirai: { names: ['FriendAddEvent'], fidelity: 'exact' },
  },
  'friend.remove': {
    onebot11: { names: [], fidelity: 'dropped', reason: 'OneBot has no notice of lost friends' },
    mirai: { names: ['FriendDeleteEvent'], fidelity: 'exact' },
  },
  'friend.nickname': {
    onebot11: { names: [], fidelity: 'dropped', reason: 'OneBot has no notice of changed nicknames' },
    mirai: { names: ['FriendNickChangedEvent'], fidelity: 'exact' },
  },
  'friend.typing': {
    onebot11: { names: ['notice.notify.input_status'], fidelity: 'exact' },
    mirai: { names: ['FriendInputStatusChangedEvent'], fidelity: 'lossy', reason: 'the status text is lost' },
  },
  'profile.like': {
    onebot11: { names: ['notice.notify.profile_like'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'dropped', reason: 'mah has no like event' },
  },
  'request.friend': {
    onebot11: { names: ['request.friend'], fidelity: 'exact' },
    mirai: { names: ['NewFriendRequestEvent'], fidelity: 'exact' },
  },
  'request.group': {
    onebot11: { names: ['request.group.add', 'request.group.invite'], fidelity: 'exact' },
    mirai: { names: ['MemberJoinRequestEvent', 'BotInvitedJoinGroupRequestEvent'], fidelity: 'exact' },
  },
  'bot.online': {
    onebot11: {
      names: ['meta_event.lifecycle.connect', 'meta_event.heartbeat'],
      fidelity: 'lossy',
      reason: 'shown by the next heartbeat',
    },
    mirai: { names: ['BotOnlineEvent', 'BotReloginEvent'], fidelity: 'exact' },
  },
  'bot.offline': {
    onebot11: { names: ['notice.bot_offline', 'meta_event.heartbeat'], fidelity: 'exact' },
    mirai: { names: ['BotOfflineEventActive', 'BotOfflineEventForce', 'BotOfflineEventDropped'], fidelity: 'exact' },
  },
  'client.status': {
    onebot11: { names: ['notice.client_status'], fidelity: 'exact' },
    mirai: {
      names: ['OtherClientOnlineEvent', 'OtherClientOfflineEvent'],
      fidelity: 'lossy',
      reason: 'the device name is lost',
    },
  },
  command: {
    onebot11: { names: [], fidelity: 'dropped', reason: 'OneBot has no commands; the message itself is delivered' },
    mirai: { names: ['CommandExecutedEvent'], fidelity: 'exact' },
  },
  raw: {
    onebot11: { names: ['(any)'], fidelity: 'exact' },
    mirai: { names: ['(any)'], fidelity: 'exact' },
  },
} as const satisfies Record<EventType, { onebot11: Cell; mirai: Cell }>
