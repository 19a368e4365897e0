// Which inbound sees which bots of which backends, and which of their events.
import * as v from 'valibot'
import type { BridgeEvent } from '../core/event.ts'
import type { UserId } from '../core/ids.ts'
import type { BotStatus, Outbound, View } from '../core/ports.ts'
import type { Share } from '../core/share.ts'
import { createBarrier, createGate, type Barrier, type Gate } from './access/guard.ts'
import { ActionListOptions, RateOptions } from './access/options.ts'
import { createFailover, type Candidate } from './failover.ts'
import { createFilter, type Filter } from './filter/filter.ts'
import { EventFilterOptions, RuleFile } from './filter/options.ts'
import { readRuleFilter } from './filter/rule-file.ts'
import { createOnce, type Once } from './once.ts'
import { createPlan, type Plan } from './plan.ts'

const names = v.union([v.string(), v.array(v.string())])

const defaultReturnSeconds = 10

export const RouteOptions = v.strictObject({
  /** Inbound, or several. */
  from: names,
  /** Backend, or several: of those that have a bot the first that is on line serves it. */
  to: names,
  /**
   * Seconds that an earlier one of several backends must have been on line before it serves a bot again. Default 10; 0: at
   * once.
   */
  returnAfterSeconds: v.optional(v.pipe(v.number(), v.minValue(0))),
  /** Only these accounts. Default: all of the backends. */
  bots: v.optional(v.array(v.number())),
  /** Only these events. Of several routes to the same client one that lets an event pass is enough. Default: all. */
  events: v.optional(EventFilterOptions),
  /** Path of a JSON file with a filter of go-cqhttp; what it does not let pass nobody behind this route gets. Default: none. */
  filter: v.optional(RuleFile),
  /**
   * Several accounts of the route are in one group: messages and notices of it come from one of them only. Of each group
   * the same account tells, the first of `bots` that is on line and known to be there; what happens to one of them, or
   * mentions it, is told by that one. When the teller goes off line the next takes over. Default false.
   */
  once: v.optional(v.boolean()),
  /**
   * What clients may ask for. Default: everything. Of several routes from an inbound to an account each must allow it; what
   * one does not allow is answered with a refusal that names it.
   */
  actions: v.optional(ActionListOptions),
  /** How often clients may ask. Default: as often as they like. Of several routes from an inbound to an account all count. */
  rate: v.optional(RateOptions),
})
export type RouteOptions = v.InferOutput<typeof RouteOptions>

interface Route {
  from: ReadonlySet<string>
  to: readonly string[]
  stayMs: number
  bots: ReadonlySet<number> | undefined
  /** undefined: every event passes. */
  filter: Filter | undefined
  barrier: Barrier
  once: Once | undefined
}

export interface Routes {
  /** The backend that serves this bot for this inbound. */
  backendOf(inbound: string, bot: UserId): Outbound | undefined
  /** What calls of clients of this inbound to this bot must pass. */
  gateOf(inbound: string, bot: UserId): Gate | undefined
  /** The first backend that has this bot on line, else the first that has it. */
  ownerOf(bot: UserId): Outbound | undefined
  /** That backend, when it has this bot. */
  named(backend: string, bot: UserId): Outbound | undefined
  /** More than one backend has or had this bot: what happens to it is told more than once. */
  isShared(bot: UserId): boolean
  botsOf(inbound: string): BotStatus[]
  /** Hands each inbound what it gets of this event of this backend. */
  deliver(backend: string, event: BridgeEvent, delivery: Delivery): void
  /** A backend got or lost bots. */
  refresh(): void
  /** Other inbounds, backends or routes from now on. */
  /** Follows others once the answer is called: whatever can fail, as files of filters can, does so before. */
  prepare(given: Pick<RoutesOptions, 'inbounds' | 'routes'>): () => void
}

export interface Delivery {
  /** What filters may look up. */
  view: View
  /** Takes what clients of an inbound get: the event, or a copy that a filter has changed. */
  hand(inbound: string, event: BridgeEvent, share: Share | undefined): void
}

