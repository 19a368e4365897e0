// The whole configuration: its schema, its defaults and what makes it unsafe. Plain data, the same in TypeScript, YAML and JSON.
import * as v from 'valibot'
import { MiraiInboundOptions } from './inbound/mirai/options.ts'
import { OneBot11InboundOptions } from './inbound/onebot11/options.ts'
import { EmbeddedOptions } from './outbound/embedded/options.ts'
import { MiraiOutboundOptions } from './outbound/mirai/options.ts'
import { OneBot11OutboundOptions } from './outbound/onebot11/options.ts'
import { RouteOptions } from './route/routes.ts'
import { isLoopbackName } from './transport/browser.ts'
import { weaknessOf } from './transport/secret.ts'

const AdminOptions = v.strictObject({
  /** Address of health, traces and world control. */
  listen: v.string(),
  /** Bearer token for everything but /healthz and /readyz. */
  token: v.string(),
})

export const Config = v.strictObject({
  /** Folder for ids, requests, media. Default: none, everything is lost at the end. */
  data: v.optional(v.string()),
  /** What has the accounts. */
  backends: v.record(
    v.string(),
    v.variant('dialect', [OneBot11OutboundOptions, MiraiOutboundOptions, EmbeddedOptions]),
  ),
  /** What bots connect to. */
  inbounds: v.record(v.string(), v.variant('dialect', [MiraiInboundOptions, OneBot11InboundOptions])),
  /** Default: every inbound sees every backend. */
  routes: v.optional(v.array(RouteOptions), []),
  admin: v.optional(AdminOptions),
  /** Folders whose regular files clients may send by path. Default: none. */
  fileRoots: v.optional(v.array(v.string()), []),
  /** Milliseconds an event may wait for names and roles; then it goes out without them and leaves a trace. */
  enrichDeadlineMs: v.optional(v.pipe(v.number(), v.minValue(0)), 300),
  /** Web pages that may connect, as browsers name them: `https://example.org`. Default: none. */
  origins: v.optional(v.array(v.string()), []),
  /** Host names of listeners without a secret, besides loopback ones. Default: none. */
  hosts: v.optional(v.array(v.string()), []),
  /** Listen on public addresses with a weak secret or none. Default false: refused at start. */
  allowInsecure: v.optional(v.boolean(), false),
  log: v.optional(
    v.strictObject({
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

/** The value of an environment variable, for secrets in a configuration file. */
export function env(name: string, fallback?: string): string {
  const value = process.env[name] ?? fallback
  if (value === undefined) throw new ConfigError([`environment variable ${name} is not set`])
  return value
}

/** Everything that is wrong with a configuration, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** Throws ConfigError with all problems at once. */
export function parseConfig(input: unknown): Config {
  const result = v.safeParse(Config, expandVariables(input))
  if (!result.success) throw new ConfigError(result.issues.map(describeIssue))
  const problems = [...findDangling(result.output), ...findInsecure(result.output)]
  if (problems.length > 0) throw new ConfigError(problems)
  return result.output
}

/** `${NAME}` in any text becomes that environment variable. */
function expandVariables(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => env(name))
  if (Array.isArray(value)) return value.map(expandVariables)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expandVariables(inner)]))
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'configuration'
  if (issue.expected === 'never') return `${path}: unknown key${suggestKey(issue)}`
  const typo = misspeltDialect(issue)
  if (typo !== undefined) return `${path.replace(/\.dialect$/, '')}.${typo}: unknown key; did you mean dialect?`
  const given = /key|token|secret/i.test(path) ? 'something else' : issue.received
  // valibot's own texts begin so; others were written for this very option.
  const isOwn = issue.message.startsWith('Invalid ')
  const wanted = isOwn ? `expected ${issue.expected}` : issue.message
  return `${path}: ${wanted}, got ${given}`
}

/** Without a dialect nothing else of an adapter can be checked: say which key was probably meant. */
function misspeltDialect(issue: v.BaseIssue<unknown>): string | undefined {
  const last = issue.path?.at(-1)
  if (last?.key !== 'dialect' || issue.received !== 'undefined') return undefined
  const keys = typeof last.input === 'object' && last.input !== null ? Object.keys(last.input) : []
  return keys.find((key) => distance(key.toLowerCase(), 'dialect') <= 2)
}

/** The nearest known key of the same object, when a typo is likely. */
function suggestKey(issue: v.BaseIssue<unknown>): string {
  const key: unknown = issue.path?.at(-1)?.key
  const wrong = typeof key === 'string' ? key : ''
  const known = knownKeys(issue.path?.length ?? 0)
  const near = known.find((key) => distance(key.toLowerCase(), wrong.toLowerCase()) <= 2)
  return near ? `; did you mean ${near}?` : `; known keys are ${known.join(', ')}`
}

function knownKeys(depth: number): string[] {
  const top = Object.keys(Config.entries)
  if (depth <= 1) return top
  const adapters = [
    MiraiInboundOptions,
    OneBot11InboundOptions,
    MiraiOutboundOptions,
    OneBot11OutboundOptions,
    EmbeddedOptions,
  ]
  return [...new Set(adapters.flatMap((schema) => Object.keys(schema.entries)))]
}

/** Levenshtein distance of two short words. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, change))
    }
    row = next
  }
  return row[other.length] as number
}

function findDangling(config: Config): string[] {
  const problems: string[] = []
  config.routes.forEach((route, at) => {
    for (const name of [route.from].flat()) {
      if (!Object.hasOwn(config.inbounds, name)) problems.push(`routes.${at}.from: no inbound is called ${name}`)
    }
    for (const name of [route.to].flat()) {
      if (!Object.hasOwn(config.backends, name)) problems.push(`routes.${at}.to: no backend is called ${name}`)
    }
  })
  return problems
}

export interface Door {
  /** Where in the configuration. */
  key: string
  listen: string
  secretKey: string
  secret: string
}

