// Finding group files by path or id, and printing them with the folders above them. The canonical model lists one folder
// at a time, so paths are walked and folders are searched level by level.
import type { RemoteFile } from '../../core/actions/file.ts'
import { BridgeError } from '../../core/error.ts'
import type { GroupId } from '../../core/ids.ts'
import { toText, type WireObject } from '../../core/read.ts'
import { printFile, printRootFolder } from '../../dialect/mirai/index.ts'
import { accountIn, callBot, needTarget, type Ask } from './ask.ts'
import { groupOf } from './group.ts'

/** Folders from below the root down to the one that is meant; empty: the root itself. */
export type Folder = readonly RemoteFile[]

export const rootId = '/'

/** Folders that are looked into before a folder id counts as unknown. */
const mostFolders = 200

/** `target` beats `group`; `qq` alone names nothing. Throws `notFound`. */
export function groupIdIn({ params }: Ask): GroupId {
  const target = accountIn(params, 'target')
  if (target === undefined && accountIn(params, 'qq') !== undefined) {
    throw new BridgeError('notFound', 'there are files of groups only')
  }
  return needTarget(target, accountIn(params, 'group')) as GroupId
}

export function listFolder(ask: Ask, groupId: GroupId, folder: Folder, withUrl = false): Promise<RemoteFile[]> {
  const folderId = folder.at(-1)?.id
  return callBot(ask, {
    name: 'file.list',
    params: { groupId, ...(folderId !== undefined && { folderId }), ...(withUrl && { withUrl }) },
  })
}

/** The folder that `path`, else `id` names; neither: the root. Throws `notFound`. */
export function needFolder(ask: Ask, groupId: GroupId): Promise<Folder> {
  const { path, id } = namesIn(ask)
  if (path !== undefined) return folderByPath(ask, groupId, path)
  return folderById(ask, groupId, id === '' ? rootId : id)
}

/** The file that `path`, else `id` names, with its folder. Throws `notFound`, for folders too. */
export async function needFile(
  ask: Ask,
  groupId: GroupId,
  withUrl = false,
): Promise<{ file: RemoteFile; folder: Folder }> {
  const { path, id } = namesIn(ask)
  if (path !== undefined) return fileByPath(ask, groupId, path, withUrl)
  if (id === '' || id === rootId) throw new BridgeError('notFound', 'no file was named')
  const file = await callBot(ask, {
    name: 'file.get',
    params: { groupId, fileId: id, ...(withUrl && { withUrl }) },
  })
  if (file.isFolder) throw new BridgeError('notFound', `${id} is a folder`)
  return { file, folder: await folderById(ask, groupId, file.parentId) }
}

function namesIn({ params }: Ask): { path: string | undefined; id: string } {
  return { path: toText(params['path']) || undefined, id: toText(params['id']) ?? '' }
}

export async function folderByPath(ask: Ask, groupId: GroupId, path: string): Promise<Folder> {
  const folder: RemoteFile[] = []
  for (const name of partsOf(path)) {
    const entries = await listFolder(ask, groupId, folder)
    const next = entries.find((entry) => entry.isFolder && entry.name === name)
    if (!next) throw new BridgeError('notFound', `no such folder: ${path}`)
    folder.push(next)
  }
  return folder
}

async function fileByPath(ask: Ask, groupId: GroupId, path: string, withUrl: boolean) {
  const parts = partsOf(path)
  const name = parts.pop()
  const folder = await folderByPath(ask, groupId, parts.join('/'))
  const entries = await listFolder(ask, groupId, folder, withUrl)
  const file = entries.find((entry) => !entry.isFolder && entry.name === name)
  if (!file) throw new BridgeError('notFound', `no such file: ${path}`)
  return { file, folder }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

/** Level by level: QQ has one level, other backends may have more. */
export async function folderById(ask: Ask, groupId: GroupId, id: string): Promise<Folder> {
  if (id === rootId || id === '') return []
  const waiting: Folder[] = [[]]
  for (let looked = 0; looked < mostFolders; looked++) {
    const folder = waiting.shift()
    if (!folder) break
    for (const entry of await listFolder(ask, groupId, folder)) {
      if (!entry.isFolder) continue
      if (entry.id === id) return [...folder, entry]
      waiting.push([...folder, entry])
    }
  }
  throw new BridgeError('notFound', `no such folder: ${id}`)
}

/** Printed with all folders above. Several entries of one folder share them. */
export async function createFilePrinter(ask: Ask, groupId: GroupId, folder: Folder, withDownloadInfo = false) {
  const group = await groupOf(ask, groupId)
  let parent: WireObject = printRootFolder(group)
  for (const part of folder) parent = printFile(part, { group, parent })
  return (file: RemoteFile): WireObject => printFile(file, { group, parent, withDownloadInfo })
}
