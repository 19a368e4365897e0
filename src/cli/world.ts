// `world export`: a world as it is now, as a world file to begin with: one that a data folder keeps, or that of a bridge that runs.
import { existsSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { parseJson } from '../core/json.ts'
import { openStoredWorlds, type StoredWorlds } from '../state/stored-worlds.ts'
import { exportWorld } from '../world/export.ts'
import { restore } from '../world/journal.ts'
import { parseWorld, type WorldFile } from '../world/world-file.ts'
import { CliError, guard } from './guard.ts'
import { withProgress } from './progress.ts'

interface ExportOptions {
  bridgeData?: string
  url?: string
  adminToken?: string
  backend?: string
  force?: boolean
}

export function addWorld(program: Command): void {
  program
    .command('world')
    .description('embedded worlds')
    .command('export [file]')
    .description('write a world as it is now as a world file, to the standard output or a new file')
    .option('--bridge-data <folder>', 'the data folder that keeps it, whether a bridge runs or not; BRIDGE_DATA')
    .option('-u, --url <url>', 'instead: admin address of a bridge that runs, default http://127.0.0.1:5800')
    .option('--admin-token <token>', 'its token; better ADMIN_TOKEN, which no process list shows')
    .option('-b, --backend <name>', 'the backend whose world is meant, when there are several')
    .option('-f, --force', 'overwrite the file')
    .addHelpText(
      'after',
      `
Messages are no part of a world file. Uploaded files come with their bytes from a data folder, without them from an address.

Examples:
  $ onebot-mirai-bridge world export office.json --bridge-data ./data
  $ ADMIN_TOKEN=… onebot-mirai-bridge world export > office.json`,
    )
    .action((file: string | undefined, options: ExportOptions) => guard(() => writeWorld(file, options)))
}

async function writeWorld(file: string | undefined, options: ExportOptions): Promise<void> {
  if (file !== undefined && !options.force && existsSync(file))
    throw new CliError(`${file} is there already; --force overwrites it`)
  const folder = options.bridgeData ?? (options.url === undefined ? process.env['BRIDGE_DATA'] : undefined)
  const world = folder
    ? readStored(folder, options.backend)
    : await withProgress(() => 'waiting for the world', fetchWorld(options))
  // What is written must be fit to begin with.
  parseWorld(structuredClone(world))
  const text = `${JSON.stringify(world, undefined, 2)}\n`
  if (file === undefined) process.stdout.write(text)
  else writeFileSync(file, text)
}

function readStored(folder: string, backend: string | undefined): WorldFile {
  const stored = openStoredWorlds(folder)
  if (!stored) throw new CliError(`${folder} is no data folder: there is no bridge.db in it`)
  try {
    const name = pickName(stored.names, backend)
    const [begin, append, compact] = [() => {}, () => {}, () => {}]
    const state = restore({ load: () => stored.load(name), begin, append, compact })
    if (!state) throw new CliError(`nothing is kept of ${name}`)
    return withBytes(exportWorld(state, Math.floor(Date.now() / 1000)), stored)
  } finally {
    stored.close()
  }
}

function pickName(names: readonly string[], wanted: string | undefined): string {
  const name = wanted ?? (names.length === 1 ? names[0] : undefined)
  if (name !== undefined && names.includes(name)) return name
  const list = names.length === 0 ? 'no world is kept there' : `there are: ${names.join(', ')}`
  throw new CliError(wanted === undefined ? `which world is meant? --backend; ${list}` : `no world ${wanted}; ${list}`)
}

/** Handles of uploads mean nothing outside of the data folder. */
function withBytes(world: WorldFile, stored: StoredWorlds): WorldFile {
  for (const group of world.groups) {
    for (const file of group.files) {
      const bytes = file.mediaId === undefined ? undefined : stored.bytesOf(file.mediaId)
      if (!bytes) continue
      file.base64 = Buffer.from(bytes).toString('base64')
      delete file.mediaId
      delete file.size
    }
  }
  return world
}

async function fetchWorld({ url = 'http://127.0.0.1:5800', adminToken, backend }: ExportOptions): Promise<WorldFile> {
  const token = adminToken ?? process.env['ADMIN_TOKEN']
  if (!token)
    throw new CliError('the admin token is missing: ADMIN_TOKEN or --admin-token; or name a data folder: --bridge-data')
  if (!URL.canParse(url)) throw new CliError(`--url: expected http:// or https://, got ${url}`)
  const address = new URL('/world', url)
  if (backend !== undefined) address.searchParams.set('world', backend)
  const response = await ask(address, token)
  const text = await response.text()
  if (response.ok) return parseJson(text, { depth: 100, values: Infinity }) as WorldFile
  throw new CliError(`${address.origin} refused: ${response.status} ${text.slice(0, 500)}`)
}

async function ask(address: URL, token: string): Promise<Response> {
  try {
    return await fetch(address, { headers: { authorization: `Bearer ${token}` } })
  } catch (error) {
    const cause = (error as Error).cause as Error | undefined
    throw new CliError(`${address.origin} cannot be reached: ${cause?.message ?? (error as Error).message}`)
  }
}