/** Every address that is listened on, with the secret that guards it; an empty one guards nothing. */
export function doorsOf(config: Config): Door[] {
  const doors: Door[] = []
  for (const [name, inbound] of Object.entries(config.inbounds)) {
    const key = `inbounds.${name}`
    if (inbound.listen === undefined) continue
    if (inbound.dialect === 'mirai') {
      const secret = inbound.enableVerify ? inbound.verifyKey : ''
      doors.push({ key, listen: inbound.listen, secretKey: 'verifyKey', secret })
    } else doors.push({ key, listen: inbound.listen, secretKey: 'accessToken', secret: inbound.accessToken })
  }
  for (const [name, backend] of Object.entries(config.backends)) {
    if (backend.dialect !== 'onebot11') continue
    const { listen, accessToken, webhook } = backend
    const key = `backends.${name}`
    if (listen) doors.push({ key, listen, secretKey: 'accessToken', secret: accessToken })
    if (webhook) doors.push({ key, listen: webhook.listen, secretKey: 'webhook.secret', secret: webhook.secret })
  }
  if (config.admin) {
    doors.push({ key: 'admin', listen: config.admin.listen, secretKey: 'token', secret: config.admin.token })
  }
  return doors
}

function findInsecure(config: Config): string[] {
  const problems = config.allowInsecure ? [] : openDoors(config)
  for (const door of doorsOf(config)) {
    if (!parseListen(door.listen)) problems.push(`${door.key}.listen: expected host:port, got ${door.listen}`)
  }
  return problems
}

/** Addresses that strangers can reach, guarded by too little: what is weak and what to do, one line each. */
export function openDoors(config: Config): string[] {
  return doorsOf(config).flatMap((door) => {
    const host = parseListen(door.listen)?.host
    const weakness = weaknessOf(door.secret)
    if (host === undefined || !weakness || isLoopbackName(host)) return []
    const fix = `set ${door.key}.${door.secretKey} to a random text of 16 characters or more, or listen on 127.0.0.1`
    return [`${door.key}: ${door.listen} can be reached from outside and ${door.secretKey} ${weakness}; ${fix}`]
  })
}

/** `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`. */
export function parseListen(listen: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(listen)
  const port = Number(match?.[3])
  const host = match?.[1] ?? match?.[2]
  return host !== undefined && port <= 65_535 ? { host, port } : undefined
}
