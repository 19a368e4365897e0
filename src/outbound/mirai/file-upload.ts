// Files into folders of groups: over http, with the bytes in hand. mah names the folder by its path.
import type { Params, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { GroupId } from '../../core/ids.ts'
import { parseAnswer, readFile } from '../../dialect/mirai/index.ts'
import { request, type Ask } from './account.ts'
import { toFailure } from './failure.ts'
import { postForm, startForm } from './form-request.ts'
import { loadBytes } from './load-bytes.ts'

export async function uploadGroupFile(ask: Ask, params: Params<'file.upload'>): Promise<Result<'file.upload'>> {
  const { peer, name, folderId } = params
  if (peer.kind !== 'group') throw new BridgeError('notSupported', 'mirai-api-http has files of groups only')
  const { groupId } = peer
  const [bytes, path] = await Promise.all([loadBytes(ask, params), pathOf(ask, groupId, folderId)])
  const form = startForm(ask.account)
  form.append('type', 'group')
  form.append('target', String(groupId))
  form.append('path', path)
  form.append('file', bytes, name)
  const answer = parseAnswer(await send(ask, form))
  const failure = toFailure(answer, ask.account.backend)
  if (failure) throw failure
  const file = readFile(answer.data, groupId)
  return file ? { fileId: file.id, file } : {}
}

async function send(ask: Ask, form: FormData) {
  try {
    return await postForm(ask, '/file/upload', form)
  } catch (cause) {
    if (cause instanceof BridgeError) throw cause
    const late = cause instanceof Error && cause.name === 'TimeoutError'
    const text = late ? 'the upload took too long' : 'the http adapter of the server cannot be reached'
    throw new BridgeError(late ? 'timeout' : 'offline', text, { certain: !late, backend: ask.account.backend, cause })
  }
}

/** "" is the root. The one level of folders that QQ has is in the list of the root. */
async function pathOf(ask: Ask, groupId: GroupId, folderId: string | undefined): Promise<string> {
  if (folderId === undefined || folderId === '' || folderId === '/') return ''
  const { data } = await request(ask, 'file_list', { target: groupId, id: '' })
  const entries = (Array.isArray(data) ? data : []).map((wire) => readFile(wire, groupId))
  const folder = entries.find((entry) => entry?.isFolder && entry.id === folderId)
  if (!folder) throw new BridgeError('notFound', `no such folder: ${folderId}`)
  return folder.path
}
