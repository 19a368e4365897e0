// One process a data folder: two would give the same ids out twice.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { BridgeError } from '../core/error.ts'

/** Throws `busy` when another process that lives has the folder. Returns what gives it back; a killed owner is followed. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'bridge.lock')
  if (!create(path)) {
    const owner = Number(readFileSync(path, 'utf8'))
    // In a container every process may have the number of the one before it.
    if (owner !== process.pid && isAlive(owner)) throw inUse(folder, owner, path)
    rmSync(path, { force: true })
    if (!create(path)) throw inUse(folder, owner, path)
  }
  return () => {
    if (readOwner(path) === process.pid) rmSync(path, { force: true })
  }
}

function inUse(folder: string, owner: number, path: string): BridgeError {
  const text = `the data folder ${folder} is in use by process ${owner}. Stop it or set data to another folder; if that process is no bridge, delete ${path}`
  return new BridgeError('busy', text)
}

/** false: it exists. */
function create(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readOwner(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
