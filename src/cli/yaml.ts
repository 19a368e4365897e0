// Plain data in YAML, by the reader of configuration files.
import { resolve } from 'node:path'
import { ConfigError } from '../config.ts'

export function isYaml(path: string): boolean {
  return /\.ya?ml$/.test(path)
}

/** Throws ConfigError for what is no YAML. */
export async function readYaml(path: string): Promise<unknown> {
  // Loaded on demand, as most files are something else.
  const { loadConfig } = await import('c12')
  try {
    const { config } = await loadConfig({
      configFile: resolve(path),
      rcFile: false,
      globalRc: false,
      packageJson: false,
      giget: false,
      extend: false,
      envName: false,
      configFileRequired: true,
      // As it is: the usual one drops what is null.
      merger: (...sources) => sources.find((source) => source !== undefined && source !== null) ?? {},
    })
    return config
  } catch (error) {
    throw new ConfigError([`${path}: ${(error as Error).message}`])
  }
}
