// Everything that a backend can report. `time` is Unix seconds. Where an event names the bot itself as user, it happened to the bot.
import type { Role } from './contact.ts'
import type { GroupId, MessageId, Peer, RequestId, UserId } from './ids.ts'
import type { Message } from './message.ts'
import type { Segment } from './segment.ts'

interface Base {
  bot: UserId
  time: number
  /** What else the backend said, for clients of its own dialect. Absent when it said nothing else. */
  extra?: { dialect: string; members: Readonly<Record<string, unknown>> } | undefined
}

/** received: from someone else. sync: the bot's account wrote it on another device. self: the bridge's own send, reported back. */
export type MessageOrigin = 'received' | 'sync' | 'self'

export interface MessageEvent extends Base {
  type: 'message'
  origin: MessageOrigin
  message: Message
  /** Of the group, when the backend said it along with the message. */
  groupName?: string | undefined
  /** Set for anonymous group messages. */
  anonymous?: { id: number; name: string; flag: string } | undefined
}

export interface RecallEvent extends Base {
  type: 'message.recall'
  peer: Peer
  /** Absent when the backend named a message that was never seen and gave no usable id. */
  messageId?: MessageId | undefined
  authorId: UserId
  operatorId: UserId
  /** When the recalled message was sent, if the event says it. */
  sentTime?: number | undefined
}

export interface NudgeEvent extends Base {
  type: 'nudge'
  peer: Peer
  senderId: UserId
  targetId: UserId
  /** What QQ shows between and after the names, e.g. 戳了戳. */
  action?: string | undefined
  suffix?: string | undefined
}

export interface FileUploadEvent extends Base {
  type: 'file.upload'
  peer: Peer
  userId: UserId
  file: { id: string; name: string; sizeBytes: number; busId?: number | undefined; url?: string | undefined }
}

export interface MemberJoinEvent extends Base {
  type: 'group.member.join'
  groupId: GroupId
  userId: UserId
  /** The admin who approved. */
  operatorId?: UserId | undefined
  /** The member who invited. */
  invitorId?: UserId | undefined
}

export interface MemberLeaveEvent extends Base {
  type: 'group.member.leave'
  groupId: GroupId
  userId: UserId
  how: 'leave' | 'kick' | 'disband'
  operatorId?: UserId | undefined
}

export interface MemberMuteEvent extends Base {
  type: 'group.member.mute'
  groupId: GroupId
  userId: UserId
  operatorId?: UserId | undefined
  /** 0: the mute was lifted. */
  durationSeconds: number
}

export interface MuteAllEvent extends Base {
  type: 'group.muteAll'
  groupId: GroupId
  operatorId?: UserId | undefined
  on: boolean
}

export interface RoleEvent extends Base {
  type: 'group.member.role'
  groupId: GroupId
  userId: UserId
  role: Role
  /** Before. Absent: the directory may know. */
  oldRole?: Role | undefined
}

export interface CardEvent extends Base {
  type: 'group.member.card'
  groupId: GroupId
  userId: UserId
  card: string
  oldCard?: string | undefined
}

export interface TitleEvent extends Base {
  type: 'group.member.title'
  groupId: GroupId
  userId: UserId
  title: string
  oldTitle?: string | undefined
}

export interface HonorEvent extends Base {
  type: 'group.member.honor'
  groupId: GroupId
  userId: UserId
  /** OneBot's word: talkative, performer, legend, strong_newbie, emotion … */
  honor: string
  lost: boolean
}

export interface GroupNameEvent extends Base {
  type: 'group.name'
  groupId: GroupId
  name: string
  oldName?: string | undefined
  operatorId?: UserId | undefined
}

export interface GroupSettingEvent extends Base {
  type: 'group.setting'
  groupId: GroupId
  setting: 'anonymousChat' | 'confessTalk' | 'allowMemberInvite'
  on: boolean
  operatorId?: UserId | undefined
}

export interface EssenceEvent extends Base {
  type: 'group.essence'
  groupId: GroupId
  messageId: MessageId
  senderId: UserId
  operatorId: UserId
  on: boolean
}

export interface ReactionEvent extends Base {
  type: 'group.reaction'
  groupId: GroupId
  messageId: MessageId
  userId: UserId
  emojiId: string
  count: number
  on: boolean
}

export interface LuckyKingEvent extends Base {
  type: 'group.luckyKing'
  groupId: GroupId
  userId: UserId
  targetId: UserId
}

export interface FriendAddEvent extends Base {
  type: 'friend.add'
  userId: UserId
}

export interface FriendRemoveEvent extends Base {
  type: 'friend.remove'
  userId: UserId
}

export interface FriendNickEvent extends Base {
  type: 'friend.nickname'
  userId: UserId
  nickname: string
  oldNickname?: string | undefined
}

export interface FriendTypingEvent extends Base {
  type: 'friend.typing'
  userId: UserId
  on: boolean
  text?: string | undefined
}

export interface ProfileLikeEvent extends Base {
  type: 'profile.like'
  userId: UserId
  nickname: string
  times: number
}

export interface FriendRequestEvent extends Base {
  type: 'request.friend'
  requestId: RequestId
  userId: UserId
  nickname?: string | undefined
  comment: string
  /** The group through which they met. */
  groupId?: GroupId | undefined
}

export interface GroupRequestEvent extends Base {
  type: 'request.group'
  /** join: someone asks to join. invite: someone asks the bot to join. */
  kind: 'join' | 'invite'
  requestId: RequestId
  groupId: GroupId
  groupName?: string | undefined
  /** Who asks, or who invites the bot. */
  userId: UserId
  nickname?: string | undefined
  comment: string
  /** The member who invited the one who asks. */
  invitorId?: UserId | undefined
}

export interface BotOnlineEvent extends Base {
  type: 'bot.online'
  /** The link was lost before and is back. */
  again: boolean
}

export interface BotOfflineEvent extends Base {
  type: 'bot.offline'
  /** active: logged out on request. force: kicked off by the server. dropped: the link was lost. */
  how: 'active' | 'force' | 'dropped'
  title?: string | undefined
  message?: string | undefined
}

export interface ClientStatusEvent extends Base {
  type: 'client.status'
  on: boolean
  client: { id: number; name: string; platform: string }
}

/** A message that ran a command which a mah client registered. */
export interface CommandEvent extends Base {
  type: 'command'
  name: string
  peer: Peer
  senderId: UserId
  args: Segment[]
}

/** What has no canonical form; passed through between equal dialects, dropped with a trace otherwise. */
export interface RawEvent extends Base {
  type: 'raw'
  dialect: string
  /** The dialect's own name of it. */
  name: string
  payload: Record<string, unknown>
}

export type BridgeEvent =
  | MessageEvent
  | RecallEvent
  | NudgeEvent
  | FileUploadEvent
  | MemberJoinEvent
  | MemberLeaveEvent
  | MemberMuteEvent
  | MuteAllEvent
  | RoleEvent
  | CardEvent
  | TitleEvent
  | HonorEvent
  | GroupNameEvent
  | GroupSettingEvent
  | EssenceEvent
  | ReactionEvent
  | LuckyKingEvent
  | FriendAddEvent
  | FriendRemoveEvent
  | FriendNickEvent
  | FriendTypingEvent
  | ProfileLikeEvent
  | FriendRequestEvent
  | GroupRequestEvent
  | BotOnlineEvent
  | BotOfflineEvent
  | ClientStatusEvent
  | CommandEvent
  | RawEvent

export type EventType = BridgeEvent['type']
export type EventOf<T extends EventType> = Extract<BridgeEvent, { type: T }>
