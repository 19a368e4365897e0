// The demo world as a backend with real stores in memory.
import { afterEach } from 'vitest'
import type { ActionName, Params, Result } from '../../../src/core/action.ts'
import type { BridgeEvent } from '../../../src/core/event.ts'
import type { UserId } from '../../../src/core/ids.ts'
import type { Outbound, OutboundServices, View } from '../../../src/core/ports.ts'
import { createEmbeddedOutbound } from '../../../src/outbound/embedded/index.ts'
import { createState } from '../../../src/state/index.ts'
import { createWorld, demoWorld, parseWorld, type World } from '../../../src/world/index.ts'
import { fetchUrl } from '../../support/fetch.ts'

const blind: View = {
  profile: () => undefined,
  friend: () => undefined,
  group: () => undefined,
  member: () => undefined,
  message: () => undefined,
}

export interface Lab {
  world: World
  outbound: Outbound
  services: OutboundServices
  clock: { now: number }
  /** What was reported since the last call. */
  told(): BridgeEvent[]
  changes(): number
  call<N extends ActionName>(name: N, params: unknown, bot?: number): Promise<Result<N>>
}

const open: { close(): void }[] = []
afterEach(() => open.splice(0).forEach((one) => one.close()))

export async function startLab(file: unknown = demoWorld): Promise<Lab> {
  const clock = { now: 1_700_000_000_000 }
  const world = createWorld(parseWorld(file), { now: () => clock.now, random: () => 0.5, firstMessageId: 1000 })
  const state = createState({ mediaBaseUrl: () => 'http://127.0.0.1:1/media/' })
  open.push(state)
  const services = { ...state, fetchUrl, view: blind }
  const outbound = createEmbeddedOutbound({ name: 'lab', world, services })
  let events: BridgeEvent[] = []
  let changed = 0
  await outbound.start({
    event: (event) => void events.push(event),
    botsChanged: () => void changed++,
    dropped: () => {},
    loss: () => {},
    log: (_, text) => {
      throw new Error(text)
    },
  })
  return {
    world,
    outbound,
    services,
    clock,
    told() {
      const all = events
      events = []
      return all
    },
    changes: () => changed,
    call: <N extends ActionName>(name: N, params: unknown, bot = 10001) =>
      outbound.call<N>(bot as UserId, { name, params: params as Params<N> }),
  }
}

/** The kind with which a call is refused. */
export function refusal(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => value,
    (error: { kind?: string }) => error.kind ?? error,
  )
}
