// The whole configuration: its schema, its defaults and what makes it unsafe. Plain data, the same in TypeScript, YAML and JSON.
import * as v from 'valibot'
import { describeIssues } from './config-issue.ts'
import { fillIn } from './config-values.ts'
import { findClashes, openDoors } from './doors.ts'
import { MiraiInboundOptions } from './inbound/mirai/options.ts'
import { OneBot11InboundOptions } from './inbound/onebot11/options.ts'
import { Limits } from './limits.ts'
import { EmbeddedOptions } from './outbound/embedded/options.ts'
import { MiraiOutboundOptions } from './outbound/mirai/options.ts'
import { OneBot11OutboundOptions } from './outbound/onebot11/options.ts'
import { RouteOptions } from './route/routes.ts'
import { placeEntries } from './transport/place-options.ts'
import { defaultFetchLimits } from './transport/fetch-url.ts'
import { readException } from './transport/public-address.ts'

const AdminOptions = v.strictObject({
  /** Address of health, traces and world control. */
  listen: v.string(),
  /** Bearer token for everything but /healthz and /readyz. */
  token: v.string(),
  /** Events and traces that wait for one reader of a live stream. Default 1000; beyond it the reader is cut. */
  streamEvents: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1000),
  /** Bytes of them. Default 8 MiB; beyond it the reader is cut. */
  streamBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 8 * 1024 * 1024),
  ...placeEntries,
})

const FetchOptions = v.strictObject({
  /**
   * Addresses that are not public and may be fetched from all the same: host names, addresses, networks (`10.0.0.0/8`).
   * Default: none; such addresses are refused as a bad parameter.
   */
  allow: v.optional(
    v.array(
      v.pipe(
        v.string(),
        v.check((entry) => readException(entry) !== undefined, 'expected a host name, an address or a network'),
      ),
    ),
    [],
  ),
  /** Milliseconds until the last byte must be here. Default 15000; then the call ends as timed out. */
  timeoutMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), defaultFetchLimits.timeoutMs),
  /** Bytes after decompression. Default 32 MiB; more are too long. */
  maxBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), defaultFetchLimits.maxBytes),
  /** Redirects that are followed, each address checked. Default 3; more fail. */
  redirects: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), defaultFetchLimits.redirects),
})

const TraceOptions = v.strictObject({
  /** Share of requests and events that is kept, from 0 to 1. What failed or lost something always is. Default 1. */
  sample: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
  /** How many are kept. Default 1000; beyond it the oldest go. 0: nothing is traced. */
  keep: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000)), 1000),
  /** Characters that the texts of all of them may have. Default 16 Mi; beyond it the oldest go. */
  chars: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 16 * 1024 * 1024),
})

export const Config = v.strictObject({
  /** Where editors find the schema of this file: `./node_modules/onebot-mirai-bridge/schemas/config.schema.json`. */
  $schema: v.optional(v.string()),
  /** Folder for ids, requests, media. Default: none, everything is lost at the end. */
  data: v.optional(v.string()),
  /**
   * What survives, with `data`. normal, the default: everything that a client was told survives the end of the process,
   * kill -9 too; a power failure may take the last second. full: it survives that as well; each answer then waits for the disk.
   */
  durability: v.optional(v.picklist(['normal', 'full']), 'normal'),
  /** What has the accounts. */
  backends: v.record(
    v.string(),
    v.variant('dialect', [OneBot11OutboundOptions, MiraiOutboundOptions, EmbeddedOptions]),
  ),
  /** What bots connect to. */
  inbounds: v.record(v.string(), v.variant('dialect', [MiraiInboundOptions, OneBot11InboundOptions])),
  /** Default: every inbound sees every backend. */
  routes: v.optional(v.array(RouteOptions), []),
  /** Health, metrics, live events and traces, control of worlds. Default: not there. */
  admin: v.optional(AdminOptions),
  /** How requests and events are followed: `/traces` of admin, `tail --traces`. */
  traces: v.optional(TraceOptions, {}),
  /** Folders whose regular files clients may send by path. Default: none. */
  fileRoots: v.optional(v.array(v.string()), []),
  /** Milliseconds an event may wait for names and roles; then it goes out without them and leaves a trace. */
  enrichDeadlineMs: v.optional(v.pipe(v.number(), v.minValue(0)), 300),
  /** Limits of the bridge as a whole. */
  limits: v.optional(Limits, {}),
  /** What the bridge itself fetches when a client asks for it by address: `download_file`, files for mirai backends. */
  fetch: v.optional(FetchOptions, {}),
  /** Web pages that may connect, as browsers name them: `https://example.org`. Default: none. */
  origins: v.optional(v.array(v.string()), []),
  /** Host names of listeners without a secret, besides loopback ones. Default: none. */
  hosts: v.optional(v.array(v.string()), []),
  /** Listen on public addresses with a weak secret or none. Default false: refused at start. */
  allowInsecure: v.optional(v.boolean(), false),
  /** The log, on the standard output. */
  log: v.optional(
    v.strictObject({
      /** The least weight of a line. Default info. */
      level: v.optional(v.picklist(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
      /** One JSON object a line. Default false. */
      json: v.optional(v.boolean(), false),
    }),
    {},
  ),
})
export type Config = v.InferOutput<typeof Config>
export type ConfigInput = v.InferInput<typeof Config>

/** Types a configuration literal. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config
}

/** The value of an environment variable, for secrets in a configuration file. Throws ConfigError when it is not set, or empty. */
export function env(name: string, fallback?: string): string {
  // A variable that is set to nothing is a mistake of whoever set it: it must not open a door without a secret.
  const value = process.env[name] || fallback
  if (value !== undefined) return value
  throw new ConfigError([`environment variable ${name} is ${process.env[name] === '' ? 'empty' : 'not set'}`])
}

/** Everything that is wrong with a configuration, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  /** What cannot be used. */
  readonly what: string

  constructor(problems: readonly string[], what = 'configuration') {
    super(problems.join('\n'))
    this.problems = problems
    this.what = what
  }
}

/** Throws ConfigError with all problems at once. */
export function parseConfig(input: unknown, { variable = (name: string) => process.env[name] } = {}): Config {
  const problems: string[] = []
  const filled = fillIn(input, { variable, problems })
  const result = v.safeParse(Config, filled)
  if (!result.success) problems.push(...describeIssues(result.issues, Config))
  problems.push(...findDangling(filled))
  if (result.success && problems.length === 0)
    problems.push(...findClashes(result.output), ...(result.output.allowInsecure ? [] : openDoors(result.output)))
  if (!result.success || problems.length > 0) throw new ConfigError([...new Set(problems)])
  return result.output
}

/** Works on what may be wrong elsewhere: one look shall show everything. */
function findDangling(filled: unknown): string[] {
  const { routes, inbounds, backends } = toRecord(filled)
  const problems: string[] = []
  const check = (place: string, what: string, names: unknown, known: unknown): void => {
    const there = Object.keys(toRecord(known))
    for (const name of [names].flat()) {
      if (typeof name !== 'string' || there.includes(name)) continue
      problems.push(`${place}: no ${what} is called ${name}; there are: ${there.join(', ') || 'none'}`)
    }
  }
  for (const [at, route] of (Array.isArray(routes) ? routes : []).entries()) {
    const { from, to } = toRecord(route)
    check(`routes.${at}.from`, 'inbound', from, inbounds)
    check(`routes.${at}.to`, 'backend', to, backends)
  }
  return problems
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
