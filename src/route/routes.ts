// Which inbound sees which bots of which backends, and which of their events.
import * as v from 'valibot'
import type { BridgeEvent } from '../core/event.ts'
import type { GroupId, UserId } from '../core/ids.ts'
import type { BotStatus, Outbound } from '../core/ports.ts'

const names = v.union([v.string(), v.array(v.string())])

export const RouteOptions = v.strictObject({
  /** Inbound, or several. */
  from: names,
  /** Backend, or several; the first that has a bot serves it. */
  to: names,
  /** Only these accounts. Default: all of the backends. */
  bots: v.optional(v.array(v.number())),
  /** Only events of these groups and these people; events of neither pass. Default: all. */
  events: v.optional(
    v.strictObject({ groups: v.optional(v.array(v.number())), users: v.optional(v.array(v.number())) }),
  ),
})
export type RouteOptions = v.InferOutput<typeof RouteOptions>

interface Route {
  from: ReadonlySet<string>
  to: readonly string[]
  bots: ReadonlySet<number> | undefined
  groups: ReadonlySet<number> | undefined
  users: ReadonlySet<number> | undefined
}

export interface Routes {
  /** The backend that serves this bot for this inbound. */
  backendOf(inbound: string, bot: UserId): Outbound | undefined
  /** The first backend that has this bot. */
  ownerOf(bot: UserId): Outbound | undefined
  /** More than one backend has or had this bot: what happens to it is told more than once. */
  isShared(bot: UserId): boolean
  botsOf(inbound: string): BotStatus[]
  /** Inbounds that get this event of this backend. */
  readersOf(backend: string, event: BridgeEvent): readonly string[]
  /** A backend got or lost bots. */
  refresh(): void
}

export interface RoutesOptions {
  inbounds: readonly string[]
  /** Filled while the bridge is built; asked from the first `refresh` on. */
  backends: ReadonlyMap<string, Outbound>
  /** Empty: every inbound sees every backend. */
  routes: readonly RouteOptions[]
}

export function createRoutes({ inbounds, backends, routes: given }: RoutesOptions): Routes {
  const routes = given.map(toRoute)
  const served = new Map<string, Map<UserId, Outbound>>()
  /** Who had the bot first; those that another one had, too, later or at once. */
  const first = new Map<UserId, Outbound>()
  const shared = new Set<UserId>()

  function refresh(): void {
    if (given.length === 0) routes.splice(0, 1, toRoute({ from: [...inbounds], to: [...backends.keys()] }))
    for (const inbound of inbounds) served.set(inbound, serversFor(inbound))
    for (const backend of backends.values()) backend.bots().forEach(({ bot }) => noteOwner(bot, backend))
  }

  /** What one told may be told by the other after the first is gone. */
  function noteOwner(bot: UserId, backend: Outbound): void {
    const known = first.get(bot)
    if (!known) first.set(bot, backend)
    else if (known !== backend) shared.add(bot)
  }

  function serversFor(inbound: string): Map<UserId, Outbound> {
    const found = new Map<UserId, Outbound>()
    for (const route of routes) {
      if (!route.from.has(inbound)) continue
      for (const backend of route.to.map((name) => backends.get(name))) {
        for (const { bot } of backend?.bots() ?? []) {
          if (backend && allows(route, bot) && !found.has(bot)) found.set(bot, backend)
        }
      }
    }
    return found
  }

  refresh()
  return {
    refresh,
    backendOf: (inbound, bot) => served.get(inbound)?.get(bot),
    ownerOf: (bot) => [...backends.values()].find((backend) => backend.bots().some((status) => status.bot === bot)),
    isShared: (bot) => shared.has(bot),
    botsOf: (inbound) => statusesOf(served.get(inbound)),
    readersOf: (backend, event) =>
      inbounds.filter(
        (inbound) =>
          served.get(inbound)?.get(event.bot)?.name === backend &&
          routes.some((route) => route.from.has(inbound) && route.to.includes(backend) && passes(route, event)),
      ),
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

function toRoute(options: RouteOptions): Route {
  const toSet = (list: readonly number[] | undefined) => list && new Set(list)
  return {
    from: new Set([options.from].flat()),
    to: [options.to].flat(),
    bots: toSet(options.bots),
    groups: toSet(options.events?.groups),
    users: toSet(options.events?.users),
  }
}

function allows(route: Route, bot: UserId): boolean {
  return route.bots === undefined || route.bots.has(bot)
}

function passes(route: Route, event: BridgeEvent): boolean {
  if (!allows(route, event.bot)) return false
  const { groupId, userId } = whereabouts(event)
  if (groupId !== undefined) return route.groups === undefined || route.groups.has(groupId)
  return userId === undefined || route.users === undefined || route.users.has(userId)
}

/** The group of an event, or the person when it has no group. */
export function whereabouts(event: BridgeEvent): { groupId?: GroupId | undefined; userId?: UserId | undefined } {
  const peer = event.type === 'message' ? event.message.peer : 'peer' in event ? event.peer : undefined
  if (peer) return peer.kind === 'group' ? { groupId: peer.groupId } : { userId: peer.userId }
  if ('groupId' in event && event.groupId !== undefined) return { groupId: event.groupId }
  return 'userId' in event ? { userId: event.userId } : {}
}
