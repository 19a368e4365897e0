// Commands about group files. info, delete, move and rename are about files only: a folder is code 5.
import { BridgeError } from '../../core/error.ts'
import { toText, type WireObject } from '../../core/read.ts'
import { aside, callBot, type Ask, type Handler } from './ask.ts'
import { createFilePrinter, folderById, folderByPath, groupIdIn, listFolder, needFile, needFolder } from './files.ts'

export const fileCommands: Readonly<Record<string, Handler>> = {
  async file_list(ask) {
    const groupId = groupIdIn(ask)
    const folder = await needFolder(aside(ask), groupId)
    const withUrl = withDownload(ask)
    const entries = await listFolder(ask, groupId, folder, withUrl)
    const print = await createFilePrinter(ask, groupId, folder, withUrl)
    return pageOf(entries, ask.params).map(print)
  },
  async file_info(ask) {
    const groupId = groupIdIn(ask)
    const { file, folder } = await needFile(ask, groupId, withDownload(ask))
    return (await createFilePrinter(ask, groupId, folder, withDownload(ask)))(file)
  },
  async file_mkdir(ask) {
    const groupId = groupIdIn(ask)
    const folder = await needFolder(aside(ask), groupId)
    const parentId = folder.at(-1)?.id
    const made = await callBot(ask, {
      name: 'file.folder.create',
      params: { groupId, name: nameIn(ask), ...(parentId !== undefined && { parentId }) },
    })
    return (await createFilePrinter(ask, groupId, folder))(made)
  },
  async file_delete(ask) {
    const groupId = groupIdIn(ask)
    const { file } = await needFile(aside(ask), groupId)
    return callBot(ask, { name: 'file.delete', params: { groupId, fileId: file.id } })
  },
  async file_move(ask) {
    const groupId = groupIdIn(ask)
    const { file } = await needFile(aside(ask), groupId)
    const toFolderId = (await destination(aside(ask), groupId)).at(-1)?.id ?? '/'
    const params = { groupId, fileId: file.id, fromFolderId: file.parentId, toFolderId }
    return callBot(ask, { name: 'file.move', params })
  },
  async file_rename(ask) {
    const groupId = groupIdIn(ask)
    const { file } = await needFile(aside(ask), groupId)
    const params = { groupId, fileId: file.id, folderId: file.parentId, name: nameIn(ask) }
    return callBot(ask, { name: 'file.rename', params })
  },
}

function withDownload({ params }: Ask): boolean {
  return params['withDownloadInfo'] === true
}

function nameIn({ params }: Ask): string {
  const name = toText(params['name']) ?? ''
  if (name === '') throw new BridgeError('badParameter', 'the name must not be empty')
  return name
}

export function pageOf<T>(items: readonly T[], params: WireObject): T[] {
  const offset = Math.max(0, Number(params['offset'] ?? 0))
  return items.slice(offset, offset + Math.max(0, Number(params['size'] ?? items.length)))
}

/** The path wins over the id; neither is code 5. */
async function destination(ask: Ask, groupId: ReturnType<typeof groupIdIn>) {
  const path = toText(ask.params['folderPath'])
  if (path) return folderByPath(ask, groupId, path)
  const id = toText(ask.params['folderId'])
  if (id) return folderById(ask, groupId, id)
  throw new BridgeError('notFound', 'no destination was named')
}
