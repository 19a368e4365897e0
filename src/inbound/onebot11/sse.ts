// Server-sent events: GET /_events, the data of each event one OneBot event.
import type { OnLimit } from '../../core/limit.ts'
import { toUserId } from '../../core/read.ts'
import type { HttpContext } from '../../transport/mount.ts'
import { createEventStream } from '../../transport/sse-server.ts'
import type { QueueMemory } from '../../transport/queue-memory.ts'
import type { Turn } from '../../transport/turn.ts'
import type { Feed } from './feed.ts'
import type { OneBot11InboundOptions } from './options.ts'
import { clientOf } from './seats.ts'
import { createReaders } from './sse-readers.ts'
import { outboxOf, settingsOf, slownessOf } from './settings.ts'

export interface EventStreamsOptions {
  options: OneBot11InboundOptions
  feed: Feed
  turn: Turn
  /** Milliseconds that a reader may take nothing. */
  stalledMs: number | undefined
  onLimit: OnLimit | undefined
  queues?: QueueMemory | undefined
}

export interface EventStreams {
  /** For a peer that has shown the token. */
  open(c: HttpContext, query: URLSearchParams): Response
  stop(): void
}

export function createEventStreams({
  options,
  feed,
  turn,
  stalledMs,
  onLimit,
  queues,
}: EventStreamsOptions): EventStreams {
  const settings = settingsOf(options.sse, options)
  const open = new Set<() => void>()
  const readers = createReaders({
    feed,
    limits: outboxOf(options),
    most: options.outbox.clients,
    onLimit,
    account: queues?.of('outbox'),
  })

  return {
    open(c, query) {
      // Nobody would ever read the body of an answer to HEAD.
      if (c.req.method !== 'GET') return c.body(null, 405, { allow: 'GET' })
      const only = c.req.param('bot')
      const bot = toUserId(only ?? c.env.incoming.headers['x-self-id'] ?? query.get('self_id'))
      if (only !== undefined && bot === undefined) return c.body(null, 404)
      const { headers } = c.env.incoming
      const client = clientOf(headers, query)
      const lastEventId = [headers['last-event-id'] ?? query.get('last_event_id') ?? undefined].flat()[0]
      const remote = c.env.incoming.socket.remoteAddress ?? ''
      const { response, close } = createEventStream({
        turn,
        stalledMs,
        onDrop: (count) => onLimit?.('outbox', remote, `${count} events were dropped: it reads too slowly`),
        onStalled() {
          onLimit?.('stalledMs', remote, 'it takes no events: it is cut')
          c.env.outgoing.destroy()
        },
        limits: slownessOf(options),
        account: queues?.of('stream'),
        accept(send) {
          const hearing = { place: `sse ${remote}`, bot, settings }
          const leave =
            client === undefined
              ? feed.join({ ...hearing, greets: true, send: (text) => send(text) })
              : readers.open({ client, hearing, lastEventId, send, close: () => close() })
          return () => {
            open.delete(close)
            leave()
          }
        },
      })
      open.add(close)
      return response
    },
    stop() {
      for (const close of open) close()
      readers.stop()
    },
  }
}
