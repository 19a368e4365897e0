// `inspect`: what each action, kind of content and event costs between an inbound and a backend.
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { inspectPair, type BackendDialect, type ClientDialect, type InspectRow } from '../translate/inspect.ts'
import { CliError, guard } from './guard.ts'
import { withLists } from './inspect-lists.ts'
import { readConfig } from './probe.ts'
import { printTable } from './table.ts'

interface InspectOptions {
  config?: string
  from?: string
  to?: string
  all?: boolean
  json?: boolean
}

interface Pair {
  from: string
  to: string
  client: ClientDialect
  backend: BackendDialect
}

export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('show what each action, kind of content and event costs between an inbound and a backend')
    .option('-c, --config <file>', 'configuration file (ts, js, json, yaml); BRIDGE_CONFIG')
    .option('--from <inbound>', 'an inbound of the configuration, or a dialect: onebot11, mirai')
    .option('--to <backend>', 'a backend of the configuration, or a dialect: onebot11, mirai, embedded')
    .option('-a, --all', 'also what loses nothing')
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      `
Actions that a list of a route forbids count as refused.
exact: nothing is lost. lossy: some fields are lost. asText: shown as text. dropped: left out. refused: the call fails.
"content in" is what the bot sends, "content out" what it gets. What one implementation lacks beyond that, check tells.
Without --from and --to: how much is exact for each pair that the routes allow.

Examples:
  $ onebot-mirai-bridge inspect
  $ onebot-mirai-bridge inspect --from oldBots --to napcat
  $ onebot-mirai-bridge inspect --from mirai --to onebot11 --all
  $ onebot-mirai-bridge inspect --from onebot11 --to mirai --json | jq '.[] | select(.fidelity == "refused") | .name'`,
    )
    .action((options: InspectOptions) => guard(() => inspect(options)))
}

async function inspect(options: InspectOptions): Promise<void> {
  const { config } = await readConfig(options.config)
  const { from, to } = options
  if ((from === undefined) !== (to === undefined)) throw new CliError('--from and --to belong together')
  if (from === undefined || to === undefined) return summarize(config, options)
  const pair = { from, to, client: clientOf(config, from), backend: backendOf(config, to) }
  const rows = withLists(inspectPair(pair.client, pair.backend), config, [from, to])
  if (options.json) return void process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  const shown = rows.filter(({ fidelity }) => options.all || fidelity !== 'exact')
  process.stdout.write(
    `${title(pair)}\n\n${shown.length === 0 ? '' : `${printTable([head, ...shown.map(toCells)])}\n`}${count(rows)}\n`,
  )
}

const head = ['KIND', 'NAME', 'FIDELITY', 'THE BOT KNOWS IT AS', 'REASON']

function toCells({ kind, name, fidelity, names, reason = '' }: InspectRow): string[] {
  const known = names.length > 2 ? `${names.slice(0, 2).join(', ')} +${names.length - 2}` : names.join(', ') || '-'
  return [kind, name, fidelity, known, reason]
}

function title({ from, to, client, backend }: Pair): string {
  const dialect = (name: string, its: string): string => (name === its ? name : `${name} (${its})`)
  return `from ${dialect(from, client)} to ${dialect(to, backend)}`
}

function count(rows: readonly InspectRow[]): string {
  const counts = new Map<string, number>()
  for (const { fidelity } of rows) counts.set(fidelity, (counts.get(fidelity) ?? 0) + 1)
  return ['exact', 'lossy', 'asText', 'dropped', 'refused']
    .map((fidelity) => `${counts.get(fidelity) ?? 0} ${fidelity}`)
    .join(', ')
}

function summarize(config: Config, { json }: InspectOptions): void {
  const found = routedPairs(config).map((pair) => {
    const { from, to, client, backend } = pair
    return { ...pair, rows: withLists(inspectPair(client, backend), config, [from, to]) }
  })
  const text = found.map((pair) => `${title(pair)}\n  ${count(pair.rows)}\n`).join('')
  process.stdout.write(
    json ? `${JSON.stringify(found, null, 2)}\n` : `${text}\nFor each row: --from <inbound> --to <backend>\n`,
  )
}

/** Without routes every inbound sees every backend. */
function routedPairs(config: Config): Pair[] {
  const names = config.routes.flatMap(({ from, to }) =>
    [from].flat().flatMap((one) => [to].flat().map((other) => [one, other])),
  )
  const all = Object.keys(config.inbounds).flatMap((one) => Object.keys(config.backends).map((other) => [one, other]))
  const unique = new Map((names.length > 0 ? names : all).map((pair) => [pair.join('\n'), pair]))
  return [...unique.values()].map(([from = '', to = '']) => ({
    from,
    to,
    client: clientOf(config, from),
    backend: backendOf(config, to),
  }))
}

function clientOf({ inbounds }: Config, name: string): ClientDialect {
  if (Object.hasOwn(inbounds, name)) return inbounds[name]?.dialect as ClientDialect
  if (name === 'onebot11' || name === 'mirai') return name
  throw new CliError(
    `no inbound is called ${name}; there are: ${[...Object.keys(inbounds), 'onebot11', 'mirai'].join(', ')}`,
  )
}

function backendOf({ backends }: Config, name: string): BackendDialect {
  if (Object.hasOwn(backends, name)) return backends[name]?.dialect as BackendDialect
  if (name === 'onebot11' || name === 'mirai' || name === 'embedded') return name
  const known = [...Object.keys(backends), 'onebot11', 'mirai', 'embedded'].join(', ')
  throw new CliError(`no backend is called ${name}; there are: ${known}`)
}
