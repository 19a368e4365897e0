// Where the embedded core gets its world from: a file, the configuration itself, or the demo world of the package.
import { readFileSync } from 'node:fs'
import { ConfigError } from './config.ts'
import { demoWorld } from './world/demo-world.ts'
import { parseWorld, type WorldFile } from './world/world-file.ts'

/** Throws ConfigError with the path and every problem inside. */
export function loadWorldFile(given: string | object | undefined): WorldFile {
  if (given === undefined) return parseWorld(demoWorld)
  try {
    return parseWorld(typeof given === 'string' ? readJson(given) : given)
  } catch (error) {
    const what = typeof given === 'string' ? `world file ${given}` : 'world'
    throw new ConfigError([`${what}: ${(error as Error).message}`])
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
}
