// The state of a world as lines of JSON and back: all but its messages.
import type { GroupId, UserId } from '../core/ids.ts'
import { type Columns, toColumns, valueAt } from './columns.ts'
import { emptyState, newAccount, newGroup, newMember } from './make.ts'
import type { Account, WorldGroup, WorldMember, WorldState } from './state.ts'

const accountsInALine = 1000

/** Lines of one kind each: the head first, accounts in portions, every group by itself. */
export function* freeze(state: WorldState): Generator<string> {
  const { bots, nextMessageId, nextRequest } = state
  const requests = [...state.requests.values()]
  yield JSON.stringify({ head: { bots, nextMessageId, nextRequest, requests, answers: [...state.answers] } })
  const accounts = [...state.accounts.values()]
  for (let at = 0; at < accounts.length; at += accountsInALine)
    yield JSON.stringify({ accounts: accounts.slice(at, at + accountsInALine).map(freezeAccount) })
  for (const group of state.groups.values()) yield JSON.stringify({ group: freezeGroup(group) })
}

function freezeAccount(account: Account) {
  return {
    ...account,
    likes: [...account.likes],
    devices: [...account.devices],
    friends: [...account.friends],
    oneWay: [...account.oneWay],
    groups: [...account.groups],
    blocked: [...account.blocked],
    readMarks: [...account.readMarks],
  }
}

function freezeGroup(group: WorldGroup) {
  const notices = [...group.notices.values()]
  return {
    ...group,
    members: freezeMembers([...group.members.values()]),
    files: [...group.files.values()],
    folders: [...group.folders.values()],
    essence: [...group.essence],
    notices: notices.map((one) => ({ ...one, readBy: [...one.readBy], confirmedBy: [...one.confirmedBy] })),
    honors: [...group.honors],
    blocked: [...group.blocked],
  }
}

type Frozen =
  | {
      head: Pick<WorldState, 'bots' | 'nextMessageId' | 'nextRequest'> & {
        requests: WorldState['requests'] extends Map<string, infer R> ? R[] : never
        answers: [string, unknown][]
      }
    }
  | { accounts: ReturnType<typeof freezeAccount>[] }
  | { group: ReturnType<typeof freezeGroup> }

/** A world without messages. Throws for lines that `freeze` did not write. */
export function thaw(lines: Iterable<string>): WorldState {
  const state = emptyState(1)
  for (const line of lines) thawLine(state, JSON.parse(line) as Frozen)
  return state
}

function thawLine(state: WorldState, line: Frozen): void {
  if ('head' in line) {
    const { requests, answers, ...rest } = line.head
    Object.assign(state, rest, { answers: new Map(answers) })
    for (const request of requests) state.requests.set(request.flag, request)
  } else if ('accounts' in line) {
    for (const account of line.accounts) state.accounts.set(account.userId, thawAccount(account))
  } else state.groups.set(line.group.groupId, thawGroup(line.group))
}

function thawAccount(account: ReturnType<typeof freezeAccount>): Account {
  return {
    ...newAccount(account.userId),
    ...account,
    likes: new Map(account.likes),
    devices: new Map(account.devices),
    friends: new Map(account.friends),
    oneWay: new Map(account.oneWay),
    groups: new Set(account.groups),
    blocked: new Set(account.blocked),
    readMarks: new Map(account.readMarks),
  }
}

function thawGroup(group: ReturnType<typeof freezeGroup>): WorldGroup {
  return {
    ...newGroup(group.groupId satisfies GroupId, group.name),
    ...group,
    members: thawMembers(group.members),
    files: new Map(group.files.map((file) => [file.id, file])),
    folders: new Map(group.folders.map((folder) => [folder.id, folder])),
    essence: new Map(group.essence),
    notices: new Map(
      group.notices.map((one) => [
        one.id,
        { ...one, readBy: new Set(one.readBy), confirmedBy: new Set(one.confirmedBy) },
      ]),
    ),
    honors: new Map(group.honors),
    blocked: new Set(group.blocked),
  }
}

const plainMember = newMember({ userId: 0 as UserId, role: 'member', joinTime: 0, joinSeq: 0 })
const memberKeys = (Object.keys(plainMember) as (keyof WorldMember)[]).filter((key) => key !== 'userId')

interface FrozenMembers extends Columns<WorldMember> {
  ids: UserId[]
}

function freezeMembers(members: readonly WorldMember[]): FrozenMembers {
  return { ids: members.map(({ userId }) => userId), ...toColumns(members, memberKeys) }
}

/** There may be many, and their groups are all alike: spelt out, as a loop over keys takes ten times as long. */
function thawMembers({ ids, ...columns }: FrozenMembers): Map<UserId, WorldMember> {
  const members = new Map<UserId, WorldMember>()
  for (const [at, userId] of ids.entries())
    members.set(userId, {
      card: valueAt(columns.card, at, ''),
      title: valueAt(columns.title, at, ''),
      titleUntil: valueAt(columns.titleUntil, at, 0),
      level: valueAt(columns.level, at, plainMember.level),
      lastSpeakTime: valueAt(columns.lastSpeakTime, at, 0),
      mutedUntil: valueAt(columns.mutedUntil, at, 0),
      remark: valueAt(columns.remark, at, ''),
      signTime: valueAt(columns.signTime, at, 0),
      userId,
      role: valueAt(columns.role, at, 'member'),
      joinTime: valueAt(columns.joinTime, at, 0),
      joinSeq: valueAt(columns.joinSeq, at, 0),
    })
  return members
}
