// Finding files and folders of a group, and the names of the way to them.
import { BridgeError } from '../core/error.ts'
import type { StoredFile, StoredFolder, WorldGroup } from './state.ts'

export const rootFolder = '/'

/** Files of a group, and bytes in them all together: QQ's figures. */
export const maxFiles = 10_000
export const maxBytes = 10 * 1024 ** 3

export function isAlive(file: StoredFile, now: number): boolean {
  return file.deadTime === 0 || file.deadTime > now
}

/** `now` in Unix seconds: temporary files die. */
export function filesOf(group: WorldGroup, now: number): StoredFile[] {
  return [...group.files.values()].filter((file) => isAlive(file, now))
}

/** By id, or by path. */
export function fileOf(group: WorldGroup, id: string, now: number): StoredFile {
  const file = group.files.get(id) ?? fileAt(group, id)
  if (file && isAlive(file, now)) return file
  throw new BridgeError('notFound', `there is no file ${id} in group ${group.groupId}`)
}

function fileAt(group: WorldGroup, path: string): StoredFile | undefined {
  if (!path.startsWith('/')) return undefined
  return [...group.files.values()].find((file) => pathOf(group, file) === path)
}

export function pathOf(group: WorldGroup, file: StoredFile): string {
  return joinPath(pathOfFolder(group, file.folderId), file.name)
}

/** By id, or by path. */
export function folderOf(group: WorldGroup, id: string): StoredFolder {
  const folder = group.folders.get(id) ?? group.folders.get(folderAt(group, id) ?? '')
  if (!folder) throw new BridgeError('notFound', `there is no folder ${id} in group ${group.groupId}`)
  return folder
}

/** Absent and empty mean the root. Throws `notFound`. */
export function requireFolder(group: WorldGroup, id: string | undefined): string {
  if (id === undefined || id === '' || id === rootFolder) return rootFolder
  return folderOf(group, id).id
}

/** `/docs` for a folder of the root, `/` for the root itself. */
export function pathOfFolder(group: WorldGroup, id: string): string {
  const folder = group.folders.get(id)
  return folder ? joinPath(pathOfFolder(group, folder.parentId), folder.name) : rootFolder
}

export function joinPath(folder: string, name: string): string {
  return folder === rootFolder ? `/${name}` : `${folder}/${name}`
}

/** The folder of that path, when it is there. */
export function folderAt(group: WorldGroup, path: string): string | undefined {
  if (path === rootFolder) return rootFolder
  return [...group.folders.keys()].find((id) => pathOfFolder(group, id) === path)
}
