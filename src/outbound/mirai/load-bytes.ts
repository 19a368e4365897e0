// The bytes of something to upload. Paths are read by the router, or not at all.
import { BridgeError } from '../../core/error.ts'
import type { Ask } from './account.ts'

interface Source {
  id?: string | undefined
  url?: string | undefined
  path?: string | undefined
  base64?: string | undefined
}

/** Throws `notFound` for media that nobody keeps, `notSupported` for addresses: mah takes bytes only. */
export function loadBytes({ account }: Ask, { id, url, base64 }: Source): Promise<Uint8Array<ArrayBuffer>> {
  if (id !== undefined) {
    const bytes = account.services.media.get(id)?.bytes
    if (bytes) return Promise.resolve(new Uint8Array(bytes))
    if (url === undefined && base64 === undefined) throw new BridgeError('notFound', `no such file: ${id}`)
  }
  if (base64 !== undefined) return Promise.resolve(new Uint8Array(Buffer.from(base64, 'base64')))
  const what = url === undefined ? 'a path' : 'an address'
  throw new BridgeError('notSupported', `mirai-api-http takes the bytes of a file, not ${what}`)
}
