// An outbound against a fake implementation, with everything that it reports written down.
import { afterEach, vi } from 'vitest'
import * as v from 'valibot'
import type { ActionName, ActionOf, Result } from '../../../src/core/action.ts'
import type { BridgeError } from '../../../src/core/error.ts'
import type { BridgeEvent, EventOf, EventType } from '../../../src/core/event.ts'
import type { Loss } from '../../../src/core/fidelity.ts'
import type { UserId } from '../../../src/core/ids.ts'
import type { CallOptions, Dropped, Outbound, OutboundServices, View } from '../../../src/core/ports.ts'
import { createOneBot11Outbound } from '../../../src/outbound/onebot11/index.ts'
import { OneBot11OutboundOptions } from '../../../src/outbound/onebot11/options.ts'
import { createState } from '../../../src/state/index.ts'
import { createListener, type Listener } from '../../../src/transport/http-server.ts'
import { createTurn } from '../../../src/transport/turn.ts'
import { FakeHttp } from './fake-http.ts'
import { FakeOneBot } from './fake-onebot.ts'
import { fetchUrl } from '../../support/fetch.ts'

export const bot = 10001 as UserId

const emptyView: View = {
  profile: () => undefined,
  friend: () => undefined,
  group: () => undefined,
  member: () => undefined,
  message: () => undefined,
}

export interface Rig {
  fake: FakeOneBot
  outbound: Outbound
  services: OutboundServices
  listener: Listener | undefined
  events: BridgeEvent[]
  losses: Loss[]
  logs: string[]
  dropped: Dropped[]
  call<N extends ActionName>(action: ActionOf<N>, options?: CallOptions): Promise<Result<N>>
  /** Resolves with the first event of a type that has not been taken yet. */
  next<T extends EventType>(type: T): Promise<EventOf<T>>
}

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

export interface SetUp {
  appName?: string
  options?: Partial<v.InferInput<typeof OneBot11OutboundOptions>>
  fake?: FakeOneBot
  /** Do not wait for the first attempt. */
  lazily?: boolean
}

/** Fast reconnects; everything else as configured. */
const quick = { firstMs: 20, maxMs: 40, refusedMs: 60 }

export async function setUpForward({ appName, options, fake, lazily }: SetUp = {}): Promise<Rig> {
  const server = fake ?? (await new FakeOneBot(appName).listen())
  return begin(server, { dialect: 'onebot11', ws: server.url, reconnect: quick, ...options }, undefined, lazily)
}

export async function setUpReverse({ appName, options }: SetUp = {}): Promise<
  Rig & { url: string; listener: Listener }
> {
  const listener = openListener()
  const given = { dialect: 'onebot11' as const, listen: '127.0.0.1:0', ...options }
  const rig = await begin(new FakeOneBot(appName), given, listener, false)
  await listener.listen()
  cleanUps.push(() => listener.close())
  return { ...rig, listener, url: `ws://127.0.0.1:${listener.port}/` }
}

/** HTTP API; `events`: how they come. */
export async function setUpHttp(
  events: 'webhook' | 'sse' | 'none',
  { appName, options, fake, lazily }: SetUp = {},
): Promise<Rig & { server: FakeHttp; hook: string }> {
  const server = await new FakeHttp(fake ?? new FakeOneBot(appName)).listen()
  cleanUps.push(() => server.close())
  const listener = events === 'webhook' ? openListener() : undefined
  const webhook = { listen: '127.0.0.1:0', path: '/hook', secret: 'signing key' }
  const given = {
    dialect: 'onebot11' as const,
    http: server.url,
    reconnect: quick,
    ...(events === 'webhook' && { webhook }),
    sse: events === 'sse',
    ...options,
  }
  const rig = await begin(server.fake, given, listener, lazily)
  if (listener) {
    await listener.listen()
    cleanUps.push(() => listener.close())
  }
  return { ...rig, server, hook: listener ? `http://127.0.0.1:${listener.port}/hook` : '' }
}

function openListener(): Listener {
  return createListener({
    host: '127.0.0.1',
    port: 0,
    turn: createTurn(() => {}),
    browser: { origins: [], hosts: [], secretRequired: false },
    onError: () => {},
  })
}

async function begin(
  fake: FakeOneBot,
  given: v.InferInput<typeof OneBot11OutboundOptions>,
  listener: Listener | undefined,
  lazily = false,
): Promise<Rig> {
  const turn = createTurn((error) => {
    throw error
  })
  const { messages, requests, media } = createState()
  const services = { messages, requests, media, fetchUrl, view: emptyView }
  const options = v.parse(OneBot11OutboundOptions, given)
  const outbound = createOneBot11Outbound({ name: 'back', options, services, turn, listener })
  const events: BridgeEvent[] = []
  const taken = new Set<BridgeEvent>()
  const losses: Loss[] = []
  const logs: string[] = []
  const dropped: Dropped[] = []
  const started = outbound.start({
    event: (event) => events.push(event),
    botsChanged: () => {},
    dropped: (what) => dropped.push(what),
    loss: (_bot, _direction, loss) => losses.push(loss),
    log: (level, text) => logs.push(`${level} ${text}`),
  })
  cleanUps.push(async () => {
    await outbound.close()
    await fake.close()
  })
  if (!lazily) await started
  return {
    fake,
    outbound,
    services,
    listener,
    events,
    losses,
    logs,
    dropped,
    call: (action, callOptions) => outbound.call(bot, action, callOptions),
    async next(type) {
      const event = await until(() => events.find((one) => one.type === type && !taken.has(one)))
      taken.add(event)
      return event as EventOf<typeof type>
    },
  }
}

/** Waits until the probe gives something. */
export function until<T>(probe: () => T | undefined | false): Promise<T> {
  return vi.waitFor(
    () => {
      const found = probe()
      if (found === undefined || found === false) throw new Error(`not yet: ${probe.toString()}`)
      return found
    },
    { interval: 3, timeout: 5000 },
  )
}

/** kind and certainty of a rejection. */
export async function errorOf(promise: Promise<unknown>): Promise<{ kind: string; certain: boolean }> {
  try {
    await promise
  } catch (error) {
    const { kind, certain } = error as BridgeError
    return { kind, certain }
  }
  throw new Error('it did not fail')
}

export const time = 1_700_000_000

export function groupMessage(members: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    self_id: 10001,
    user_id: 20001,
    time,
    message_id: 501,
    message_seq: 501,
    real_id: 501,
    real_seq: '77',
    message_type: 'group',
    sender: { user_id: 20001, nickname: '老船长', card: '船长', role: 'owner' },
    raw_message: '你好',
    font: 14,
    sub_type: 'normal',
    message: [{ type: 'text', data: { text: '你好' } }],
    message_format: 'array',
    post_type: 'message',
    group_id: 30001,
    ...members,
  }
}

export function privateMessage(members: Record<string, unknown> = {}): Record<string, unknown> {
  const { group_id: _group, ...rest } = groupMessage({
    message_type: 'private',
    sub_type: 'friend',
    sender: { user_id: 20001, nickname: '老船长', card: '' },
    ...members,
  })
  return 'group_id' in members ? { ...rest, group_id: members['group_id'] } : rest
}
