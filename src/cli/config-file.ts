// Finding and reading the configuration file.
import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError, type ConfigInput } from '../config.ts'
import { describeFault, loadFile } from './load-file.ts'
import { withYamlWorlds } from './yaml.ts'

const names = ['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'].map((ending) => `bridge.config.${ending}`)

/** The file that is meant, undefined for none. A file that was named must exist. */
export function findConfigFile(named: string | false | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  const wanted = named || environment['BRIDGE_CONFIG']
  if (wanted) {
    const path = isAbsolute(wanted) ? wanted : resolve(wanted)
    if (!existsSync(path)) throw new ConfigError([`there is no configuration file ${path}`])
    return path
  }
  if (named === false) return undefined
  const found = names.find((name) => existsSync(name))
  return found === undefined ? undefined : resolve(found)
}

let readings = 0

/** Throws ConfigError when the file cannot be read as a configuration. `fresh`: it was read before and may have changed. */
export async function readConfigFile(path: string, age?: 'fresh'): Promise<ConfigInput> {
  if (age === 'fresh' && path.endsWith('.mjs')) return importAgain(path)
  return withYamlWorlds((await loadFile(path)) as ConfigInput)
}

/** Node itself remembers these by their address, and what they import. */
async function importAgain(path: string): Promise<ConfigInput> {
  const address = `${pathToFileURL(path).href}?reading=${++readings}`
  try {
    return await withYamlWorlds(((await import(address)) as { default: ConfigInput }).default)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError([describeFault(path, error as Error)])
  }
}
