// Actions about files and media whose parameters no table can read.
import type { Action } from '../../core/action.ts'
import type { Peer } from '../../core/ids.ts'
import type { WireObject } from '../../core/read.ts'
import { groupOf, integerIn, requiredSource, requiredText, textIn } from './params.ts'
import { withoutAbsent } from './segment-parse.ts'

type Reader = (params: WireObject) => Action[]

export const fileReaders = {
  getImage: (params) => readMedium('image', params),
  getVoice: (params) => readMedium('voice', params),
  getFile: (params) => readMedium('file', params),
  groupFileUrl: (params) => [
    {
      name: 'file.url',
      params: withoutAbsent({
        peer: { kind: 'group' as const, groupId: groupOf(params) },
        fileId: requiredText(params, 'file_id'),
        busId: integerIn(params, 'busid') ?? integerIn(params, 'bus_id'),
      }),
    },
  ],
  uploadGroup: (params) => [readUpload(params, { kind: 'group', groupId: groupOf(params) })],
} satisfies Record<string, Reader>

function readMedium(kind: 'image' | 'voice' | 'file', params: WireObject): Action[] {
  const id = requiredText(params, 'file', 'file_id')
  return [{ name: 'media.get', params: withoutAbsent({ kind, id, format: textIn(params, 'out_format') }) }]
}

/** Without a name it is called what its path or address ends with. */
export function readUpload(params: WireObject, peer: Peer): Action {
  const source = requiredSource(params, 'file')
  const name = textIn(params, 'name') ?? endOf(source.path ?? source.url) ?? 'file'
  const folderId = peer.kind === 'group' ? textIn(params, 'folder_id', 'folder') : undefined
  return { name: 'file.upload', params: withoutAbsent({ peer, name, folderId, ...source }) }
}

function endOf(place: string | undefined): string | undefined {
  const [path = ''] = place?.split(/[?#]/) ?? []
  return path.split(/[/\\]/).findLast((part) => part !== '')
}
