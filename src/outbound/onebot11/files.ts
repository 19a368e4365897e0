// Files of groups, files sent in private, and where received media are.
import type { Params, Result } from '../../core/action.ts'
import type { RemoteFile } from '../../core/actions/file.ts'
import { BridgeError } from '../../core/error.ts'
import type { GroupId } from '../../core/ids.ts'
import type { MediaRecord } from '../../core/ports.ts'
import { toObject } from '../../core/read.ts'
import {
  readFileInfo,
  readFiles,
  readFileSpace,
  readFileUrl,
  readFolderMade,
  type Folder,
} from '../../dialect/onebot11/file-models.ts'
import { isRoot } from '../../dialect/onebot11/request-files.ts'
import { textOf } from '../../dialect/onebot11/segment-parse.ts'
import type { Call, Done, Handlers } from './call.ts'
import { askFor, requestFor, tell, unreadable } from './tell.ts'

const rootId = '/'
/** QQ has one level of folders; a group with more is searched no further. */
const mostFolders = 200
/** Of QQ's group files that nobody says otherwise about. */
const usualBusId = 102

async function listFolder(call: Call, folder: Folder, count?: number): Promise<RemoteFile[]> {
  const data = await askFor(call, 'file.list', { groupId: folder.groupId, folderId: folder.id, count })
  return readFiles(data, folder)
}

const rootOf = (groupId: GroupId): Folder => ({ groupId, id: rootId, path: '' })

async function listFiles(call: Call, params: Params<'file.list'>): Promise<RemoteFile[]> {
  const { groupId, folderId, withUrl, count } = params
  const files = isRoot(folderId)
    ? await listFolder(call, rootOf(groupId), count)
    : await listNamedFolder(call, { groupId, id: folderId as string, path: '' }, count)
  return withUrl ? Promise.all(files.map((file) => withAddress(call, file))) : files
}

/** What a folder is called stands in the root's list only; without that the id has to do. */
async function listNamedFolder(call: Call, folder: Folder, count: number | undefined): Promise<RemoteFile[]> {
  const around = listFolder(call, rootOf(folder.groupId)).catch(() => [])
  const [files, others] = await Promise.all([listFolder(call, folder, count), around])
  const path = others.find(({ id }) => id === folder.id)?.path ?? `/${folder.id}`
  return files.map((file) => ({ ...file, path: path + file.path }))
}

/** A file without an address is still a file. */
async function withAddress(call: Call, file: RemoteFile): Promise<RemoteFile> {
  if (file.isFolder) return file
  const { groupId, id, busId } = file
  const asked = getUrl(call, { peer: { kind: 'group', groupId }, fileId: id, busId: busId ?? usualBusId })
  return asked.then(
    ({ url }) => ({ ...file, url }),
    () => file,
  )
}

async function findFile(call: Call, groupId: GroupId, fileId: string): Promise<RemoteFile> {
  const top = await listFolder(call, rootOf(groupId))
  const found = top.find(({ id }) => id === fileId)
  if (found) return found
  for (const { id, path } of top.filter(({ isFolder }) => isFolder).slice(0, mostFolders)) {
    const inside = await listFolder(call, { groupId, id, path })
    const deep = inside.find((file) => file.id === fileId)
    if (deep) return deep
  }
  throw new BridgeError('notFound', `there is no file ${fileId.slice(0, 100)} in group ${groupId}`)
}

async function getFile(call: Call, { groupId, fileId, withUrl }: Params<'file.get'>): Promise<RemoteFile> {
  const file = await findFile(call, groupId, fileId)
  return withUrl ? withAddress(call, file) : file
}

/** A new file is looked up: for the older implementations that is the only way to its id. */
async function upload(call: Call, params: Params<'file.upload'>): Promise<Result<'file.upload'>> {
  const { peer, name, folderId } = params
  const request = requestFor(call, 'file.upload', params)
  request.params['file'] = await toTakenSource(call, request.params['file'] as string)
  const fileId = textOf(toObject(await call.ask(request, true))?.['file_id'])
  const known = fileId === undefined ? {} : { fileId }
  if (peer.kind !== 'group') return known
  const inFolder = listFiles(call, { groupId: peer.groupId, folderId }).catch(() => [])
  const same = (await inFolder).filter((file) => !file.isFolder && (fileId === undefined || file.id === fileId))
  const file = same.filter((one) => fileId !== undefined || one.name === name).toSorted(byNewest)[0]
  return file ? { fileId: file.id, file } : known
}

