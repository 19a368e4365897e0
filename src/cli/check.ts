// `check`: whether a configuration is acceptable, and what its backends are when one looks.
import type { Command } from 'commander'
import type { Bridge } from '../bridge.ts'
import { ConfigError, type Config } from '../config.ts'
import { guard } from './guard.ts'
import { openBackends, placeOf, readConfig, readTimeout, until } from './probe.ts'
import { withProgress } from './progress.ts'
import { printTable, toPrintable } from './table.ts'

interface CheckOptions {
  config?: string
  timeout: string
  json?: boolean
}

interface FoundBot {
  bot: number
  nickname: string
  online: boolean
}

export interface Finding {
  backend: string
  dialect: string
  place: string
  ok: boolean
  /** Why not. */
  reason?: string
  implementation?: string
  version?: string
  bots: FoundBot[]
  /** Actions that this backend cannot do, each with the reason. */
  unsupported: Record<string, string>
}

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('check a configuration, connect to each backend and say what it is')
    .option('-c, --config <file>', 'configuration file (ts, js, json, yaml); BRIDGE_CONFIG')
    .option('-t, --timeout <seconds>', 'how long a backend may take to answer', '10')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Nothing is sent and no port is opened for bots, so it may run beside a bridge. Exit code 0: every backend has an
account on line; 1: one has not; 2: the configuration is not acceptable.

Examples:
  $ onebot-mirai-bridge check
  $ onebot-mirai-bridge check --config bridge.config.yaml --timeout 3
  $ onebot-mirai-bridge check --json | jq '.backends[] | select(.ok | not)'`,
    )
    .action((options: CheckOptions) => guard(() => check(options)))
}

async function check(options: CheckOptions): Promise<0 | 1> {
  const timeoutMs = readTimeout(options.timeout)
  const { file, config } = await readConfig(options.config)
  const names = Object.keys(config.backends)
  const waiting = new Set(names)
  const looking = names.map(async (name) => {
    const finding = await look(name, config, timeoutMs)
    waiting.delete(name)
    return finding
  })
  const findings = await withProgress(() => `waiting for ${[...waiting].join(', ')}`, Promise.all(looking))
  const ok = findings.every((finding) => finding.ok)
  const name = file ?? 'no configuration file: the demo world'
  process.stdout.write(
    options.json ? `${JSON.stringify({ file, ok, backends: findings }, null, 2)}\n` : print(name, config, findings),
  )
  return ok ? 0 : 1
}

/** Each in a bridge of its own: one that cannot be opened must not hide the others. */
async function look(name: string, config: Config, timeoutMs: number): Promise<Finding> {
  const options = config.backends[name]
  const finding: Finding = {
    backend: name,
    dialect: options?.dialect ?? '',
    place: placeOf(options),
    ok: false,
    bots: [],
    unsupported: {},
  }
  const { bridge, complaint } = openBackends({ config, backends: [name] })
  try {
    await bridge.start()
    await until(() => (isOnline(bridge) || complaint() !== undefined ? true : undefined), timeoutMs)
    return describe(finding, bridge, complaint() ?? `no account came on line within ${timeoutMs / 1000} s`)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    return { ...finding, reason: sayFailure(error) }
  } finally {
    await bridge.stop()
  }
}

function isOnline(bridge: Bridge): boolean {
  const bots = bridge.bots()
  return bots.length > 0 && bots.every((bot) => bot.online)
}

function describe(finding: Finding, bridge: Bridge, reason: string): Finding {
  const bots = bridge.backends().flatMap((backend) => backend.bots)
  // What an account that is away can do is not known.
  const known = bots.find((bot) => bot.online)?.capabilities
  const refused = Object.entries(known?.actions ?? {}).filter(([, { fidelity }]) => fidelity === 'refused')
  const ok = isOnline(bridge)
  return {
    ...finding,
    ok,
    ...(!ok && { reason }),
    ...(known && { implementation: known.implementation, version: known.version }),
    bots: bots.map(({ bot, nickname, online }) => ({ bot, nickname, online })),
    unsupported: Object.fromEntries(refused.map(([action, { reason: why }]) => [action, why])),
  }
}

function sayFailure(error: unknown): string {
  const { code, address, port, message } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (code === 'EADDRINUSE') return `${address}:${port} is in use: is the bridge running already?`
  return message
}

function print(file: string, config: Config, findings: readonly Finding[]): string {
  const inbounds = Object.entries(config.inbounds).map(([name, { dialect }]) => `${name} (${dialect})`)
  const lines = [`${file}: the configuration is fine; bots connect to ${inbounds.join(', ') || 'nothing'}\n`]
  const bots: string[][] = []
  for (const { backend, dialect, place, ok, reason, implementation, version, bots: found, unsupported } of findings) {
    const what = implementation === undefined ? '' : toPrintable(`: ${implementation} ${version ?? ''}`.trimEnd())
    lines.push(`\n${ok ? 'ok    ' : 'FAIL  '}${backend}  ${dialect} ${place}${what}\n`)
    if (reason !== undefined) lines.push(`      ${toPrintable(reason)}\n`)
    bots.push(
      ...found.map(({ bot, nickname, online }) => ['     ', String(bot), online ? 'on line' : 'off line', nickname]),
    )
    lines.push(printTable(bots.splice(0).map((row) => row.map(toPrintable))))
    const names = Object.keys(unsupported)
    if (names.length > 0) lines.push(`      cannot do (${names.length}): ${names.join(', ')}\n`)
  }
  const failed = findings.filter((finding) => !finding.ok).length
  return `${lines.join('')}\n${failed === 0 ? 'every backend is there' : `failed: ${failed} of ${findings.length}`}\n`
}
