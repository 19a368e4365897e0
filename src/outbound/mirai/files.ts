// Group files. mah names folders and files by id or path; ids are used, as lists give them.
import type { RemoteFile } from '../../core/actions/file.ts'
import type { Params } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import { readFile } from '../../dialect/mirai/index.ts'
import { order, readList, request, type Ask, type Handlers } from './account.ts'
import { uploadGroupFile } from './file-upload.ts'
import { isAble } from './version.ts'

type Name =
  | 'file.list'
  | 'file.get'
  | 'file.upload'
  | 'file.delete'
  | 'file.move'
  | 'file.rename'
  | 'file.url'
  | 'file.folder.create'
  | 'file.space'

const rootId = '/'

export const fileHandlers: Handlers<Name> = {
  'file.list': listFiles,
  'file.get': getFile,
  'file.upload': uploadGroupFile,
  'file.delete': (ask, { groupId, fileId }) => order(ask, 'file_delete', ofFile(groupId, fileId)),
  'file.move': (ask, { groupId, fileId, toFolderId }) =>
    order(ask, 'file_move', { ...ofFile(groupId, fileId), folderId: toFolderId || rootId }),
  'file.rename': (ask, { groupId, fileId, name }) => order(ask, 'file_rename', { ...ofFile(groupId, fileId), name }),
  async 'file.url'(ask, { peer, fileId }) {
    if (peer?.kind !== 'group') throw new BridgeError('notSupported', 'mirai-api-http has files of groups only')
    const { url } = await getFile(ask, { groupId: peer.groupId, fileId, withUrl: true })
    if (url) return { url }
    throw new BridgeError('notFound', `the server has no address for file ${fileId}`)
  },
  async 'file.folder.create'(ask, { groupId, name, parentId }) {
    const isOld = !isAble(ask.account.session.version, 'directoryName')
    const params = { ...ofFile(groupId, inFolder(parentId)), name }
    const extra = isOld ? { dictionaryName: name } : {}
    const made = readFile((await request(ask, 'file_mkdir', params, { extra })).data, groupId)
    if (made) return made
    throw new BridgeError('backend', 'the server did not say what it made', { backend: ask.account.backend })
  },
  // The server tells neither limits nor sums. QQ has one level of folders.
  async 'file.space'(ask, { groupId }) {
    const entries = await listFiles(ask, { groupId })
    const files = entries.filter(({ isFolder }) => !isFolder)
    const usedBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    return { fileCount: files.length, limitCount: 0, usedBytes, totalBytes: 0 }
  },
}

/** mah's word for the root folder is "" where a folder is wanted. */
function inFolder(folderId: string | undefined): string {
  return folderId === rootId || folderId === undefined ? '' : folderId
}

function ofFile(groupId: RemoteFile['groupId'], id: string) {
  return { id, target: groupId }
}

async function listFiles(ask: Ask, { groupId, folderId, withUrl }: Params<'file.list'>): Promise<RemoteFile[]> {
  const params = { ...ofFile(groupId, inFolder(folderId)), withDownloadInfo: withUrl ?? false }
  return readList(ask, await request(ask, 'file_list', params), (wire) => readFile(wire, groupId))
}

async function getFile(ask: Ask, { groupId, fileId, withUrl }: Params<'file.get'>): Promise<RemoteFile> {
  const params = { ...ofFile(groupId, fileId), withDownloadInfo: withUrl ?? false }
  const file = readFile((await request(ask, 'file_info', params)).data, groupId)
  if (file) return file
  throw new BridgeError('notFound', `no such file: ${fileId}`)
}
