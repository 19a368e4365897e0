// Files of groups and media as OneBot answers them, in both directions.
import type { Result } from '../../core/action.ts'
import type { RemoteFile } from '../../core/actions/file.ts'
import { BridgeError } from '../../core/error.ts'
import type { GroupId } from '../../core/ids.ts'
import { toInteger, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import { textOf, withoutAbsent } from './segment-parse.ts'

export function printFiles(files: readonly RemoteFile[]): WireObject {
  return {
    files: files.filter(({ isFolder }) => !isFolder).map(printFile),
    folders: files.filter(({ isFolder }) => isFolder).map(printFolder),
  }
}

function printFile(file: RemoteFile): WireObject {
  return {
    group_id: file.groupId,
    file_id: file.id,
    file_name: file.name,
    busid: file.busId ?? 0,
    size: file.sizeBytes,
    file_size: file.sizeBytes,
    upload_time: file.uploadTime ?? 0,
    dead_time: file.deadTime ?? 0,
    modify_time: file.modifyTime ?? file.uploadTime ?? 0,
    download_times: file.downloadTimes ?? 0,
    uploader: file.uploaderId ?? 0,
    uploader_name: file.uploaderName ?? '',
  }
}

function printFolder(folder: RemoteFile): WireObject {
  return {
    group_id: folder.groupId,
    folder_id: folder.id,
    folder: folder.id,
    folder_name: folder.name,
    create_time: folder.uploadTime ?? 0,
    creator: folder.uploaderId ?? 0,
    creator_name: folder.uploaderName ?? '',
    total_file_count: folder.fileCount ?? 0,
  }
}

const noFault = { retCode: 0, retMsg: '', clientWording: '' }

/** QQ's own record of a new folder; numbers of accounts and sizes are text there. */
export function printFolderMade(folder: RemoteFile): WireObject {
  const creator = folder.uploaderId === undefined ? '' : String(folder.uploaderId)
  return {
    result: noFault,
    groupItem: {
      peerId: String(folder.groupId),
      type: 2,
      folderInfo: {
        folderId: folder.id,
        parentFolderId: folder.parentId,
        folderName: folder.name,
        createTime: folder.uploadTime ?? 0,
        modifyTime: folder.modifyTime ?? folder.uploadTime ?? 0,
        createUin: creator,
        creatorName: folder.uploaderName ?? '',
        totalFileCount: folder.fileCount ?? 0,
        modifyUin: creator,
        modifyName: folder.uploaderName ?? '',
        usedSpace: String(folder.sizeBytes),
      },
      fileInfo: null,
    },
  }
}

export function printFileDeleted(fileId: unknown): WireObject {
  const outcome = { result: noFault, successFileIdList: [fileId], failFileIdList: [] }
  return { result: 0, errMsg: '', transGroupFileResult: outcome }
}

export const printFolderDeleted = (): WireObject => ({ ...noFault })

export function printFileSpace(space: Result<'file.space'>): WireObject {
  return {
    file_count: space.fileCount,
    limit_count: space.limitCount,
    used_space: space.usedBytes,
    total_space: space.totalBytes,
  }
}

export function readFileSpace(data: unknown): Result<'file.space'> | undefined {
  const wire = toObject(data)
  if (!wire) return undefined
  const number = (name: string): number => toInteger(wire[name]) ?? 0
  return {
    fileCount: number('file_count'),
    limitCount: number('limit_count'),
    usedBytes: number('used_space'),
    totalBytes: number('total_space'),
  }
}

/** `file` and `url` are both always there: clients take one or the other. */
export function printFileInfo({ url, path, name, sizeBytes, base64 }: Result<'media.get'>): WireObject {
  return withoutAbsent({
    file: path ?? url ?? '',
    url: url ?? path ?? '',
    file_size: String(sizeBytes ?? 0),
    file_name: name ?? '',
    base64,
  })
}

/** The standard says where the file is only, go-cqhttp size, filename and url. */
export function readFileInfo(data: unknown): Result<'media.get'> {
  const wire = toObject(data) ?? {}
  const file = textOf(wire['file']) ?? textOf(wire['path'])
  const url = [textOf(wire['url']), file].find((text) => text !== undefined && /^https?:\/\//i.test(text))
  return withoutAbsent({
    url,
    path: file === url ? undefined : file,
    name: textOf(wire['file_name']) ?? textOf(wire['filename']),
    sizeBytes: toInteger(wire['file_size'] ?? wire['size']),
    base64: textOf(wire['base64']),
  })
}

/** `null` where nobody knows the id, as the older implementations answer. */
export function printUploaded({ fileId }: Result<'file.upload'>): WireObject {
  return { file_id: fileId ?? null }
}

export function readFileUrl(data: unknown): { url: string } {
  const url = textOf(toObject(data)?.['url'])
  if (url === undefined) throw new BridgeError('notFound', 'the backend gave no address for this file')
  return { url }
}

export interface Folder {
  groupId: GroupId
  /** "/" for the root. */
  id: string
  /** Names from the root down to it: "" for the root, "/docs". */
  path: string
}

/** Contents of a folder. Folders first, as every client shows them. */
export function readFiles(data: unknown, folder: Folder): RemoteFile[] {
  const wire = toObject(data) ?? {}
  const folders = listOf(wire['folders']).map((entry) => readFolder(entry, folder))
  const files = listOf(wire['files']).map((entry) => readFile(entry, folder))
  return [...folders, ...files].filter((entry) => entry !== undefined)
}

function listOf(value: unknown): WireObject[] {
  return Array.isArray(value) ? value.map((entry) => toObject(entry) ?? {}) : []
}

function readFile(wire: WireObject, { groupId, id: parentId, path }: Folder): RemoteFile | undefined {
  const id = textOf(wire['file_id'])
  if (id === undefined) return undefined
  const name = toText(wire['file_name']) ?? ''
  return withoutAbsent({
    groupId,
    id,
    name,
    isFolder: false,
    parentId,
    path: `${path}/${name}`,
    sizeBytes: toInteger(wire['file_size'] ?? wire['size']) ?? 0,
    uploaderId: toUserId(wire['uploader']),
    uploaderName: textOf(wire['uploader_name']),
    uploadTime: toInteger(wire['upload_time']),
    modifyTime: toInteger(wire['modify_time']),
    deadTime: toInteger(wire['dead_time']),
    downloadTimes: toInteger(wire['download_times']),
    busId: toInteger(wire['busid']),
  })
}

/** Lagrange writes create_name for creator_name. */
function readFolder(wire: WireObject, { groupId, id: parentId, path }: Folder): RemoteFile | undefined {
  const id = textOf(wire['folder_id']) ?? textOf(wire['folder'])
  if (id === undefined) return undefined
  const name = toText(wire['folder_name']) ?? ''
  return withoutAbsent({
    groupId,
    id,
    name,
    isFolder: true,
    parentId,
    path: `${path}/${name}`,
    sizeBytes: 0,
    uploaderId: toUserId(wire['creator']),
    uploaderName: textOf(wire['creator_name']) ?? textOf(wire['create_name']),
    uploadTime: toInteger(wire['create_time']),
    fileCount: toInteger(wire['total_file_count']),
  })
}

/** The folder that was made, where the answer tells; a refusal stands in the answer as well. */
export function readFolderMade(data: unknown, { groupId, id: parentId, path }: Folder): RemoteFile | undefined {
  const wire = toObject(data)
  const fault = toObject(wire?.['result'])
  const code = toInteger(fault?.['retCode']) ?? 0
  if (code !== 0) {
    const text = textOf(fault?.['clientWording']) ?? textOf(fault?.['retMsg']) ?? 'the folder was not made'
    throw new BridgeError('backend', `${text} (${code})`)
  }
  const info = toObject(toObject(wire?.['groupItem'])?.['folderInfo']) ?? wire
  const id = textOf(info?.['folderId']) ?? textOf(info?.['folder_id'])
  if (!info || id === undefined) return undefined
  const name = toText(info['folderName']) ?? ''
  return withoutAbsent({
    groupId,
    id,
    name,
    isFolder: true,
    parentId: textOf(info['parentFolderId']) ?? parentId,
    path: `${path}/${name}`,
    sizeBytes: 0,
    uploaderId: toUserId(info['createUin']),
    uploaderName: textOf(info['creatorName']),
    uploadTime: toInteger(info['createTime']),
    modifyTime: toInteger(info['modifyTime']),
    fileCount: toInteger(info['totalFileCount']),
  })
}
