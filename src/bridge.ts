// Builds everything from a configuration, and starts and stops it in order.
import { createAdmin } from './admin/index.ts'
import type { ActionName, ActionOf, Result } from './core/action.ts'
import { BridgeError } from './core/error.ts'
import type { BridgeEvent } from './core/event.ts'
import type { TraceRecord } from './core/fidelity.ts'
import type { UserId } from './core/ids.ts'
import type { BotStatus, CallOptions, Capabilities, Inbound, Outbound } from './core/ports.ts'
import { openDoors, parseConfig, parseListen, type Config, type ConfigInput } from './config.ts'
import { createMiraiInbound } from './inbound/mirai/index.ts'
import { createOneBot11Inbound } from './inbound/onebot11/index.ts'
import { contentLimitsOf } from './limits.ts'
import { createLog, type Log } from './log.ts'
import { createEmbeddedOutbound } from './outbound/embedded/index.ts'
import { openWorld } from './outbound/embedded/open-world.ts'
import { createMiraiOutbound } from './outbound/mirai/index.ts'
import { createOneBot11Outbound } from './outbound/onebot11/index.ts'
import { createMetrics } from './route/metrics.ts'
import { createRouter } from './route/router.ts'
import { createRoutes } from './route/routes.ts'
import { createSignal } from './route/signal.ts'
import { createTraces } from './route/traces.ts'
import { createState, type State } from './state/index.ts'
import { isLoopbackName } from './transport/browser.ts'
import { createListeners, type Listeners } from './listeners.ts'
import { createTurn, type Turn } from './transport/turn.ts'
import type { World } from './world/index.ts'
import { toWorldSource } from './world-file.ts'

export interface Bridge {
  /** Resolves when every listener accepts connections. Backends that are away do not hold it up. */
  start(): Promise<void>
  /** Stops accepting, lets calls end, writes what was learnt. */
  stop(): Promise<void>
  /** Lines that tell where to connect. */
  addresses(): string[]
  /** The real port of each inbound that listens, of `admin`, and as `backends.<name>` of each backend that listens. */
  ports(): Record<string, number>
  bots(): BotStatus[]
  /** Each backend with the accounts that it has at the moment and what they can do. */
  backends(): BackendStatus[]
  /** An action by a bot, as a client of its backend would ask for it. */
  call<N extends ActionName>(bot: number, action: ActionOf<N>, options?: CallOptions): Promise<Result<N>>
  /** Imperfect conversions, newest last. */
  traces(): readonly TraceRecord[]
  /** Each event of a backend in the moment of its delivery. Returns how to end it. */
  onEvent(listener: (heard: HeardEvent) => void): () => void
  /** Each imperfect conversion. Returns how to end it. */
  onTrace(listener: (record: TraceRecord) => void): () => void
  /** The embedded world of a backend, or of the only embedded one. */
  world(backend?: string): World
}

export interface BackendStatus {
  name: string
  dialect: string
  bots: (BotStatus & { capabilities: Capabilities })[]
}

export interface HeardEvent {
  backend: string
  event: BridgeEvent
}

export interface BridgeOptions {
  /** Where log lines go, instead of the output that `log` in the configuration asks for. */
  log?: Log
}

interface Parts {
  config: Config
  log: Log
  turn: Turn
  state: State
  listeners: Listeners
  worlds: Map<string, World>
}

