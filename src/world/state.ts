// All that an IM world knows. Only `evolve` changes it. Times are Unix seconds; 0 means never.
import type { GroupConfig, Role, Sex } from '../core/contact.ts'
import type { GroupId, UserId } from '../core/ids.ts'
import type { ForwardNode, Segment } from '../core/segment.ts'

export interface FriendEntry {
  remark: string
  category: string
  /** false: the other side of a friendship that was written down from one side only; not exported. */
  listed: boolean
}

export interface Account {
  userId: UserId
  bot: boolean
  nickname: string
  sex: Sex
  age: number
  level: number
  sign: string
  email: string | undefined
  online: boolean
  friends: Map<UserId, FriendEntry>
  /** Names in the order of first use; the place is the category's id. */
  categories: string[]
  groups: Set<GroupId>
  /** Whose friend requests are refused. */
  blocked: Set<UserId>
  /** Conversation key to the last sequence number that was read. */
  readMarks: Map<string, number>
}

export interface WorldMember {
  userId: UserId
  role: Role
  card: string
  title: string
  titleUntil: number
  level: number
  joinTime: number
  /** Last sequence number before this member came: older messages stay hidden. */
  joinSeq: number
  lastSpeakTime: number
  mutedUntil: number
}

export type GroupSettings = Omit<GroupConfig, 'name'>

export interface StoredFile {
  id: string
  folder: string
  name: string
  uploaderId: UserId
  sizeBytes: number
  time: number
  text?: string | undefined
  base64?: string | undefined
  url?: string | undefined
}

export interface WorldGroup {
  groupId: GroupId
  name: string
  members: Map<UserId, WorldMember>
  settings: GroupSettings
  maxMemberCount: number
  files: Map<string, StoredFile>
  /** World ids of messages. */
  essence: Set<number>
  /** Kicked for good. */
  blocked: Set<UserId>
}

/** Where a message lives, the same for both sides. `groupId` of a private chat: the group that a temp chat goes through. */
export type Chat =
  | { kind: 'group'; groupId: GroupId }
  | { kind: 'private'; users: readonly [UserId, UserId]; groupId?: GroupId | undefined }

/** bridge: sent by a program through this bridge. client: written by the account's owner in another client. */
export type Device = 'bridge' | 'client'

export interface WorldMessage {
  /** Unique in the world, int32. */
  id: number
  chat: Chat
  /** 1 for the first message of a conversation, without gaps. */
  seq: number
  time: number
  senderId: UserId
  device: Device
  segments: Segment[]
  recalled?: { by: UserId; time: number }
  /** Emoji id to who set it. */
  reactions?: Map<string, Set<UserId>>
}

export interface WorldRequest {
  flag: string
  kind: 'friend' | 'join' | 'invite'
  time: number
  /** Who asks, or who invites. */
  userId: UserId
  /** The account that is asked. Absent for join, which every admin may answer. */
  toId?: UserId | undefined
  groupId?: GroupId | undefined
  comment: string
  outcome: 'open' | 'approved' | 'refused' | 'ignored'
}

export interface WorldState {
  accounts: Map<UserId, Account>
  /** Ids of the accounts with `bot`, in the order of the world file. */
  bots: UserId[]
  groups: Map<GroupId, WorldGroup>
  /** Messages by conversation key; the place is seq - 1. */
  conversations: Map<string, WorldMessage[]>
  messages: Map<number, WorldMessage>
  forwards: Map<string, ForwardNode[]>
  requests: Map<string, WorldRequest>
  nextMessageId: number
  nextRequest: number
}

export function chatKey(chat: Chat): string {
  return chat.kind === 'group' ? `g${chat.groupId}` : pairKey(chat.users[0], chat.users[1])
}

export function pairKey(one: UserId, other: UserId): string {
  return one < other ? `u${one}-${other}` : `u${other}-${one}`
}

export const defaultCategory = '我的好友'

export const defaultSettings: GroupSettings = {
  confessTalk: false,
  allowMemberInvite: false,
  autoApprove: false,
  anonymousChat: false,
  muteAll: false,
}
