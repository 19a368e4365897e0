// Clients of the listener that say who they are: a new connection of the same client takes over from the one before, and what
// happens while there is none is told when it is back.
import type { IncomingHttpHeaders } from 'node:http'
import type { OnLimit } from '../../core/limit.ts'
import type { BacklogLimits } from '../../transport/backlog.ts'
import { createOutbox, type Outbox } from '../../transport/outbox.ts'
import type { QueueMemory } from '../../transport/queue-memory.ts'
import type { Socket } from '../../transport/socket.ts'
import { createAway } from './away.ts'
import type { Feed, Listening } from './feed.ts'

export interface SeatsOptions {
  feed: Feed
  limits: BacklogLimits
  /** Clients that are waited for. */
  most: number
  onLimit: OnLimit | undefined
  queues?: QueueMemory | undefined
}

export interface Seats {
  /** Returns what to call when the socket has ended. */
  take(client: string, socket: Socket, hearing: Omit<Listening, 'send' | 'waits' | 'greets'>): (code: number) => void
  stop(): void
}

interface Seat {
  outbox: Outbox
  socket: Socket
  leave: () => void
}

export function createSeats({ feed, limits, most, onLimit, queues }: SeatsOptions): Seats {
  const seats = new Map<string, Seat>()
  const account = queues?.of('outbox')
  const away = createAway({ ageMs: limits.ageMs, most, giveUp })

  function giveUp(key: string): void {
    seats.get(key)?.leave()
    seats.get(key)?.outbox.clear()
    seats.delete(key)
  }

  function outboxOf(client: string): Outbox {
    const tell = (count: number): void =>
      onLimit?.('outbox', `client ${client}`, `${count} events were dropped: it was away for too long`)
    return createOutbox(tell, limits, account)
  }

  return {
    take(client, socket, hearing) {
      const key = JSON.stringify([client, hearing.bot, hearing.place])
      const before = seats.get(key)
      before?.leave()
      away.forget(key)
      const outbox = before?.outbox ?? outboxOf(client)
      // The lifecycle frame goes ahead of what waited.
      let send = (text: string): void => socket.send(text)
      const leave = feed.join({ ...hearing, greets: true, send: (text) => send(text) })
      outbox.connect(socket)
      send = (text) => outbox.send(text)
      before?.socket.close(1000, 'another connection of this client took over')
      const seat: Seat = { outbox, socket, leave }
      seats.set(key, seat)
      return (code) => {
        outbox.disconnect(socket, code)
        if (seats.get(key) !== seat) return
        seat.leave()
        if (limits.ageMs === 0) return giveUp(key)
        const settings = { ...hearing.settings, heartbeatMs: 0 }
        seat.leave = feed.join({ ...hearing, settings, greets: false, waits: true, send: (text) => outbox.send(text) })
        away.left(key)
      }
    },
    stop() {
      for (const key of seats.keys()) {
        away.forget(key)
        giveUp(key)
      }
    },
  }
}

/** By header `X-Client-ID` or parameter `client_id`: up to 100 characters. undefined: it does not say. */
export function clientOf(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const said = [headers['x-client-id'] ?? query.get('client_id') ?? ''].flat()[0] ?? ''
  return said === '' || said.length > 100 ? undefined : said
}
