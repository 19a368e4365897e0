// Who listens to events: greets every connection for each of its accounts, then sends events and heartbeats.
import type { BridgeEvent } from '../../core/event.ts'
import type { UserId } from '../../core/ids.ts'
import type { InboundHost } from '../../core/ports.ts'
import { eventLoss, printEvent, printHeartbeat, printLifecycle } from '../../dialect/onebot11/event-print.ts'
import { prepareSegments } from '../../translate/prepare.ts'
import type { Socket } from '../../transport/socket.ts'
import type { OneBot11InboundOptions } from './options.ts'

export interface Feed {
  /** `bot` undefined: all accounts. Sends the first frames at once. Returns what ends it. */
  join(socket: Socket, bot: UserId | undefined): () => void
  push(event: BridgeEvent): void
  start(): void
  stop(): void
}

interface Listening {
  socket: Socket
  bot: UserId | undefined
  /** Accounts whose lifecycle frame was sent. */
  greeted: Set<UserId>
}

/** How often an account that appeared later is looked for, milliseconds. */
const greetingMs = 1000

export function createFeed(host: InboundHost, options: OneBot11InboundOptions): Feed {
  const listening = new Set<Listening>()
  let timers: NodeJS.Timeout[] = []

  /** Clients drop what comes before the lifecycle frame of an account, so that one is always sent first. */
  function greet(connection: Listening, bot: UserId): void {
    if (connection.greeted.has(bot) || (connection.bot !== undefined && connection.bot !== bot)) return
    connection.greeted.add(bot)
    connection.socket.send(JSON.stringify(printLifecycle(bot)))
  }

  function greetAll(connection: Listening): void {
    for (const { bot } of host.bots()) greet(connection, bot)
  }

  function send(bot: UserId, text: string): void {
    for (const connection of listening) {
      if (connection.bot !== undefined && connection.bot !== bot) continue
      greet(connection, bot)
      connection.socket.send(text)
    }
  }

  function beat(): void {
    if (listening.size === 0) return
    for (const { bot, online } of host.bots()) {
      send(bot, JSON.stringify(printHeartbeat(bot, online, options.heartbeatMs)))
    }
  }

  return {
    join(socket, bot) {
      const connection: Listening = { socket, bot, greeted: new Set() }
      listening.add(connection)
      greetAll(connection)
      return () => void listening.delete(connection)
    },
    push(event) {
      if (listening.size === 0) return
      if (event.type === 'message' && event.origin === 'self' && !options.reportSelf) return
      const text = toText(event, host, options)
      if (text !== undefined) send(event.bot, text)
    },
    start() {
      timers = [setInterval(() => listening.forEach(greetAll), greetingMs)]
      if (options.heartbeatMs > 0) timers.push(setInterval(beat, options.heartbeatMs))
      for (const timer of timers) timer.unref()
    },
    stop() {
      timers.forEach(clearInterval)
      timers = []
    },
  }
}

/** Printed once for all connections. */
function toText(event: BridgeEvent, host: InboundHost, options: OneBot11InboundOptions): string | undefined {
  const wire = printEvent(fit(event, host), { view: host.view, format: options.messageFormat })
  if (wire) return JSON.stringify(wire)
  const loss = eventLoss(event)
  if (loss) host.loss(event.bot, 'out', loss)
  return undefined
}

function fit(event: BridgeEvent, host: InboundHost): BridgeEvent {
  if (event.type !== 'message') return event
  const { message } = event
  const { segments, losses } = prepareSegments(message.segments, {
    dialect: 'onebot11',
    way: 'event',
    peer: message.peer,
  })
  for (const loss of losses) host.loss(event.bot, 'out', loss)
  return segments === message.segments ? event : { ...event, message: { ...message, segments } }
}
