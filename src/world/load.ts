// World file to state and back.
import type { UserId } from '../core/ids.ts'
import {
  type Account,
  defaultCategory,
  type FriendEntry,
  type StoredFile,
  type WorldGroup,
  type WorldState,
} from './state.ts'
import type { WorldFile } from './world-file.ts'

export interface LoadOptions {
  /** Unix seconds. */
  now: number
  /** In 1 .. 2^30: where message ids begin. */
  firstMessageId: number
}

export function loadWorld(file: WorldFile, options: LoadOptions): WorldState {
  const state: WorldState = {
    accounts: new Map(),
    bots: [],
    groups: new Map(),
    conversations: new Map(),
    messages: new Map(),
    forwards: new Map(),
    requests: new Map(),
    nextMessageId: options.firstMessageId,
    nextRequest: 1,
  }
  for (const { $comment: _, id, email, ...rest } of file.accounts)
    addAccount(state, { ...newAccount(id), ...rest, email })
  for (const group of file.groups) addGroup(state, group, options.now)
  for (const { of, id, remark, category } of file.friends) befriend(state, of, id, { remark, category, listed: true })
  return state
}

function newAccount(userId: UserId): Account {
  return {
    userId,
    bot: false,
    // For members that the file names without an account.
    nickname: `user-${userId}`,
    sex: 'unknown',
    age: 0,
    level: 0,
    sign: '',
    email: undefined,
    online: true,
    friends: new Map(),
    categories: [defaultCategory],
    groups: new Set(),
    blocked: new Set(),
    readMarks: new Map(),
  }
}

function addAccount(state: WorldState, account: Account): void {
  state.accounts.set(account.userId, account)
  if (account.bot) state.bots.push(account.userId)
}

function addGroup(state: WorldState, entry: WorldFile['groups'][number], now: number): void {
  const { $comment: _, ...settings } = entry.settings
  const group: WorldGroup = {
    groupId: entry.id,
    name: entry.name,
    members: new Map(),
    settings,
    maxMemberCount: entry.maxMemberCount,
    files: new Map(),
    essence: new Set(),
    blocked: new Set(),
  }
  for (const member of entry.members) {
    if (!state.accounts.has(member.id)) addAccount(state, newAccount(member.id))
    state.accounts.get(member.id)?.groups.add(group.groupId)
    group.members.set(member.id, {
      userId: member.id,
      role: member.role,
      card: member.card,
      title: member.title,
      titleUntil: member.titleUntil ?? 0,
      level: member.level,
      joinTime: member.joinTime ?? now,
      joinSeq: 0,
      lastSpeakTime: member.lastSpeakTime ?? 0,
      mutedUntil: member.mutedUntil ?? 0,
    })
  }
  for (const [at, file] of entry.files.entries()) addFile(group, file, `/${group.groupId}-${at + 1}`, now)
  state.groups.set(group.groupId, group)
}

type FileOfGroup = WorldFile['groups'][number]['files'][number]

function addFile(group: WorldGroup, file: FileOfGroup, id: string, time: number): void {
  const sizeBytes = file.size ?? contentSize(file)
  const { folder, name, uploader, text, base64 } = file
  group.files.set(id, { id, folder, name, uploaderId: uploader, sizeBytes, time, text, base64 })
}

export function contentSize(content: { text?: string | undefined; base64?: string | undefined }): number {
  if (content.text !== undefined) return new TextEncoder().encode(content.text).length
  const base64 = (content.base64 ?? '').replace(/=+$/, '')
  return Math.floor((base64.length * 3) / 4)
}

/** Both sides become friends; what the other side wrote down stays. */
export function befriend(state: WorldState, of: UserId, id: UserId, entry: FriendEntry): void {
  const account = state.accounts.get(of)
  const other = state.accounts.get(id)
  if (!account || !other) return
  account.friends.set(id, entry)
  if (!account.categories.includes(entry.category)) account.categories.push(entry.category)
  if (!other.friends.has(of)) other.friends.set(of, { remark: '', category: defaultCategory, listed: false })
}

/** The state as a world file. Messages and requests are not part of it. */
export function exportWorld(state: WorldState): WorldFile {
  return {
    accounts: [...state.accounts.values()].map(exportAccount),
    friends: [...state.accounts.values()].flatMap(exportFriends),
    groups: [...state.groups.values()].map(exportGroup),
  }
}

function exportAccount(account: Account): WorldFile['accounts'][number] {
  const { userId, bot, nickname, sex, age, level, sign, email } = account
  return { id: userId, bot, nickname, sex, age, level, sign, ...(email === undefined ? {} : { email }) }
}

function exportFriends(account: Account): WorldFile['friends'] {
  return [...account.friends]
    .filter(([, entry]) => entry.listed)
    .map(([id, { remark, category }]) => ({ of: account.userId, id, remark, category }))
}

function exportGroup(group: WorldGroup): WorldFile['groups'][number] {
  const members = [...group.members.values()].map((member) => ({
    id: member.userId,
    role: member.role,
    card: member.card,
    title: member.title,
    ...(member.titleUntil > 0 ? { titleUntil: member.titleUntil } : {}),
    level: member.level,
    joinTime: member.joinTime,
    lastSpeakTime: member.lastSpeakTime,
    mutedUntil: member.mutedUntil,
  }))
  const { groupId, name, maxMemberCount, settings } = group
  const files = [...group.files.values()].map(exportFile)
  return { id: groupId, name, maxMemberCount, members, settings: { ...settings }, files }
}

function exportFile(file: StoredFile): FileOfGroup {
  const { folder, name, uploaderId: uploader, text, base64 } = file
  if (text !== undefined) return { folder, name, uploader, text }
  if (base64 !== undefined) return { folder, name, uploader, base64 }
  return { folder, name, uploader, size: file.sizeBytes }
}
