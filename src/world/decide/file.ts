// Files and folders of a group. Who uploaded a file, and every admin, may change it; folders are the admins' matter.
import { BridgeError } from '../../core/error.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import type { SegmentOf } from '../../core/segment.ts'
import { type Env, randomHex, secondsOf } from '../env.ts'
import { isFileName, isFolder } from '../file-name.ts'
import { fileOf, filesOf, folderAt, folderOf, maxBytes, maxFiles, requireFolder, rootFolder } from '../file-tree.ts'
import type { FileHappening, FolderHappening, Happening } from '../happening.ts'
import { contentSize } from '../load.ts'
import { groupFor, memberOf, requireRank, requireVoice } from '../look.ts'
import type { StoredFile, StoredFolder, WorldGroup, WorldState } from '../state.ts'
import type { OnGroup } from './group.ts'

export interface Upload {
  name: string
  /** Id of a folder, or a path; folders on a path that are not there are made. Default: the root. */
  folder?: string | undefined
  /** Bare. */
  base64?: string | undefined
  url?: string | undefined
  /** Handle of a medium that is kept. */
  id?: string | undefined
  /** Bytes of a file whose content does not matter. */
  sizeBytes?: number | undefined
  /** Dies after so many seconds. Absent: it lasts. */
  lifetimeSeconds?: number | undefined
}

/** The last happening is the file. */
export function upload(
  state: WorldState,
  env: Env,
  { operatorId, groupId }: OnGroup,
  file: Upload,
): [...FolderHappening[], FileHappening] {
  const group = groupFor(state, groupId, operatorId)
  const time = secondsOf(env)
  requireVoice(group, memberOf(group, operatorId), time)
  requireName(file.name)
  const content = contentOf(env, file)
  requireSpace(group, content.sizeBytes, time)
  const { folders, folderId } = openFolder(group, env, { operatorId, groupId, path: file.folder ?? rootFolder })
  const deadTime = file.lifetimeSeconds ? time + file.lifetimeSeconds : 0
  const stored = { folderId, name: file.name, uploaderId: operatorId, time, modifyTime: time, deadTime }
  const whole: StoredFile = { id: freeId(group, env), ...stored, downloadTimes: 0, ...content }
  return [...folders, { type: 'file.upload', time, groupId, file: whole }]
}

type Content = Pick<StoredFile, 'sizeBytes' | 'base64' | 'url' | 'mediaId'>

function contentOf(env: Env, { name, base64, url, id, sizeBytes = 0 }: Upload): Content {
  if (base64 === undefined && url === undefined && id === undefined) return { sizeBytes }
  const kept = env.keepMedia({ type: 'file', base64, url, id, name })
  const size = base64 === undefined ? (kept.sizeBytes ?? sizeBytes) : contentSize({ base64 })
  return { sizeBytes: size, base64, url, mediaId: kept.id }
}

function requireName(name: string): void {
  if (!isFileName(name)) throw new BridgeError('badParameter', 'a file name is one path part of 1 to 255 bytes')
}

function requireSpace(group: WorldGroup, sizeBytes: number, now: number): void {
  const files = filesOf(group, now)
  const used = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  if (files.length < maxFiles && used + sizeBytes <= maxBytes) return
  throw new BridgeError('backend', `the files of group ${group.groupId} leave no room for ${sizeBytes} bytes more`)
}

interface Opening extends OnGroup {
  path: string
}

/** A folder by id or by path; what is missing of a path is made. */
function openFolder(group: WorldGroup, env: Env, opening: Opening): { folders: FolderHappening[]; folderId: string } {
  const { operatorId, groupId, path } = opening
  if (group.folders.has(path)) return { folders: [], folderId: path }
  if (!isFolder(path)) throw new BridgeError('badParameter', `not a folder: ${path}`)
  const folders: FolderHappening[] = []
  const missing = (parent: string, name: string): string => {
    const folder = newFolder(group, env, { name, parentId: parent, creatorId: operatorId })
    // Ids of one path must differ before any of them is in the group.
    const id = folders.length === 0 ? folder.id : `${folder.id}-${folders.length}`
    folders.push({ type: 'file.folder.create', time: folder.time, groupId, folder: { ...folder, id } })
    return id
  }
  let parentId = rootFolder
  let way = ''
  for (const name of path.split('/').filter(Boolean)) {
    way += `/${name}`
    parentId = folderAt(group, way) ?? missing(parentId, name)
  }
  return { folders, folderId: parentId }
}

