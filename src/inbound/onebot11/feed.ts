// Who listens to events: greets every connection for each of its accounts, then sends events and heartbeats.
import type { BridgeEvent } from '../../core/event.ts'
import type { UserId } from '../../core/ids.ts'
import type { InboundHost } from '../../core/ports.ts'
import { sharedIn, type Share } from '../../core/share.ts'
import { printHeartbeat, printLifecycle } from '../../dialect/onebot11/event-print.ts'
import { createEventTexts } from './event-texts.ts'
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
  /** By the milliseconds between two beats. */
  const beats = new Map<number, NodeJS.Timeout>()
  let greetings: NodeJS.Timeout | undefined
  let stopped = false

  /** Clients drop what comes before the lifecycle frame of an account, so that one is always sent first. */
  function greet(connection: Connection, bot: UserId): void {
    if (!connection.greets || connection.greeted.has(bot) || !isMeant(connection, bot)) return
    connection.greeted.add(bot)
    connection.send(JSON.stringify(printLifecycle(bot)), bot)
  }

  function greetAll(connection: Connection): void {
    for (const { bot } of host.bots()) greet(connection, bot)
  }

  function beat(intervalMs: number): void {
    const hearers = [...connections].filter(({ settings }) => settings.heartbeatMs === intervalMs)
    if (hearers.length === 0) return stopBeat(intervalMs)
    for (const status of host.bots()) {
      const { bot } = status
      const text = JSON.stringify(printHeartbeat(status, intervalMs))
      for (const connection of hearers) {
        if (!isMeant(connection, bot)) continue
        greet(connection, bot)
        connection.send(text, bot)
      }
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
      connections.add(connection)
      startBeat(listening.settings.heartbeatMs)
      greetAll(connection)
      return () => void connections.delete(connection)
    },
    push(event, share) {
      if (connections.size === 0) return
      const own = event.type === 'message' && event.origin === 'self'
      const texts = sharedIn(share, 'onebot11', () => createEventTexts(event, host))
      for (const connection of connections) {
        const { settings } = connection
        if (!isMeant(connection, event.bot) || (own && !settings.reportSelf)) continue
        const text = texts.in(settings.messageFormat)
        if (text === undefined) return
        greet(connection, event.bot)
        connection.send(text, event.bot)
        host.delivered?.(connection.place, text, connection.waits)
      }
    },
    start() {
      greetings = setInterval(() => connections.forEach(greetAll), greetingMs).unref()
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
