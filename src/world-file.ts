// Where the embedded core gets its world from: a file, the configuration itself, or the demo world of the package.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ConfigError } from './config.ts'
import type { WorldSource } from './outbound/embedded/open-world.ts'
import { demoWorld } from './world/demo-world.ts'
import { parseWorld } from './world/world-file.ts'

/** Throws ConfigError, here or when it is read, with the path and every problem inside. */
export function toWorldSource(given: string | object = demoWorld): WorldSource {
  if (typeof given === 'string') return fromFile(given)
  return {
    origin: hash(JSON.stringify(given)),
    read: () => guard('world', () => parseWorld(given)),
  }
}

/** The file as it is now, also for a later reset. */
function fromFile(path: string): WorldSource {
  const what = `world file ${path}`
  const text = guard(what, () => readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
  return {
    origin: hash(text),
    read: () => guard(what, () => parseWorld(JSON.parse(text), text)),
  }
}

function guard<T>(what: string, task: () => T): T {
  try {
    return task()
  } catch (error) {
    throw new ConfigError([`${what}: ${(error as Error).message}`], 'world')
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