function byNewest(one: RemoteFile, other: RemoteFile): number {
  return (other.uploadTime ?? 0) - (one.uploadTime ?? 0)
}

/** go-cqhttp uploads files of its own machine only; addresses it can fetch there first. */
async function toTakenSource(call: Call, source: string): Promise<string> {
  if (call.flavour.traits.uploads === 'anySource') return source
  if (source.startsWith('file://')) return decodeURIComponent(source.slice('file://'.length))
  if (!/^https?:/i.test(source)) {
    const text = `${call.backend} uploads files of its own machine and of addresses only`
    throw new BridgeError('notSupported', text, { backend: call.backend })
  }
  const data = toObject(await call.ask({ action: 'download_file', params: { url: source, thread_count: 1 } }, true))
  const file = textOf(data?.['file'])
  if (file === undefined) throw unreadable('download_file', call)
  return file
}

/** go-cqhttp and Lagrange want the number of the store that holds the file. */
async function deleteFile(call: Call, params: Params<'file.delete'>): Promise<Done> {
  if (!call.flavour.traits.wantsBusId) return tell(call, { name: 'file.delete', params })
  const busid = (await findFile(call, params.groupId, params.fileId)).busId ?? usualBusId
  const request = requestFor(call, 'file.delete', params)
  await call.ask({ ...request, params: { ...request.params, busid } })
  return {}
}

async function move(call: Call, params: Params<'file.move'>): Promise<Done> {
  const fromFolderId = params.fromFolderId ?? (await findFile(call, params.groupId, params.fileId)).parentId
  return tell(call, { name: 'file.move', params: { ...params, fromFolderId } })
}

async function rename(call: Call, params: Params<'file.rename'>): Promise<Done> {
  const folderId = params.folderId ?? (await findFile(call, params.groupId, params.fileId)).parentId
  return tell(call, { name: 'file.rename', params: { ...params, folderId } })
}

async function getUrl(call: Call, params: Params<'file.url'>): Promise<Result<'file.url'>> {
  const fileId = nativeOf(call, call.services.media.get(params.fileId)) ?? params.fileId
  const busId = params.busId ?? (call.flavour.traits.wantsBusId ? usualBusId : undefined)
  return readFileUrl(await askFor(call, 'file.url', { ...params, fileId, busId }))
}

async function createFolder(call: Call, params: Params<'file.folder.create'>): Promise<RemoteFile> {
  const { groupId, name } = params
  const made = readFolderMade(await askFor(call, 'file.folder.create', params), rootOf(groupId))
  const folder = made ?? (await listFolder(call, rootOf(groupId))).find((one) => one.isFolder && one.name === name)
  if (!folder) throw unreadable('create_group_file_folder', call)
  return folder
}

async function getSpace(call: Call, params: Params<'file.space'>): Promise<Result<'file.space'>> {
  const space = readFileSpace(await askFor(call, 'file.space', params))
  if (!space) throw unreadable('get_group_file_system_info', call)
  return space
}

function nativeOf({ backend }: Call, record: MediaRecord | undefined): string | undefined {
  return record?.backend === backend ? record.native : undefined
}

/** Bytes that the bridge holds need no backend; an address that it saw serves when the backend does not help. */
async function getMedium(call: Call, params: Params<'media.get'>): Promise<Result<'media.get'>> {
  const { media } = call.services
  const record = media.get(params.id)
  const known = record && { url: record.url, name: record.name, sizeBytes: record.sizeBytes }
  if (record?.bytes) {
    const base64 = Buffer.from(record.bytes).toString('base64')
    return { ...known, url: record.url ?? media.urlOf(record.id), base64 }
  }
  const id = nativeOf(call, record) ?? params.id
  try {
    return { ...known, ...readFileInfo(await askFor(call, 'media.get', { ...params, id }, true)) }
  } catch (error) {
    if (!(error instanceof BridgeError) || !known?.url) throw error
    call.loss({ what: 'media.get', fidelity: 'lossy', reason: 'the address with which it came, perhaps expired' })
    return known
  }
}

export const fileHandlers = {
  'file.list': listFiles,
  'file.get': getFile,
  'file.upload': upload,
  'file.delete': deleteFile,
  'file.move': move,
  'file.rename': rename,
  'file.keep': (call, params) => tell(call, { name: 'file.keep', params }),
  'file.url': getUrl,
  'file.folder.create': createFolder,
  'file.folder.delete': (call, params) => tell(call, { name: 'file.folder.delete', params }),
  'file.space': getSpace,
  'media.get': getMedium,
} satisfies Partial<Handlers>
