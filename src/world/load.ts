// World file to state.
import type { UserId } from '../core/ids.ts'
import { folderAt, joinPath, rootFolder } from './file-tree.ts'
import { addAccount, emptyState, newAccount, newGroup, newMember } from './make.ts'
import { defaultCategory, type FriendEntry, type StoredFile, type WorldGroup, type WorldState } from './state.ts'
import type { WorldFile } from './world-file.ts'

export interface LoadOptions {
  /** Unix seconds. */
  now: number
  /** In 1 .. 2^30: where message ids begin. */
  firstMessageId: number
}

export function loadWorld(file: WorldFile, options: LoadOptions): WorldState {
  const state = emptyState(options.firstMessageId)
  for (const entry of file.accounts) loadAccount(state, entry)
  for (const group of file.groups) loadGroup(state, group, options.now)
  for (const friend of file.friends) loadFriend(state, friend)
  for (const request of file.requests ?? []) loadRequest(state, request, options.now)
  for (const [kind, answer] of Object.entries(file.answers ?? {})) state.answers.set(kind, answer)
  return state
}

function loadAccount(state: WorldState, entry: WorldFile['accounts'][number]): void {
  const { $comment: _, id, likes = [], favourites = [], devices = [], blocked = [], status, ...rest } = entry
  const account = { ...newAccount(id), ...withoutUndefined(rest), email: rest.email }
  for (const { by, count, time, today } of likes) account.likes.set(by, { count, time, today })
  account.favourites = favourites.map(({ text, brief, time, ...note }, at) => ({
    id: note.id ?? `${id}-${at + 1}`,
    text,
    brief,
    time,
  }))
  for (const { $comment: _unused, ...device } of devices) account.devices.set(device.id, device)
  account.blocked = new Set(blocked)
  if (status) {
    const { $comment: _unused, ...given } = status
    account.status = given
  }
  addAccount(state, account)
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Defined<T>
}

function loadFriend(state: WorldState, { of, id, remark, category, oneWay }: WorldFile['friends'][number]): void {
  const entry: FriendEntry = { remark, category, listed: true }
  if (!oneWay) return befriend(state, of, id, entry)
  const account = state.accounts.get(of)
  account?.oneWay.set(id, entry)
  if (account && !account.categories.includes(category)) account.categories.push(category)
}

type GroupOfFile = WorldFile['groups'][number]

function loadGroup(state: WorldState, entry: GroupOfFile, now: number): void {
  const { $comment: _, ...settings } = entry.settings
  const group: WorldGroup = { ...newGroup(entry.id, entry.name), maxMemberCount: entry.maxMemberCount }
  const { joinOption = { type: settings.autoApprove ? 1 : 2, question: '', answer: '' } } = entry
  const { type, question, answer } = joinOption
  group.settings = { ...settings, autoApprove: type === 1 }
  group.joinOption = { type, question, answer }
  if (entry.robotOption) group.robotOption = { ...group.robotOption, ...bare(entry.robotOption) }
  if (entry.search) group.search = { ...group.search, ...bare(entry.search) }
  group.avatar = entry.avatar && bare(entry.avatar)
  group.blocked = new Set(entry.blocked)
  for (const member of entry.members) loadMember(state, group, { member, now })
  loadFiles(group, entry, now)
  loadNotices(group, entry, now)
  state.groups.set(group.groupId, group)
}

/** Without what is for people only. */
function bare<T extends { $comment?: string | undefined }>(entry: T): Omit<T, '$comment'> {
  const { $comment: _, ...rest } = entry
  return rest
}

function loadMember(
  state: WorldState,
  group: WorldGroup,
  { member, now }: { member: GroupOfFile['members'][number]; now: number },
): void {
  const { id, role, card, title, level, joinTime = now, titleUntil = 0, lastSpeakTime = 0, mutedUntil = 0 } = member
  if (!state.accounts.has(id)) addAccount(state, newAccount(id))
  state.accounts.get(id)?.groups.add(group.groupId)
  const rest = { card, title, titleUntil, level, lastSpeakTime, mutedUntil }
  const { remark = '', signTime = 0 } = member
  group.members.set(id, { ...newMember({ userId: id, role, joinTime, joinSeq: 0 }), ...rest, remark, signTime })
}

