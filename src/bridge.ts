// A running bridge: builds everything from a configuration, starts and stops it in order, and follows a changed one.
import { createAdmin, type Admin } from './admin/index.ts'
import { createBotWatch, type BotChange } from './bot-changes.ts'
import { describe, isLocalBackend, type Parts, type Services } from './build.ts'
import { compareConfigs, describeChanges, everythingOf, type Applied, type Changes } from './changes.ts'
import { parseConfig, type Config, type ConfigInput } from './config.ts'
import type { ActionName, ActionOf, Result } from './core/action.ts'
import { BridgeError } from './core/error.ts'
import type { BridgeEvent } from './core/event.ts'
import type { LossRecord } from './core/fidelity.ts'
import { createLimitReports } from './core/limit.ts'
import type { UserId } from './core/ids.ts'
import type { BotStatus, CallOptions, Capabilities, Outbound, UrlFetcher } from './core/ports.ts'
import { openDoors } from './doors.ts'
import { contentLimitsOf, jsonLimitsOf } from './limits.ts'
import { createListeners, portsOf } from './listeners.ts'
import { createLog, type Log } from './log.ts'
import { lookAtRuleFiles } from './route/filter/rule-file.ts'
import { createMetrics } from './route/metrics.ts'
import { createRouter } from './route/router.ts'
import { createRoutes } from './route/routes.ts'
import { createSignal } from './route/signal.ts'
import { createLosses } from './route/losses.ts'
import type { TraceSummary, TraceView } from './route/trace-view.ts'
import { createState } from './state/index.ts'
import { createListTexts } from './state/list-texts.ts'
import { ownMessages } from './state/own-messages.ts'
import { createTwins } from './state/twins.ts'
import { createHiding } from './secrets.ts'
import { createTracing } from './tracing.ts'
import { createUrlFetcher } from './transport/fetch-url.ts'
import { bytesOfBodies } from './transport/body.ts'
import { createQueueMemory } from './transport/queue-memory.ts'
import { createTurn } from './transport/turn.ts'
import { createUnits, type Prepared } from './units.ts'
import type { World } from './world/index.ts'

