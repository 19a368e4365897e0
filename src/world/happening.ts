// What happened in a world: the only way in which it changes, and what its watchers see. Times are Unix seconds.
import type { Role } from '../core/contact.ts'
import type { GroupId, UserId } from '../core/ids.ts'
import type { Chat, Device, GroupSettings, StoredFile, WorldMessage, WorldRequest } from './state.ts'

interface Base {
  time: number
}

interface OfMember extends Base {
  groupId: GroupId
  userId: UserId
}

export interface MessageHappening extends Base {
  type: 'message'
  message: WorldMessage
}

export interface FileHappening extends Base {
  type: 'file.upload'
  groupId: GroupId
  file: StoredFile
  /** The message that carries it, when it came inside one. */
  messageId?: number | undefined
}

export interface RequestHappening extends Base {
  type: 'request'
  request: WorldRequest
}

interface AnswerHappening extends Base {
  type: 'request.answer'
  flag: string
  by: UserId
  outcome: 'approved' | 'refused' | 'ignored'
  block: boolean
}

export type Happening =
  | MessageHappening
  | FileHappening
  | RequestHappening
  | AnswerHappening
  | (Base & { type: 'message.recall'; id: number; operatorId: UserId })
  | (Base & { type: 'message.read'; userId: UserId; marks: [key: string, seq: number][] })
  | (Base & { type: 'nudge'; chat: Chat; senderId: UserId; targetId: UserId; device: Device })
  | (OfMember & { type: 'group.reaction'; id: number; emojiId: string; on: boolean })
  | (Base & { type: 'group.essence'; groupId: GroupId; id: number; operatorId: UserId; on: boolean })
  /** `userId` becomes a friend of `of`, who wrote down the remark. */
  | (Base & { type: 'friend.add'; of: UserId; userId: UserId; remark: string })
  | (Base & { type: 'friend.remove'; by: UserId; userId: UserId })
  | (Base & { type: 'group.create'; groupId: GroupId; name: string; ownerId: UserId })
  | (OfMember & { type: 'group.member.join'; operatorId?: UserId | undefined; invitorId?: UserId | undefined })
  | (OfMember & { type: 'group.member.leave'; how: 'leave' | 'kick'; operatorId?: UserId | undefined; block: boolean })
  /** `members`: who was there. */
  | (Base & { type: 'group.dismiss'; groupId: GroupId; operatorId: UserId; members: UserId[] })
  | (OfMember & { type: 'group.member.mute'; operatorId: UserId; durationSeconds: number })
  | (Base & { type: 'group.muteAll'; groupId: GroupId; operatorId: UserId; on: boolean })
  | (OfMember & { type: 'group.member.role'; role: Role; oldRole: Role })
  | (OfMember & { type: 'group.member.card'; operatorId: UserId; card: string; oldCard: string })
  /** `until` 0: for ever. */
  | (OfMember & { type: 'group.member.title'; operatorId: UserId; title: string; oldTitle: string; until: number })
  | (Base & { type: 'group.name'; groupId: GroupId; operatorId: UserId; name: string; oldName: string })
  | (Base & {
      type: 'group.setting'
      groupId: GroupId
      operatorId: UserId
      setting: Exclude<keyof GroupSettings, 'muteAll'>
      on: boolean
    })
  | (Base & { type: 'profile.nickname'; userId: UserId; nickname: string; oldNickname: string })
  | (Base & { type: 'online'; userId: UserId; on: boolean })
  /** Back to the world file; everything that was known is gone. */
  | (Base & { type: 'reset' })

export type HappeningType = Happening['type']
export type HappeningOf<T extends HappeningType> = Extract<Happening, { type: T }>
