// Group files of a mah backend.
import type { RemoteFile } from '../../core/actions/file.ts'
import type { GroupId } from '../../core/ids.ts'
import { toBoolean, toInteger, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'

/** undefined: without name or id nothing can be done with it. Before 2.5.2 hashes and author stood in downloadInfo. */
export function readFile(value: unknown, groupId: GroupId): RemoteFile | undefined {
  const wire = toObject(value)
  const name = toText(wire?.['name'])
  const id = toText(wire?.['id'])
  if (!wire || name === undefined || !id) return undefined
  const isFolder = !(toBoolean(wire['isFile']) ?? !(toBoolean(wire['isDirectory'] ?? wire['isDictionary']) ?? false))
  const parent = toObject(wire['parent'])
  const entry = {
    groupId,
    id,
    name,
    isFolder,
    parentId: toText(parent?.['id']) || '/',
    path: toText(wire['path']) || `${toText(parent?.['path'])?.replace(/\/$/, '') ?? ''}/${name}`,
    sizeBytes: toInteger(wire['size']) ?? 0,
  }
  return isFolder ? entry : { ...entry, ...readDetails(wire) }
}

function readDetails(wire: WireObject): Partial<RemoteFile> {
  const info = toObject(wire['downloadInfo'])
  const pick = (name: string): unknown => wire[name] ?? info?.[name]
  const sha1 = toText(pick('sha1'))?.toUpperCase()
  const md5 = toText(pick('md5'))?.toUpperCase()
  const uploaderId = toUserId(pick('uploaderId'))
  const uploadTime = toInteger(pick('uploadTime'))
  const modifyTime = toInteger(pick('lastModifyTime'))
  const url = toText(info?.['url'])
  return {
    ...(sha1 && { sha1 }),
    ...(md5 && { md5 }),
    ...(uploaderId && { uploaderId }),
    ...(uploadTime !== undefined && { uploadTime }),
    ...(modifyTime !== undefined && { modifyTime }),
    ...(url && { url }),
  }
}
