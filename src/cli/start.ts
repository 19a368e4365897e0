// `start`: from flags, environment and file to a running bridge, and down again on a signal.
import { createBridge, type Bridge } from '../bridge.ts'
import { filesNamedBy } from '../config-values.ts'
import { redact } from '../core/redact.ts'
import { printConnections, printSummary } from './banner.ts'
import { startChat } from './chat.ts'
import { findConfigFile, readConfigFile } from './config-file.ts'
import { CliError } from './guard.ts'
import { withProgress } from './progress.ts'
import { reload } from './reload.ts'
import { readSettings, toConfig } from './settings.ts'
import { watchConfig } from './watch.ts'
import { withYamlWorlds } from './yaml.ts'

export interface StartOptions {
  config?: string | false
  chat: boolean
  watch?: boolean
  [flag: string]: unknown
}

export async function start(options: StartOptions): Promise<void> {
  const file = findConfigFile(options.config, process.env)
  if (file === undefined && options.watch) throw new CliError('--watch: there is no configuration file to watch')
  const { bridge, tell } = await (file === undefined ? prepareDemo(options) : prepareFrom(file))
  let stopChat: (() => void) | undefined
  const onHangUp = file === undefined || process.stdin.isTTY ? undefined : () => void reload(bridge, file, 'SIGHUP')
  onSignals(async () => {
    stopChat?.()
    await bridge.stop()
  }, onHangUp)
  await withProgress(() => 'starting', bridge.start())
  tell()
  if (file !== undefined && options.watch) watchFile(bridge, file)
  if (options.chat && process.stdin.isTTY && process.stdout.isTTY) stopChat = startChat(bridge)
}

interface Prepared {
  bridge: Bridge
  /** Prints where to connect. */
  tell: () => void
}

async function prepareFrom(file: string): Promise<Prepared> {
  const bridge = createBridge(await readConfigFile(file))
  return { bridge, tell: () => printSummary(bridge, file) }
}

async function prepareDemo(options: StartOptions): Promise<Prepared> {
  const given = readSettings(options, process.env)
  const { config, secrets } = toConfig(given)
  const bridge = createBridge(await withYamlWorlds(config))
  return { bridge, tell: () => printConnections({ bridge, secrets, given }) }
}

function watchFile(bridge: Bridge, file: string): void {
  const named = (): string[] => filesNamedBy(bridge.config())
  const watching = watchConfig(file, named, () => void reload(bridge, file, 'changed').then(() => watching.look()))
}

/** npm does not pass SIGTERM on to what it runs: an orphan must not keep the ports. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid
  if (process.env['npm_lifecycle_event'] === undefined) return
  setInterval(() => process.ppid !== parent && stop(), 1000).unref()
}

/** Milliseconds that writing everything may take after a defect. */
const crashMs = 5000

/** The first signal ends in order, a second one at once. A terminal that is closed ends it, too; a service reads its file again. */
function onSignals(stop: () => Promise<void>, onHangUp: (() => void) | undefined): void {
  let stopping = false
  let crashed = false
  const handle = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(130)
    stopping = true
    const stopped = stop()
    // Behind the prompt, which has gone by now.
    process.stderr.write(`${signal}: stopping\n`)
    stopped.then(
      () => process.exit(crashed ? 70 : 0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(70)
      },
    )
  }
  // Nobody reads any more what it says: a log that is piped to a program which has ended.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
  stopWithParent(() => !stopping && handle('SIGTERM'))
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  process.on('SIGHUP', onHangUp ?? handle)
  process.on('uncaughtException', (error) => {
    crashed = true
    process.stderr.write(`uncaught: ${redact(error.stack ?? error.message)}\n`)
    setTimeout(() => process.exit(70), crashMs)
    if (!stopping) void stop().finally(() => process.exit(70))
    stopping = true
  })
}
