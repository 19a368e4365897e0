// Who hears an event: found once after each change, so that an event visits those who get it and nobody else. A thousand
// clients that listen to another channel cost 40 us an event otherwise.
import type { UserId } from '../../core/ids.ts'
import type { Packet } from './packet.ts'
import type { EventQueue } from './queue.ts'

/** Sockets that we opened have a channel each, which carries what `all` does. */
export type SocketChannel = 'message' | 'event' | 'all' | `reverse ${number}`

/** What a session knows of a socket. */
export interface SessionSocket {
  push(packet: Packet): void
  close(reason: string): void
  /** It vanished without a farewell; its place is kept for a while. */
  readonly away?: true
}

export interface Audience {
  /** By the name that a place has in traces. */
  readonly sockets: ReadonlyMap<string, readonly SessionSocket[]>
  /** Sessions over HTTP. */
  readonly queued: readonly QueuedSession[]
}

/** What a session is to those who tell it of events. */
interface Hearer {
  readonly bot: UserId | undefined
  /** Made by a 1.x client: it gets events and lists bare. */
  readonly v1: boolean
  /** Only sessions that were bound over HTTP have one. Set by `Sessions.fill`. */
  queue: EventQueue | undefined
  readonly sockets: ReadonlyMap<SocketChannel, SessionSocket>
}

export interface QueuedSession extends Hearer {
  queue: EventQueue
}

interface Audiences {
  of(bot: UserId, channel: 'message' | 'event'): Audience
  /** Sockets or queues of this bot came or went. */
  changed(bot: UserId | undefined): void
}

export function createAudiences(sessionsOf: (bot: UserId) => Iterable<Hearer>): Audiences {
  const known = { message: new Map<UserId, Audience>(), event: new Map<UserId, Audience>() }

  function find(bot: UserId, channel: 'message' | 'event'): Audience {
    const sockets = new Map<string, SessionSocket[]>()
    const queued: QueuedSession[] = []
    for (const session of sessionsOf(bot)) {
      if (hasQueue(session)) queued.push(session)
      for (const [name, socket] of session.sockets) {
        if (name !== channel && (name === 'message' || name === 'event')) continue
        const place = `ws /${name}`
        const there = sockets.get(place)
        if (there) there.push(socket)
        else sockets.set(place, [socket])
      }
    }
    return { sockets, queued }
  }

  return {
    of(bot, channel) {
      let audience = known[channel].get(bot)
      if (!audience) known[channel].set(bot, (audience = find(bot, channel)))
      return audience
    },
    changed(bot) {
      if (bot === undefined) return
      known.message.delete(bot)
      known.event.delete(bot)
    },
  }
}

function hasQueue(session: Hearer): session is QueuedSession {
  return session.queue !== undefined
}
