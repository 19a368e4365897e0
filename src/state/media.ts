// Handles of images, voices, videos and files that both dialects can carry: 32 hex digits and an extension.
import { createHash, hash as digest } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { createRequire } from 'node:module'
import type { imageSize as ImageSize } from 'image-size'
import { LRUCache } from 'lru-cache'
import { BridgeError } from '../core/error.ts'
import type { MediaId } from '../core/ids.ts'
import type { MediaRecord, MediaSource, MediaStore } from '../core/ports.ts'
import type { MediaSegment } from '../core/segment.ts'
import type { ByteStore } from './bytes.ts'
import { createPatience, type Patience } from './patience.ts'
import { toVoiceLength } from './voice-length.ts'

interface Row {
  id: string
  kind: MediaSegment['type']
  backend: string | null
  native: string | null
  url: string | null
  name: string | null
  size: number | null
  width: number | null
  height: number | null
  duration: number | null
  at: number
}

interface Uploaded {
  kind: MediaSegment['type']
  hash: string
  /** All of it, or enough to tell what it is. */
  head: Uint8Array
  sizeBytes: number
  name: string | undefined
}

const extensions = { image: 'jpg', voice: 'amr', video: 'mp4', file: 'bin' } as const

export interface MediaStoreOptions {
  db: DatabaseSync
  bytes: ByteStore
  /** Start of the addresses under which bytes are served, e.g. `http://127.0.0.1:8080/media/`. Known after start. */
  baseUrl: () => string | undefined
  /** Milliseconds. */
  now?: () => number
  patience?: Patience
}

/** Minutes of voice in any format that QQ takes. */
const mostVoiceBytes = 8 * 1024 * 1024

export function createMediaStore(options: MediaStoreOptions): MediaStore {
  const { db, bytes, baseUrl, now = Date.now, patience = createPatience() } = options
  const cache = new LRUCache<string, MediaRecord>({ max: 10_000 })
  const select = db.prepare('SELECT * FROM media WHERE stem = ?')
  const upsert = db.prepare(
    `INSERT INTO media (stem, id, kind, backend, native, url, name, size, width, height, duration, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET backend = excluded.backend, native = excluded.native, url = excluded.url, at = excluded.at`,
  )

  function save(record: MediaRecord): void {
    const { id, kind, backend, native, url, name, sizeBytes, width, height, durationSeconds } = record
    const stem = stemOf(id)
    const known = cache.get(stem)
    cache.set(stem, record)
    if (known && known.backend === backend && known.native === native && known.url === url) return
    const row = [
      stem,
      id,
      kind,
      backend ?? null,
      native ?? null,
      url ?? null,
      name ?? null,
      sizeBytes ?? null,
      width ?? null,
      height ?? null,
      durationSeconds ?? null,
      record.at ?? now(),
    ] as const
    patience.write(() => upsert.run(...row))
  }

  function find(id: string): MediaRecord | undefined {
    const stem = stemOf(id)
    const hit = cache.get(stem)
    if (hit) return hit
    const row = select.get(stem) as Row | undefined
    if (!row) return undefined
    const record = toRecord(row)
    cache.set(stem, record)
    return record
  }

  function keep({ kind, hash, head, sizeBytes, name }: Uploaded): MediaRecord {
    const id = `${hash}.${extensionOf(head) ?? extensionIn(name) ?? extensions[kind]}` as MediaId
    const durationSeconds = kind === 'voice' ? lengthOf({ hash, head, sizeBytes }) : undefined
    const record: MediaRecord = {
      id,
      kind,
      name,
      sizeBytes,
      ...(durationSeconds !== undefined && { durationSeconds }),
      ...(kind === 'image' && measure(head)),
    }
    save(record)
    return record
  }

  /** Read whole only when it begins like a voice and is no larger than QQ's can be. */
  function lengthOf({ hash, head, sizeBytes }: Pick<Uploaded, 'hash' | 'head' | 'sizeBytes'>): number | undefined {
    const first = toVoiceLength(head)
    if (first === undefined || head.length >= sizeBytes) return first
    const whole = sizeBytes > mostVoiceBytes ? undefined : bytes.get(hash)
    return whole && toVoiceLength(whole)
  }

  /** Most who ask want to know something else about it: the bytes are read when they are looked at. */
  function withBytes(record: MediaRecord): MediaRecord {
    const stem = stemOf(record.id)
    const path = bytes.path(stem)
    let read: Uint8Array | undefined
    return {
      ...record,
      ...(path !== undefined && { path }),
      get bytes() {
        return (read ??= bytes.get(stem))
      },
    }
  }

  const store: MediaStore = {
    learn(record) {
      const id = toMediaId(record)
      save({ ...record, id, at: now() })
      return id
    },
    moved(id, url) {
      const record = find(id)
      if (record) save({ ...record, url, at: now() })
    },
    put(kind, content, name) {
      const hash = createHash('md5').update(content).digest('hex').toUpperCase()
      bytes.put(hash, content)
      return { ...keep({ kind, hash, head: content, sizeBytes: content.length, name }), bytes: content }
    },
    async receive(pieces) {
      const { md5: hash, head, sizeBytes, ...file } = await bytes.receive(pieces)
      let kept = false
      return {
        sizeBytes,
        keep(kind, name) {
          kept = true
          file.keep(hash)
          return keep({ kind, hash, head, sizeBytes, name })
        },
        discard() {
          if (!kept) file.discard()
        },
      }
    },
    get(id) {
      const record = find(id)
      return record && withBytes(record)
    },
    source: (segment, backend) => toSource(segment, backend, store),
    urlOf: (id) => {
      const base = baseUrl()
      return base === undefined ? undefined : base + id
    },
  }
  return store
}

