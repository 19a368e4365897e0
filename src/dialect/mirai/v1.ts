// What the 1.x generation spells otherwise: paths, members, shapes of answers, one more member in change events.
import { toObject, toText, type WireObject } from '../../core/read.ts'
import type { CommandName } from './command.ts'

/** Renames old members of a request. Members that have the new name already stay. */
type Names = Readonly<Record<string, string>>

export interface V1Route {
  method: 'GET' | 'POST'
  path: string
  command: CommandName
  names?: Names
  /** The canonical answer of the command in its printed form, as 1.x wrote it. Absent: the shape of today. */
  print?: (data: unknown) => unknown
}

export const v1Routes: readonly V1Route[] = [
  {
    method: 'GET',
    path: '/groupFileList',
    command: 'file_list',
    names: { dir: 'path' },
    print: (data) => (Array.isArray(data) ? data.map(printEntry) : data),
  },
  { method: 'GET', path: '/groupFileInfo', command: 'file_info', print: printInfo },
  {
    method: 'POST',
    path: '/groupMkdir',
    command: 'file_mkdir',
    names: { dir: 'directoryName' },
    print: () => ({ code: 0, msg: 'success' }),
  },
  { method: 'POST', path: '/groupFileRename', command: 'file_rename', names: { rename: 'renameTo' } },
  { method: 'POST', path: '/groupFileMove', command: 'file_move', names: { movePath: 'moveToPath' } },
  { method: 'POST', path: '/groupFileDelete', command: 'file_delete' },
  { method: 'POST', path: '/uploadFileAndSend', command: 'file_upload', print: printUploaded },
]

/** What a 1.x client of that session gets for a command that kept its path. undefined: the same as today. */
export function v1Printer(command: string, sub?: string): ((data: unknown) => unknown) | undefined {
  if (nakedLists.has(command)) return (data) => data
  if (sub === 'get') return command === 'memberInfo' ? printMemberInfo : printGroupConfig
  return withErrorMessage.has(command) ? (data) => ({ code: 0, errorMessage: '', data }) : undefined
}

const nakedLists = new Set<string>([
  'friendList',
  'groupList',
  'memberList',
  'sendImageMessage',
] satisfies CommandName[])
const withErrorMessage = new Set<string>([
  'messageFromId',
  'countMessage',
  'fetchMessage',
  'fetchLatestMessage',
  'peekMessage',
  'peekLatestMessage',
] satisfies CommandName[])

export function renameV1(wire: WireObject, names: Names = {}): WireObject {
  const renamed = { ...wire }
  for (const [old, name] of Object.entries(names)) {
    if (Object.hasOwn(wire, old) && !Object.hasOwn(wire, name)) renamed[name] = wire[old]
  }
  return renamed
}

/** Events about a change carry the value twice. The same object when there is nothing to add. */
export function printV1Event(body: WireObject): WireObject {
  if (!Object.hasOwn(body, 'origin') || !Object.hasOwn(body, 'current')) return body
  const { type, origin, current, ...rest } = body
  return { type, origin, new: current, current, ...rest }
}

/** mah shows card and nickname as one. */
function printMemberInfo(member: unknown): WireObject {
  const { memberName, specialTitle } = toObject(member) ?? {}
  return { name: memberName, nick: memberName, specialTitle }
}

/** mirai has the entrance announcement no longer. */
function printGroupConfig(config: unknown): WireObject {
  const { name, confessTalk, allowMemberInvite, autoApprove, anonymousChat } = toObject(config) ?? {}
  return { name, announcement: '', confessTalk, allowMemberInvite, autoApprove, anonymousChat }
}

function printEntry(file: unknown): WireObject {
  const { name, id, path, isFile } = toObject(file) ?? {}
  return { name, id, path, isFile }
}

function printInfo(file: unknown): WireObject {
  const { name, path, id, size, uploaderId, uploadTime, lastModifyTime, sha1, md5, downloadInfo } = toObject(file) ?? {}
  const downloadUrl = toText(toObject(downloadInfo)?.['url']) ?? ''
  return {
    name,
    path,
    id,
    length: size,
    downloadTimes: 0,
    uploaderId: uploaderId ?? 0,
    uploadTime: uploadTime ?? 0,
    lastModifyTime: lastModifyTime ?? 0,
    downloadUrl,
    sha1: sha1 ?? '',
    md5: md5 ?? '',
  }
}

function printUploaded(file: unknown): WireObject {
  return { code: 0, msg: 'success', id: toObject(file)?.['id'] }
}

/** A command as the socket /command told it; `sender` and `group` are 0 where there is none. */
export function printV1Command(run: {
  name: string
  sender: number
  group: number
  args: readonly string[]
}): WireObject {
  const { name, sender, group, args } = run
  return { name, sender, group, args }
}
