// Where the embedded core gets its world from: a file, or the demo world that comes with the package.
import { readFileSync } from 'node:fs'
import { ConfigError } from './config.ts'
import { demoWorld } from './world/demo-world.ts'
import { parseWorld, type WorldFile } from './world/world-file.ts'

/** Throws ConfigError with the path and every problem inside. */
export function loadWorldFile(path: string | undefined): WorldFile {
  if (path === undefined) return parseWorld(demoWorld)
  try {
    return parseWorld(JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')))
  } catch (error) {
    throw new ConfigError([`world file ${path}: ${(error as Error).message}`])
  }
}
