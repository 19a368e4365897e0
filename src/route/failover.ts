// Which of several backends serves a bot: the first that is on line. One that comes back serves again only when it has stayed,
// so that a link which comes and goes does not carry the bot to and fro.
import type { UserId } from '../core/ids.ts'
import type { Outbound } from '../core/ports.ts'

export interface Failover {
  /** Looks at all backends. Before `choose`. */
  look(backends: Iterable<Outbound>): void
  /**
   * `candidates`: those that have the bot, in order. `current`: who served it until now. With nobody on line the current one
   * stays, or the first serves, and refuses.
   */
  choose(bot: UserId, candidates: readonly Candidate[], current: Outbound | undefined): Outbound | undefined
  /** Milliseconds until one of the choices would be another one; undefined: only when something happens. */
  nextChange(): number | undefined
}

export interface Candidate {
  backend: Outbound
  /** Milliseconds that it must have been on line before it takes the bot back. */
  stayMs: number
}

export function createFailover(now: () => number = Date.now): Failover {
  /** When it came on line. */
  const since = new Map<Outbound, Map<UserId, number>>()
  let next: number | undefined

  function onlineMs(backend: Outbound, bot: UserId): number | undefined {
    const began = since.get(backend)?.get(bot)
    return began === undefined ? undefined : now() - began
  }

  return {
    look(backends) {
      next = undefined
      const all = [...backends]
      for (const backend of since.keys()) if (!all.includes(backend)) since.delete(backend)
      for (const backend of all) {
        const before = since.get(backend)
        const online = backend.bots().filter((status) => status.online)
        since.set(backend, new Map(online.map(({ bot }) => [bot, before?.get(bot) ?? now()])))
      }
    },
    choose(bot, candidates, current) {
      const online = candidates.filter(({ backend }) => onlineMs(backend, bot) !== undefined)
      const isKept = online.some(({ backend }) => backend === current)
      for (const { backend, stayMs } of online) {
        const remaining = stayMs - (onlineMs(backend, bot) ?? 0)
        if (backend === current || !isKept || remaining <= 0) return backend
        next = Math.min(next ?? Infinity, remaining)
      }
      const stays = candidates.find(({ backend }) => backend === current) ?? candidates[0]
      return stays?.backend
    },
    nextChange: () => next,
  }
}
