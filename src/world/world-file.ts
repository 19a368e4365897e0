// The world file: its schema with defaults. All faults are told at once; the laws that a schema cannot say stand beside.
import * as v from 'valibot'
import { Role, Sex } from '../core/contact.ts'
import { BridgeError } from '../core/error.ts'
import { GroupId, UserId } from '../core/ids.ts'
import { describeFault } from '../core/issue.ts'
import { addLines } from '../core/json-lines.ts'
import { serverActions } from '../core/actions/server.ts'
import { isFileName, isFolder } from './file-name.ts'
import { findFaults } from './world-file-laws.ts'

/** An object without other keys; a stranger is told what is allowed. `$comment` is for people. */
function strict<E extends v.ObjectEntries>(entries: E) {
  const allowed = Object.keys(entries).join(', ')
  return v.strictObject({ $comment: v.optional(v.string()), ...entries }, (issue) =>
    issue.expected === 'never' ? `unknown key, allowed are: ${allowed}` : issue.message,
  )
}

const text = v.optional(v.string(), '')
const count = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0)
const seconds = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)))
const flag = v.optional(v.boolean(), false)

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** An address, or the handle of a medium of the data folder. */
const PictureEntry = strict({
  id: v.optional(v.string()),
  url: v.optional(v.string()),
  width: v.optional(whole),
  height: v.optional(whole),
})

/** QQ's numbers: 10 online, 30 away, 40 invisible, 50 busy, 60 Q me, 70 do not disturb; extStatus refines 10. */
const StatusEntry = strict({
  status: v.picklist([10, 30, 40, 50, 60, 70]),
  extStatus: v.optional(whole, 0),
  battery: v.optional(whole),
  text: v.optional(v.string()),
  faceId: v.optional(whole),
})

