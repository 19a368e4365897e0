// Between inbounds and backends: who serves a call, what the bridge answers itself, who gets an event and in which order.
import type { Action } from '../core/action.ts'
import { BridgeError } from '../core/error.ts'
import type { BridgeEvent, MessageEvent } from '../core/event.ts'
import type { Loss, LossRecord } from '../core/fidelity.ts'
import { peerKey, type MessageId, type UserId } from '../core/ids.ts'
import type { JsonLimits } from '../core/json.ts'
import type { OnLimit } from '../core/limit.ts'
import type { CallOptions, Dropped, Inbound, InboundHost, ListTexts, OutboundSink, UrlFetcher } from '../core/ports.ts'
import { endStep, type Step, type Trace } from '../core/trace.ts'
import { createDirectory, type Directory } from '../state/directory.ts'
import type { State } from '../state/index.ts'
import { createMerge, type Merge } from '../state/merge.ts'
import { createRecent, type Recent } from '../state/recent.ts'
import type { Twins } from '../state/twins.ts'
import { toEventKey } from '../translate/event-key.ts'
import type { Gate } from './access/guard.ts'
import type { Entering } from './access/rate.ts'
import { createAnswers, type Answers } from './answers.ts'
import { createEnrich } from './enrich.ts'
import { createFreshen } from './freshen.ts'
import { createLookup } from './lookup.ts'
import type { ContentLimits } from './outgoing.ts'
import type { Delivery, Routes } from './routes.ts'
import type { Tracer } from './tracer.ts'
import { whereabouts } from './whereabouts.ts'
import { createUnderway } from './underway.ts'

export interface RouterOptions {
  routes: Routes
  state: State
  /** Resolves when what was learnt so far is on disk. */
  durable: () => Promise<void>
  onLoss: (record: LossRecord) => void
  /** Follows requests and events. */
  tracer: Tracer
  /** Told of each action of a client once its result is there. `outcome`: ok, or the kind of the error. */
  onCall?: (call: { inbound: string; action: string; outcome: string; seconds: number }) => void
  /** Told of each event in the moment of its delivery, completed with names and roles. */
  onEvent?: (event: BridgeEvent, backend: string) => void
  /** Told of each thing that a backend sent and nobody can use. */
  onDropped?: (backend: string, what: Dropped) => void
  log: (level: 'debug' | 'info' | 'warn' | 'error', source: string, text: string) => void
  /** Latest events of each account that are remembered, to deliver none of them twice. Default 4096. */
  eventKeys?: number
  /** Members of groups that are known at a time. Default 1000000. */
  members?: number
  /** Long lists that were printed. */
  lists: ListTexts
  /** Seconds that the address of a received medium counts as good. Default 1800. */
  mediaUrlSeconds?: number
  /** Told which messages are the same. Default: nobody wants to know. */
  twins?: Twins
  fetchUrl: UrlFetcher
  /** Of what clients send. Default: core/json.ts. */
  jsonLimits?: JsonLimits
  /** Who is told of the limits that the clients of an inbound reach. */
  limitsOf?: (inbound: string) => OnLimit
  /** Milliseconds an event may wait for names and roles. This and what follows is read at each use: it may change. */
  readonly enrichDeadlineMs: number
  readonly fileRoots: readonly string[]
  readonly limits: ContentLimits
  /** Backends on this machine that can open its files. */
  isLocal: (backend: string) => boolean
}

interface Watched {
  inbound: string
  action: Action
  step: Step | undefined
}

export interface Router {
  hostFor(inbound: string): InboundHost
  sinkFor(backend: string): OutboundSink
  addInbound(inbound: Inbound): void
  /** Gets no further events; one of the same name that came since stays. */
  removeInbound(inbound: Inbound): void
  readonly directory: Directory
  /** Lets no further calls begin and waits for those under way, at most that long. */
  drain(timeoutMs: number): Promise<void>
}