/** Throws ConfigError; `busy` when another process has the data folder. */
export function createBridge(input: ConfigInput, options: BridgeOptions = {}): Bridge {
  const config = parseConfig(input)
  const log = options.log ?? createLog(config.log)
  const turn = createTurn((error) => log('error', 'bridge', `unexpected: ${describe(error)}`))
  const listeners = createListeners({ config, turn, log })
  const state = createState({
    folder: config.data,
    mediaBytes: config.limits.mediaBytes,
    keep: { days: config.limits.messageDays, messages: config.limits.messages },
    mediaBaseUrl: () => listeners.mediaBaseUrl(),
    // A turn with nothing to send still has to write what it learnt.
    onPending: () => turn.defer(() => {}),
    onDamage: (text) => log('error', 'data', text),
  })
  turn.beforeTasks(state.commit)
  listeners.serveMedia(state.media)
  const parts: Parts = { config, log, turn, state, listeners, worlds: new Map() }

  const inboundNames = Object.keys(config.inbounds)
  const backends = new Map<string, Outbound>()
  const routes = createRoutes({ inbounds: inboundNames, backends, routes: config.routes })
  const onListenerError = (error: unknown): void => log('error', 'bridge', `a listener failed: ${describe(error)}`)
  const heard = createSignal<HeardEvent>(onListenerError)
  const traced = createSignal<TraceRecord>(onListenerError)
  const metrics = createMetrics()
  const traces = createTraces(1000, (record) => {
    log('debug', record.where, `${record.what} ${record.fidelity}: ${record.reason}`)
    metrics.loss(record)
    traced.emit(record)
  })
  const router = createRouter({
    routes,
    state,
    log,
    durable: () => turn.ended(),
    trace: traces.add,
    onCall: metrics.call,
    onEvent(event, backend) {
      metrics.event(backend, event.type)
      heard.emit({ backend, event })
    },
    eventKeys: config.limits.eventKeys,
    enrichDeadlineMs: config.enrichDeadlineMs,
    fileRoots: config.fileRoots,
    limits: contentLimitsOf(config.limits),
    isLocal: (name) => isLocalBackend(config.backends[name]),
  })
  const services = { ...state, view: router.directory.contacts, eventKeys: config.limits.eventKeys }
  for (const name of Object.keys(config.backends)) backends.set(name, createOutbound(name, parts, services))
  const inbounds = inboundNames.map((name) => createInbound(name, parts, router.hostFor(name)))
  inbounds.forEach(router.addInbound)
  mountAdmin(parts, backends, {
    feeds: { events: heard.on, traces: traced.on },
    metrics: () => metrics.print([...backends.values()].map(toGauge)),
  })

  async function startBackend(name: string, backend: Outbound): Promise<void> {
    try {
      await backend.start(router.sinkFor(name))
      routes.refresh()
    } catch (error) {
      log('error', name, describe(error))
    }
  }

  async function start(): Promise<void> {
    for (const door of openDoors(config)) log('warn', 'bridge', `allowInsecure: ${door}`)
    // Worlds are there at once; nobody waits for the others.
    const starting = [...backends].map(([name, backend]) => ({ name, started: startBackend(name, backend) }))
    await Promise.all(starting.flatMap(({ name, started }) => (parts.worlds.has(name) ? [started] : [])))
    await listeners.listen()
    await Promise.all(inbounds.map((inbound) => inbound.start()))
  }

  let stopping: Promise<void> | undefined
  async function stop(): Promise<void> {
    listeners.stopAccepting()
    await router.drain(config.limits.drainMs)
    // What the last calls learnt is written, then their answers go out.
    await turn.ended()
    await turn.ended()
    // Clients are told by the listeners that the bridge goes away, before the inbounds end what they keep for them.
    const closing = listeners.close()
    await Promise.all(inbounds.map((inbound) => inbound.stop()))
    await closing
    await Promise.all([...backends.values()].map((backend) => backend.close()))
    state.close()
  }

  return {
    start,
    stop: () => (stopping ??= stop()),
    addresses: () => inbounds.flatMap((inbound) => [...inbound.addresses()]),
    ports: () => portsOf(config, listeners),
    bots: () => [...backends.values()].flatMap((backend) => [...backend.bots()]),
    backends: () => [...backends.values()].map(toStatus),
    call(bot, action, options) {
      const backend = routes.ownerOf(bot as UserId)
      if (!backend) return Promise.reject(new BridgeError('noBot', `no bot ${bot}`))
      return backend.call(bot as UserId, action, options)
    },
    traces: traces.recent,
    onEvent: heard.on,
    onTrace: traced.on,
    world(name) {
      const world = name === undefined ? [...parts.worlds.values()][0] : parts.worlds.get(name)
      if (!world) throw new BridgeError('notFound', 'there is no embedded world of that name')
      return world
    },
  }
}

