// Where the bytes of media and files are.
import type { Params, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { MediaRecord } from '../../core/ports.ts'
import { accountOf } from '../../world/look.ts'
import type { StoredFile } from '../../world/state.ts'
import type { Handlers, Serving } from './serving.ts'

type Found = Result<'media.get'>

/** Voices stay in the form in which they came: the name tells which that is. A voice that is asked for in any format comes with its bytes, as do files in `format` base64. */
export const mediaHandlers: Pick<Handlers, 'media.get'> = {
  'media.get'(serving, { kind, id, format }) {
    const withBytes = format === 'base64' || (kind === 'voice' && format !== undefined)
    const file = kind === 'file' ? findFile(serving, id) : undefined
    if (file) return showFile(serving, file, withBytes)
    const record = serving.services.media.get(id)
    if (record) return showRecord(serving, record, withBytes)
    throw new BridgeError('notFound', `there is no ${kind satisfies Params<'media.get'>['kind']} ${id}`)
  },
}

/** A file of any group that the bot is in. */
function findFile({ world, bot }: Serving, id: string): StoredFile | undefined {
  for (const groupId of accountOf(world.state, bot).groups) {
    const file = world.state.groups.get(groupId)?.files.get(id)
    if (file) return file
  }
  return undefined
}

function showFile({ host }: Serving, file: StoredFile, withBytes: boolean): Found {
  const { name, sizeBytes } = file
  return { ...told({ url: host.bytes.urlOf(file) }), name, sizeBytes, ...base64Of(withBytes && host.bytes.of(file)) }
}

function showRecord({ services }: Serving, record: MediaRecord, withBytes: boolean): Found {
  const { id, url = services.media.urlOf(id), name = id, sizeBytes, bytes } = record
  return { ...told({ url }), name, ...told({ sizeBytes }), ...base64Of(withBytes && bytes) }
}

function told<T extends object>(entries: T): T {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as T
}

function base64Of(bytes: Uint8Array | false | undefined): { base64?: string } {
  return bytes ? { base64: Buffer.from(bytes).toString('base64') } : {}
}
