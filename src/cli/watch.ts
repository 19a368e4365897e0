// Tells when a configuration file, or one that it imports or names, has other contents than before. Folders are watched, not files:
// editors and deployments put a new file in the place of the old one.
import { readFileSync, watch, type FSWatcher } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Milliseconds without further writes until somebody looks: editors write in several steps. */
const settleMs = 150

export interface Watching {
  /** The configuration may name other files than before. */
  look(): void
  close(): void
}

/** `named`: files that the configuration in use names, to be read with it. */
export function watchConfig(file: string, named: () => readonly string[], onChange: () => void): Watching {
  const watchers = new Map<string, FSWatcher>()
  let seen = lookAtAll()
  let timer: NodeJS.Timeout | undefined
  follow()

  function lookAtAll(): Map<string, string> {
    const found = lookAt(file)
    for (const path of named()) found.set(resolve(path), readText(path))
    return found
  }

  function follow(): void {
    const folders = new Set([...seen.keys()].map((path) => dirname(path)))
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      watchers.delete(folder)
    }
    for (const folder of folders) {
      if (watchers.has(folder)) continue
      const watcher = watch(folder, { persistent: false }, noticed)
      // A folder that is removed takes its watcher along.
      watcher.on('error', () => watchers.delete(folder))
      watchers.set(folder, watcher)
    }
  }

  function noticed(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const now = lookAtAll()
      const isSame = now.size === seen.size && [...now].every(([path, text]) => seen.get(path) === text)
      seen = now
      follow()
      if (!isSame) onChange()
    }, settleMs).unref()
  }

  return {
    look() {
      // What was noticed before and not told yet stays so.
      for (const [path, text] of lookAtAll()) if (!seen.has(path)) seen.set(path, text)
      follow()
    },
    close() {
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}

/** The file and what it imports from beside it, with their contents. One that cannot be read is empty: it is being written. */
function lookAt(file: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(file)) return found
  const text = readText(file)
  found.set(file, text)
  if (!/\.[mc]?[jt]s$/.test(file)) return found
  for (const [, target = ''] of text.matchAll(/\b(?:from|import|require)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
    lookAt(resolve(dirname(file), target), found)
  }
  return found
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
