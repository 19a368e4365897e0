// Bytes of uploads by name: in a folder when there is one, in memory otherwise; the least recently used go first.
// What comes in pieces goes to disk in any case, without a data folder to a temporary one that ends with the process.
import { createHash, randomUUID, type Hash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { createSweep } from './sweep.ts'

export interface ByteStore {
  put(name: string, bytes: Uint8Array): void
  get(name: string): Uint8Array | undefined
  /** The file that holds them; undefined for bytes in memory. */
  path(name: string): string | undefined
  /** Writes what comes to a file without a name. When the source fails, so does this, and nothing stays. */
  receive(pieces: AsyncIterable<Uint8Array>): Promise<Unnamed>
  close(): void
}

/** A file that has no name yet. */
export interface Unnamed {
  /** Upper-case hex. */
  md5: string
  sizeBytes: number
  /** Enough of the start to tell what it is. */
  head: Uint8Array
  keep(name: string): void
  discard(): void
}

type OnDamage = (text: string) => void

/** A name is the MD5 of the bytes, upper-case hex. */
export function createByteStore(
  folder: string | undefined,
  maxBytes: number,
  onDamage: OnDamage = () => {},
): ByteStore {
  return folder === undefined ? inMemory(maxBytes) : inFolder(join(folder, 'media'), maxBytes, onDamage)
}

function inMemory(maxBytes: number): ByteStore {
  const cache = new LRUCache<string, Uint8Array>({ maxSize: maxBytes, sizeCalculation: (bytes) => bytes.length || 1 })
  let folder: string | undefined
  let received: ByteStore | undefined

  function onDisk(): ByteStore {
    folder ??= mkdtempSync(join(tmpdir(), 'onebot-mirai-bridge-'))
    return (received ??= inFolder(folder, maxBytes, () => {}))
  }

  return {
    put: (name, bytes) => void cache.set(name, bytes),
    get: (name) => cache.get(name) ?? received?.get(name),
    path: (name) => received?.path(name),
    receive: (pieces) => onDisk().receive(pieces),
    close() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** End of the names of files that are being written. */
const unfinished = '.part'
const headBytes = 256 * 1024

/** Names are made by us from hashes, so they are safe as file names. */
function inFolder(folder: string, maxBytes: number, onDamage: OnDamage): ByteStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const sizes = new LRUCache<string, number>({
    maxSize: maxBytes,
    sizeCalculation: (size) => size || 1,
    dispose: (_size, name, reason) => {
      if (reason !== 'set') rmSync(join(folder, name), { force: true })
    },
  })
  /** Written by an earlier process, and not looked at since. */
  const unseen = new Set<string>()
  for (const { name, size } of findOldFiles(folder)) {
    sizes.set(name, size)
    unseen.add(name)
  }

  /** undefined: these are not the bytes of that name. */
  function verify(name: string, content: Uint8Array): Uint8Array | undefined {
    if (!unseen.delete(name) || createHash('md5').update(content).digest('hex').toUpperCase() === name) return content
    renameSync(join(folder, name), join(folder, `${name}.damaged`))
    sizes.delete(name)
    onDamage(`the bytes of medium ${name} are damaged; they were moved to media/${name}.damaged`)
    return undefined
  }

  function path(name: string): string | undefined {
    if (sizes.get(name) === undefined) return undefined
    if (existsSync(join(folder, name))) return join(folder, name)
    sizes.delete(name)
    return undefined
  }

  return {
    put(name, bytes) {
      // Under its name it is whole, whenever the process ends.
      const place = join(folder, randomUUID() + unfinished)
      writeWhole(place, bytes)
      renameSync(place, join(folder, name))
      sizes.set(name, bytes.length)
    },
    get(name) {
      const place = path(name)
      if (place === undefined) return undefined
      return verify(name, readFileSync(place))
    },
    path,
    async receive(pieces) {
      const place = join(folder, randomUUID() + unfinished)
      const written = await writePieces(place, pieces)
      return {
        ...written,
        keep(name) {
          renameSync(place, join(folder, name))
          sizes.set(name, written.sizeBytes)
        },
        discard: () => rmSync(place, { force: true }),
      }
    },
    close: () => {},
  }
}

function writeWhole(place: string, bytes: Uint8Array): void {
  try {
    writeFileSync(place, bytes, { mode: 0o600 })
  } catch (error) {
    rmSync(place, { force: true })
    throw error
  }
}

/** Oldest first. What a process that was killed left half-written goes. */
function findOldFiles(folder: string): { name: string; size: number }[] {
  const names = readdirSync(folder)
  for (const name of names) if (name.endsWith(unfinished)) rmSync(join(folder, name), { force: true })
  return names
    .filter((name) => !name.endsWith(unfinished))
    .map((name) => ({ name, stat: statSync(join(folder, name)) }))
    .toSorted((one, other) => one.stat.mtimeMs - other.stat.mtimeMs)
    .map(({ name, stat }) => ({ name, size: stat.size }))
}

async function writePieces(place: string, pieces: AsyncIterable<Uint8Array>) {
  const hash: Hash = createHash('md5')
  const heads: Uint8Array[] = []
  let sizeBytes = 0
  const sweep = createSweep()
  const file = await open(place, 'wx', 0o600)
  try {
    for await (const piece of pieces) {
      hash.update(piece)
      if (sizeBytes < headBytes) heads.push(Uint8Array.from(piece))
      sizeBytes += piece.length
      await file.writev([piece])
      sweep(piece.length)
    }
  } catch (error) {
    await file.close()
    await rm(place, { force: true })
    throw error
  }
  await file.close()
  return { md5: hash.digest('hex').toUpperCase(), sizeBytes, head: Buffer.concat(heads) }
}
