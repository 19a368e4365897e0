// A file as a message: mah has none in its chains, but what is put into the files of a group shows as a message there.
import { randomUUID } from 'node:crypto'
import type { MessageId, Peer } from '../../core/ids.ts'
import { nowSeconds } from '../../core/read.ts'
import type { Segment, SegmentOf } from '../../core/segment.ts'
import type { Ask } from './account.ts'
import { uploadGroupFile } from './file-upload.ts'

type File = SegmentOf<'file'>

/** undefined: there is other content, or no file. A quote does not count: files cannot quote. */
export function loneFile(segments: readonly Segment[]): File | undefined {
  const [first, ...more] = segments.filter(({ type }) => type !== 'reply')
  return first?.type === 'file' && more.length === 0 ? first : undefined
}

/** The server tells the file's id, not the message's: the bridge gives one by which nothing can be asked of the server. */
export async function sendFile(ask: Ask, peer: Peer, file: File): Promise<MessageId> {
  const { account } = ask
  const { id, url, path, base64 } = file
  const name = file.name ?? nameIn(url ?? path) ?? 'file'
  const { fileId } = await uploadGroupFile(ask, { peer, name, id, url, path, base64 })
  const reason = 'sent into the files of the group; the number of its message is not told'
  account.loss('in', { what: 'file', fidelity: 'lossy', reason })
  const content = {
    sender: { userId: account.bot, nickname: account.session.nickname },
    time: nowSeconds(),
    segments: [{ ...file, ...(fileId !== undefined && { id: fileId }), name }],
  }
  const native = `file-${fileId ?? randomUUID()}`
  return account.services.messages.learn(account.bot, { native, peer }, content, false).id
}

function nameIn(place: string | undefined): string | undefined {
  const last = place?.split(/[?#]/, 1)[0]?.split(/[/\\]/).at(-1)
  return last === '' ? undefined : last
}
