// State to world file: whatever differs from what a world file means without saying it. Messages are not part of it.
import { isAlive, pathOfFolder } from './file-tree.ts'
import { plainStatus } from './make.ts'
import type { Account, StoredFile, WorldGroup, WorldMember, WorldRequest, WorldState } from './state.ts'
import type { WorldFile } from './world-file.ts'

type AccountEntry = WorldFile['accounts'][number]
type GroupEntry = WorldFile['groups'][number]

/** `now` in Unix seconds: files that have died are left out. */
export function exportWorld(state: WorldState, now: number): WorldFile {
  const accounts = [...state.accounts.values()]
  const requests = [...state.requests.values()].filter(({ outcome }) => outcome === 'open').map(exportRequest)
  return {
    accounts: accounts.map(exportAccount),
    friends: accounts.flatMap(exportFriends),
    groups: [...state.groups.values()].map((group) => exportGroup(group, now)),
    ...(requests.length > 0 && { requests }),
    ...(state.answers.size > 0 && { answers: Object.fromEntries(state.answers) }),
  } as WorldFile
}

/** Only the entries that say something. */
function told<T extends object>(entries: T): Partial<T> {
  const isTold = (value: unknown): boolean =>
    value !== undefined && value !== '' && value !== 0 && !(Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => isTold(value))) as Partial<T>
}

function exportAccount(account: Account): AccountEntry {
  const { userId, bot, nickname, sex, age, level, sign, email, model, avatar, favourites, customFaces } = account
  const status = told(account.status)
  const isPlain = status.status === plainStatus.status && Object.keys(status).length === 1
  return {
    id: userId,
    bot,
    nickname,
    sex,
    age,
    level,
    sign,
    ...(!account.online && { online: false }),
    ...told({
      email,
      status: isPlain ? undefined : status,
      model,
      avatar: avatar && told(avatar),
      likes: [...account.likes].map(([by, like]) => ({ by, ...like })),
      favourites: favourites.map((favourite) => ({ ...favourite })),
      customFaces: [...customFaces],
      devices: [...account.devices.values()].map((device) => ({ ...device })),
      blocked: [...account.blocked],
    }),
  } as AccountEntry
}

function exportFriends({ userId, friends, oneWay }: Account): WorldFile['friends'] {
  const both = [...friends].filter(([, { listed }]) => listed)
  const toEntry = ([id, { remark, category }]: (typeof both)[number]) => ({ of: userId, id, remark, category })
  return [...both.map(toEntry), ...[...oneWay].map((entry) => ({ ...toEntry(entry), oneWay: true }))]
}

function exportGroup(group: WorldGroup, now: number): GroupEntry {
  const { groupId, name, maxMemberCount, settings, joinOption, robotOption, search, avatar } = group
  const isPlain = joinOption.question === '' && joinOption.answer === '' && joinOption.type <= 2
  const hasRobots = robotOption.memberSwitch !== 0 || robotOption.memberExamine !== 0
  return {
    id: groupId,
    name,
    maxMemberCount,
    members: [...group.members.values()].map(exportMember),
    settings: { ...settings },
    files: [...group.files.values()].filter((file) => isAlive(file, now)).map((file) => exportFile(group, file)),
    ...told({
      folders: exportFolders(group),
      avatar: avatar && told(avatar),
      joinOption: isPlain ? undefined : { ...joinOption },
      robotOption: hasRobots ? { ...robotOption } : undefined,
      search: search.byNumber && search.byFinger ? undefined : { ...search },
      notices: exportNotices(group),
      honors: group.honors.size > 0 ? exportHonors(group) : undefined,
      blocked: [...group.blocked],
    }),
  } as GroupEntry
}

function exportMember(member: WorldMember): GroupEntry['members'][number] {
  const { userId, role, card, title, level, joinTime, lastSpeakTime, mutedUntil } = member
  const { titleUntil, remark, signTime } = member
  const rest = { level, joinTime, lastSpeakTime, mutedUntil, ...told({ titleUntil, remark, signTime }) }
  return { id: userId, role, card, title, ...rest }
}

function exportFolders(group: WorldGroup): GroupEntry['folders'] {
  return [...group.folders.values()].map(({ id, creatorId, time, modifyTime }) => ({
    path: pathOfFolder(group, id),
    id,
    creator: creatorId,
    time,
    modifyTime,
  }))
}

function exportFile(group: WorldGroup, file: StoredFile): GroupEntry['files'][number] {
  const { id, folderId, name, uploaderId: uploader, text, base64, time, modifyTime, deadTime, downloadTimes } = file
  const head = { id, folder: pathOfFolder(group, folderId), name, uploader }
  const content = text !== undefined ? { text } : base64 !== undefined ? { base64 } : { size: file.sizeBytes }
  const { url, mediaId } = file
  const rest = told({ url, mediaId, deadTime, downloads: downloadTimes })
  return { ...head, ...content, uploadTime: time, modifyTime, ...rest }
}

function exportNotices(group: WorldGroup): unknown[] {
  return [...group.notices.values()].map(({ senderId, readBy, confirmedBy, images, ...notice }) => ({
    ...notice,
    sender: senderId,
    images: images.map(told),
    readBy: [...readBy],
    confirmedBy: [...confirmedBy],
  }))
}

function exportHonors(group: WorldGroup): object {
  const toEntry = ({
    userId,
    description,
    dayCount,
  }: {
    userId: number
    description: string
    dayCount?: number | undefined
  }) => ({
    id: userId,
    description,
    ...told({ dayCount }),
  })
  return Object.fromEntries([...group.honors].map(([honor, holders]) => [honor, holders.map(toEntry)]))
}

function exportRequest({ flag, kind, time, userId, toId, groupId, comment, filtered }: WorldRequest): object {
  return { kind, flag, user: userId, ...told({ to: toId, group: groupId }), comment, filtered, time }
}
