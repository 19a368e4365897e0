// Sessions: made by /verify or by a socket, bound to one bot, alive while something refers to them.
import { randomBytes } from 'node:crypto'
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { OnLimit } from '../../core/limit.ts'
import type { BacklogLimits } from '../../transport/backlog.ts'
import { createOutbox, type Outbox } from '../../transport/outbox.ts'
import type { QueueMemory } from '../../transport/queue-memory.ts'
import type { MiraiLimits } from './options.ts'
import { createAudiences, type Audience, type SessionSocket, type SocketChannel } from './audience.ts'
import type { EventQueue } from './queue.ts'

export interface Session {
  readonly key: string
  /** undefined: verified, but not bound. */
  bot: UserId | undefined
  /** Made by a 1.x client: it gets events and lists bare. */
  readonly v1: boolean
  /** /bind counts one, each socket one. At 0 the session ends. */
  references: number
  /** Only sessions that were bound over HTTP have one. Set by `Sessions.fill`. */
  queue: EventQueue | undefined
  readonly sockets: Map<SocketChannel, SessionSocket>
  /** What each channel is told, also while its socket is away. */
  readonly outboxes: Map<SocketChannel, Outbox>
  /** Unix milliseconds of the last call. */
  usedAt: number
}

export interface Sessions {
  readonly size: number
  /** A new unbound session. */
  open(v1?: boolean): Session
  /** Throws `noSession`. Counts as use. */
  get(key: string | undefined): Session
  find(key: string | undefined): Session | undefined
  bind(session: Session, bot: UserId): void
  /** Adds a socket; an older one on the same channel is closed. Returns what it is to be told through. */
  join(session: Session, channel: SocketChannel, socket: SessionSocket): Outbox
  leave(session: Session, channel: SocketChannel, socket: SessionSocket): void
  /** Like `leave`, but the session waits for the client to come back, and keeps its events. */
  lose(session: Session, channel: SocketChannel, socket: SessionSocket): void
  /** Takes the reference of /bind back. */
  release(session: Session): void
  /** Ends it for everybody. */
  end(session: Session): void
  /** From now on its events are kept there, or nowhere. */
  fill(session: Session, queue: EventQueue | undefined): void
  /** Who hears the events of a bot that go over this channel. */
  hearing(bot: UserId, channel: 'message' | 'event'): Audience
  close(): void
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** 24 characters of [A-Za-z0-9]: 142 random bits. mah has 8, which can be guessed. */
function createSessionKey(): string {
  let key = ''
  while (key.length < 24) {
    // Of a byte only what is evenly spread: 248 is four times 62.
    for (const byte of randomBytes(32)) if (byte < 248 && key.length < 24) key += alphabet[byte % alphabet.length]
  }
  return key
}

interface SessionsOptions {
  onLimit?: OnLimit | undefined
  queues?: QueueMemory | undefined
}

const sweepMs = 5000

export function createSessions(limits: MiraiLimits, { onLimit, queues }: SessionsOptions = {}): Sessions {
  const byKey = new Map<string, Session>()
  const byBot = new Map<UserId, Set<Session>>()
  const audiences = createAudiences((bot) => byBot.get(bot) ?? [])
  const outboxLimits: BacklogLimits = {
    items: limits.outboxEvents,
    bytes: limits.outboxBytes,
    ageMs: limits.outboxSeconds * 1000,
  }
  const account = queues?.of('outbox')
  const timer = setInterval(sweep, sweepMs)
  timer.unref()

  function isExpired(session: Session, now: number): boolean {
    const seconds = session.bot === undefined ? limits.unboundSeconds : limits.idleSeconds
    return session.sockets.size === 0 && now - session.usedAt > seconds * 1000
  }

  function sweep(): void {
    const now = Date.now()
    for (const session of byKey.values()) if (isExpired(session, now)) end(session)
  }

  function end(session: Session): void {
    byKey.delete(session.key)
    session.queue?.clear()
    session.queue = undefined
    const peers = session.bot === undefined ? undefined : byBot.get(session.bot)
    peers?.delete(session)
    if (peers?.size === 0 && session.bot !== undefined) byBot.delete(session.bot)
    for (const socket of session.sockets.values()) socket.close('session ended')
    session.sockets.clear()
    audiences.changed(session.bot)
    for (const outbox of session.outboxes.values()) outbox.clear()
    session.outboxes.clear()
  }

  function makeRoom(): void {
    while (byKey.size >= limits.sessions) {
      let oldest: Session | undefined
      for (const session of byKey.values()) {
        if (!hasSocket(session) && (!oldest || session.usedAt < oldest.usedAt)) oldest = session
      }
      const text = `there are ${limits.sessions} sessions`
      if (!oldest) throw new BridgeError('busy', `${text} with open sockets`, { limit: 'sessions' })
      onLimit?.('sessions', '', `${text}: the one that was idle longest ends`)
      end(oldest)
    }
  }

  function find(key: string | undefined): Session | undefined {
    const session = key === undefined ? undefined : byKey.get(key)
    if (!session) return undefined
    const now = Date.now()
    if (isExpired(session, now)) {
      end(session)
      return undefined
    }
    session.usedAt = now
    return session
  }

  function leave(session: Session, channel: SocketChannel, socket: SessionSocket): void {
    if (byKey.get(session.key) !== session) return
    if (session.sockets.get(channel) === socket) {
      session.sockets.delete(channel)
      session.outboxes.get(channel)?.clear()
      session.outboxes.delete(channel)
      audiences.changed(session.bot)
    }
    unrefer(session)
  }

  /** The reference of the lost socket is this one's now. */
  function keepPlace(session: Session, channel: SocketChannel): void {
    const outbox = session.outboxes.get(channel)
    const place: SessionSocket = {
      away: true,
      push: (packet) => outbox?.send(session.v1 ? packet.v1() : packet.frame()),
      close() {
        clearTimeout(timer)
        leave(session, channel, place)
      },
    }
    const timer = setTimeout(place.close, outboxLimits.ageMs, '').unref()
    session.sockets.set(channel, place)
    audiences.changed(session.bot)
  }

  function tellDropped({ bot }: Session, count: number): void {
    onLimit?.('outbox', `a session of bot ${bot}`, `${count} events were dropped: it was away for too long`)
  }

  function fill(session: Session, queue: EventQueue | undefined): void {
    session.queue?.clear()
    session.queue = queue
    audiences.changed(session.bot)
  }

  function unrefer(session: Session): void {
    session.references--
    session.usedAt = Date.now()
    if (session.references <= 0) end(session)
  }

  return {
    get size() {
      return byKey.size
    },
    open(v1 = false) {
      makeRoom()
      const session: Session = {
        key: createSessionKey(),
        v1,
        bot: undefined,
        references: 0,
        queue: undefined,
        sockets: new Map(),
        outboxes: new Map(),
        usedAt: Date.now(),
      }
      byKey.set(session.key, session)
      return session
    },
    get(key) {
      const session = find(key)
      if (!session) throw new BridgeError('noSession', 'no such session')
      return session
    },
    find,
    bind(session, bot) {
      session.bot = bot
      const peers = byBot.get(bot)
      if (peers) peers.add(session)
      else byBot.set(bot, new Set([session]))
      audiences.changed(bot)
    },
    join(session, channel, socket) {
      const older = session.sockets.get(channel)
      session.sockets.set(channel, socket)
      audiences.changed(session.bot)
      session.references++
      const outbox =
        session.outboxes.get(channel) ?? createOutbox((count) => tellDropped(session, count), outboxLimits, account)
      session.outboxes.set(channel, outbox)
      older?.close('another socket took this channel of the session')
      return outbox
    },
    leave,
    lose(session, channel, socket) {
      const isCurrent = byKey.get(session.key) === session && session.sockets.get(channel) === socket
      if (isCurrent && outboxLimits.ageMs > 0) keepPlace(session, channel)
      else leave(session, channel, socket)
    },
    release(session) {
      fill(session, undefined)
      unrefer(session)
    },
    end,
    fill,
    hearing: audiences.of,
    close() {
      clearInterval(timer)
      for (const session of byKey.values()) end(session)
    },
  }
}

function hasSocket({ sockets }: Session): boolean {
  for (const socket of sockets.values()) if (!socket.away) return true
  return false
}
