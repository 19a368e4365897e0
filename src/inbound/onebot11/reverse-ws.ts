// Connections to servers of clients: one per configured address and account, kept for ever. What happens while the server is
// away is told when it is back.
import type { UserId } from '../../core/ids.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { InboundHost } from '../../core/ports.ts'
import { isLoopbackName } from '../../transport/browser.ts'
import { createOutbox } from '../../transport/outbox.ts'
import type { QueueMemory } from '../../transport/queue-memory.ts'
import type { Socket, SocketEvents, SocketLimits } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { keepConnected, type Link } from '../../transport/ws-client.ts'
import { announce } from './announce.ts'
import type { Calls, Caller } from './calls.ts'
import type { Feed } from './feed.ts'
import { createFrameHandler } from './frames.ts'
import type { OneBot11InboundOptions, ReverseOptions } from './options.ts'
import { outboxOf, settingsOf } from './settings.ts'

export interface ReverseWsOptions {
  host: InboundHost
  options: OneBot11InboundOptions
  calls: Calls
  feed: Feed
  turn: Turn
  socket: SocketLimits
  log: LimitedLog
  messageBytes?: number | undefined
  queues?: QueueMemory | undefined
}

export interface ReverseWs {
  start(): void
  stop(): void
}

/** How often an account without its connection is looked for, milliseconds: its number must be known to connect. */
const lookMs = 1000

export function createReverseWs(context: ReverseWsOptions): ReverseWs {
  const { host, options } = context
  const open = new Map<string, () => void>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const wanted = new Set<string>()
    options.reverse.forEach((target, index) => {
      for (const { bot } of host.bots()) {
        const key = `${index}/${bot}`
        if ((target.bot ?? bot) !== bot) continue
        wanted.add(key)
        if (!open.has(key)) open.set(key, connect(target, bot, context))
      }
    })
    for (const [key, close] of open) {
      if (wanted.has(key)) continue
      close()
      open.delete(key)
    }
  }

  return {
    start() {
      if (options.reverse.length === 0) return
      look()
      timer = setInterval(look, lookMs)
      timer.unref()
    },
    stop() {
      clearInterval(timer)
      for (const close of open.values()) close()
      open.clear()
    },
  }
}

/** Returns what ends it. */
function connect(
  target: ReverseOptions,
  bot: UserId,
  { host, options, calls, feed, turn, log, socket: limits, messageBytes, queues }: ReverseWsOptions,
): () => void {
  const { host: place, hostname } = new URL(target.url)
  const settings = settingsOf(target, options)
  const loopback = isLoopbackName(hostname.replace(/^\[|\]$/g, ''))
  const caller: Caller = { way: 'ws', loopback, peer: place, format: settings.messageFormat, bot, client: target }
  const hears = target.role !== 'API'
  const outbox = createOutbox(
    (count) => host.onLimit?.('outbox', place, `${count} of its events were dropped: it was away for too long`),
    outboxOf(options),
    queues?.of('outbox'),
  )
  let ended = false
  let leave = collect()

  /** Heartbeats tell nothing afterwards. */
  function collect(): () => void {
    const quiet = { ...settings, heartbeatMs: 0 }
    return hears
      ? feed.join({ place, waits: true, bot, settings: quiet, greets: false, send: (text) => outbox.send(text) })
      : () => {}
  }

  function serve(socket: Socket): SocketEvents {
    const farewell = announce(host, `reverse ws ${place}`, bot)
    leave()
    // The lifecycle frame goes ahead of what waited.
    let send = (text: string): void => socket.send(text)
    leave = hears ? feed.join({ place, bot, settings, greets: true, send: (text) => send(text) }) : () => {}
    outbox.connect(socket)
    send = (text) => outbox.send(text)
    return {
      message:
        target.role === 'Event'
          ? () => {}
          : createFrameHandler({ host, calls, socket, caller, most: options.callsPerConnection }),
      close(code) {
        farewell()
        leave()
        outbox.disconnect(socket, code)
        if (!ended) leave = collect()
        // Wrong account, wrong role or wrong token: clients say so after the handshake.
        if (code === 1008) link.refused()
      },
    }
  }

  const link: Link = keepConnected({
    url: target.url,
    headers: headersFor(target, bot, options.accessToken),
    limits,
    turn,
    onLimit: host.onLimit,
    account: queues?.of('socket'),
    ...(messageBytes !== undefined && { maxMessageBytes: messageBytes }),
    onOpen: serve,
    onDown: (reason, retryInMs) =>
      log('warn', `down ${place} ${reason}`, `${place}: ${reason}, next attempt in ${retryInMs} ms`),
  })
  return () => {
    ended = true
    link.close(1001, 'going away')
    leave()
    outbox.clear()
  }
}

function headersFor(target: ReverseOptions, bot: UserId, accessToken: string): Record<string, string> {
  const token = target.accessToken ?? accessToken
  return {
    'X-Self-ID': String(bot),
    'X-Client-Role': target.role,
    'User-Agent': 'OneBot/11',
    ...(token !== '' && { Authorization: `Bearer ${token}` }),
  }
}