export interface Bridge {
  /** Resolves when every listener accepts connections. Backends that are away do not hold it up. */
  start(): Promise<void>
  /** Stops accepting, lets calls end, writes what was learnt. */
  stop(): Promise<void>
  /** The configuration as it was given last: to change a part of it, `apply({ ...bridge.config(), routes })`. */
  config(): ConfigInput
  /**
   * Follows another configuration while it runs. What is the same in both keeps its connections and sessions; inbounds and
   * backends that were added, removed or changed are begun and ended one by one. Rejects with ConfigError and all problems,
   * or with what the system says to a port, a file or the data folder that cannot be had: then everything stays as it was.
   */
  apply(input: ConfigInput): Promise<Applied>
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
  losses(): readonly LossRecord[]
  /** The latest requests and events, newest last, as far as they are kept. */
  traces(): TraceSummary[]
  /** One of them in full: texts in and out, canonical form, times. */
  trace(id: string): TraceView | undefined
  /** Each event of a backend in the moment of its delivery. Returns how to end it. */
  onEvent(listener: (heard: HeardEvent) => void): () => void
  /** Each imperfect conversion. Returns how to end it. */
  onLoss(listener: (record: LossRecord) => void): () => void
  /** Each request and event that is kept, once it has ended. Returns how to end it. */
  onTrace(listener: (trace: TraceView) => void): () => void
  /** Each account that appears, goes on or off line, is renamed or gone. Returns how to end it. */
  onBotChange(listener: (change: BotChange) => void): () => void
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

/** Throws ConfigError; `busy` when another process has the data folder. */
export function createBridge(first: ConfigInput, options: BridgeOptions = {}): Bridge {
  let input = first
  let config = parseConfig(input)
  const hide = createHiding(() => config)
  let ownLog = createLog(config.log, hide)
  const log: Log = options.log ?? ((...line) => ownLog(...line))
  const turn = createTurn((error) => log('error', 'bridge', `unexpected: ${describe(error)}`))
  const limitsOf = createLimitReports({
    count: (limit) => metrics.limit(limit),
    log: (source, text) => log('warn', source, text),
  })
  const queues = createQueueMemory({ bytes: config.limits.queueMemoryBytes, onLimit: limitsOf('bridge') })
  const listeners = createListeners({ config, turn, log, limitsOf, queues, media: () => state.media })
  const state = createState({
    folder: config.data,
    durability: config.durability,
    mediaBytes: config.limits.mediaBytes,
    cachedMessages: config.limits.cachedMessages,
    keep: { days: config.limits.messageDays, messages: config.limits.messages },
    requestDays: config.limits.requestDays,
    mediaBaseUrl: () => listeners.mediaBaseUrl(),
    // A turn with nothing to send still has to write what it learnt.
    onPending: () => turn.defer(() => {}),
    onDamage: (text) => log('error', 'data', text),
  })
  turn.beforeTasks(state.commit)
  const parts: Parts = { log, turn, state, listeners, queues, worlds: new Map() }

  const backends = new Map<string, Outbound>()
  const routes = createRoutes({ inbounds: Object.keys(config.inbounds), backends, routes: config.routes })
  const onListenerError = (error: unknown): void => log('error', 'bridge', `a listener failed: ${describe(error)}`)
  const heard = createSignal<HeardEvent>(onListenerError)
  const lost = createSignal<LossRecord>(onListenerError)
  const botChanged = createSignal<BotChange>(onListenerError)
  const metrics = createMetrics({
    backends: () => [...backends.values()].map(toGauge),
    connections: listeners.connections,
    queues: queues.totals,
    heldBodies: bytesOfBodies,
  })
  const twins = createTwins(config.limits.eventKeys)
  const tracing = createTracing({ config: config.traces, hide, onError: onListenerError })
  const losses = createLosses(1000, (record) => {
    log('debug', record.where, `${record.what} ${record.fidelity}: ${record.reason}`)
    metrics.loss(record)
    lost.emit(record)
  })
  let contentLimits = contentLimitsOf(config.limits)
  let fetcher = createUrlFetcher(config.fetch)
  const fetchUrl: UrlFetcher = (url, asked) => fetcher(url, asked)
  const jsonLimits = jsonLimitsOf(config.limits)
  const router = createRouter({
    routes,
    state,
    log,
    durable: () => turn.ended(),
    onLoss: losses.add,
    tracer: tracing.tracer,
    onCall: metrics.call,
    onDropped: metrics.dropped,
    onEvent(event, backend) {
      metrics.event(backend, event.type)
      heard.emit({ backend, event })
    },
    eventKeys: config.limits.eventKeys,
    mediaUrlSeconds: config.limits.mediaUrlSeconds,
    members: config.limits.members,
    lists: createListTexts(config.limits.listTextBytes),
    twins,
    get enrichDeadlineMs() {
      return config.enrichDeadlineMs
    },
    get fileRoots() {
      return config.fileRoots
    },
    get limits() {
      return contentLimits
    },
    fetchUrl,
    jsonLimits,
    limitsOf,
    isLocal: (name) => isLocalBackend(config.backends[name]),
  })
  const { eventKeys } = config.limits
  const services = { ...state, fetchUrl, view: router.directory.contacts, eventKeys, jsonLimits }
  let admin: MountedAdmin | undefined
  let rules = lookAtRuleFiles(config.routes)

  const servicesFor = (backend: string): Services => {
    const isOneOfSeveral = (): boolean => backends.size > 1
    return {
      ...services,
      onLimit: limitsOf(backend),
      messages: ownMessages({ messages: state.messages, twins, backend, isOneOfSeveral }),
    }
  }
  const units = createUnits({ parts, servicesFor, router, routes, backends, onBots: createBotWatch(botChanged.emit) })

  /** Everybody may read it. */
  function unready(): string[] {
    if (stopping) return ['the bridge is stopping']
    if (!running) return ['the bridge is starting']
    const isServed = [...backends.values()].some((backend) => backend.bots().some((bot) => bot.online))
    const silent = listeners.silent().map((place) => `${place}: nothing listens there`)
    return isServed ? silent : ['no bot is on line', ...silent]
  }

  function mountAdmin(wanted: Config): MountedAdmin | undefined {
    const listener = listeners.mount('admin', wanted)
    if (!wanted.admin || !listener) return undefined
    const { close } = createAdmin({
      listener,
      token: wanted.admin.token,
      waiting: { events: wanted.admin.streamEvents, bytes: wanted.admin.streamBytes },
      worlds: parts.worlds,
      unready,
      events: heard.on,
      traces: tracing,
      metrics: metrics.print,
      durable: () => turn.ended(),
      onDefect: (error, trace) => log('error', 'admin', `${trace}: ${describe(error)}`),
    })
    return {
      end() {
        listener.unmount()
        close()
      },
      close,
    }
  }

  const warnOpenDoors = (): void => {
    for (const door of openDoors(config)) log('warn', 'bridge', `allowInsecure: ${door}`)
  }

  let running = false
  async function start(): Promise<void> {
    warnOpenDoors()
    await units.startBackends(Object.keys(config.backends))
    await listeners.open(config)
    await units.startInbounds(Object.keys(config.inbounds))
    running = true
  }

  async function follow(wanted: ConfigInput): Promise<Applied> {
    const next = parseConfig(wanted)
    if (!running || stopping) throw new BridgeError('offline', 'only a bridge that runs can follow a configuration')
    const changes = compareConfigs(config, next)
    const fresh = {
      backends: [...changes.backends.added, ...changes.backends.changed],
      inbounds: [...changes.inbounds.added, ...changes.inbounds.changed],
    }
    const rulesChanged = changes.live.includes('routes') ? [] : rules.changedIn(next.routes)
    await listeners.open(next)
    const prepared = await prepare(next, changes)
    // Whatever cannot change keeps the value with which the bridge began.
    const { data: _, ...rest } = next
    const removed = prepared.commit()
    if (changes.admin) {
      admin?.end()
      admin = prepared.admin
    }
    input = wanted
    config = { ...rest, ...(config.data !== undefined && { data: config.data }) }
    contentLimits = contentLimitsOf(config.limits)
    fetcher = createUrlFetcher(config.fetch)
    if (changes.live.includes('log')) ownLog = createLog(config.log, hide)
    await removed
    await units.startBackends(fresh.backends)
    await units.startInbounds(fresh.inbounds)
    warnOpenDoors()
    await listeners.settle(config)
    rules = lookAtRuleFiles(config.routes)
    const applied = describeChanges({ ...changes, live: [...changes.live, ...rulesChanged] })
    for (const line of applied.changes) log('info', 'config', line)
    for (const key of applied.later) log('warn', 'config', `${key}: the new value is for the next start`)
    return applied
  }

  /** When a part cannot be made, everything is as it was. */
  async function prepare(next: Config, changes: Changes): Promise<Prepared & { admin: MountedAdmin | undefined }> {
    let prepared: Prepared | undefined
    try {
      prepared = units.prepare(next, changes)
      return { ...prepared, admin: changes.admin ? mountAdmin(next) : undefined }
    } catch (error) {
      await prepared?.discard()
      await listeners.goBack()
      throw error
    }
  }

  let following: Promise<unknown> = Promise.resolve()
  /** One after the other. */
  function apply(wanted: ConfigInput): Promise<Applied> {
    const applied = following.then(() => follow(wanted))
    following = applied.catch(() => {})
    return applied
  }

  let stopping: Promise<void> | undefined
  async function stop(): Promise<void> {
    await following
    listeners.stopAccepting()
    await router.drain(config.limits.drainMs)
    // What the last calls learnt is written, then their answers go out.
    await turn.ended()
    await turn.ended()
    // Clients are told by the listeners that the bridge goes away, before the inbounds end what they keep for them.
    admin?.close()
    const closing = listeners.close()
    await units.stopInbounds()
    await closing
    await units.closeBackends()
    state.close()
  }

  void units.prepare(config, everythingOf(config)).commit()
  admin = mountAdmin(config)
  return {
    start,
    stop: () => (stopping ??= stop()),
    config: () => input,
    apply,
    addresses: units.addresses,
    ports: () => portsOf(config, listeners.portOf),
    bots: () => [...backends.values()].flatMap((backend) => [...backend.bots()]),
    backends: () => [...backends.values()].map(toStatus),
    call(bot, action, options) {
      const backend = routes.ownerOf(bot as UserId)
      if (!backend) return Promise.reject(new BridgeError('noBot', `no bot ${bot}`))
      return tracing.follow({ bot: bot as UserId, action }, (trace) =>
        backend.call(bot as UserId, action, { ...options, trace }),
      )
    },
    losses: losses.recent,
    traces: tracing.recent,
    trace: tracing.find,
    onEvent: heard.on,
    onLoss: lost.on,
    onTrace: tracing.on,
    onBotChange: botChanged.on,
    world(name) {
      const world = name === undefined ? [...parts.worlds.values()][0] : parts.worlds.get(name)
      if (!world) throw new BridgeError('notFound', 'there is no embedded world of that name')
      return world
    },
  }
}

interface MountedAdmin extends Admin {
  /** Its place is free for another one. */
  end(): void
}

function toStatus(backend: Outbound): BackendStatus {
  const { name, dialect } = backend
  const bots = backend.bots().map((status) => ({ ...status, capabilities: backend.capabilities(status.bot) }))
  return { name, dialect, bots }
}

function toGauge({ name, bots }: Outbound): { backend: string; bots: number; online: number } {
  const all = bots()
  return { backend: name, bots: all.length, online: all.filter((bot) => bot.online).length }
}