/** Chance need not be fair. */
function freeId(group: WorldGroup, env: Env): string {
  const drawn = `/${randomHex(env)}`
  let id = drawn
  for (let at = 1; group.files.has(id) || group.folders.has(id); at++) id = `${drawn}-${at}`
  return id
}

type FolderStart = Pick<StoredFolder, 'name' | 'parentId' | 'creatorId'>

function newFolder(group: WorldGroup, env: Env, start: FolderStart): StoredFolder {
  const time = secondsOf(env)
  return { id: freeId(group, env), ...start, time, modifyTime: time }
}

/** A file that was sent as a message lies in the root folder from then on. */
interface Arriving {
  id: string
  uploaderId: UserId
  time: number
  /** As it was given, before its bytes were kept. */
  source: SegmentOf<'file'> | undefined
}

export function toStoredFile(file: SegmentOf<'file'>, { id, uploaderId, time, source }: Arriving): StoredFile {
  const { name = 'file', id: mediaId } = file
  // An address of this process may be another one after a restart: bytes are found by their handle.
  const { base64, url } = source ?? {}
  const sizeBytes = file.sizeBytes ?? (base64 === undefined ? 0 : contentSize({ base64 }))
  const times = { time, modifyTime: time, deadTime: 0, downloadTimes: 0 }
  return { id, folderId: rootFolder, name, uploaderId, sizeBytes, ...times, base64, url, mediaId }
}

export function createFolder(
  state: WorldState,
  env: Env,
  { operatorId, groupId }: OnGroup,
  { name, parentId }: { name: string; parentId?: string | undefined },
): [FolderHappening] {
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'admin', 'making folders')
  requireName(name)
  if (requireFolder(group, parentId) !== rootFolder)
    throw new BridgeError('backend', 'a folder can only be made in the root folder')
  requireFree(group, rootFolder, name)
  const folder = newFolder(group, env, { name, parentId: rootFolder, creatorId: operatorId })
  return [{ type: 'file.folder.create', time: folder.time, groupId, folder }]
}

function requireFree(group: WorldGroup, folderId: string, name: string): void {
  const folders = [...group.folders.values()].filter(({ parentId }) => parentId === folderId)
  const files = [...group.files.values()].filter((file) => file.folderId === folderId)
  if (![...folders, ...files].some((one) => one.name === name)) return
  throw new BridgeError('backend', `there is a ${name} in that folder already`)
}

export function deleteFolder(state: WorldState, env: Env, act: OnGroup, id: string): Happening[] {
  const { operatorId, groupId } = act
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'admin', 'deleting folders')
  const folder = folderOf(group, requireFolder(group, id))
  return [{ type: 'file.folder.delete', time: secondsOf(env), groupId, id: folder.id, operatorId }]
}

export interface OnFile {
  operatorId: UserId
  groupId: GroupId
  id: string
}

export function moveFile(state: WorldState, env: Env, act: OnFile, to: string): Happening[] {
  const { group, file, base } = changeOf(state, env, act)
  const folderId = requireFolder(group, to)
  if (folderId === file.folderId) return []
  return [{ type: 'file.move', ...base, folderId }]
}

export function renameFile(state: WorldState, env: Env, act: OnFile, name: string): Happening[] {
  const { group, file, base } = changeOf(state, env, act)
  requireName(name)
  if (name === file.name) return []
  requireFree(group, file.folderId, name)
  return [{ type: 'file.rename', ...base, name }]
}

/** A temporary file becomes a lasting one. */
export function keepFile(state: WorldState, env: Env, act: OnFile): Happening[] {
  const { file, base } = changeOf(state, env, act)
  return file.deadTime === 0 ? [] : [{ type: 'file.keep', ...base }]
}

export function deleteFile(state: WorldState, env: Env, act: OnFile): Happening[] {
  return [{ type: 'file.delete', ...changeOf(state, env, act).base }]
}

/** The file, when the operator may change it. */
function changeOf(state: WorldState, env: Env, { operatorId, groupId, id }: OnFile) {
  const group = groupFor(state, groupId, operatorId)
  const time = secondsOf(env)
  const file = fileOf(group, id, time)
  if (file.uploaderId !== operatorId) requireRank(group, operatorId, 'admin', `changing a file of ${file.uploaderId}`)
  return { group, file, base: { time, groupId, id: file.id, operatorId } }
}