export interface RoutesOptions {
  inbounds: readonly string[]
  /** Filled while the bridge is built; asked from the first `refresh` on. */
  backends: ReadonlyMap<string, Outbound>
  /** Empty: every inbound sees every backend. */
  routes: readonly RouteOptions[]
}

export function createRoutes({ backends, ...given }: RoutesOptions): Routes {
  let { inbounds } = given
  let routes: readonly Route[] = []
  const served = new Map<string, Map<UserId, Outbound>>()
  /** Who had the bot first; those that another one had, too, later or at once. */
  const first = new Map<UserId, Outbound>()
  const shared = new Set<UserId>()
  /** By backend and account, made when the first event comes and forgotten with every change. */
  const plans = new Map<string, Map<UserId, Plan>>()
  /** By inbound and account; empty while no route has anything against anything. */
  const gates = new Map<string, Map<UserId, Gate>>()
  const failover = createFailover()
  let returning: NodeJS.Timeout | undefined
  /** A backend got or lost bots since the last look. */
  let isOld = false

  function prepare({ inbounds: names, routes: wanted }: Pick<RoutesOptions, 'inbounds' | 'routes'>): () => void {
    const made = wanted.map(toRoute)
    return () => {
      routes = made.length > 0 ? made : [toRoute({ from: [...names], to: [...backends.keys()] }, 0)]
      inbounds = names
      for (const name of served.keys()) if (!names.includes(name)) served.delete(name)
      look()
    }
  }

  /** Hundreds of accounts that come and go at once are looked at once: when somebody asks, at the end of the turn at last. */
  function refresh(): void {
    if (isOld) return
    isOld = true
    setImmediate(settle)
  }

  function settle(): void {
    if (isOld) look()
  }

  function look(): void {
    isOld = false
    plans.clear()
    for (const route of routes) route.once?.look(onlineBotsOf(route))
    failover.look(backends.values())
    for (const inbound of inbounds) served.set(inbound, serversFor(inbound))
    setGates()
    const nextMs = failover.nextChange()
    clearTimeout(returning)
    if (nextMs !== undefined) returning = setTimeout(look, nextMs).unref()
    for (const backend of backends.values()) backend.bots().forEach(({ bot }) => noteOwner(bot, backend))
  }

  /** What one told may be told by the other after the first is gone. */
  function noteOwner(bot: UserId, backend: Outbound): void {
    const known = first.get(bot)
    if (!known) first.set(bot, backend)
    else if (known !== backend) shared.add(bot)
  }

  function serversFor(inbound: string): Map<UserId, Outbound> {
    const before = served.get(inbound)
    const found = new Map<UserId, Outbound>()
    for (const [bot, candidates] of candidatesFor(inbound)) {
      const chosen = failover.choose(bot, candidates, before?.get(bot))
      if (chosen) found.set(bot, chosen)
    }
    return found
  }

  function candidatesFor(inbound: string): Map<UserId, Candidate[]> {
    const found = new Map<UserId, Candidate[]>()
    for (const route of routes.filter(({ from }) => from.has(inbound))) {
      for (const name of route.to) {
        const backend = backends.get(name)
        for (const { bot } of backend?.bots() ?? []) {
          if (!backend || !allows(route, bot)) continue
          const candidate = { backend, stayMs: route.stayMs }
          const others = found.get(bot)
          if (others) others.push(candidate)
          else found.set(bot, [candidate])
        }
      }
    }
    return found
  }

  function ownerOf(bot: UserId): Outbound | undefined {
    const owners = [...backends.values()].flatMap((backend) => {
      const status = backend.bots().find((one) => one.bot === bot)
      return status ? [{ backend, online: status.online }] : []
    })
    return (owners.find(({ online }) => online) ?? owners[0])?.backend
  }

  function planFor(backend: string, bot: UserId): Plan {
    let ofBackend = plans.get(backend)
    if (!ofBackend) plans.set(backend, (ofBackend = new Map()))
    let plan = ofBackend.get(bot)
    if (!plan) ofBackend.set(bot, (plan = makePlan(backend, bot)))
    return plan
  }

  /** In the order of the configuration. */
  function onlineBotsOf(route: Route): UserId[] {
    const { to, bots: wanted } = route
    const isOf = (bot: UserId): boolean => allows(route, bot)
    const online = to.flatMap((name) => (backends.get(name)?.bots() ?? []).filter((one) => one.online && isOf(one.bot)))
    const bots = online.map(({ bot }) => bot)
    return wanted ? bots.toSorted((one, other) => orderOf(wanted, one) - orderOf(wanted, other)) : bots
  }

  function setGates(): void {
    gates.clear()
    if (createGate(routes.map(({ barrier }) => barrier)) === undefined) return
    for (const [inbound, servers] of served) {
      const ofInbound = new Map<UserId, Gate>()
      for (const [bot, { name }] of servers) {
        const gate = createGate(routesTo(inbound, bot, name).map(({ barrier }) => barrier))
        if (gate) ofInbound.set(bot, gate)
      }
      gates.set(inbound, ofInbound)
    }
  }

  /** All that lead from an account of a backend to an inbound. */
  function routesTo(inbound: string, bot: UserId, backend: string): Route[] {
    return routes.filter((route) => route.from.has(inbound) && route.to.includes(backend) && allows(route, bot))
  }

  function makePlan(backend: string, bot: UserId): Plan {
    const readers = inbounds.filter((inbound) => served.get(inbound)?.get(bot)?.name === backend)
    return createPlan(
      readers.map((inbound) => ({
        inbound,
        filters: routesTo(inbound, bot, backend).map(({ filter }) => filter),
      })),
    )
  }

  prepare(given)()
  return {
    refresh,
    prepare,
    backendOf(inbound, bot) {
      settle()
      return served.get(inbound)?.get(bot)
    },
    gateOf(inbound, bot) {
      settle()
      return gates.get(inbound)?.get(bot)
    },
    ownerOf,
    named(name, bot) {
      const backend = backends.get(name)
      return backend?.bots().some((status) => status.bot === bot) ? backend : undefined
    },
    isShared(bot) {
      settle()
      return shared.has(bot)
    },
    botsOf(inbound) {
      settle()
      return statusesOf(served.get(inbound))
    },
    deliver(backend, event, delivery) {
      settle()
      planFor(backend, event.bot)(event, delivery)
    },
  }
}

