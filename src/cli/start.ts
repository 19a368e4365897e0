// `start`: from flags, environment and file to a running bridge, and down again on a signal.
import { createBridge, type Bridge } from '../bridge.ts'
import { printConnections, printSummary } from './banner.ts'
import { startChat } from './chat.ts'
import { findConfigFile, readConfigFile } from './config-file.ts'
import { readSettings, toConfig } from './settings.ts'

export interface StartOptions {
  config?: string | false
  chat: boolean
  [flag: string]: unknown
}

export async function start(options: StartOptions): Promise<void> {
  const file = findConfigFile(options.config, process.env)
  const { bridge, tell } = file === undefined ? prepareDemo(options) : await prepareFrom(file)
  let stopChat: (() => void) | undefined
  onSignals(async () => {
    stopChat?.()
    await bridge.stop()
  })
  await bridge.start()
  tell()
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

function prepareDemo(options: StartOptions): Prepared {
  const given = readSettings(options, process.env)
  const { config, secrets } = toConfig(given)
  const bridge = createBridge(config)
  return { bridge, tell: () => printConnections({ bridge, secrets, given }) }
}

/** npm does not pass SIGTERM on to what it runs: an orphan must not keep the ports. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid
  if (process.env['npm_lifecycle_event'] === undefined) return
  setInterval(() => process.ppid !== parent && stop(), 1000).unref()
}

/** Milliseconds that writing everything may take after a defect. */
const crashMs = 5000

/** The first signal ends in order, a second one at once. */
function onSignals(stop: () => Promise<void>): void {
  let stopping = false
  const handle = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(130)
    stopping = true
    process.stderr.write(`${signal}: stopping\n`)
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(70)
      },
    )
  }
  stopWithParent(() => !stopping && handle('SIGTERM'))
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  process.on('uncaughtException', (error) => {
    process.stderr.write(`uncaught: ${error.stack ?? error.message}\n`)
    setTimeout(() => process.exit(70), crashMs)
    if (!stopping) void stop().finally(() => process.exit(70))
    stopping = true
  })
}
