// Bytes of uploads by name: in a folder when there is one, in memory otherwise; the least recently used go first.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'

export interface ByteStore {
  put(name: string, bytes: Uint8Array): void
  get(name: string): Uint8Array | undefined
}

export function createByteStore(folder: string | undefined, maxBytes: number): ByteStore {
  return folder === undefined ? inMemory(maxBytes) : inFolder(join(folder, 'media'), maxBytes)
}

function inMemory(maxBytes: number): ByteStore {
  const cache = new LRUCache<string, Uint8Array>({ maxSize: maxBytes, sizeCalculation: (bytes) => bytes.length || 1 })
  return { put: (name, bytes) => void cache.set(name, bytes), get: (name) => cache.get(name) }
}

/** Names are made by us from hashes, so they are safe as file names. */
function inFolder(folder: string, maxBytes: number): ByteStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const sizes = new LRUCache<string, number>({
    maxSize: maxBytes,
    sizeCalculation: (size) => size || 1,
    dispose: (_size, name, reason) => {
      if (reason !== 'set') rmSync(join(folder, name), { force: true })
    },
  })
  const files = readdirSync(folder).map((name) => ({ name, stat: statSync(join(folder, name)) }))
  files.sort((one, other) => one.stat.mtimeMs - other.stat.mtimeMs)
  for (const { name, stat } of files) sizes.set(name, stat.size)
  return {
    put(name, bytes) {
      writeFileSync(join(folder, name), bytes, { mode: 0o600 })
      sizes.set(name, bytes.length)
    },
    get(name) {
      if (sizes.get(name) === undefined) return undefined
      try {
        return readFileSync(join(folder, name))
      } catch {
        sizes.delete(name)
        return undefined
      }
    },
  }
}