/** Each backend is asked once: it may have hundreds of accounts, and this is asked with each call. */
function statusesOf(servers: ReadonlyMap<UserId, Outbound> | undefined): BotStatus[] {
  if (!servers) return []
  const found = new Map<UserId, BotStatus>()
  for (const backend of new Set(servers.values())) {
    for (const status of backend.bots()) if (servers.get(status.bot) === backend) found.set(status.bot, status)
  }
  return [...servers.keys()].flatMap((bot) => found.get(bot) ?? [])
}

function toRoute(options: RouteOptions, at: number): Route {
  const once = options.once ? createOnce() : undefined
  return {
    from: new Set([options.from].flat()),
    to: [options.to].flat(),
    stayMs: (options.returnAfterSeconds ?? defaultReturnSeconds) * 1000,
    bots: options.bots && new Set(options.bots),
    filter: filterOf(options, once),
    once,
    barrier: createBarrier(options, `routes.${at}`),
  }
}

function filterOf({ events, filter: file }: RouteOptions, once: Once | undefined): Filter | undefined {
  const byRules = file === undefined ? undefined : readRuleFilter(file)
  const byCriteria = events && createFilter(events)
  const byTeller: Filter | undefined = once && ((event, view) => (once.isTeller(event, view) ? event : undefined))
  // What changes the event comes last.
  return [byTeller, byRules, byCriteria].reduce((one, other) =>
    one && other ? (event, view) => one(event, view) && other(event, view) : (one ?? other),
  )
}

function orderOf(wanted: ReadonlySet<number>, bot: UserId): number {
  return [...wanted].indexOf(bot)
}

function allows(route: Route, bot: UserId): boolean {
  return route.bots === undefined || route.bots.has(bot)
}
