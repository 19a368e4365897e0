// What OneBot 11 clients connect to: HTTP API and WebSocket on one port, and connections to the clients' own servers.
import type { Inbound, InboundHost } from '../../core/ports.ts'
import type { Listener } from '../../transport/http-server.ts'
import type { Turn } from '../../transport/turn.ts'
import { createCalls } from './calls.ts'
import { createFeed } from './feed.ts'
import { mountForwardWs } from './forward-ws.ts'
import { mountHttp } from './http.ts'
import type { OneBot11InboundOptions } from './options.ts'
import { createReverseWs } from './reverse-ws.ts'
import { createTokenCheck } from './token.ts'

export interface OneBot11InboundContext {
  name: string
  options: OneBot11InboundOptions
  host: InboundHost
  /** undefined: only reverse connections. */
  listener: Listener | undefined
  turn: Turn
}

export function createOneBot11Inbound({ name, options, host, listener, turn }: OneBot11InboundContext): Inbound {
  const calls = createCalls(host, options)
  const feed = createFeed(host, options)
  const check = createTokenCheck(options.accessToken)
  const reverse = createReverseWs({ host, options, calls, feed, turn })
  if (listener) {
    mountHttp({ listener, host, options, calls, check })
    mountForwardWs({ listener, options, calls, feed, check })
  }
  return {
    name,
    dialect: 'onebot11',
    async start() {
      feed.start()
      reverse.start()
    },
    push: feed.push,
    addresses: () => [
      ...(listener ? [`OneBot 11 HTTP and WebSocket: ${toAddress(listener)}`] : []),
      ...options.reverse.map(({ url }) => `OneBot 11 reverse WebSocket: ${url.split('?', 1)[0]}`),
    ],
    async stop() {
      feed.stop()
      reverse.stop()
    },
  }
}

function toAddress({ host, port }: Listener): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
