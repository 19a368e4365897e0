// /file/upload: a file into a folder of a group, named by the folder's path. 1.x named folder and file in one path.
import type { RemoteFile } from '../../core/actions/file.ts'
import { BridgeError } from '../../core/error.ts'
import type { GroupId } from '../../core/ids.ts'
import { toGroupId, toText, type WireObject } from '../../core/read.ts'
import { aside, callBot, type Ask } from './ask.ts'
import { createFilePrinter, folderByPath, listFolder, rootId, type Folder } from './files.ts'
import { needPart } from './form-part.ts'
import type { Form } from './multipart.ts'

/** Throws `notSupported` for anything but groups, `notFound` for a folder that is not there. */
export async function receiveFile(form: Form, { ask, isV1 }: { ask: Ask; isV1: boolean }): Promise<WireObject> {
  const type = toText(form.fields['type'])
  if (type !== 'group' && !(isV1 && type === 'Group')) {
    throw new BridgeError('notSupported', 'files are uploaded to groups only')
  }
  const groupId = toGroupId(form.fields['target'])
  if (groupId === undefined) throw new BridgeError('badParameter', 'target must be the number of a group')
  const { received, name: fileName = String(Date.now()) } = needPart(form, 'file')
  const { path, name } = placeOf(toText(form.fields['path']) ?? '', fileName, isV1)
  const folder = await folderByPath(aside(ask), groupId, path)
  const { id } = received.keep('file', name)
  const folderId = folder.at(-1)?.id
  const sent = await callBot(ask, {
    name: 'file.upload',
    params: { peer: { kind: 'group', groupId }, name, id, ...(folderId !== undefined && { folderId }) },
  })
  const file = sent.file ?? (await findUploaded(ask, { groupId, folder, name, fileId: sent.fileId }))
  const print = await createFilePrinter(ask, groupId, folder)
  if (file) return print(file)
  // Uploaded, but the backend does not say where it stands yet.
  const known = { groupId, id: sent.fileId ?? '', name, isFolder: false, parentId: folderId ?? rootId }
  const shown = print({ ...known, path: pathOf(folder, name), sizeBytes: received.sizeBytes, uploaderId: ask.bot })
  return sent.fileId === undefined ? { ...shown, id: null } : shown
}

function placeOf(path: string, fileName: string, isV1: boolean): { path: string; name: string } {
  if (!isV1) return { path, name: fileName }
  const cut = path.lastIndexOf('/')
  return { path: path.slice(0, Math.max(0, cut)), name: path.slice(cut + 1) || fileName }
}

function pathOf(folder: Folder, name: string): string {
  return `/${[...folder.map((part) => part.name), name].join('/')}`
}

interface Uploaded {
  groupId: GroupId
  folder: Folder
  name: string
  fileId: string | undefined
}

/** By its id, else the newest of that name. */
async function findUploaded(ask: Ask, { groupId, folder, name, fileId }: Uploaded): Promise<RemoteFile | undefined> {
  try {
    const entries = (await listFolder(aside(ask), groupId, folder)).filter((entry) => !entry.isFolder)
    const same = entries.filter((entry) => (fileId === undefined ? entry.name === name : entry.id === fileId))
    return same.toSorted((a, b) => (b.uploadTime ?? 0) - (a.uploadTime ?? 0))[0]
  } catch (error) {
    ask.host.log(
      'debug',
      `the uploaded file was not found: ${error instanceof BridgeError ? error.message : 'unknown'}`,
    )
    return undefined
  }
}
