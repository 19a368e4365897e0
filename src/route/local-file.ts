// Files of this machine that clients name: read when they are inside of the allowed folders, else refused.
import { realpathSync, readFileSync, statSync } from 'node:fs'
import { isAbsolute, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BridgeError } from '../core/error.ts'

export interface LocalFiles {
  /** Folders whose regular files clients may name. */
  fileRoots: readonly string[]
  /** Client and backend are both on this machine: a path may be handed on unopened. */
  mayPassPaths: boolean
  /** Bytes of a local file that is read for a client. */
  limits: { fileBytes: number }
}

export const localRefusal = 'local files are not sent for this client; use url or base64, or list fileRoots'

/**
 * One refusal for existing, missing and forbidden files alike: answers must not tell what is on the disk. undefined: it may be
 * handed on unopened.
 */
export function readAllowed(path: string, options: LocalFiles): Uint8Array | undefined {
  const real = toRealPath(path)
  const inside = real !== undefined && options.fileRoots.some((root) => isInside(real, root))
  if (inside && real !== undefined) {
    const stat = statSync(real)
    if (stat.isFile() && stat.size <= options.limits.fileBytes) return readFileSync(real)
    if (stat.isFile()) throw new BridgeError('forbiddenSource', localRefusal, { limit: 'fileBytes' })
  }
  if (options.mayPassPaths && !inside) return undefined
  throw new BridgeError('forbiddenSource', localRefusal)
}

function toRealPath(path: string): string | undefined {
  try {
    const local = path.startsWith('file:') ? fileURLToPath(path) : path
    return isAbsolute(local) ? realpathSync(local) : undefined
  } catch {
    return undefined
  }
}

function isInside(real: string, root: string): boolean {
  try {
    return real.startsWith(realpathSync(resolve(root)) + sep)
  } catch {
    return false
  }
}
