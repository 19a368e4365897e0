// Backends of a configuration without anything that bots connect to: for commands that ask something and end.
import { setTimeout as wait } from 'node:timers/promises'
import { createBridge, type Bridge } from '../bridge.ts'
import { ConfigError, parseConfig, type Config, type ConfigInput } from '../config.ts'
import { findConfigFile, readConfigFile } from './config-file.ts'
import { CliError } from './guard.ts'
import { toConfig } from './settings.ts'
import { toMilliseconds } from './table.ts'

export interface Opened {
  bridge: Bridge
  /** The latest thing that an operator should know, without what it says about the next try. */
  complaint(): string | undefined
}

export interface ProbeOptions {
  config: Config
  backends: readonly string[]
  inbounds?: ConfigInput['inbounds']
  /** Ids and media of the data folder: only while no other bridge uses it. */
  data?: boolean
}

/** The file that is meant, checked; without one the demo world. */
export async function readConfig(named: string | undefined): Promise<{ file: string | undefined; config: Config }> {
  const file = findConfigFile(named, process.env)
  if (file === undefined) return { file, config: parseConfig(toConfig(new Map()).config) }
  return { file, config: parseConfig(await readConfigFile(file)) }
}

/** Not started yet. Throws ConfigError. */
export function openBackends({ config, backends, inbounds = {}, data = false }: ProbeOptions): Opened {
  let complaint: string | undefined
  const { data: folder, admin: _, ...rest } = config
  const chosen = backends.map((name) => [name, withoutEvents(config.backends[name])] as const)
  const input = { ...rest, ...(data && folder !== undefined && { data: folder }), inbounds, routes: [] }
  const bridge = createBridge({ ...input, backends: Object.fromEntries(chosen) } as ConfigInput, {
    log: (level, _source, text) => {
      if (level === 'warn' || level === 'error') complaint = text.split('; next try', 1)[0]
    },
  })
  return { bridge, complaint: () => complaint }
}

/** Nobody reads them here, and their port may be taken by the bridge that runs. */
function withoutEvents(options: Config['backends'][string] | undefined): Config['backends'][string] {
  if (!options) throw new ConfigError(['no backend of that name'])
  if (options.dialect === 'embedded') return options
  const { webhook: _, ...rest } = options
  return rest.dialect === 'onebot11' ? { ...rest, sse: false } : rest
}

/** Asks until there is an answer or the time is up. */
export async function until<T>(ask: () => T | undefined, timeoutMs: number): Promise<T | undefined> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = ask()
    if (answer !== undefined || Date.now() >= deadline) return answer
    await wait(20)
  }
}

/** Of `--timeout`. */
export function readTimeout(seconds: string): number {
  const timeoutMs = toMilliseconds(seconds)
  if (timeoutMs === undefined) throw new CliError(`--timeout: expected seconds, got ${seconds}`)
  return timeoutMs
}

/** Where a backend is, without what may be secret in the address. */
export function placeOf(options: Config['backends'][string] | undefined): string {
  if (!options || options.dialect === 'embedded') return 'in this process'
  if ('listen' in options && options.listen !== undefined) return `listening on ${options.listen}`
  const url = options.ws ?? options.http
  if (url === undefined) return ''
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}