type Services = Parameters<typeof createEmbeddedOutbound>[0]['services']

function createOutbound(name: string, parts: Parts, services: Services): Outbound {
  const { config, turn, listeners, log } = parts
  const options = config.backends[name]
  switch (options?.dialect) {
    case 'onebot11':
      return createOneBot11Outbound({ name, options, services, turn, listener: listeners.get(`backends.${name}`) })
    case 'mirai':
      return createMiraiOutbound({ name, options, services, turn, listener: listeners.get(`backends.${name}`) })
    case 'embedded': {
      const { openWorldStore } = parts.state
      const world = openWorld({
        file: toWorldSource(options.world),
        openStore: openWorldStore && ((origin) => openWorldStore(name, origin)),
        log: (level, text) => log(level, name, text),
        onError: (error) => log('error', name, describe(error)),
      })
      parts.worlds.set(name, world)
      return createEmbeddedOutbound({ name, world, services })
    }
    case undefined:
      throw new BridgeError('internal', `no backend ${name}`)
  }
}

function createInbound(name: string, { config, turn, listeners }: Parts, host: ReturnType<HostFor>): Inbound {
  const options = config.inbounds[name]
  if (!options) throw new BridgeError('internal', `no inbound ${name}`)
  const listener = listeners.get(`inbounds.${name}`)
  if (options.dialect === 'onebot11') return createOneBot11Inbound({ name, options, host, listener, turn })
  if (!listener) throw new BridgeError('internal', `inbound ${name} has no listener`)
  return createMiraiInbound({ name, options, host, listener, turn })
}

type HostFor = ReturnType<typeof createRouter>['hostFor']

function toStatus(backend: Outbound): BackendStatus {
  const { name, dialect } = backend
  const bots = backend.bots().map((status) => ({ ...status, capabilities: backend.capabilities(status.bot) }))
  return { name, dialect, bots }
}

function toGauge({ name, bots }: Outbound): { backend: string; bots: number; online: number } {
  const all = bots()
  return { backend: name, bots: all.length, online: all.filter((bot) => bot.online).length }
}

type Insight = Pick<Parameters<typeof createAdmin>[0], 'feeds' | 'metrics'>

function mountAdmin(parts: Parts, backends: ReadonlyMap<string, Outbound>, insight: Insight): void {
  const { config, listeners, worlds, log, turn } = parts
  const listener = listeners.get('admin')
  if (!config.admin || !listener) return
  const ready = () => [...backends.values()].some((backend) => backend.bots().some((bot) => bot.online))
  createAdmin({
    listener,
    token: config.admin.token,
    worlds,
    ready,
    ...insight,
    durable: () => turn.ended(),
    onDefect: (error, trace) => log('error', 'admin', `${trace}: ${describe(error)}`),
  })
}

function portsOf(config: Config, listeners: Listeners): Record<string, number> {
  const keys = [
    ...Object.keys(config.inbounds).map((name) => [name, `inbounds.${name}`] as const),
    ...Object.keys(config.backends).map((name) => [`backends.${name}`, `backends.${name}`] as const),
    ['admin', 'admin'] as const,
  ]
  return Object.fromEntries(
    keys.flatMap(([name, key]) => {
      const port = listeners.get(key)?.port
      return port === undefined ? [] : [[name, port]]
    }),
  )
}

/** A backend that can open the files of this machine: only then may a path be handed on. The embedded core opens none. */
function isLocalBackend(options: Config['backends'][string] | undefined): boolean {
  if (!options || options.dialect === 'embedded') return false
  const url = options.ws ?? ('http' in options ? options.http : undefined)
  const address = url === undefined ? undefined : new URL(url).hostname
  const listen = 'listen' in options && options.listen ? parseListen(options.listen)?.host : undefined
  const host = address ?? listen
  return host !== undefined && isLoopbackName(host.replace(/^\[|\]$/g, ''))
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
