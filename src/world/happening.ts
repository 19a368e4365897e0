// What happened in a world: the only way in which it changes, and what its watchers see. Times are Unix seconds.
import type { Role, Sex } from '../core/contact.ts'
import type { GroupId, UserId } from '../core/ids.ts'
import type {
  Chat,
  ClientDevice,
  Device,
  Favourite,
  GroupSettings,
  HonorHolder,
  JoinOption,
  OnlineStatus,
  Picture,
  RobotOption,
  SearchSetting,
  StoredFile,
  StoredFolder,
  WorldMessage,
  WorldNotice,
  WorldRequest,
} from './state.ts'

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

interface OfAccount extends Base {
  userId: UserId
}

/** A notice as it was published: nobody has read it yet. */
export type PublishedNotice = Omit<WorldNotice, 'readBy' | 'confirmedBy'>

type AccountHappening =
  | (OfAccount & { type: 'profile'; sign?: string | undefined; sex?: Sex | undefined })
  | (OfAccount & { type: 'profile.nickname'; nickname: string; oldNickname: string })
  | (OfAccount & { type: 'profile.avatar'; avatar: Picture })
  | (OfAccount & { type: 'profile.status'; status: OnlineStatus })
  | (OfAccount & { type: 'profile.model'; model: string })
  /** `by` liked the card of `userId`. */
  | (OfAccount & { type: 'profile.like'; by: UserId; times: number })
  | (OfAccount & { type: 'client'; on: boolean; device: ClientDevice })
  | (OfAccount & { type: 'typing'; toId: UserId; on: boolean })
  | (OfAccount & { type: 'favourite.add'; favourite: Favourite })
  /** `of` calls `userId` so. */
  | (OfAccount & { type: 'friend.remark'; of: UserId; remark: string })
  | (OfAccount & { type: 'online'; on: boolean; how?: 'active' | 'dropped' | undefined })

interface OfGroup extends Base {
  groupId: GroupId
}

export interface NoticeHappening extends OfGroup {
  type: 'group.notice.publish'
  notice: PublishedNotice
}

type GroupHappening =
  | (OfMember & { type: 'group.remark'; remark: string })
  | (OfMember & { type: 'group.sign' })
  | (OfGroup & { type: 'group.avatar'; operatorId: UserId; avatar: Picture })
  | (OfGroup & { type: 'group.joinOption'; operatorId: UserId; option: JoinOption })
  | (OfGroup & { type: 'group.robotOption'; operatorId: UserId; option: RobotOption })
  | (OfGroup & { type: 'group.search'; operatorId: UserId; search: SearchSetting })
  | NoticeHappening
  | (OfMember & { type: 'group.notice.read'; id: string; confirmed: boolean })
  | (OfGroup & { type: 'group.notice.delete'; id: string; operatorId: UserId })
  /** `holder` absent: the honour is lost. */
  | (OfMember & { type: 'group.honor'; honor: string; holder?: HonorHolder | undefined })

export interface FolderHappening extends OfGroup {
  type: 'file.folder.create'
  folder: StoredFolder
}

type FilesHappening =
  | FileHappening
  | FolderHappening
  | (OfGroup & { type: 'file.move'; id: string; folderId: string; operatorId: UserId })
  | (OfGroup & { type: 'file.rename'; id: string; name: string; operatorId: UserId })
  | (OfGroup & { type: 'file.keep'; id: string; operatorId: UserId })
  | (OfGroup & { type: 'file.delete'; id: string; operatorId: UserId })
  /** With everything inside. */
  | (OfGroup & { type: 'file.folder.delete'; id: string; operatorId: UserId })

export type Happening =
  | AccountHappening
  | GroupHappening
  | FilesHappening
  | MessageHappening
  | RequestHappening
  | AnswerHappening
  | (Base & { type: 'message.recall'; id: number; operatorId: UserId })
  | (Base & { type: 'message.read'; userId: UserId; marks: [key: string, seq: number][] })
  | (Base & { type: 'nudge'; chat: Chat; senderId: UserId; targetId: UserId; device: Device })
  | (OfMember & { type: 'group.reaction'; id: number; emojiId: string; on: boolean })
  | (Base & { type: 'group.essence'; groupId: GroupId; id: number; operatorId: UserId; on: boolean })
  /** `userId` becomes a friend of `of`, who wrote down the remark. */
  | (Base & { type: 'friend.add'; of: UserId; userId: UserId; remark: string })
  /** `oneWay`: the other one had not `by` as a friend and notices nothing. */
  | (Base & { type: 'friend.remove'; by: UserId; userId: UserId; oneWay?: boolean | undefined })
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
  /** Back to the world file; everything that was known is gone. */
  | (Base & { type: 'reset' })

export type HappeningType = Happening['type']
export type HappeningOf<T extends HappeningType> = Extract<Happening, { type: T }>
