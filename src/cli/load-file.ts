// Reading what people write: modules, JSON, YAML. What does not parse is told without the text of the file, which may hold secrets.
import { readFileSync } from 'node:fs'
import { dirname, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LoadConfigOptions } from 'c12'
import { ConfigError } from '../config.ts'

/** What the file says, or exports by default. Throws ConfigError, naming the place of the fault. */
export async function loadFile(path: string, options: LoadConfigOptions = {}): Promise<unknown> {
  const plain = readPlainJson(path)
  if (plain !== undefined) return plain
  // Loaded on demand: half of the time to start would be this.
  const { loadConfig } = await import('c12')
  try {
    const { config } = await loadConfig({
      configFile: path,
      rcFile: false,
      globalRc: false,
      packageJson: false,
      giget: false,
      extend: false,
      envName: false,
      configFileRequired: true,
      ...(isModule(path) && { jitiOptions: { virtualModules: await shareLibrary(path) } }),
      ...options,
    })
    return config
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError([describeFault(path, error as Error)])
  }
}

/** undefined: it is something else, or has comments or faults, which the loader for everything reads and words. */
function readPlainJson(path: string): unknown {
  if (!path.endsWith('.json')) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch {
    return undefined
  }
}

function isModule(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path)
}

/** The library that runs already, by the names which a file may have for it: compiling it once more takes seconds. */
async function shareLibrary(path: string): Promise<Record<string, unknown>> {
  const library = await import('../index.ts')
  const inClone = relative(dirname(path), fileURLToPath(new URL('../index.ts', import.meta.url))).replaceAll(sep, '/')
  return { 'onebot-mirai-bridge': library, [inClone.startsWith('.') ? inClone : `./${inClone}`]: library }
}

/** Readers quote what stands around the fault, YAML's behind an empty line. */
export function describeFault(path: string, { message }: Error): string {
  const [told = ''] = message.replaceAll(`${path}: `, '').split(/\n\s*\n/)
  const [quote, around] = /, (?:\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(told) ?? []
  const place = around === undefined ? '' : ` (line ${lineOf(path, around)})`
  return `${path}: ${told.replace(quote ?? '', '').replaceAll(/\s+/g, ' ')}${place}`
}

/** The fault is in the middle of what is quoted. */
function lineOf(path: string, around: string): number {
  const text = readFileSync(path, 'utf8')
  return text.slice(0, text.indexOf(around) + Math.ceil(around.length / 2)).split('\n').length
}
