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

/** An address, or the handle of a medium that is kept. */
export interface Picture {
  id?: string | undefined
  url?: string | undefined
  width?: number | undefined
  height?: number | undefined
}

/** QQ's numbers: 10 online, 30 away, 40 invisible, 50 busy, 60 Q me, 70 do not disturb; extStatus refines 10. */
export interface OnlineStatus {
  status: number
  extStatus: number
  battery?: number | undefined
  /** A status of own words. */
  text?: string | undefined
  faceId?: number | undefined
}

/** Another client in which the account is logged in. */
export interface ClientDevice {
  id: number
  name: string
  platform: string
}

/** Likes from one person: in all, and on the day of the last one. */
export interface Like {
  count: number
  time: number
  today: number
}

export interface Favourite {
  id: string
  text: string
  brief: string
  time: number
}

/** How often everybody was mentioned on that day. */
export interface DayCount {
  day: number
  count: number
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
  status: OnlineStatus
  /** Device name shown beside messages, empty: none. */
  model: string
  avatar: Picture | undefined
  /** By who gave them. */
  likes: Map<UserId, Like>
  favourites: Favourite[]
  /** Addresses, or `base64://` and bytes. */
  customFaces: string[]
  devices: Map<number, ClientDevice>
  atAll: DayCount
  friends: Map<UserId, FriendEntry>
  /** Who is a friend to this account, but not the other way round. */
  oneWay: Map<UserId, FriendEntry>
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
  /** What this member calls the group. */
  remark: string
  /** Last sign-in (打卡). */
  signTime: number
}

export type GroupSettings = Omit<GroupConfig, 'name'>

export interface StoredFile {
  id: string
  /** `/` or the id of a folder. */
  folderId: string
  name: string
  uploaderId: UserId
  sizeBytes: number
  time: number
  modifyTime: number
  /** When a temporary file dies, 0 for lasting ones. */
  deadTime: number
  downloadTimes: number
  text?: string | undefined
  base64?: string | undefined
  url?: string | undefined
  /** Handle of the bytes among the media. */
  mediaId?: string | undefined
}

export interface StoredFolder {
  id: string
  /** `/` or the id of a folder. */
  parentId: string
  name: string
  creatorId: UserId
  time: number
  modifyTime: number
}

/** type: 1 nobody is asked, 2 asked, 3 nobody may, 4 by answer, 5 answer and asked. */
export interface JoinOption {
  type: number
  question: string
  answer: string
}

export interface RobotOption {
  memberSwitch: number
  memberExamine: number
}

export interface SearchSetting {
  byNumber: boolean
  byFinger: boolean
}

export interface NoticeFlags {
  pinned: boolean
  confirmRequired: boolean
  showEditCard: boolean
  showPopup: boolean
  sendToNewMember: boolean
}

export interface WorldNotice extends NoticeFlags {
  id: string
  senderId: UserId
  time: number
  text: string
  images: Picture[]
  readBy: Set<UserId>
  confirmedBy: Set<UserId>
}

export interface HonorHolder {
  userId: UserId
  description: string
  dayCount?: number | undefined
}

export interface Essence {
  operatorId: UserId
  time: number
}

export interface WorldGroup {
  groupId: GroupId
  name: string
  members: Map<UserId, WorldMember>
  settings: GroupSettings
  maxMemberCount: number
  avatar: Picture | undefined
  joinOption: JoinOption
  robotOption: RobotOption
  search: SearchSetting
  files: Map<string, StoredFile>
  folders: Map<string, StoredFolder>
  /** By world id of the message, in the order of setting. */
  essence: Map<number, Essence>
  /** In the order of publishing. */
  notices: Map<string, WorldNotice>
  /** By OneBot's word for the honour; the first talkative one holds it now. */
  honors: Map<string, HonorHolder[]>
  atAll: DayCount
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
  /** Kept from view as doubtful: nobody is told of it. */
  filtered: boolean
  outcome: 'open' | 'approved' | 'refused' | 'ignored'
  answeredBy?: UserId | undefined
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
  /** Canned answers to what only Tencent's servers know, by kind of question. */
  answers: Map<string, unknown>
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

/** Days change at midnight in China, where the servers are. */
export function dayOf(time: number): number {
  return Math.floor((time + 8 * 3600) / 86_400)
}

export const defaultSettings: GroupSettings = {
  confessTalk: false,
  allowMemberInvite: false,
  autoApprove: false,
  anonymousChat: false,
  muteAll: false,
}