export function createRouter(options: RouterOptions): Router {
  const { routes, state, tracer } = options
  const inbounds = new Map<string, Inbound>()
  const { eventKeys = 4096 } = options
  const delivered = createDelivered(eventKeys)
  const merged = createMerged(eventKeys)
  const queues = new Map<string, Promise<void>>()
  const underway = createUnderway()

  /** Of the event that is being pushed: inbounds print and send it before `push` returns. */
  let pushing: Trace | undefined
  /** Of events that wait for names and roles. */
  const slow = new WeakMap<BridgeEvent, Trace>()

  function trace(where: string, bot: UserId | undefined, direction: 'in' | 'out', loss: Loss): void {
    pushing?.lost(loss)
    options.onLoss({ at: Date.now(), where, bot, direction, ...loss })
  }

  const directory = createDirectory({
    messages: state.messages,
    ...(options.members !== undefined && { members: options.members }),
    call: (bot, action) => {
      const backend = routes.ownerOf(bot)
      return backend ? backend.call(bot, action) : Promise.reject(new BridgeError('noBot', `no bot ${bot}`))
    },
  })
  const lookup = createLookup(state)
  const { named: ownerOf } = routes
  const freshen = createFreshen({
    media: state.media,
    ownerOf,
    loss: (bot, loss) => trace('media', bot, 'out', loss),
    contentOf: (bot, id) => state.messages.get(bot, id)?.segments,
    goodMs: (options.mediaUrlSeconds ?? 1800) * 1000,
  })
  const answers: Answers = createAnswers({
    state,
    directory,
    lookup,
    freshen,
    ownerOf,
    trace,
    isLocal: options.isLocal,
    get fileRoots() {
      return options.fileRoots
    },
    get limits() {
      return options.limits
    },
  })
  const enrich = createEnrich({
    directory,
    messages: state.messages,
    get deadlineMs() {
      return options.enrichDeadlineMs
    },
    fetchMessage: async (bot, messageId) => {
      const backend = routes.ownerOf(bot)
      if (backend) await lookup(backend, bot, messageId).catch(() => undefined)
    },
    fetchForward: async (bot, id) => {
      const asked = routes.ownerOf(bot)?.call(bot, { name: 'message.forward.get', params: { id } })
      return asked?.then(
        (result) => result.nodes,
        () => undefined,
      )
    },
    onLate(event) {
      const reason = `names and roles were not known within ${options.enrichDeadlineMs} ms`
      const loss = { what: event.type, fidelity: 'lossy', reason } as const
      slow.get(event)?.lost(loss)
      trace('directory', event.bot, 'out', loss)
    },
  })

  function call(inbound: string, bot: UserId, action: Action, callOptions: CallOptions = {}): Promise<unknown> {
    const backend = routes.backendOf(inbound, bot)
    if (!backend) return Promise.reject(new BridgeError('noBot', `no bot ${bot} for ${inbound}`))
    const gate = callOptions.aside ? undefined : routes.gateOf(inbound, bot)
    const serve = (): Promise<unknown> => answers(backend, bot, action, callOptions)
    const { trace } = callOptions
    const step = trace && followCall(trace, bot, action, backend.name)
    const entering = { inbound, bot, action, options: callOptions }
    return watched(gate ? () => pass(gate, entering).then(serve) : serve, { inbound, action, step })
  }

  /** Rejects, and leaves a trace, for what may not be asked for, or not so soon. */
  async function pass(gate: Gate, entering: Entering): Promise<void> {
    try {
      await gate(entering)
    } catch (error) {
      const { inbound, bot, action } = entering
      const reason = error instanceof BridgeError ? error.message : String(error)
      trace(inbound, bot, 'in', { what: action.name, fidelity: 'refused', reason })
      throw error
    }
  }

  /** Counted while it is under way, measured and told when it has ended. */
  async function watched(task: () => Promise<unknown>, { inbound, action, step }: Watched): Promise<unknown> {
    underway.begin()
    const began = step?.at ?? performance.now()
    const tell = (outcome: string, answer: unknown): void => {
      underway.end()
      const now = performance.now()
      endStep(step, answer, now)
      options.onCall?.({ inbound, action: action.name, outcome, seconds: (now - began) / 1000 })
    }
    try {
      const answer = await task()
      tell('ok', answer)
      return answer
    } catch (error) {
      if (error instanceof BridgeError) tell(error.kind, error.message)
      else tell('internal', 'a defect of the bridge')
      throw error
    }
  }

  /** The table of answers gives each action its own result type; here they all pass through one door. */
  function callFor(inbound: string): InboundHost['call'] {
    const ask = (bot: UserId, action: Action, callOptions?: CallOptions) => call(inbound, bot, action, callOptions)
    return ask as InboundHost['call']
  }

  const delivery: Delivery = {
    view: directory.contacts,
    hand: (inbound, event, share) => inbounds.get(inbound)?.push(event, share),
  }

  /** What several backends tell reaches each inbound from one of them. */
  function onceFor(backend: string, bot: UserId, key: string): Delivery {
    const { view, hand } = delivery
    return {
      view,
      hand(inbound, event, share) {
        if (!merged(`${inbound}/${bot}`, key, backend)) hand(inbound, event, share)
      },
    }
  }

  function deliver(backend: string, event: BridgeEvent, trace: Trace | undefined): void {
    directory.complete(event)
    options.onEvent?.(event, backend)
    const shared = routes.isShared(event.bot) ? toEventKey(event) : undefined
    if (shared !== undefined && event.type === 'message') {
      const { bot, message } = event
      options.twins?.note({ bot, backend, key: shared, id: message.id, time: message.time })
    }
    const outer = pushing
    pushing = trace
    try {
      routes.deliver(backend, event, shared === undefined ? delivery : onceFor(backend, event.bot, shared))
    } finally {
      pushing = outer
      trace?.end()
    }
    if (!isAppliedFirst(event)) directory.apply(event)
  }

  function follow(backend: string, event: BridgeEvent, source: unknown): Trace | undefined {
    const trace = tracer.begin({ kind: 'event', where: backend, source })
    if (!trace) return undefined
    trace.bot = event.bot
    trace.name = event.type
    trace.step('action', backend, event)
    return trace
  }

  function receive(backend: string, event: BridgeEvent, source: unknown): void {
    if (event.type === 'message' && delivered(backend, event)) return
    const trace = follow(backend, event, source)
    if (isAppliedFirst(event)) directory.apply(event)
    const wait = enrich(event)
    if (!wait && queues.size === 0) return deliver(backend, event, trace)
    const key = orderKey(event)
    const before = queues.get(key)
    if (!before && !wait) return deliver(backend, event, trace)
    if (wait && trace) slow.set(event, trace)
    const turn = Promise.all([before, wait]).then(() => deliver(backend, event, trace))
    const tail = turn.catch((error: unknown) => options.log('error', backend, `event lost: ${String(error)}`))
    queues.set(key, tail)
    void tail.finally(() => {
      if (queues.get(key) === tail) queues.delete(key)
    })
  }

  /** Most clients of an inbound are at one place: its name is put together once. */
  function toldBy(inbound: string): NonNullable<InboundHost['delivered']> {
    let latest = ''
    let place = inbound
    return (client, text, waits) => {
      if (!pushing) return
      if (client !== latest) place = client === '' ? inbound : `${inbound} ${client}`
      latest = client
      pushing.told(waits ? 'waiting' : 'delivered', place, text)
    }
  }

  return {
    directory,
    drain: underway.drain,
    addInbound: (inbound) => void inbounds.set(inbound.name, inbound),
    removeInbound(inbound) {
      if (inbounds.get(inbound.name) === inbound) inbounds.delete(inbound.name)
    },
    hostFor: (inbound) => ({
      bots: () => routes.botsOf(inbound),
      call: callFor(inbound),
      capabilities(bot) {
        const backend = routes.backendOf(inbound, bot)
        if (!backend) throw new BridgeError('noBot', `no bot ${bot} for ${inbound}`)
        return backend.capabilities(bot)
      },
      view: directory.contacts,
      messages: state.messages,
      requests: state.requests,
      media: state.media,
      lists: options.lists,
      fetchUrl: options.fetchUrl,
      ...(options.jsonLimits && { jsonLimits: options.jsonLimits }),
      ...(options.limitsOf && { onLimit: options.limitsOf(inbound) }),
      loss: (bot, direction, loss) => trace(inbound, bot, direction, loss),
      trace: (source) => tracer.begin({ kind: 'call', where: inbound, source }),
      delivered: toldBy(inbound),
      log: (level, text) => options.log(level, inbound, text),
      durable: options.durable,
    }),
    sinkFor: (backend) => ({
      event: (event, source) => receive(backend, event, source),
      botsChanged: () => routes.refresh(),
      loss: (bot, direction, loss) => trace(backend, bot, direction, loss),
      dropped: (what) => options.onDropped?.(backend, what),
      log: (level, text) => options.log(level, backend, text),
    }),
  }
}

