// Who listens to events: greets every connection for each of its accounts, then sends events and heartbeats.
import type { BridgeEvent } from '../../core/event.ts'
import type { UserId } from '../../core/ids.ts'
import type { InboundHost } from '../../core/ports.ts'
import { sharedIn, type Share } from '../../core/share.ts'
import { printHeartbeat, printLifecycle } from '../../dialect/onebot11/event-print.ts'
import { createEventTexts, type EventTexts } from './event-texts.ts'
import type { Settings } from './settings.ts'

export interface Listening {
  /** Who it is, for traces. */
  place: string
  /** It is away: what is sent is kept for it. */
  waits?: boolean
  /** undefined: all accounts. */
  bot: UserId | undefined
  settings: Settings
  /** Whether a lifecycle event opens it. */
  greets: boolean
  send(text: string, bot: UserId): void
}

export interface Feed {
  /** Sends the first frames at once. Returns what ends it. */
  join(listening: Listening): () => void
  push(event: BridgeEvent, share?: Share): void
  start(): void
  stop(): void
}

interface Connection extends Listening {
  /** Accounts whose lifecycle frame was sent. */
  greeted: Set<UserId>
}

/** How often an account that appeared later is looked for, milliseconds. */
const greetingMs = 1000

export function createFeed(host: InboundHost): Feed {
  const connections = new Set<Connection>()
  /** By the account that they hear; undefined: all. An account of hundreds has few of a thousand connections. */
  const hearers = new Map<UserId | undefined, Set<Connection>>()
  /** By the milliseconds between two beats. */
  const beats = new Map<number, NodeJS.Timeout>()
  let greetings: NodeJS.Timeout | undefined
  let stopped = false

  function* hearersOf(bot: UserId): Iterable<Connection> {
    yield* hearers.get(bot) ?? []
    yield* hearers.get(undefined) ?? []
  }

  function add(connection: Connection): void {
    connections.add(connection)
    const others = hearers.get(connection.bot)
    if (others) others.add(connection)
    else hearers.set(connection.bot, new Set([connection]))
  }

  function remove(connection: Connection): void {
    connections.delete(connection)
    const others = hearers.get(connection.bot)
    others?.delete(connection)
    if (others?.size === 0) hearers.delete(connection.bot)
  }

  /** Clients drop what comes before the lifecycle frame of an account, so that one is always sent first. */
  function greet(connection: Connection, bot: UserId): void {
    if (!connection.greets || connection.greeted.has(bot)) return
    connection.greeted.add(bot)
    connection.send(JSON.stringify(printLifecycle(bot)), bot)
  }

  function greetAll(): void {
    if (connections.size === 0) return
    for (const { bot } of host.bots()) for (const connection of hearersOf(bot)) greet(connection, bot)
  }

  function beat(intervalMs: number): void {
    if (![...connections].some(({ settings }) => settings.heartbeatMs === intervalMs)) return stopBeat(intervalMs)
    for (const status of host.bots()) {
      const { bot } = status
      const text = JSON.stringify(printHeartbeat(status, intervalMs))
      for (const connection of hearersOf(bot)) {
        if (connection.settings.heartbeatMs !== intervalMs) continue
        greet(connection, bot)
        connection.send(text, bot)
      }
    }
  }

  function tell(event: BridgeEvent, texts: EventTexts, to: ReadonlySet<Connection> | undefined): void {
    if (!to) return
    const own = event.type === 'message' && event.origin === 'self'
    for (const connection of to) {
      const { settings } = connection
      if (own && !settings.reportSelf) continue
      const text = texts.in(settings.messageFormat)
      if (text === undefined) return
      greet(connection, event.bot)
      connection.send(text, event.bot)
      host.delivered?.(connection.place, text, connection.waits)
    }
  }

  function startBeat(intervalMs: number): void {
    if (intervalMs <= 0 || stopped || beats.has(intervalMs)) return
    beats.set(intervalMs, setInterval(beat, intervalMs, intervalMs).unref())
  }

  function stopBeat(intervalMs: number): void {
    clearInterval(beats.get(intervalMs))
    beats.delete(intervalMs)
  }

  return {
    join(listening) {
      const connection: Connection = { ...listening, greeted: new Set() }
      add(connection)
      startBeat(listening.settings.heartbeatMs)
      for (const { bot } of host.bots()) if (isMeant(connection, bot)) greet(connection, bot)
      return () => remove(connection)
    },
    push(event, share) {
      if (connections.size === 0) return
      const texts = sharedIn(share, 'onebot11', () => createEventTexts(event, host))
      tell(event, texts, hearers.get(event.bot))
      tell(event, texts, hearers.get(undefined))
    },
    start() {
      greetings = setInterval(greetAll, greetingMs).unref()
    },
    stop() {
      stopped = true
      clearInterval(greetings)
      for (const intervalMs of beats.keys()) stopBeat(intervalMs)
    },
  }
}

function isMeant(connection: Connection, bot: UserId): boolean {
  return connection.bot === undefined || connection.bot === bot
}
