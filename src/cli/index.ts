// Commands, options and exit codes. 0: ended as asked; 1: could not go on; 2: the configuration is not acceptable; 70: a defect.
import { Command } from 'commander'
import { ConfigError } from '../config.ts'
import { runScenario, type ScenarioOptions } from './scenario.ts'
import { settings } from './settings.ts'
import { start, type StartOptions } from './start.ts'
import { readVersion } from './version.ts'

export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('onebot-mirai-bridge')
    .description(
      'Lets bots of mirai-api-http and of OneBot 11 work with any backend of either, or with an embedded world',
    )
    .version(readVersion())
    .showSuggestionAfterError()
    .addHelpText('after', `\nWithout a configuration, start offers a demo world to both kinds of bots on loopback.`)

  const command = program
    .command('start', { isDefault: true })
    .description('start the bridge and run until it is stopped')
    .option('-c, --config <file>', 'configuration file (ts, js, json, yaml); BRIDGE_CONFIG')
    .option('--no-config', 'ignore a bridge.config file in this folder')
    .option('--no-chat', 'no chat prompt, even on a terminal')
  for (const { flag, variable, help } of settings) command.option(`--${flag} <value>`, `${help}; ${variable}`)
  command.action((options: StartOptions) => guard(() => start(options)))

  const scenario = program
    .command('scenario <file>')
    .description('play the steps of a scenario (json, ts, js) in an embedded world; exit code 1 when one fails')
    .option('-r, --run <command>', 'the bot under test, with ONEBOT_URL, MIRAI_PORT and the secrets in its environment')
    .option('-q, --quiet', 'print failures only')
  for (const { flag, variable, help } of settings) {
    if (variable !== 'BRIDGE_WORLD' && variable !== 'BRIDGE_DATA') {
      scenario.option(`--${flag} <value>`, `${help.replace(/default [0-9]+$/, 'default a free one')}; ${variable}`)
    }
  }
  scenario.action((file: string, options: ScenarioOptions) =>
    guard(async () => void (process.exitCode = await runScenario(file, options))),
  )

  await program.parseAsync(argv)
}

async function guard(task: () => Promise<void>): Promise<void> {
  try {
    await task()
  } catch (error) {
    process.exitCode = report(error)
    // Whatever was opened before the failure must not keep the process alive.
    setImmediate(() => process.exit())
  }
}

function report(error: unknown): number {
  if (error instanceof ConfigError) {
    process.stderr.write(`The configuration cannot be used:\n${error.problems.map((line) => `  ${line}\n`).join('')}`)
    return 2
  }
  const failure = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (failure.code === 'EADDRINUSE') {
    process.stderr.write(
      `Port ${failure.port} on ${failure.address} is in use by another program. Stop that program or choose another port: --mirai-port, --onebot-port, --admin-port, or listen in the configuration.\n`,
    )
    return 1
  }
  if (failure.code === 'EACCES' || failure.code === 'EADDRNOTAVAIL') {
    process.stderr.write(`Cannot listen on ${failure.address}:${failure.port} (${failure.code}).\n`)
    return 1
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 70
}
