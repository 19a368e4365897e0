// The ports of a configuration: one for each address, shared by everything that names it, opened and closed as they are needed.
import type { Config } from './config.ts'
import { BridgeError } from './core/error.ts'
import type { OnLimit } from './core/limit.ts'
import type { MediaStore } from './core/ports.ts'
import { doorsOf, parseListen, type Door } from './doors.ts'
import { httpLimitsOf, socketLimitsOf } from './limits.ts'
import type { Log } from './log.ts'
import { mountMedia } from './media-mount.ts'
import { createPort, type Port } from './transport/http-server.ts'
import { printAddress, type Mount } from './transport/mount.ts'
import type { QueueMemory } from './transport/queue-memory.ts'
import type { Turn } from './transport/turn.ts'

export interface Listeners {
  /** Opens what this configuration needs and is not open yet. Rejects when a port cannot be had; then none of them stays. */
  open(config: Config): Promise<void>
  /** Undoes the latest `open`: its configuration is not followed after all. */
  goBack(): Promise<void>
  /** By the place in the configuration: `inbounds.mirai`, `backends.napcat`, `admin`. undefined: it listens on nothing. */
  mount(key: string, config: Config): Mount | undefined
  /** Closes what this configuration does not need any more, and lets browsers do what it says. */
  settle(config: Config): Promise<void>
  /** The real port of a place in the configuration. */
  portOf(key: string): number | undefined
  /** Places in the configuration where nobody listens that should. */
  silent(): string[]
  /** Open WebSockets by the place in the configuration. */
  connections(): { place: string; open: number }[]
  /** Where uploaded bytes can be fetched; undefined before `open` and without any listener. */
  mediaBaseUrl(): string | undefined
  stopAccepting(): void
  close(): Promise<void>
}

export interface ListenersOptions {
  config: Config
  turn: Turn
  log: Log
  limitsOf: (listen: string) => OnLimit
  queues: QueueMemory
  media: () => MediaStore
}

export function createListeners({ config: first, turn, log, limitsOf, queues, media }: ListenersOptions): Listeners {
  const ports = new Map<string, Port>()
  const open = new Set<Port>()
  /** With their places in the configuration. */
  const mounts = new Map<Mount, string>()
  /** Closed to make way for ports that the latest `open` has opened. */
  let madeWay: readonly Port[] = []
  let current = first

  function portFor(door: Door): Port {
    const key = addressOf(door)
    const port = ports.get(key) ?? create(door.listen)
    ports.set(key, port)
    return port
  }

  function create(listen: string): Port {
    const address = parseListen(listen)
    if (!address) throw new BridgeError('internal', `not an address: ${listen}`)
    const { limits } = current
    const port = createPort({
      ...address,
      turn,
      browser: () => current,
      http: httpLimitsOf(limits),
      socket: socketLimitsOf(limits),
      onError: (error) => log('debug', listen, `connection error: ${String(error)}`),
      onLimit: limitsOf(listen),
      account: queues.of('socket'),
    })
    mountMedia(port, media)
    return port
  }

  /** Those that were made for it and are of no use without it. */
  async function giveUp(fresh: readonly Port[]): Promise<void> {
    for (const [key, port] of ports) if (fresh.includes(port)) ports.delete(key)
    await Promise.all(fresh.filter((port) => open.delete(port)).map((port) => port.close()))
  }

  async function listenAgain(): Promise<void> {
    const ports = madeWay
    madeWay = []
    for (const port of ports) {
      await port.listen().catch((error: unknown) => log('error', port.host, `cannot listen again: ${String(error)}`))
    }
  }

  return {
    async open(config) {
      const needed = [...new Set(doorsOf(config).map(portFor))]
      const fresh = needed.filter((port) => !open.has(port))
      // Only one can have 127.0.0.1:8080 and 0.0.0.0:8080.
      const inTheWay = [...open].filter((port) => !needed.includes(port) && fresh.some((one) => one.port === port.port))
      for (const port of inTheWay) port.stopAccepting()
      madeWay = inTheWay
      const results = await Promise.allSettled(
        fresh.map(async (port) => {
          await port.listen()
          open.add(port)
        }),
      )
      const failure = results.find((result) => result.status === 'rejected')
      if (!failure) return
      await giveUp(fresh)
      await listenAgain()
      throw failure.reason
    },
    async goBack() {
      const needed = new Set(doorsOf(current).map(addressOf))
      await giveUp([...ports].flatMap(([key, port]) => (needed.has(key) ? [] : [port])))
      await listenAgain()
    },
    mount(key, config) {
      const door = doorsOf(config).find((one) => one.key === key)
      const mount = door && portFor(door).mount({ ...door.place, secretRequired: door.secret !== '' })
      if (mount) mounts.set(mount, key)
      return mount
    },
    async settle(config) {
      current = config
      madeWay = []
      const needed = new Set(doorsOf(config).map(addressOf))
      const closing = [...ports].filter(([key]) => !needed.has(key))
      for (const [key, port] of closing) {
        ports.delete(key)
        open.delete(port)
      }
      for (const mount of mounts.keys()) if (!mount.mounted) mounts.delete(mount)
      for (const port of ports.values()) port.refresh()
      await Promise.all(closing.map(([, port]) => port.close()))
    },
    portOf(key) {
      const door = doorsOf(current).find((one) => one.key === key)
      return door && ports.get(addressOf(door))?.port
    },
    silent: () => doorsOf(current).flatMap((door) => (ports.get(addressOf(door))?.listening ? [] : [door.key])),
    connections: () =>
      [...mounts].flatMap(([mount, place]) => (mount.mounted ? [{ place, open: mount.openSockets() }] : [])),
    mediaBaseUrl() {
      const port = [...ports.values()].find((one) => open.has(one))
      return port && `http://${printAddress({}, toReachable(port.host), port.port)}/media/`
    },
    stopAccepting: () => open.forEach((port) => port.stopAccepting()),
    close: async () => void (await Promise.all([...ports.values()].map((port) => port.close()))),
  }
}

/** Port 0 is a new port for each that asks for it. */
function addressOf({ key, listen }: Door): string {
  return listen.endsWith(':0') ? `${key} ${listen}` : listen
}

/** A wildcard address is no place to connect to. */
function toReachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

/** By the names of inbounds, as `backends.<name>` of backends that listen, and of `admin`. */
export function portsOf(config: Config, portOf: (key: string) => number | undefined): Record<string, number> {
  const keys = [
    ...Object.keys(config.inbounds).map((name) => [name, `inbounds.${name}`] as const),
    ...Object.keys(config.backends).map((name) => [`backends.${name}`, `backends.${name}`] as const),
    ['admin', 'admin'] as const,
  ]
  return Object.fromEntries(
    keys.flatMap(([name, key]) => {
      const port = portOf(key)
      return port === undefined ? [] : [[name, port]]
    }),
  )
}
