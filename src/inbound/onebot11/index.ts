// What OneBot 11 clients connect to: HTTP API, server-sent events and WebSocket on one port, and what connects or posts to
// the clients' own servers.
import { createLimitedLog } from '../../core/limited-log.ts'
import type { Inbound, InboundHost } from '../../core/ports.ts'
import { createFailureDelay } from '../../transport/failures.ts'
import type { Mount } from '../../transport/mount.ts'
import type { QueueMemory } from '../../transport/queue-memory.ts'
import { defaultSocketLimits, type SocketLimits } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { createCalls } from './calls.ts'
import { createFeed } from './feed.ts'
import { mountForwardWs } from './forward-ws.ts'
import { mountHttp } from './http.ts'
import type { OneBot11InboundOptions } from './options.ts'
import { createReverseWs } from './reverse-ws.ts'
import { createSeats } from './seats.ts'
import { outboxOf } from './settings.ts'
import { createEventStreams } from './sse.ts'
import { createTokenCheck } from './token.ts'
import { createWebhook } from './webhook.ts'

export interface OneBot11InboundContext {
  name: string
  options: OneBot11InboundOptions
  host: InboundHost
  /** undefined: only reverse connections and webhooks. */
  listener: Mount | undefined
  turn: Turn
  /** Of connections that the bridge opens. */
  socket?: SocketLimits
  /** Bytes of one message that comes over these. Default 64 MiB; beyond it close 1009. */
  messageBytes?: number
  /** Where what waits for clients is counted. */
  queues?: QueueMemory
}

export function createOneBot11Inbound(context: OneBot11InboundContext): Inbound {
  const { name, options, host, listener, turn, socket = defaultSocketLimits, messageBytes, queues } = context
  const calls = createCalls(host, options)
  const feed = createFeed(host)
  const check = createTokenCheck(options.accessToken)
  const failed = createFailureDelay(listener?.limits, host.onLimit)
  const log = createLimitedLog(host.log)
  const reverse = createReverseWs({ host, options, calls, feed, turn, log, socket, messageBytes, queues })
  const seats = createSeats({
    feed,
    limits: outboxOf(options),
    most: options.outbox.clients,
    onLimit: host.onLimit,
    queues,
  })
  const streams = createEventStreams({
    options,
    feed,
    turn,
    stalledMs: listener?.socketLimits.stalledMs,
    onLimit: host.onLimit,
    queues,
  })
  const webhooks = options.webhooks.map((target) => createWebhook({ target, options, host, calls, feed, log, queues }))
  if (listener) {
    mountHttp({ listener, host, options, calls, check, failed, log, stream: streams.open })
    mountForwardWs({ listener, options, calls, feed, seats, check, failed, host, log })
  }
  return {
    name,
    dialect: 'onebot11',
    async start() {
      feed.start()
      reverse.start()
      for (const webhook of webhooks) webhook.start()
    },
    push: feed.push,
    addresses: () => [
      ...(listener ? [`OneBot 11 HTTP and WebSocket: ${listener.address}`] : []),
      ...options.webhooks.map(({ url }) => `OneBot 11 HTTP POST: ${url.split('?', 1)[0]}`),
      ...options.reverse.map(({ url }) => `OneBot 11 reverse WebSocket: ${url.split('?', 1)[0]}`),
    ],
    async stop() {
      feed.stop()
      reverse.stop()
      seats.stop()
      streams.stop()
      for (const webhook of webhooks) webhook.stop()
    },
  }
}