const AccountEntry = strict({
  id: UserId,
  /** Default false: played by control acts only. */
  bot: flag,
  nickname: v.string(),
  sex: v.optional(Sex, 'unknown'),
  age: count,
  level: count,
  sign: text,
  email: v.optional(v.string()),
  /** Default true. */
  online: v.optional(v.boolean()),
  status: v.optional(StatusEntry),
  /** Device name beside messages. */
  model: v.optional(v.string()),
  avatar: v.optional(PictureEntry),
  /** Likes (名片赞) that the account got. `today`: those of the day of `time`. */
  likes: v.optional(
    v.array(strict({ by: UserId, count: whole, time: v.optional(whole, 0), today: v.optional(whole, 0) })),
  ),
  /** Notes (收藏). */
  favourites: v.optional(
    v.array(strict({ id: v.optional(v.string()), text: v.string(), brief: text, time: v.optional(whole, 0) })),
  ),
  /** Own stickers: addresses, or `base64://` and the bytes. */
  customFaces: v.optional(
    v.array(v.pipe(v.string(), v.regex(/^(https?|base64):\/\//, 'must start with http://, https:// or base64://'))),
  ),
  /** Other clients in which the account is logged in. */
  devices: v.optional(v.array(strict({ id: whole, name: v.string(), platform: v.string() }))),
  /** Whose friend requests are refused. */
  blocked: v.optional(v.array(UserId)),
})

const FriendEntry = strict({
  of: UserId,
  id: UserId,
  remark: text,
  category: v.optional(v.string(), '我的好友'),
  /** true: `id` has not `of` as a friend. Default: a friendship has two sides. */
  oneWay: v.optional(v.boolean()),
})

const MemberEntry = strict({
  id: UserId,
  role: v.optional(Role, 'member'),
  card: text,
  title: text,
  /** Unix seconds, absent: for ever. */
  titleUntil: seconds,
  level: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 1),
  /** Unix seconds, absent: when the world was loaded. */
  joinTime: seconds,
  lastSpeakTime: seconds,
  mutedUntil: seconds,
  /** What this member calls the group. */
  remark: v.optional(v.string()),
  /** Last sign-in (打卡). */
  signTime: seconds,
})

const SettingsEntry = strict({
  allowMemberInvite: flag,
  muteAll: flag,
  confessTalk: flag,
  autoApprove: flag,
  anonymousChat: flag,
})

const FileEntry = strict({
  /** Absent: made from the place in the list. */
  id: v.optional(v.string()),
  /** A path; folders on it need not be listed. */
  folder: v.optional(v.pipe(v.string(), v.check(isFolder, 'must be a path like / or /logs')), '/'),
  name: v.pipe(v.string(), v.check(isFileName, 'must be one path part of 1 to 255 bytes')),
  uploader: UserId,
  text: v.optional(v.string()),
  base64: v.optional(v.pipe(v.string(), v.base64())),
  /** Bytes, for a file without content. */
  size: v.optional(whole),
  url: v.optional(v.string()),
  /** Handle of the bytes among the media of the data folder. */
  mediaId: v.optional(v.string()),
  /** Unix seconds, absent: when the world was loaded. */
  uploadTime: seconds,
  modifyTime: seconds,
  /** When a temporary file dies. Absent or 0: it lasts. */
  deadTime: seconds,
  downloads: v.optional(whole),
})

const FolderEntry = strict({
  path: v.pipe(
    v.string(),
    v.check((path) => isFolder(path) && path !== '/', 'must be a path like /logs'),
  ),
  id: v.optional(v.string()),
  /** Absent: the owner. */
  creator: v.optional(UserId),
  time: seconds,
  modifyTime: seconds,
})

const NoticeEntry = strict({
  id: v.optional(v.string()),
  sender: UserId,
  text: v.string(),
  time: seconds,
  images: v.optional(v.array(PictureEntry), []),
  pinned: flag,
  confirmRequired: flag,
  showEditCard: flag,
  showPopup: flag,
  sendToNewMember: flag,
  readBy: v.optional(v.array(UserId), []),
  confirmedBy: v.optional(v.array(UserId), []),
})

const HonorEntry = strict({ id: UserId, description: text, dayCount: v.optional(whole) })
const honors = ['talkative', 'performer', 'legend', 'strong_newbie', 'emotion'] as const

const RequestEntry = strict({
  kind: v.picklist(['friend', 'join', 'invite']),
  flag: v.optional(v.string()),
  user: UserId,
  /** Who is asked: for friend and invite. */
  to: v.optional(UserId),
  group: v.optional(GroupId),
  comment: text,
  /** Kept from view as doubtful. */
  filtered: flag,
  time: seconds,
})

const GroupEntry = strict({
  id: GroupId,
  name: v.string(),
  maxMemberCount: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 2000),
  members: v.array(MemberEntry),
  settings: v.optional(SettingsEntry, {}),
  files: v.optional(v.array(FileEntry), []),
  folders: v.optional(v.array(FolderEntry)),
  avatar: v.optional(PictureEntry),
  /** How people join. type: 1 nobody is asked, 2 asked, 3 nobody may, 4 by answer, 5 answer and asked. Default: 1 with autoApprove, else 2. */
  joinOption: v.optional(strict({ type: v.picklist([1, 2, 3, 4, 5]), question: text, answer: text })),
  robotOption: v.optional(strict({ memberSwitch: count, memberExamine: count })),
  search: v.optional(strict({ byNumber: v.optional(v.boolean(), true), byFinger: v.optional(v.boolean(), true) })),
  /** In the order of publishing. */
  notices: v.optional(v.array(NoticeEntry)),
  /** The first talkative one holds the honour now. */
  honors: v.optional(v.record(v.picklist(honors, `allowed are: ${honors.join(', ')}`), v.array(HonorEntry))),
  /** Whose requests to join are refused. */
  blocked: v.optional(v.array(UserId)),
})

const kinds = serverActions['server.ask'].params.entries.kind.options

export const WorldFile = strict({
  $schema: v.optional(v.string()),
  accounts: v.array(AccountEntry),
  friends: v.optional(v.array(FriendEntry), []),
  groups: v.optional(v.array(GroupEntry), []),
  /** Requests that wait for an answer. */
  requests: v.optional(v.array(RequestEntry)),
  /** Canned answers to what only Tencent's servers know, by kind of `server.ask`; what is not here is refused. */
  answers: v.optional(v.record(v.picklist(kinds, `allowed are: ${kinds.join(', ')}`), v.unknown())),
})
export type WorldFile = v.InferOutput<typeof WorldFile>
export type WorldFileInput = v.InferInput<typeof WorldFile>

/**
 * A world file from outside. Throws `badParameter` with one line for each fault: its path and what is wrong, and the line
 * of the file where `text`, the JSON that it was read from, is given.
 */
export function parseWorld(input: unknown, text?: string): WorldFile {
  const result = v.safeParse(WorldFile, input)
  const found = result.success ? findFaults(result.output) : result.issues.map(printIssue)
  if (result.success && found.length === 0) return result.output
  const faults = text === undefined ? found : addLines(found, text)
  const head = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  throw new BridgeError('badParameter', `the world file has ${head}:\n${faults.map((line) => `- ${line}`).join('\n')}`)
}

function printIssue(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? '(whole file)'}: ${describeFault(issue)}`
}
