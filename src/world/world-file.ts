// The world file: its schema with defaults, and the laws that a schema cannot say. All faults are told at once.
import * as v from 'valibot'
import { Role, Sex } from '../core/contact.ts'
import { BridgeError } from '../core/error.ts'
import { GroupId, UserId } from '../core/ids.ts'
import { isFileName, isFolder } from './file-name.ts'

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
})

const FriendEntry = strict({ of: UserId, id: UserId, remark: text, category: v.optional(v.string(), '我的好友') })

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
})

const SettingsEntry = strict({
  allowMemberInvite: flag,
  muteAll: flag,
  confessTalk: flag,
  autoApprove: flag,
  anonymousChat: flag,
})

const FileEntry = strict({
  folder: v.optional(v.pipe(v.string(), v.check(isFolder, 'must be a path like / or /logs')), '/'),
  name: v.pipe(v.string(), v.check(isFileName, 'must be one path part of 1 to 255 bytes')),
  uploader: UserId,
  text: v.optional(v.string()),
  base64: v.optional(v.pipe(v.string(), v.base64())),
  /** Bytes, for a file without content. */
  size: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
})

const GroupEntry = strict({
  id: GroupId,
  name: v.string(),
  maxMemberCount: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 2000),
  members: v.array(MemberEntry),
  settings: v.optional(SettingsEntry, {}),
  files: v.optional(v.array(FileEntry), []),
})

export const WorldFile = strict({
  $schema: v.optional(v.string()),
  accounts: v.array(AccountEntry),
  friends: v.optional(v.array(FriendEntry), []),
  groups: v.optional(v.array(GroupEntry), []),
})
export type WorldFile = v.InferOutput<typeof WorldFile>
export type WorldFileInput = v.InferInput<typeof WorldFile>

/** A world file from outside. Throws `badParameter` with one line for each fault: its path and what is wrong. */
export function parseWorld(input: unknown): WorldFile {
  const result = v.safeParse(WorldFile, input)
  const faults = result.success ? findFaults(result.output) : result.issues.map(printIssue)
  if (result.success && faults.length === 0) return result.output
  const head = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  throw new BridgeError('badParameter', `the world file has ${head}:\n${faults.map((line) => `- ${line}`).join('\n')}`)
}

function printIssue(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? '(whole file)'}: ${issue.message}`
}

function findFaults(file: WorldFile): string[] {
  const faults: string[] = []
  const accounts = new Set<number>()
  for (const [at, account] of file.accounts.entries()) {
    if (accounts.has(account.id)) faults.push(`accounts.${at}.id: account ${account.id} is there twice`)
    accounts.add(account.id)
  }
  findFriendFaults(file, accounts, faults)
  const groups = new Set<number>()
  for (const [at, group] of file.groups.entries()) {
    if (groups.has(group.id)) faults.push(`groups.${at}.id: group ${group.id} is there twice`)
    groups.add(group.id)
    findGroupFaults(group, `groups.${at}`, accounts, faults)
  }
  return faults
}

function findFriendFaults(file: WorldFile, accounts: Set<number>, faults: string[]): void {
  const pairs = new Set<string>()
  for (const [at, friend] of file.friends.entries()) {
    const path = `friends.${at}`
    if (!accounts.has(friend.of)) faults.push(`${path}.of: no account ${friend.of} in accounts`)
    if (!accounts.has(friend.id)) faults.push(`${path}.id: no account ${friend.id} in accounts`)
    if (friend.of === friend.id) faults.push(`${path}.id: nobody is a friend of themselves`)
    const pair = `${friend.of}>${friend.id}`
    if (pairs.has(pair)) faults.push(`${path}: ${friend.id} is a friend of ${friend.of} twice`)
    pairs.add(pair)
  }
}

type GroupOfFile = WorldFile['groups'][number]

function findGroupFaults(group: GroupOfFile, path: string, accounts: Set<number>, faults: string[]): void {
  const members = new Set<number>()
  for (const [at, member] of group.members.entries()) {
    if (members.has(member.id)) faults.push(`${path}.members.${at}.id: member ${member.id} is there twice`)
    members.add(member.id)
  }
  const owners = group.members.filter((member) => member.role === 'owner').length
  if (owners !== 1) faults.push(`${path}.members: group ${group.id} needs exactly one owner, it has ${owners}`)
  for (const [at, file] of group.files.entries()) {
    if (!accounts.has(file.uploader) && !members.has(file.uploader)) {
      faults.push(`${path}.files.${at}.uploader: no account ${file.uploader}`)
    }
    const contents = [file.text, file.base64, file.size].filter((content) => content !== undefined).length
    if (contents > 1) faults.push(`${path}.files.${at}: only one of text, base64 and size`)
  }
}
