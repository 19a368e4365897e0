// `init`: writes a configuration, from flags or from a short dialogue, with secrets made on the spot.
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { parseConfig } from '../config.ts'
import { CliError, guard } from './guard.ts'
import { printConfig } from './init-print.ts'
import { toConfigInput, type Answers } from './init-answers.ts'
import { askQuestions } from './init-questions.ts'
import { runWizard } from './init-wizard.ts'

interface InitOptions extends Answers {
  file: string
  force?: boolean
  yes?: boolean
}

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a configuration; asks on a terminal what the flags do not say')
    .option('-f, --file <file>', 'where to: .ts, .json or .yaml', 'bridge.config.ts')
    .option('-b, --backend <kind>', 'napcat, llbot, lagrange, gocq, onebot11, mirai or embedded; default embedded')
    .option('--backend-url <url>', 'address of the backend, ws://127.0.0.1:3001; http:// for an HTTP API')
    .option('--backend-listen <host:port>', 'instead: where the backend connects to (reverse WebSocket)')
    .option('--backend-secret <text>', 'its accessToken or verifyKey; ${NAME} reads the environment; default none')
    .option('--bots <accounts>', 'accounts at a mirai backend, separated by commas')
    .option('--clients <dialects>', 'what the bots speak: mirai, onebot11 or both with a comma; default both')
    .option('--mirai-port <port>', 'port for mirai bots, default 8080')
    .option('--onebot-port <port>', 'port for OneBot bots, default 5700')
    .option('--onebot-reverse <url>', 'address of a OneBot bot that waits to be connected to')
    .option('--admin-port <port>', 'port for health, tail and world control, default 5800; 0 leaves it out')
    .option('--data <folder>', 'where ids and media are kept, default ./data; empty keeps nothing')
    .option('-y, --yes', 'ask nothing: defaults for what the flags do not say')
    .option('--force', 'overwrite the file')
    .addHelpText(
      'after',
      `
Secrets of the bridge's own servers are 32 random characters. The file can be read by its owner only.
With any answer among the flags, nothing is asked.

Examples:
  $ onebot-mirai-bridge init
  $ onebot-mirai-bridge init --backend napcat --backend-url ws://127.0.0.1:3001 --backend-secret '\${NAPCAT_TOKEN}' --clients mirai
  $ onebot-mirai-bridge init --backend mirai --backend-url ws://127.0.0.1:8081 --bots 10001 --clients onebot11 --file bridge.config.yaml
  $ onebot-mirai-bridge init --backend lagrange --backend-listen 127.0.0.1:9002 --force`,
    )
    .action((options: InitOptions) => guard(() => init(options)))
}

async function init(options: InitOptions): Promise<void> {
  const { file, force, yes, ...given } = options
  if (!/\.(ts|mts|json|ya?ml)$/.test(file)) throw new CliError(`--file: expected .ts, .json or .yaml, got ${file}`)
  if (existsSync(file) && !force)
    throw new CliError(`${file} is there already; --force overwrites it, --file names another`)
  const answers = yes || Object.keys(given).length > 0 ? given : await converse(file)
  const config = toConfigInput(answers)
  // Nothing is written that start would refuse. The variables need not be set yet.
  parseConfig(config, { variable: () => 'a-secret-of-sixteen-characters' })
  writeFileSync(file, printConfig(config, file), { mode: 0o600 })
  // The mode above is for new files only.
  chmodSync(file, 0o600)
  const own = file === 'bridge.config.ts' ? '' : ` --config ${file}`
  process.stdout.write(
    `${resolve(file)}\n\nNext:\n  onebot-mirai-bridge check${own}\n  onebot-mirai-bridge start${own}\n`,
  )
}

function converse(file: string): Promise<Answers> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new CliError(
      'there is no terminal to ask on: give the answers as flags, see init --help; --yes takes the defaults',
    )
  }
  return runWizard(`A configuration for onebot-mirai-bridge, ${file}`, askQuestions)
}
