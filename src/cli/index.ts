// The commands and the help that leads to them. What they do stands in a file each.
import { Command } from 'commander'
import { nearest } from '../config-issue.ts'
import { addCall } from './call.ts'
import { addCheck } from './check.ts'
import { guard } from './guard.ts'
import { addInit } from './init.ts'
import { addInspect } from './inspect.ts'
import { runScenario, type ScenarioOptions } from './scenario.ts'
import { settings } from './settings.ts'
import { start, type StartOptions } from './start.ts'
import { addTail } from './tail.ts'
import { readVersion } from './version.ts'
import { addWorld } from './world.ts'

export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('onebot-mirai-bridge')
    .description(
      'Lets bots of mirai-api-http and of OneBot 11 work with any backend of either, or with an embedded world',
    )
    .version(readVersion())
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Without a configuration, start offers a demo world to both kinds of bots on loopback.

First steps:
  $ onebot-mirai-bridge                 try it: a world, both kinds of bots, and a prompt to talk to them
  $ onebot-mirai-bridge init            write a configuration for your own backend
  $ onebot-mirai-bridge check           see whether your backend is there
  $ onebot-mirai-bridge start           run with it
  $ onebot-mirai-bridge tail            see what happens
  $ onebot-mirai-bridge <command> --help

Exit codes: 0 done; 1 could not go on, and why is said; 2 the configuration is not acceptable; 70 a defect.`,
    )
  addStart(program)
  addInit(program)
  addCheck(program)
  addInspect(program)
  addCall(program)
  addTail(program)
  addScenario(program)
  addWorld(program)
  await program.parseAsync(argv)
}

function addStart(program: Command): void {
  const command = program
    .command('start', { isDefault: true })
    .description('start the bridge and run until it is stopped')
    .option('-c, --config <file>', 'configuration file (ts, js, json, yaml); BRIDGE_CONFIG')
    .option('--no-config', 'ignore a bridge.config file in this folder')
    .option('--no-chat', 'no chat prompt, even on a terminal')
    .option(
      '-w, --watch',
      'follow the configuration file when it changes; what is the same in it keeps its connections',
    )
  for (const { flag, variable, help } of settings) command.option(`--${flag} <value>`, `${help}; ${variable}`)
  command
    .addHelpText(
      'after',
      `
The first Ctrl-C or SIGTERM ends in order, a second one at once. SIGHUP reads the configuration file again, as --watch does by
itself: only what is different in it begins anew, and with a mistake in it everything stays as it was.

Exit code 0: ended as asked; 1: a port or the data folder cannot be had; 2: the configuration is not acceptable;
70: a defect, which is printed; 130: ended by a second signal.

Examples:
  $ onebot-mirai-bridge start --mirai-port 9090
  $ onebot-mirai-bridge start --config bridge.config.yaml
  $ BRIDGE_DATA=./data onebot-mirai-bridge start --bridge-world office.json`,
    )
    // As the default, start gets every misspelt command.
    .allowExcessArguments()
    .action((options: StartOptions) => {
      const [word] = command.args
      if (word !== undefined) program.error(`error: unknown command '${word}'${suggestCommand(word, program)}`)
      return guard(() => start(options))
    })
}

function suggestCommand(word: string, program: Command): string {
  const near = nearest(
    word,
    program.commands.map((known) => known.name()),
  )
  return near === undefined ? '' : `; did you mean ${near}?`
}

function addScenario(program: Command): void {
  const scenario = program
    .command('scenario <file>')
    .description('play the steps of a scenario (yaml, json, ts, js) in an embedded world; exit code 1 when one fails')
    .option('-r, --run <command>', 'the bot under test, with ONEBOT_URL, MIRAI_PORT and the secrets in its environment')
    .option('-q, --quiet', 'print failures only')
  for (const { flag, variable, help } of settings) {
    if (variable !== 'BRIDGE_WORLD' && variable !== 'BRIDGE_DATA') {
      scenario.option(`--${flag} <value>`, `${help.replace(/default [0-9]+$/, 'default a free one')}; ${variable}`)
    }
  }
  scenario
    .addHelpText('after', `\nExample:\n  $ onebot-mirai-bridge scenario greeting.json --run "node bot.js"`)
    .action((file: string, options: ScenarioOptions) => guard(() => runScenario(file, options)))
}
