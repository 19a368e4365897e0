// `tail`: what happens in a bridge that runs, read from its admin address.
import type { Command } from 'commander'
import { parseConfig } from '../config.ts'
import { parseJson } from '../core/json.ts'
import { parseListen } from '../doors.ts'
import { keepSubscribed } from '../transport/sse-client.ts'
import { findConfigFile, readConfigFile } from './config-file.ts'
import { CliError, guard } from './guard.ts'
import { withProgress } from './progress.ts'
import { describeHeard, describeTrace, describeWay, isOfBot, type Heard } from './tail-words.ts'

interface TailOptions {
  config?: string
  url?: string
  token?: string
  events?: boolean
  traces?: boolean
  bot?: string
  limit?: string
  json?: boolean
}

interface Target {
  url: string
  token: string
}

export function addTail(program: Command): void {
  program
    .command('tail')
    .description('follow events and calls of a bridge that runs')
    .option('-c, --config <file>', 'configuration file with its admin address and token; BRIDGE_CONFIG')
    .option('-u, --url <url>', 'admin address, default http://127.0.0.1:5800 or as configured')
    .option('--token <token>', 'admin token; better ADMIN_TOKEN, which no process list shows')
    .option('-e, --events', 'events only')
    .option('-l, --traces', 'calls and events in full: every text in and out, canonical form, times, what was lost')
    .option('-b, --bot <account>', 'only of this account')
    .option('-n, --limit <count>', 'end after so many lines')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `
It connects again for ever once it was connected; Ctrl-C ends it. Exit code 1: the bridge could not be reached or refused.

Examples:
  $ ADMIN_TOKEN=… onebot-mirai-bridge tail
  $ onebot-mirai-bridge tail --config bridge.config.ts --bot 10001
  $ onebot-mirai-bridge tail --config bridge.config.ts --traces
  $ onebot-mirai-bridge tail --traces --json | jq -c 'select(.state == "failed") | [.id, .name, .error.message]'`,
    )
    .action((options: TailOptions) => guard(() => tail(options)))
}

async function tail(options: TailOptions): Promise<0 | 1> {
  const target = await findTarget(options)
  const limit = options.limit === undefined ? Infinity : toCount(options.limit, '--limit')
  const bot = options.bot === undefined ? undefined : toCount(options.bot, '--bot')
  const both = !options.events && !options.traces
  const kinds = (['events', 'traces'] as const).filter((kind) => both || options[kind])
  const { promise: ended, resolve: end } = Promise.withResolvers<0 | 1>()
  // Lines of a terminal are cut; what is piped on is whole.
  const width = process.stdout.columns ?? Infinity
  let count = 0
  const print = (kind: (typeof kinds)[number], text: string): void => {
    const value = parseJson(text) as Heard & { bot?: number }
    if (count >= limit || (bot !== undefined && !isOfBot(value, bot))) return
    if (both && kind === 'traces' && value.kind === 'event' && value.losses.length === 0) return
    count++
    const line = kind === 'events' ? describeHeard(value) : both ? describeTrace(value) : describeWay(value, width)
    process.stdout.write(`${options.json ? text : line}\n`, () => count >= limit && end(0))
  }
  const streams = kinds.map((kind) => follow(target, kind, { print, fail: () => end(1) }))
  process.once('SIGINT', () => end(0))
  process.once('SIGTERM', () => end(0))
  process.stdout.once('error', () => end(0))
  await withProgress(() => `connecting to ${target.url}`, Promise.all(streams.map((stream) => stream.firstAttempt)))
  const code = await ended
  for (const stream of streams) stream.close()
  return code
}

interface Reader {
  print(kind: 'events' | 'traces', text: string): void
  fail(): void
}

function follow({ url, token }: Target, kind: 'events' | 'traces', { print, fail }: Reader) {
  let wasOpen = false
  return keepSubscribed({
    url: `${url}/${kind}`,
    headers: { authorization: `Bearer ${token}` },
    onOpen() {
      process.stderr.write(`following ${kind} of ${url}\n`)
      wasOpen = true
    },
    onData: (text) => print(kind, text),
    onDown(reason, retryInMs) {
      const next = wasOpen ? `; next try in ${Math.ceil(retryInMs / 1000)} s` : ''
      process.stderr.write(`${url}/${kind}: ${reason}${next}\n`)
      if (!wasOpen) fail()
    },
  })
}

async function findTarget(options: TailOptions): Promise<Target> {
  const token = options.token ?? process.env['ADMIN_TOKEN']
  const url = options.url?.replace(/\/+$/, '')
  if (url !== undefined && !/^https?:\/\/./.test(url))
    throw new CliError(`--url: expected http:// or https://, got ${url}`)
  if (url !== undefined && token) return { url, token }
  const file = findConfigFile(options.config, process.env)
  const admin = file === undefined ? undefined : parseConfig(await readConfigFile(file)).admin
  if (file !== undefined && !admin && url === undefined)
    throw new CliError(`${file} has no admin address: add admin: { listen, token }`)
  const found =
    url ??
    (admin ? `${toUrl(admin.listen)}${admin.path ?? ''}` : `http://127.0.0.1:${process.env['ADMIN_PORT'] ?? 5800}`)
  const secret = token || admin?.token
  if (!secret) throw new CliError('the admin token is needed: ADMIN_TOKEN=…, or --config with a file that has it')
  return { url: found, token: secret }
}

function toUrl(listen: string): string {
  const { host = '127.0.0.1', port = 0 } = parseListen(listen) ?? {}
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

function toCount(text: string, flag: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text)
  throw new CliError(`${flag}: expected a number above 0, got ${text}`)
}