function loadNotices(group: WorldGroup, entry: GroupOfFile, now: number): void {
  for (const [at, notice] of (entry.notices ?? []).entries()) {
    const { $comment: _, sender, id = `notice-${group.groupId}-${at + 1}`, time = now, images, ...rest } = notice
    const people = { readBy: new Set(rest.readBy), confirmedBy: new Set(rest.confirmedBy) }
    group.notices.set(id, { ...rest, id, senderId: sender, time, images: images.map(bare), ...people })
  }
  for (const [honor, holders] of Object.entries(entry.honors ?? {})) {
    const shown = holders.map(({ id, description, dayCount }) => ({ userId: id, description, dayCount }))
    group.honors.set(honor, shown)
  }
}

function loadFiles(group: WorldGroup, entry: GroupOfFile, now: number): void {
  const owner = entry.members.find(({ role }) => role === 'owner')?.id as UserId
  for (const { path, id, creator = owner, time = now, modifyTime = time } of entry.folders ?? []) {
    const folderId = loadFolder(group, path, { id, creatorId: creator, time, modifyTime })
    const folder = group.folders.get(folderId)
    // It may have been made on the way to another one.
    if (folder && id !== undefined && folder.id !== id) renumber(group, folder.id, id)
  }
  for (const [at, file] of entry.files.entries()) {
    const id = file.id ?? `/${group.groupId}-${at + 1}`
    group.files.set(id, toFile(group, { file, id, now }))
  }
}

function renumber(group: WorldGroup, from: string, to: string): void {
  const folder = group.folders.get(from)
  if (!folder) return
  group.folders.delete(from)
  group.folders.set(to, { ...folder, id: to })
  for (const one of group.folders.values()) if (one.parentId === from) one.parentId = to
}

type FolderStart = { id?: string | undefined; creatorId: UserId; time: number; modifyTime: number }

/** Makes what is missing of the path; `id` is for its end. */
function loadFolder(group: WorldGroup, path: string, { id, ...start }: FolderStart): string {
  let parentId = rootFolder
  let way = rootFolder
  for (const name of path.split('/').filter(Boolean)) {
    way = joinPath(way, name)
    const known = folderAt(group, way)
    const made = known ?? (way === path && id !== undefined ? id : `/folder-${group.groupId}-${group.folders.size + 1}`)
    if (known === undefined) group.folders.set(made, { id: made, parentId, name, ...start })
    parentId = made
  }
  return parentId
}

interface FileStart {
  file: GroupOfFile['files'][number]
  id: string
  now: number
}

function toFile(group: WorldGroup, { file, id, now }: FileStart): StoredFile {
  const { name, uploader, text, base64, url, mediaId, uploadTime: time = now, modifyTime = time } = file
  const folderId = loadFolder(group, file.folder, { creatorId: uploader, time, modifyTime })
  const times = { time, modifyTime, deadTime: file.deadTime ?? 0, downloadTimes: file.downloads ?? 0 }
  const sizeBytes = file.size ?? contentSize(file)
  return { id, folderId, name, uploaderId: uploader, sizeBytes, ...times, text, base64, url, mediaId }
}

function loadRequest(
  state: WorldState,
  { kind, user, to, group, comment, filtered, ...rest }: NonNullable<WorldFile['requests']>[number],
  now: number,
): void {
  const { time = now, flag = `${kind}-${time}-${state.nextRequest}` } = rest
  state.nextRequest++
  const ends = { userId: user, toId: to, groupId: group }
  state.requests.set(flag, { flag, kind, time, ...ends, comment, filtered, outcome: 'open' })
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
  account.oneWay.delete(id)
  if (!account.categories.includes(entry.category)) account.categories.push(entry.category)
  if (!other.friends.has(of)) {
    other.friends.set(of, other.oneWay.get(of) ?? { remark: '', category: defaultCategory, listed: false })
    other.oneWay.delete(of)
  }
}
