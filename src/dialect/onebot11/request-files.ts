// Requests about files and media. Implementations read different names for one thing: all of them are written.
import type { Params } from '../../core/action.ts'
import type { Peer } from '../../core/ids.ts'
import type { MediaSegment } from '../../core/segment.ts'
import type { OneBotRequest, RequestIds } from './request.ts'
import { withoutAbsent } from './segment-parse.ts'
import { printSource, type SourceFields } from './source.ts'
import type { SendIds } from './wire.ts'

/** More than a group can hold in one folder, so that a list without a limit is whole. */
const allFiles = 10_000

export const filePrinters = {
  'media.get': ({ kind, id, format }: Params<'media.get'>): OneBotRequest => {
    // Only get_record converts, and it insists on a format.
    const action = kind === 'image' ? 'get_image' : kind === 'voice' && format !== undefined ? 'get_record' : 'get_file'
    return { action, params: withoutAbsent({ file: id, file_id: id, out_format: format }) }
  },
  'file.list': ({ groupId, folderId, count }: Params<'file.list'>): OneBotRequest => {
    const params = { group_id: groupId, file_count: count ?? allFiles }
    if (isRoot(folderId)) return { action: 'get_group_root_files', params }
    return { action: 'get_group_files_by_folder', params: { ...params, folder_id: folderId } }
  },
  'file.upload': (params: Params<'file.upload'>, ids: RequestIds): OneBotRequest => {
    const { peer, name, folderId } = params
    const file = printUpload('file', params, ids)
    if (peer.kind !== 'group') return { action: 'upload_private_file', params: { user_id: peer.userId, file, name } }
    const folder = isRoot(folderId) ? undefined : folderId
    return {
      action: 'upload_group_file',
      params: withoutAbsent({ group_id: peer.groupId, file, name, folder, folder_id: folder }),
    }
  },
  'file.move': ({ groupId, fileId, fromFolderId = '/', toFolderId }: Params<'file.move'>): OneBotRequest => ({
    action: 'move_group_file',
    params: {
      group_id: groupId,
      file_id: fileId,
      current_parent_directory: fromFolderId,
      target_parent_directory: toFolderId,
      parent_directory: fromFolderId,
      target_directory: toFolderId,
    },
  }),
  'file.rename': ({ groupId, fileId, folderId = '/', name }: Params<'file.rename'>): OneBotRequest => ({
    action: 'rename_group_file',
    params: { group_id: groupId, file_id: fileId, current_parent_directory: folderId, new_name: name },
  }),
  'file.folder.create': ({ groupId, name, parentId = '/' }: Params<'file.folder.create'>): OneBotRequest => ({
    action: 'create_group_file_folder',
    params: { group_id: groupId, folder_name: name, name, parent_id: parentId },
  }),
  'file.url': ({ peer, fileId, busId }: Params<'file.url'>): OneBotRequest =>
    peer?.kind === 'group'
      ? {
          action: 'get_group_file_url',
          params: withoutAbsent({ group_id: peer.groupId, file_id: fileId, busid: busId }),
        }
      : { action: 'get_private_file_url', params: withoutAbsent({ user_id: ownerOf(peer), file_id: fileId }) },
}

export function isRoot(folderId: string | undefined): boolean {
  return folderId === undefined || folderId === '' || folderId === '/'
}

function ownerOf(peer: Exclude<Peer, { kind: 'group' }> | undefined): number | undefined {
  return peer?.userId
}

/** The bytes of an upload as a `file` or `image` member. May throw `notFound`. */
export function printUpload(
  type: MediaSegment['type'],
  { id, url, path, base64, name }: SourceOf & { name?: string | undefined },
  ids: SendIds,
): string {
  return printSource(ids.source({ type, ...withoutAbsent({ id, url, path, base64, name }) }))
}

type SourceOf = { [K in keyof SourceFields]?: SourceFields[K] | undefined }
