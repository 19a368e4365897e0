// `scenario FILE`: plays steps against a fresh embedded world, optionally with a bot program beside it. Exit code 0: all came true.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createBridge, type Bridge } from '../bridge.ts'
import { ConfigError } from '../config.ts'
import { parseScenario, playScenario, type Scenario, ScenarioFailure } from '../scenario/scenario.ts'
import { isYaml, readYaml, withYamlWorlds } from './yaml.ts'
import { readSettings, toConfig, type Secrets } from './settings.ts'

export interface ScenarioOptions {
  /** Command of the bot under test, run by the shell. */
  run?: string
  quiet?: boolean
  [flag: string]: unknown
}

/** The exit code: 0 when every step came true, 1 when one did not. Throws ConfigError for a file that cannot be used. */
export async function runScenario(path: string, options: ScenarioOptions): Promise<0 | 1> {
  const scenario = await readScenario(path)
  const { config, secrets } = toConfig(readSettings(withFreePorts(options), process.env))
  const world = await findWorld(scenario, dirname(path))
  const backends = { world: { dialect: 'embedded', ...(world !== undefined && { world }) } } as const
  // Each run begins with the file.
  const { data: _, ...rest } = await withYamlWorlds(config)
  const bridge = createBridge({ ...rest, ...(world !== undefined && { backends }), log: { level: 'error' } })
  let bot: ChildProcess | undefined
  try {
    await bridge.start()
    bot = options.run === undefined ? undefined : startBot(options.run, bridge, secrets)
    const onStep = (text: string): void => void (options.quiet || process.stdout.write(`ok    ${text}\n`))
    await playScenario(scenario, { bridge, world: bridge.world(), onStep })
    process.stdout.write(`${scenario.steps.length} steps came true\n`)
    return 0
  } catch (error) {
    if (!(error instanceof ScenarioFailure)) throw error
    process.stderr.write(`FAIL  ${error.message}\n${bot ? describeEnd(bot) : ''}`)
    return 1
  } finally {
    if (bot) stopBot(bot)
    await bridge.stop()
  }
}

/** A path stays one, so that its faults get their lines; of YAML a backend takes the content only. */
async function findWorld({ world }: Scenario, folder: string): Promise<Scenario['world']> {
  if (typeof world !== 'string') return world
  const path = resolve(folder, world)
  return isYaml(path) ? ((await readYaml(path)) as Record<string, unknown>) : path
}

/** A bot must be told where to connect: ports that were not given are free ones. */
function withFreePorts(options: ScenarioOptions): ScenarioOptions {
  const { MIRAI_PORT: miraiPort = '0', ONEBOT_PORT: onebotPort = '0', ADMIN_PORT: adminPort = '0' } = process.env
  return { miraiPort, onebotPort, adminPort, ...options }
}

async function readScenario(path: string): Promise<Scenario> {
  try {
    if (/\.[cm]?[jt]s$/.test(path)) {
      const { default: input } = (await import(pathToFileURL(resolve(path)).href)) as { default: unknown }
      return parseScenario(input)
    }
    if (isYaml(path)) return parseScenario(await readYaml(path))
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
    return parseScenario(JSON.parse(text), text)
  } catch (error) {
    const problem = error instanceof ConfigError ? error.message : `${path}: ${(error as Error).message}`
    throw new ConfigError([problem], 'scenario')
  }
}

/** With the addresses and secrets in its environment. */
function startBot(command: string, bridge: Bridge, secrets: Secrets): ChildProcess {
  const { mirai = 0, onebot = 0, admin = 0 } = bridge.ports()
  const env = {
    ...process.env,
    MIRAI_PORT: String(mirai),
    MIRAI_VERIFY_KEY: secrets.verifyKey,
    ONEBOT_PORT: String(onebot),
    ONEBOT_URL: `ws://127.0.0.1:${onebot}`,
    ONEBOT_ACCESS_TOKEN: secrets.accessToken,
    // As NoneBot2 reads them.
    ONEBOT_WS_URLS: JSON.stringify([`ws://127.0.0.1:${onebot}`]),
    ADMIN_PORT: String(admin),
    ADMIN_TOKEN: secrets.adminToken,
    BOT_ID: String(bridge.bots()[0]?.bot ?? ''),
  }
  const child = spawn(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'], env, detached: true })
  child.unref()
  return child
}

/** The likeliest reason why nothing came of it. */
function describeEnd({ exitCode, signalCode }: ChildProcess): string {
  if (exitCode === null && signalCode === null) return ''
  return `  the bot had ended by itself: ${signalCode ?? `exit code ${exitCode}`}\n`
}

/** With everything that its shell has started. */
function stopBot({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}