function toSource(segment: MediaSegment, backend: string, store: MediaStore): MediaSource {
  if (segment.id && !segment.base64) {
    const source = fromRecord(store.get(segment.id), backend)
    if (source) return source
    if (!segment.url) throw new BridgeError('notFound', `no such ${segment.type}: ${segment.id}`)
  }
  if (segment.url) return { kind: 'url', value: segment.url }
  if (segment.path) return { kind: 'path', value: segment.path }
  if (segment.base64) return { kind: 'base64', value: segment.base64 }
  throw new BridgeError('badParameter', `${segment.type}: one of id, url, path or base64 is needed`)
}

function fromRecord(record: MediaRecord | undefined, backend: string): MediaSource | undefined {
  if (!record) return undefined
  if (record.backend === backend && record.native) return { kind: 'native', value: record.native, url: record.url }
  if (record.bytes) return { kind: 'base64', value: Buffer.from(record.bytes).toString('base64') }
  return record.url ? { kind: 'url', value: record.url } : undefined
}

/** As this bridge, or another one, names media. */
const ownHandle = /^([0-9A-F]{32})\.[A-Za-z0-9]{1,8}$/

/** mah's spelling, `{8-4-4-4-12}.png`, names the same medium whoever sends it. */
function stemOf(id: string): string {
  // As this store makes them.
  if (ownHandle.test(id)) return id.slice(0, 32)
  return (id.split('.', 1)[0] as string).replaceAll(/[{}/-]/g, '').toUpperCase()
}

function toMediaId(record: Parameters<MediaStore['learn']>[0]): MediaId {
  const handle = record.name ?? record.native ?? record.url ?? ''
  const inName = /(?:^|[^0-9A-Fa-f])([0-9A-Fa-f]{32})(?:[^0-9A-Fa-f]|$)/.exec(handle)?.[1]
  const hash = inName ?? ownHandle.exec(record.native ?? '')?.[1] ?? digest('md5', record.native ?? handle)
  return `${hash.toUpperCase()}.${extensionIn(handle) ?? extensions[record.kind]}` as MediaId
}

function extensionIn(name: string | undefined): string | undefined {
  return name === undefined ? undefined : /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase()
}

const signatures: readonly (readonly [extension: string, offset: number, bytes: string])[] = [
  ['jpg', 0, '\xff\xd8\xff'],
  ['png', 0, '\x89PNG'],
  ['gif', 0, 'GIF8'],
  ['bmp', 0, 'BM'],
  ['webp', 8, 'WEBP'],
  ['amr', 0, '#!AMR'],
  // Tencent's SILK has one byte more in front; both travel as .amr in mah.
  ['amr', 0, '#!SILK'],
  ['amr', 0, '\x02#!SILK'],
  ['mp4', 4, 'ftyp'],
]

function extensionOf(content: Uint8Array): string | undefined {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, 16)).toString('latin1')
  return signatures.find(([, offset, bytes]) => head.startsWith(bytes, offset))?.[0]
}

const require = createRequire(import.meta.url)
let imageSize: typeof ImageSize | undefined

/** Nothing for bytes that are no picture: people send what they like. The library comes with the first: each start waits for it otherwise. */
function measure(content: Uint8Array): { width?: number; height?: number } {
  try {
    imageSize ??= (require('image-size') as { imageSize: typeof ImageSize }).imageSize
    const { width, height } = imageSize(content)
    return { width, height }
  } catch {
    return {}
  }
}

function toRecord(row: Row): MediaRecord {
  return {
    id: row.id as MediaId,
    kind: row.kind,
    backend: row.backend ?? undefined,
    native: row.native ?? undefined,
    url: row.url ?? undefined,
    name: row.name ?? undefined,
    sizeBytes: row.size ?? undefined,
    width: row.width ?? undefined,
    height: row.height ?? undefined,
    durationSeconds: row.duration ?? undefined,
    at: row.at,
  }
}
