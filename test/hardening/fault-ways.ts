// By which ways a backend of a fault script can be reached, and a bridge before each of them.
import { createHmac } from 'node:crypto'
import type { ConfigInput } from '../../src/config.ts'
import { accessToken, startBridge, verifyKey, type RunningBridge } from '../support/bridge.ts'
import { until } from '../support/until.ts'
import { FaultBackend } from './fault-backend.ts'
import { callTimeoutMs } from './fault-steps.ts'
import { account, toEvent, type Dialect } from './fault-wire.ts'

type Backend = ConfigInput['backends'][string]

export const backendKey = 'canary-key-of-the-backend'
const webhook = { listen: '127.0.0.1:0', path: '/events' }
/** Bytes of one answer. */
export const answerBytes = 256 * 1024
const common = { callTimeoutMs, reconnect: { firstMs: 20, maxMs: 40, refusedMs: 40 }, answerBytes }
const onebot = { dialect: 'onebot11', accessToken: backendKey, ...common } as const
const mirai = { dialect: 'mirai', verifyKey: backendKey, pollMs: 20, ...common } as const

interface Way {
  dialect: Dialect
  isSocket: boolean
  config(port: number): Backend
  /** The backend comes to this port of the bridge. */
  dial?(backend: FaultBackend, port: number): void
  /** Hands an event over where nothing that stands carries it. */
  post?(port: number, text: string): Promise<unknown>
}

export const ways: Record<string, Way> = {
  'OneBot ws': {
    dialect: 'onebot11',
    isSocket: true,
    config: (port) => ({ ...onebot, ws: `ws://127.0.0.1:${port}` }),
  },
  'OneBot reverse ws': {
    dialect: 'onebot11',
    isSocket: true,
    config: () => ({ ...onebot, listen: '127.0.0.1:0' }),
    dial: (backend, port) =>
      backend.dial(`ws://127.0.0.1:${port}/`, {
        'x-self-id': String(account),
        'x-client-role': 'Universal',
        authorization: `Bearer ${backendKey}`,
      }),
  },
  'OneBot http and webhook': {
    dialect: 'onebot11',
    isSocket: false,
    config: (port) => ({ ...onebot, http: `http://127.0.0.1:${port}`, webhook: { ...webhook, secret: backendKey } }),
    post: postEvent,
  },
  'OneBot http and SSE': {
    dialect: 'onebot11',
    isSocket: false,
    config: (port) => ({ ...onebot, http: `http://127.0.0.1:${port}`, sse: true }),
  },
  'mah ws': {
    dialect: 'mirai',
    isSocket: true,
    config: (port) => ({ ...mirai, bots: [account], ws: `ws://127.0.0.1:${port}` }),
  },
  'mah reverse ws': {
    dialect: 'mirai',
    isSocket: true,
    config: () => ({ ...mirai, bots: [account], listen: '127.0.0.1:0', token: backendKey }),
    dial: (backend, port) => backend.dial(`ws://127.0.0.1:${port}/`, { authorization: `Bearer ${backendKey}` }),
  },
  'mah http': {
    dialect: 'mirai',
    isSocket: false,
    config: (port) => ({ ...mirai, bots: [account], http: `http://127.0.0.1:${port}` }),
  },
}

async function postEvent(port: number, text: string): Promise<unknown> {
  const body = JSON.stringify(toEvent('onebot11', text))
  const signature = `sha1=${createHmac('sha1', backendKey).update(body).digest('hex')}`
  const headers = { 'content-type': 'application/json', 'x-self-id': String(account), 'x-signature': signature }
  const response = await fetch(`http://127.0.0.1:${port}/events`, { method: 'POST', body, headers })
  return response.arrayBuffer()
}

export interface Stand {
  backend: FaultBackend
  bridge: RunningBridge
  /** Of the inbound that has the embedded world behind it. */
  sidePort: number
  isSocket: boolean
  isOnline(): boolean
  say(text: string): Promise<unknown>
  close(): Promise<void>
}

/** `timeoutMs`: instead of the short one of these tests. */
export async function stand(name: string, timeoutMs = callTimeoutMs): Promise<Stand> {
  const way = ways[name] as Way
  const backend = new FaultBackend(way.dialect)
  if (!way.dial) await backend.listen()
  const bridge = await startBridge({
    backends: {
      far: { ...way.config(backend.port), callTimeoutMs: timeoutMs } as Backend,
      lab: { dialect: 'embedded' },
    },
    inbounds: {
      mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey },
      onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken },
      side: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken },
    },
    routes: [
      { from: 'mirai', to: 'far' },
      { from: 'onebot', to: 'far' },
      { from: 'side', to: 'lab' },
    ],
    limits: { messageBytes: answerBytes },
    enrichDeadlineMs: 50,
  })
  const { 'backends.far': port = 0, side: sidePort = 0 } = bridge.ports()
  way.dial?.(backend, port)
  const isOnline = (): boolean =>
    bridge.backends().some((one) => one.name === 'far' && one.bots.some(({ online }) => online))
  await until(isOnline, `${name} on line`)
  return {
    backend,
    bridge,
    sidePort,
    isSocket: way.isSocket,
    isOnline,
    say: async (text) => (way.post ? way.post(port, text) : backend.say(text)),
    async close() {
      await bridge.stop()
      await backend.close()
    },
  }
}
