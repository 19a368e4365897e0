// Connections to servers of clients: one per configured address and account, kept for ever.
import type { UserId } from '../../core/ids.ts'
import type { InboundHost } from '../../core/ports.ts'
import { isLoopbackName } from '../../transport/browser.ts'
import type { Socket, SocketEvents } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { keepConnected, type Link } from '../../transport/ws-client.ts'
import type { Calls } from './calls.ts'
import type { Feed } from './feed.ts'
import { createFrameHandler } from './frames.ts'
import type { OneBot11InboundOptions, ReverseOptions } from './options.ts'

export interface ReverseWsOptions {
  host: InboundHost
  options: OneBot11InboundOptions
  calls: Calls
  feed: Feed
  turn: Turn
}

export interface ReverseWs {
  start(): void
  stop(): void
}

/** How often an account without its connection is looked for, milliseconds: its number must be known to connect. */
const lookMs = 1000

export function createReverseWs({ host, options, calls, feed, turn }: ReverseWsOptions): ReverseWs {
  const links = new Map<string, Link>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    options.reverse.forEach((target, index) => {
      for (const { bot } of host.bots()) {
        const key = `${index}/${bot}`
        if ((target.bot ?? bot) === bot && !links.has(key)) links.set(key, connect(target, bot))
      }
    })
  }

  function connect(target: ReverseOptions, bot: UserId): Link {
    const { host: place, hostname } = new URL(target.url)
    return keepConnected({
      url: target.url,
      headers: headersFor(target, bot, options.accessToken),
      turn,
      onOpen: (socket) => serve(socket, target, bot, isLoopbackName(hostname.replace(/^\[|\]$/g, ''))),
      onDown: (reason, retryInMs) => host.log('warn', `${place}: ${reason}, next attempt in ${retryInMs} ms`),
    })
  }

  function serve(socket: Socket, target: ReverseOptions, bot: UserId, loopback: boolean): SocketEvents {
    const leave = target.role === 'API' ? () => {} : feed.join(socket, bot)
    const handle = target.role === 'Event' ? () => {} : createFrameHandler(calls, socket, { way: 'ws', loopback, bot })
    return { message: handle, close: leave }
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
      for (const link of links.values()) link.close(1001, 'going away')
      links.clear()
    },
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
