// `call`: one action from the shell, in any of the three languages, through a backend of the configuration.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Bridge } from '../bridge.ts'
import { parseAction, type ActionName } from '../core/action.ts'
import { parseJson } from '../core/json.ts'
import { toObject, type WireObject } from '../core/read.ts'
import { findCommand } from '../dialect/mirai/index.ts'
import { isAction } from '../dialect/onebot11/action.ts'
import { createSecret } from '../transport/secret.ts'
import { askMirai, askOneBot, type Outcome, type Question } from './call-dialects.ts'
import { CliError, guard } from './guard.ts'
import { openBackends, readConfig, readTimeout, until, type Opened } from './probe.ts'
import { withProgress } from './progress.ts'
import { describeWay } from './tail-words.ts'

const dialects = ['canonical', 'onebot11', 'mirai'] as const
type Dialect = (typeof dialects)[number]

interface CallOptions {
  config?: string
  dialect?: string
  backend?: string
  data?: boolean
  timeout: string
  compact?: boolean
  trace?: boolean
}

export function addCall(program: Command): void {
  program
    .command('call <bot> <action> [json]')
    .description('do one action by an account and print the answer as JSON')
    .option('-c, --config <file>', 'configuration file (ts, js, json, yaml); BRIDGE_CONFIG')
    .option('-d, --dialect <dialect>', `${dialects.join(', ')}; default: whichever has an action of that name`)
    .option('-b, --backend <name>', 'only this backend; default: all that need no port here')
    .option('--data', 'use the data folder, so that message ids are known; only while no bridge uses it')
    .option('-t, --timeout <seconds>', 'for connecting, and again for the answer', '15')
    .option('--compact', 'print the answer on one line')
    .option('--trace', 'tell on the standard error what was asked of the backend and what it answered')
    .addHelpText(
      'after',
      `
<action> is a canonical action (group.list), a OneBot action (get_group_list) or a mirai-api-http command (groupList;
halves as memberInfo.update). [json] holds its parameters: text, @file, or - for the standard input. Exit code 0: done;
1: refused, or the account is not there; 2: the configuration is not acceptable. Without a configuration the demo world is asked.

Examples:
  $ onebot-mirai-bridge call 10001 get_group_list
  $ onebot-mirai-bridge call 10001 send_group_msg '{"group_id":30001,"message":"hello [CQ:face,id=14]"}'
  $ onebot-mirai-bridge call 10001 sendGroupMessage '{"target":30001,"messageChain":[{"type":"Plain","text":"hello"}]}'
  $ onebot-mirai-bridge call 10001 group.member.list '{"groupId":30001}' | jq '.[].nickname'`,
    )
    .action((bot: string, action: string, json: string | undefined, options: CallOptions) =>
      guard(() => call({ bot: toBot(bot), action, params: readParams(json) }, options)),
    )
}

async function call(question: Omit<Question, 'port' | 'secret' | 'timeoutMs'>, options: CallOptions): Promise<0 | 1> {
  const dialect = toDialect(question.action, options.dialect)
  const timeoutMs = readTimeout(options.timeout)
  const { config } = await readConfig(options.config)
  const secret = createSecret()
  const listen = '127.0.0.1:0'
  const shell =
    dialect === 'mirai'
      ? { dialect, listen, verifyKey: secret }
      : { dialect: 'onebot11' as const, listen, accessToken: secret }
  const backends = chooseBackends(config.backends, options.backend)
  const inbounds = dialect === 'canonical' ? {} : { shell }
  const opened = openBackends({ config, backends, inbounds, data: options.data ?? false })
  const { bridge } = opened
  try {
    await bridge.start()
    const connecting = withProgress(() => `waiting for ${question.bot}`, waitForBot(opened, question.bot, timeoutMs))
    await connecting
    if (options.trace) bridge.onTrace((trace) => process.stderr.write(`${describeWay(trace, Infinity)}\n`))
    const whole: Question = { ...question, port: bridge.ports()['shell'] ?? 0, secret, timeoutMs }
    const { answer, ok } = await withProgress(() => `waiting for the answer`, askers[dialect](whole, bridge))
    process.stdout.write(`${JSON.stringify(answer ?? null, undefined, options.compact ? 0 : 2)}\n`)
    return ok ? 0 : 1
  } finally {
    await bridge.stop()
  }
}

const askers: Record<Dialect, (question: Question, bridge: Bridge) => Promise<Outcome>> = {
  onebot11: askOneBot,
  mirai: askMirai,
  async canonical({ bot, action, params, timeoutMs }, bridge) {
    const answer: unknown = await bridge.call<ActionName>(bot, parseAction(action, params), { timeoutMs })
    return { answer, ok: true }
  },
}

function toBot(text: string): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text)
  throw new CliError(`expected the number of an account, got ${text}; check lists the accounts`)
}

function readParams(json: string | undefined): WireObject {
  if (json === undefined) return {}
  try {
    const text =
      json === '-' ? readFileSync(0, 'utf8') : json.startsWith('@') ? readFileSync(json.slice(1), 'utf8') : json
    const params = toObject(parseJson(text))
    if (params) return params
  } catch (error) {
    throw new CliError(`the parameters cannot be read: ${(error as Error).message}`)
  }
  throw new CliError('the parameters must be a JSON object')
}

function toDialect(action: string, wanted: string | undefined): Dialect {
  const named = dialects.find((dialect) => dialect === wanted)
  if (named) return named
  if (wanted !== undefined) throw new CliError(`--dialect: expected ${dialects.join(', ')}, got ${wanted}`)
  if (isAction(action)) return 'onebot11'
  const [name = '', sub] = action.split('.', 2)
  return findCommand(name, sub) ? 'mirai' : 'canonical'
}

/** The ports of reverse WebSocket may be taken by the bridge that runs: they are opened when asked for. */
function chooseBackends(
  all: Readonly<Record<string, { listen?: string | undefined } | object>>,
  wanted?: string,
): string[] {
  const names = Object.keys(all)
  if (wanted !== undefined) {
    if (names.includes(wanted)) return [wanted]
    throw new CliError(`no backend is called ${wanted}; there are: ${names.join(', ')}`)
  }
  const dialled = names.filter((name) => !('listen' in (all[name] as object)))
  return dialled.length > 0 ? dialled : names
}

async function waitForBot({ bridge, complaint }: Opened, bot: number, timeoutMs: number): Promise<void> {
  const found = await until(() => bridge.bots().find((one) => one.bot === bot && one.online), timeoutMs)
  if (found) return
  const others = bridge.bots().map((one) => `${one.bot}${one.online ? '' : ' (off line)'}`)
  const there = others.length > 0 ? `; there are: ${others.join(', ')}` : ''
  const why = complaint()
  throw new CliError(`account ${bot} is not there${there}${why === undefined ? '' : `; ${why}`}`)
}
