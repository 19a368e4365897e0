// Every address of a configuration that is listened on: what guards it, what shares it, and what cannot share it.
import type { Config } from './config.ts'
import { isLoopbackName } from './transport/browser.ts'
import type { MountOptions } from './transport/mount.ts'
import { weaknessOf } from './transport/secret.ts'

export interface Door {
  /** Where in the configuration. */
  key: string
  listen: string
  secretKey: string
  secret: string
  /** Where on the port. */
  place: MountOptions
  /** What it takes of its place; two that take the same cannot share it. */
  takes: readonly Claim[]
}

/** `ws`, `http`: whatever the others leave. `root`: the place itself, without anything below. */
type Claim = 'mirai ws' | 'mirai http' | 'ws' | 'http' | 'ws root' | 'http root' | 'ws backend' | 'admin'

/** In the order in which those of one place are asked: whoever takes everything comes last. */
const ranks = { backend: 0, admin: 1, mirai: 2, onebot11: 3 } as const

export function doorsOf(config: Config): Door[] {
  return [...inboundDoors(config), ...backendDoors(config), ...adminDoors(config)]
}

function inboundDoors({ inbounds }: Config): Door[] {
  return Object.entries(inbounds).flatMap(([name, inbound]): Door[] => {
    const { listen, host, path } = inbound
    if (listen === undefined) return []
    const common = { key: `inbounds.${name}`, listen }
    const at = { host, path, rank: ranks[inbound.dialect] }
    if (inbound.dialect === 'onebot11') {
      const secret = inbound.accessToken
      return [{ ...common, secretKey: 'accessToken', secret, place: at, takes: ['ws', 'http', 'ws root', 'http root'] }]
    }
    const secret = inbound.enableVerify ? inbound.verifyKey : ''
    const offered = (['ws', 'http'] as const).filter((adapter) => inbound.adapters.includes(adapter))
    return [
      { ...common, secretKey: 'verifyKey', secret, place: at, takes: offered.map((way) => `mirai ${way}` as const) },
    ]
  })
}

function backendDoors({ backends }: Config): Door[] {
  return Object.entries(backends).flatMap(([name, backend]): Door[] => {
    if (backend.dialect === 'embedded') return []
    const key = `backends.${name}`
    const { listen, webhook, path } = backend
    const secretKey = backend.dialect === 'mirai' ? 'token' : 'accessToken'
    const secret = backend.dialect === 'mirai' ? backend.token : backend.accessToken
    const doors: Door[] = []
    if (listen !== undefined) {
      const takes: Claim[] = path === undefined ? ['ws backend'] : ['ws root']
      doors.push({ key, listen, secretKey, secret, place: wholePath(path), takes })
    }
    if (webhook) {
      const hook = 'token' in webhook ? ['token', webhook.token] : ['secret', webhook.secret]
      const [hookKey = '', hookSecret = ''] = hook
      const common = { key, listen: webhook.listen, secretKey: `webhook.${hookKey}`, secret: hookSecret }
      doors.push({ ...common, place: wholePath(webhook.path), takes: ['http root'] })
    }
    return doors
  })
}

/** Adapters of backends compare the path themselves. */
function wholePath(path: string | undefined): MountOptions {
  const trimmed = path?.replace(/\/+$/, '')
  return { ...(trimmed && { path: trimmed }), wholePath: true, rank: ranks.backend }
}

function adminDoors({ admin }: Config): Door[] {
  if (!admin) return []
  const { listen, token, host, path } = admin
  const place = { host, path, rank: ranks.admin }
  return [{ key: 'admin', listen, secretKey: 'token', secret: token, place, takes: ['admin'] }]
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

/** Addresses that are none, and those of one port that cannot be told apart: one line each, with the fix. */
export function findClashes(config: Config): string[] {
  const doors = doorsOf(config)
  return [
    ...doors.flatMap(({ key, listen }) =>
      parseListen(listen) ? [] : [`${key}.listen: expected host:port, got ${listen}`],
    ),
    ...doors.flatMap((door, at) => doors.slice(0, at).flatMap((other) => clashOf(door, other) ?? [])),
    ...doors.flatMap(({ key, place }) =>
      `${place.path ?? ''}/`.startsWith('/media/')
        ? [`${key}.path: /media is where the bridge offers media on each of its ports; choose another path`]
        : [],
    ),
  ]
}

function clashOf(door: Door, other: Door): string | undefined {
  if (door.listen !== other.listen) return overlapOf(door, other)
  if (door.listen.endsWith(':0')) return undefined
  const { host, path } = door.place
  if (host !== other.place.host || path !== other.place.path) return undefined
  const shared = door.takes.find((claim) => other.takes.includes(claim))
  if (shared === undefined) return undefined
  const where = `${door.listen}${path ?? ''}${host === undefined ? '' : ` for ${host}`}`
  return `${door.key}: ${words[shared]} at ${where} cannot be told from those of ${other.key}; ${fixOf(door)}`
}

const words: Record<Claim, string> = {
  'mirai ws': 'mirai WebSocket clients',
  'mirai http': 'mirai HTTP clients',
  ws: 'OneBot clients',
  http: 'OneBot clients',
  'ws root': 'connections to the path itself',
  'http root': 'requests to the path itself',
  'ws backend': 'implementations that connect',
  admin: 'requests',
}

function fixOf({ key, place, secretKey }: Door): string {
  const path = `/${key.split('.').at(-1) ?? ''}`
  const option = secretKey.startsWith('webhook.') ? `${key}.webhook.path` : `${key}.path`
  return `set ${option}, to ${path} for one${place.wholePath ? '' : `, or ${key}.host`}, or listen on another port`
}

/** The system would refuse the second of them, or send strangers to the wrong one. */
function overlapOf(door: Door, other: Door): string | undefined {
  const [one, two] = [parseListen(door.listen), parseListen(other.listen)]
  if (!one || !two || one.port !== two.port || one.port === 0) return undefined
  const hosts = [one.host, two.host]
  const isAny = hosts.includes('::') || (hosts.includes('0.0.0.0') && !hosts.some((host) => host.includes(':')))
  const isSame = hosts.includes('localhost') && hosts.every(isLoopbackName)
  if (!isAny && !isSame) return undefined
  return `${door.key}.listen: ${door.listen} and ${other.listen} of ${other.key} are the same port; write both alike to share it, or choose another port`
}

/** `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`. */
export function parseListen(listen: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(listen)
  const port = Number(match?.[3])
  const host = match?.[1] ?? match?.[2]
  return host !== undefined && port <= 65_535 ? { host, port } : undefined
}
