// The bytes of something to upload. Paths are read by the router, or not at all.
import { openAsBlob } from 'node:fs'
import { BridgeError } from '../../core/error.ts'
import type { Ask } from './account.ts'

interface Source {
  id?: string | undefined
  url?: string | undefined
  path?: string | undefined
  base64?: string | undefined
}

/**
 * A file on disk is read as it is sent; what stands at an address is fetched, because mah takes bytes only. Throws
 * `notFound` for media that nobody keeps, and what the fetcher throws.
 */
export async function loadBytes({ account }: Ask, { id, url, base64 }: Source): Promise<Blob> {
  if (id !== undefined) {
    const record = account.services.media.get(id)
    if (record?.path !== undefined) return openAsBlob(record.path)
    if (record?.bytes) return new Blob([new Uint8Array(record.bytes)])
    if (url === undefined && base64 === undefined) throw new BridgeError('notFound', `no such file: ${id}`)
  }
  if (base64 !== undefined) return new Blob([Buffer.from(base64, 'base64')])
  if (url === undefined) throw new BridgeError('notSupported', 'mirai-api-http takes the bytes of a file, not a path')
  const { pieces } = await account.services.fetchUrl(url)
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of pieces) parts.push(new Uint8Array(piece))
  return new Blob(parts)
}
