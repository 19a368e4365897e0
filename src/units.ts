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

export interface Units {
  /** Everything of a configuration that is not there yet, and its routes. Nothing is started. */
  build(config: Config): void
  /** Takes out what is removed or changed, at once; resolves when it has ended. */
  remove(changes: Pick<Changes, 'inbounds' | 'backends'>): Promise<void>
  /** Resolves when worlds are there; nobody waits for other backends. */
  startBackends(names: readonly string[]): Promise<void>
  startInbounds(names: readonly string[]): Promise<void>
  stopInbounds(): Promise<void>
  closeBackends(): Promise<void>
  addresses(): string[]
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
    const botsChanged = (): void => {
      sink.botsChanged()
      if (backends.get(name) === backend) onBots(name, backend.bots())
    }
    try {
      await backend.start({ ...sink, botsChanged })
      botsChanged()
    } catch (error) {
      parts.log('error', name, describe(error))
    }
  }

  return {
    build(config) {
      for (const name of Object.keys(config.backends)) {
        const unit = backendUnits.get(name) ?? createBackend(name, config, parts, servicesFor(name))
        backendUnits.set(name, unit)
        // Again, for its place in the order.
        backends.delete(name)
        backends.set(name, unit.outbound)
      }
      for (const name of Object.keys(config.inbounds)) {
        if (inbounds.has(name)) continue
        const unit = createInbound(name, config, parts, router.hostFor(name))
        inbounds.set(name, unit)
        router.addInbound(unit.inbound)
      }
      routes.change({ inbounds: Object.keys(config.inbounds), routes: config.routes })
    },
    async remove(changes) {
      const stopping = [...changes.inbounds.removed, ...changes.inbounds.changed].map(stopInbound)
      const closing = [...changes.backends.removed, ...changes.backends.changed].map(closeBackend)
      await Promise.all([...stopping, ...closing])
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
