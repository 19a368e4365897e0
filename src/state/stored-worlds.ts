// The worlds that a data folder keeps, for looking only: a bridge may be using it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createWorldStore, type DurableWorldStore } from './world-store.ts'

export interface StoredWorlds {
  /** Names of the backends. */
  names: readonly string[]
  load(name: string): ReturnType<DurableWorldStore['load']>
  /** Of an upload that is still there. */
  bytesOf(mediaId: string): Uint8Array | undefined
  close(): void
}

/** undefined when nothing is kept there. */
export function openStoredWorlds(folder: string): StoredWorlds | undefined {
  const path = join(folder, 'bridge.db')
  if (!existsSync(path)) return undefined
  const db = new DatabaseSync(path, { readOnly: true })
  const rows = db.prepare('SELECT name FROM worlds ORDER BY name').all() as { name: string }[]
  return {
    names: rows.map(({ name }) => name),
    load: (name) => createWorldStore({ db, name, onPending: () => {} }, '').load(),
    bytesOf(mediaId) {
      const stem = /^[0-9A-Fa-f]{32}/.exec(mediaId)?.[0].toUpperCase()
      const file = stem === undefined ? undefined : join(folder, 'media', stem)
      return file !== undefined && existsSync(file) ? readFileSync(file) : undefined
    },
    close: () => db.close(),
  }
}
