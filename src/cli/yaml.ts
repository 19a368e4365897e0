// Plain data in YAML, by the reader of configuration files.
import { resolve } from 'node:path'
import type { ConfigInput } from '../config.ts'
import { loadFile } from './load-file.ts'

export function isYaml(path: string): boolean {
  return /\.ya?ml$/.test(path)
}

/** Throws ConfigError for what is no YAML. */
export async function readYaml(path: string): Promise<unknown> {
  return loadFile(resolve(path), {
    // As it is: the usual one drops what is null.
    merger: (...sources) => sources.find((source) => source !== undefined && source !== null) ?? {},
  })
}

/** Embedded backends take JSON or content: worlds in YAML are read for them. */
export async function withYamlWorlds(config: ConfigInput): Promise<ConfigInput> {
  const worlds = Object.entries(config.backends ?? {}).flatMap(([name, backend]) =>
    backend?.dialect === 'embedded' && typeof backend.world === 'string' && isYaml(backend.world)
      ? [{ name, backend, path: backend.world }]
      : [],
  )
  if (worlds.length === 0) return config
  const backends = { ...config.backends }
  for (const { name, backend, path } of worlds)
    backends[name] = { ...backend, world: (await readYaml(path)) as Record<string, unknown> }
  return { ...config, backends }
}
