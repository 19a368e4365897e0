// Makes the adapters of a configuration, each with its part of a port.
import type { Config } from './config.ts'
import { BridgeError } from './core/error.ts'
import type { Inbound, InboundHost, Outbound } from './core/ports.ts'
import { parseListen } from './doors.ts'
import { socketLimitsOf } from './limits.ts'
import { createMiraiInbound } from './inbound/mirai/index.ts'
import { createOneBot11Inbound } from './inbound/onebot11/index.ts'
import type { Listeners } from './listeners.ts'
import type { Log } from './log.ts'
import { createEmbeddedOutbound } from './outbound/embedded/index.ts'
import { openWorld } from './outbound/embedded/open-world.ts'
import { createMiraiOutbound } from './outbound/mirai/index.ts'
import { createOneBot11Outbound } from './outbound/onebot11/index.ts'
import type { State } from './state/index.ts'
import { isLoopbackName } from './transport/browser.ts'
import type { Mount } from './transport/mount.ts'
import type { QueueMemory } from './transport/queue-memory.ts'
import type { Turn } from './transport/turn.ts'
import type { World } from './world/index.ts'
import { toWorldSource } from './world-file.ts'

export interface Parts {
  log: Log
  turn: Turn
  state: State
  listeners: Listeners
  worlds: Map<string, World>
  queues: QueueMemory
}

export type Services = Parameters<typeof createEmbeddedOutbound>[0]['services']

export interface BackendUnit {
  outbound: Outbound
  /** From here on it is the one of its name. */
  attach(): void
  /** Ends what `outbound.close` does not: its place on a port, its world. */
  detach(): void
}

export interface InboundUnit {
  inbound: Inbound
  mount: Mount | undefined
}

/** Throws ConfigError for a faulty world file, what the system says when its data cannot be had. Nothing stays then. */
export function createBackend(name: string, config: Config, parts: Parts, services: Services): BackendUnit {
  const { turn, listeners } = parts
  const options = config.backends[name]
  if (!options) throw new BridgeError('internal', `no backend ${name}`)
  if (options.dialect === 'embedded') return createWorldBackend(name, options.world, parts, services)
  const mount = listeners.mount(`backends.${name}`, config)
  const common = { name, services, turn, listener: mount, socket: socketLimitsOf(config.limits) }
  const outbound =
    options.dialect === 'onebot11'
      ? createOneBot11Outbound({ ...common, options })
      : createMiraiOutbound({ ...common, options })
  return { outbound, attach: () => {}, detach: () => mount?.unmount() }
}

function createWorldBackend(
  name: string,
  given: string | object | undefined,
  { state, worlds, log }: Parts,
  services: Services,
): BackendUnit {
  const { openWorldStore } = state
  let store: ReturnType<NonNullable<typeof openWorldStore>> | undefined
  const closeStore = (): void => store && state.closeWorldStore(store)
  try {
    const world = openWorld({
      file: toWorldSource(given),
      openStore: openWorldStore && ((origin) => (store = openWorldStore(name, origin))),
      log: (level, text) => log(level, name, text),
      onError: (error) => log('error', name, describe(error)),
    })
    const detach = (): void => {
      if (worlds.get(name) === world) worlds.delete(name)
      closeStore()
    }
    const outbound = createEmbeddedOutbound({ name, world, services })
    return { outbound, attach: () => void worlds.set(name, world), detach }
  } catch (error) {
    closeStore()
    throw error
  }
}

export function createInbound(name: string, config: Config, parts: Parts, host: InboundHost): InboundUnit {
  const options = config.inbounds[name]
  if (!options) throw new BridgeError('internal', `no inbound ${name}`)
  const { listeners, turn, queues } = parts
  const { messageBytes } = config.limits
  const mount = listeners.mount(`inbounds.${name}`, config)
  const socket = socketLimitsOf(config.limits)
  if (options.dialect === 'onebot11') {
    return {
      inbound: createOneBot11Inbound({ name, options, host, listener: mount, turn, socket, messageBytes, queues }),
      mount,
    }
  }
  if (!mount) throw new BridgeError('internal', `inbound ${name} has no listener`)
  return { inbound: createMiraiInbound({ name, options, host, listener: mount, turn, socket, queues }), mount }
}

/** A backend that can open the files of this machine: only then may a path be handed on. The embedded core opens none. */
export function isLocalBackend(options: Config['backends'][string] | undefined): boolean {
  if (!options || options.dialect === 'embedded') return false
  const url = options.ws ?? ('http' in options ? options.http : undefined)
  const address = url === undefined ? undefined : new URL(url).hostname
  const listen = 'listen' in options && options.listen ? parseListen(options.listen)?.host : undefined
  const host = address ?? listen
  return host !== undefined && isLoopbackName(host.replace(/^\[|\]$/g, ''))
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
