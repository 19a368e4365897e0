// Bytes of a world's files and pictures: hashes, and addresses under which this process serves them.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { MediaId } from '../../core/ids.ts'
import type { MediaStore } from '../../core/ports.ts'
import type { Picture, StoredFile } from '../../world/state.ts'
import { freshUrl } from './addresses.ts'

export interface Hashes {
  /** Upper-case hex. */
  sha1: string
  md5: string
}

export interface ByteHost {
  of(file: StoredFile): Uint8Array | undefined
  hashesOf(file: StoredFile): Hashes | undefined
  /** undefined for a file without content, and while nothing listens. */
  urlOf(file: StoredFile): string | undefined
  urlOfPicture(picture: Picture | undefined): string | undefined
  /** Keeps bare base64 and returns where it can be fetched. */
  urlOfBase64(base64: string): string | undefined
}

export function createByteHost(media: MediaStore): ByteHost {
  const hashes = new WeakMap<StoredFile, Hashes>()
  const ids = new WeakMap<StoredFile, MediaId>()

  function bytesOf({ text, base64, mediaId }: StoredFile): Uint8Array | undefined {
    if (text !== undefined) return Buffer.from(text)
    if (base64 !== undefined) return Buffer.from(base64, 'base64')
    return mediaId === undefined ? undefined : media.get(mediaId)?.bytes
  }

  /** Again when the store has let the bytes go meanwhile. */
  function keep(file: StoredFile, bytes: Uint8Array): MediaId {
    const known = ids.get(file)
    if (known && media.get(known)?.bytes) return known
    const { id } = media.put('file', bytes, file.name)
    ids.set(file, id)
    return id
  }

  return {
    of: bytesOf,
    hashesOf(file) {
      const known = hashes.get(file)
      if (known) return known
      const path = file.mediaId === undefined ? undefined : media.get(file.mediaId)?.path
      const bytes = path === undefined ? bytesOf(file) : undefined
      const made = path === undefined ? bytes && hash([bytes]) : hashFile(path)
      if (made) hashes.set(file, made)
      return made
    },
    urlOf(file) {
      if (file.url !== undefined) return freshUrl(media, file.url, file.mediaId)
      const record = file.mediaId === undefined ? undefined : media.get(file.mediaId)
      if (record) return media.urlOf(record.id)
      const bytes = bytesOf(file)
      if (bytes) return media.urlOf(keep(file, bytes))
      return file.mediaId === undefined ? undefined : media.get(file.mediaId)?.url
    },
    urlOfPicture(picture) {
      if (picture?.url !== undefined) return picture.url
      const record = picture?.id === undefined ? undefined : media.get(picture.id)
      return record && (record.url ?? media.urlOf(record.id))
    },
    urlOfBase64: (base64) => media.urlOf(media.put('image', Buffer.from(base64, 'base64')).id),
  }
}

function hash(pieces: Iterable<Uint8Array>): Hashes {
  const sha1 = createHash('sha1')
  const md5 = createHash('md5')
  for (const piece of pieces) {
    sha1.update(piece)
    md5.update(piece)
  }
  return { sha1: sha1.digest('hex').toUpperCase(), md5: md5.digest('hex').toUpperCase() }
}

/** undefined when the store has let it go meanwhile. */
function hashFile(path: string): Hashes | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      return hash(piecesOf(file))
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

/** The same memory each time: a file may be larger than what one wants to spend on it. */
function* piecesOf(file: number): Generator<Uint8Array> {
  const piece = new Uint8Array(1024 * 1024)
  for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) yield piece.subarray(0, read)
}