function followCall(trace: Trace, bot: UserId, action: Action, backend: string): Step {
  trace.bot = bot
  trace.name = action.name
  return trace.step('action', backend, action)
}

/** The newcomer and the new friend must be asked for before they are shown; one who left must be known from before. */
function isAppliedFirst({ type }: BridgeEvent): boolean {
  return type === 'group.member.join' || type === 'friend.add' || type === 'bot.online'
}

/** Whether a consumer had this already, by another backend that has the account, too. */
function createMerged(kept: number): (consumer: string, key: string, backend: string) => boolean {
  const merges = new Map<string, Merge>()
  return (consumer, key, backend) => {
    let merge = merges.get(consumer)
    if (!merge) merges.set(consumer, (merge = createMerge({ kept })))
    return merge.isRepeat(key, backend)
  }
}

/** Whether this message was delivered before; the latest ids of each bot are remembered. */
function createDelivered(kept: number): (backend: string, event: MessageEvent) => boolean {
  const backends = new Map<string, Map<UserId, Recent<MessageId, true>>>()
  return (backend, { bot, message: { id } }) => {
    let bots = backends.get(backend)
    if (!bots) backends.set(backend, (bots = new Map()))
    let ids = bots.get(bot)
    if (!ids) bots.set(bot, (ids = createRecent(kept)))
    if (ids.get(id)) return true
    ids.set(id, true)
    return false
  }
}

/** Events of one conversation stay in order; those of different ones do not wait for each other. */
function orderKey(event: BridgeEvent): string {
  if (event.type === 'message') return `${event.bot}/${peerKey(event.message.peer)}`
  const { groupId, userId } = whereabouts(event)
  return `${event.bot}/${groupId === undefined ? `u${userId ?? ''}` : `g${groupId}`}`
}
