// Actions on files, served by a world: those of groups, and those that went as private messages.
import type { Params, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { GroupId, Peer } from '../../core/ids.ts'
import {
  fileOf,
  filesOf,
  joinPath,
  maxBytes,
  maxFiles,
  pathOf,
  pathOfFolder,
  requireFolder,
} from '../../world/file-tree.ts'
import { groupFor, keyOfPeer } from '../../world/look.ts'
import type { StoredFile, StoredFolder, WorldGroup } from '../../world/state.ts'
import { nicknameOf } from './account.ts'
import { secondsOf } from './clock.ts'
import type { Handlers, Serving } from './serving.ts'

type FileAction = Extract<keyof Handlers, `file.${string}`>
type RemoteFile = Result<'file.get'>

/** QQ's number for files of groups. */
const groupBusId = 102

export const fileHandlers: Pick<Handlers, FileAction> = {
  'file.list'(serving, { groupId, folderId, withUrl }) {
    const group = groupFor(serving.world.state, groupId, serving.bot)
    const parentId = requireFolder(group, folderId)
    const folders = [...group.folders.values()].filter((folder) => folder.parentId === parentId)
    const files = filesOf(group, secondsOf(serving.world)).filter((file) => file.folderId === parentId)
    return [
      ...folders.map((folder) => showFolder(serving, group, folder)),
      ...files.map((file) => showFile(serving, group, { file, withUrl })),
    ]
  },
  'file.get'(serving, { groupId, fileId, withUrl }) {
    const group = groupFor(serving.world.state, groupId, serving.bot)
    const folder = group.folders.get(fileId)
    if (folder) return showFolder(serving, group, folder)
    return showFile(serving, group, { file: fileOf(group, fileId, secondsOf(serving.world)), withUrl })
  },
  'file.upload': (serving, params) =>
    params.peer.kind === 'group'
      ? uploadToGroup(serving, params.peer.groupId, params)
      : uploadToPerson(serving, params),
  'file.delete'({ actor }, { groupId, fileId }) {
    actor.deleteFile(groupId, fileId)
    return {}
  },
  'file.move'({ actor }, { groupId, fileId, toFolderId }) {
    actor.moveFile(groupId, fileId, toFolderId)
    return {}
  },
  'file.rename'({ actor }, { groupId, fileId, name }) {
    actor.renameFile(groupId, fileId, name)
    return {}
  },
  'file.keep'({ actor }, { groupId, fileId }) {
    actor.keepFile(groupId, fileId)
    return {}
  },
  'file.url': (serving, { peer, fileId }) => ({ url: urlOf(serving, peer, fileId) }),
  'file.folder.create'(serving, { groupId, name, parentId }) {
    const id = serving.actor.createFolder(groupId, name, parentId)
    const group = groupFor(serving.world.state, groupId, serving.bot)
    return showFolder(serving, group, group.folders.get(id) as StoredFolder)
  },
  'file.folder.delete'({ actor }, { groupId, folderId }) {
    actor.deleteFolder(groupId, folderId)
    return {}
  },
  'file.space'({ world, bot }, { groupId }) {
    const files = filesOf(groupFor(world.state, groupId, bot), secondsOf(world))
    const usedBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
    return { fileCount: files.length, limitCount: maxFiles, usedBytes, totalBytes: maxBytes }
  },
}

type Upload = Params<'file.upload'>

function uploadToGroup(serving: Serving, groupId: GroupId, { name, folderId, ...given }: Upload) {
  const group = groupFor(serving.world.state, groupId, serving.bot)
  const folder = requireFolder(group, folderId)
  const fileId = serving.actor.upload(groupId, { name, folder, ...contentOf(given) })
  const file = group.files.get(fileId) as StoredFile
  return { fileId, file: showFile(serving, group, { file, withUrl: false }) }
}

/** It arrives as a message. */
function uploadToPerson({ actor, world }: Serving, { peer, name, ...given }: Upload) {
  const worldId = actor.say(peer, [{ type: 'file', name, ...contentOf(given) }])
  const sent = world.state.messages.get(worldId)?.segments.find((segment) => segment.type === 'file')
  return { fileId: sent?.id }
}

/** The first of id, url, path and base64 counts. */
function contentOf({ id, url, path, base64 }: Pick<Upload, 'id' | 'url' | 'path' | 'base64'>) {
  if (id) return { id, base64 }
  if (url) return { url }
  if (path) throw new BridgeError('forbiddenSource', 'the embedded world opens no local files')
  if (base64) return { base64 }
  throw new BridgeError('badParameter', 'one of id, url and base64 is needed')
}

function urlOf(serving: Serving, peer: Peer | undefined, fileId: string): string {
  const { world, host, bot } = serving
  if (peer?.kind !== 'group') return privateUrlOf(serving, peer, fileId)
  const file = fileOf(groupFor(world.state, peer.groupId, bot), fileId, secondsOf(world))
  const url = host.bytes.urlOf(file)
  if (url !== undefined) return url
  throw new BridgeError('notFound', `file ${fileId} has no content that could be fetched`)
}

/** Without a peer: in any private conversation of the bot. */
function privateUrlOf({ world, services, bot }: Serving, peer: Peer | undefined, fileId: string): string {
  const { conversations } = world.state
  const key = peer && keyOfPeer(world.state, bot, peer)
  const own = key === undefined ? [...conversations.values()].flat() : (conversations.get(key) ?? [])
  const isThere = own.some(
    ({ chat, segments }) =>
      chat.kind === 'private' &&
      chat.users.includes(bot) &&
      segments.some((segment) => segment.type === 'file' && segment.id === fileId),
  )
  const record = isThere ? services.media.get(fileId) : undefined
  const url = record && (record.url ?? services.media.urlOf(record.id))
  if (url !== undefined) return url
  throw new BridgeError('notFound', `there is no file ${fileId} in a private conversation of ${bot}`)
}

interface Showing {
  file: StoredFile
  withUrl: boolean | undefined
}

function showFile({ world, host }: Serving, group: WorldGroup, { file, withUrl }: Showing): RemoteFile {
  const { id, name, folderId, sizeBytes, uploaderId, time, modifyTime, deadTime, downloadTimes } = file
  const url = withUrl ? host.bytes.urlOf(file) : undefined
  return {
    groupId: group.groupId,
    id,
    name,
    isFolder: false,
    parentId: folderId,
    path: pathOf(group, file),
    sizeBytes,
    uploaderId,
    uploaderName: nicknameOf(world.state, uploaderId),
    uploadTime: time,
    modifyTime,
    deadTime,
    downloadTimes,
    ...host.bytes.hashesOf(file),
    busId: groupBusId,
    ...(url !== undefined && { url }),
  }
}

function showFolder({ world }: Serving, group: WorldGroup, folder: StoredFolder): RemoteFile {
  const { id, name, parentId, creatorId, time, modifyTime } = folder
  return {
    groupId: group.groupId,
    id,
    name,
    isFolder: true,
    parentId,
    path: joinPath(pathOfFolder(group, parentId), name),
    sizeBytes: 0,
    uploaderId: creatorId,
    uploaderName: nicknameOf(world.state, creatorId),
    uploadTime: time,
    modifyTime,
    fileCount: filesOf(group, secondsOf(world)).filter((file) => file.folderId === id).length,
  }
}
