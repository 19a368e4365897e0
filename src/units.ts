// The inbounds and backends that there are: built from a configuration, taken out and put in one by one.
import {
  createBackend,
  createInbound,
  describe,
  type BackendUnit,
  type InboundUnit,
  type Parts,
  type Services,
} from './build.ts'
import type { Changes } from './changes.ts'
import type { Config } from './config.ts'
import type { BotStatus, Outbound } from './core/ports.ts'
import type { Router } from './route/router.ts'
import type { Routes } from './route/routes.ts'

export interface UnitsOptions {
  parts: Parts
  servicesFor: (backend: string) => Services
  router: Router
  routes: Routes
  /** By name, in the order of the configuration; kept up to date here. */
  backends: Map<string, Outbound>
  onBots: (backend: string, bots: readonly BotStatus[]) => void
}

export interface Prepared {
  /** Puts it in the place of what it replaces; resolves when that has ended. */
  commit(): Promise<void>
  /** It is not wanted after all. */
  discard(): Promise<void>
}

export interface Units {
  /**
   * Makes what is added or changed, and the routes, beside what runs. Nothing is started. Throws what one of them fails with;
   * then nothing has changed.
   */
  prepare(config: Config, changes: Pick<Changes, 'inbounds' | 'backends'>): Prepared
  /** Resolves when worlds are there; nobody waits for other backends. */
  startBackends(names: readonly string[]): Promise<void>
  startInbounds(names: readonly string[]): Promise<void>
  stopInbounds(): Promise<void>
  closeBackends(): Promise<void>
  addresses(): string[]
}

interface Made {
  backends: Map<string, BackendUnit>
  inbounds: Map<string, InboundUnit>
  changeRoutes: () => void
}

/** Nothing of it was started. */
async function discard({ backends, inbounds }: Made): Promise<void> {
  for (const { mount } of inbounds.values()) mount?.unmount()
  for (const unit of backends.values()) unit.detach()
  const stopped = [...inbounds.values()].map(({ inbound }) => inbound.stop())
  await Promise.allSettled([...stopped, ...[...backends.values()].map(({ outbound }) => outbound.close())])
}

export function createUnits({ parts, servicesFor, router, routes, backends, onBots }: UnitsOptions): Units {
  const backendUnits = new Map<string, BackendUnit>()
  const inbounds = new Map<string, InboundUnit>()

  async function stopInbound(name: string): Promise<void> {
    const unit = inbounds.get(name)
    if (!unit) return
    inbounds.delete(name)
    // Clients are told that it goes away, before what it keeps for them ends.
    unit.mount?.unmount()
    router.removeInbound(unit.inbound)
    await unit.inbound.stop()
  }

  async function closeBackend(name: string): Promise<void> {
    const unit = backendUnits.get(name)
    if (!unit) return
    backendUnits.delete(name)
    backends.delete(name)
    const closing = unit.outbound.close()
    unit.detach()
    onBots(name, [])
    await closing
  }

  async function startBackend(name: string): Promise<void> {
    const backend = backends.get(name)
    if (!backend) return
    const sink = router.sinkFor(name)
    let telling: NodeJS.Immediate | undefined
    const tellBots = (): void => {
      telling = undefined
      if (backends.get(name) === backend) onBots(name, backend.bots())
    }
    const botsChanged = (): void => {
      sink.botsChanged()
      // All accounts of a backend may go at once.
      telling ??= setImmediate(tellBots)
    }
    try {
      await backend.start({ ...sink, botsChanged })
      sink.botsChanged()
      tellBots()
    } catch (error) {
      parts.log('error', name, describe(error))
    }
  }

  function make(config: Config, changes: Pick<Changes, 'inbounds' | 'backends'>): Made {
    const made: Made = { backends: new Map(), inbounds: new Map(), changeRoutes: () => {} }
    const { backends: far, inbounds: near } = changes
    try {
      for (const name of [...far.added, ...far.changed]) {
        made.backends.set(name, createBackend(name, config, parts, servicesFor(name)))
      }
      for (const name of [...near.added, ...near.changed]) {
        made.inbounds.set(name, createInbound(name, config, parts, router.hostFor(name)))
      }
      made.changeRoutes = routes.prepare({ inbounds: Object.keys(config.inbounds), routes: config.routes })
      return made
    } catch (error) {
      void discard(made)
      throw error
    }
  }

  async function remove({ inbounds: near, backends: far }: Pick<Changes, 'inbounds' | 'backends'>): Promise<void> {
    const stopping = [...near.removed, ...near.changed].map(stopInbound)
    const closing = [...far.removed, ...far.changed].map(closeBackend)
    await Promise.all([...stopping, ...closing])
  }

  function putIn(made: Made, order: readonly string[]): void {
    for (const [name, unit] of made.backends) {
      backendUnits.set(name, unit)
      unit.attach()
    }
    for (const name of order) {
      const unit = backendUnits.get(name)
      // Again, for its place in the order.
      backends.delete(name)
      if (unit) backends.set(name, unit.outbound)
    }
    for (const [name, unit] of made.inbounds) {
      inbounds.set(name, unit)
      router.addInbound(unit.inbound)
    }
    made.changeRoutes()
  }

  return {
    prepare(config, changes) {
      const made = make(config, changes)
      return {
        async commit() {
          const removed = remove(changes)
          putIn(made, Object.keys(config.backends))
          await removed
        },
        discard: () => discard(made),
      }
    },
    async startBackends(names) {
      const starting = names.map((name) => ({ name, started: startBackend(name) }))
      await Promise.all(starting.flatMap(({ name, started }) => (parts.worlds.has(name) ? [started] : [])))
    },
    startInbounds: async (names) =>
      void (await Promise.all(names.map(async (name) => inbounds.get(name)?.inbound.start()))),
    stopInbounds: async () => void (await Promise.all([...inbounds.values()].map(({ inbound }) => inbound.stop()))),
    closeBackends: async () => void (await Promise.all([...backends.values()].map((backend) => backend.close()))),
    addresses: () => [...inbounds.values()].flatMap(({ inbound }) => [...inbound.addresses()]),
  }
}
