// Events on their way to clients: printed once, then handed to sessions and webhooks, commands after the message that ran them.
import type { BridgeEvent } from '../../core/event.ts'
import type { UserId } from '../../core/ids.ts'
import type { InboundHost } from '../../core/ports.ts'
import { sharedIn, type Share } from '../../core/share.ts'
import type { Segment } from '../../core/segment.ts'
import { printEvent } from '../../dialect/mirai/index.ts'
import { chainPrinting } from './ask.ts'
import type { Audience, QueuedSession, SessionSocket } from './audience.ts'
import type { Console } from './console.ts'
import type { Gate } from './gate.ts'
import type { MiraiInboundOptions } from './options.ts'
import { createPacket, frameHead, type Packet } from './packet.ts'

export interface Feed {
  push(event: BridgeEvent, share?: Share): void
}

export interface FeedSetup {
  options: MiraiInboundOptions
  host: InboundHost
  gate: Gate
  console: Console
  /** Receivers without a session; they get the events of every bot. */
  webhooks: { readonly size: number; push(bot: UserId, packet: Packet): void }
}

export function createFeed({ options, host, gate, console, webhooks }: FeedSetup): Feed {
  const shareKey = `mirai ${options.reservedSyncId}`
  const head = frameHead(options.reservedSyncId)
  const tooFull = `nobody reads its queue: the ${options.queueDrops} events go`

  function print(event: BridgeEvent): Packet | undefined {
    const printing = { view: host.view, ...chainPrinting(host, event.bot) }
    const printed = printEvent(prepare(event, printing.prepare), printing)
    return printed && createPacket(printed, head)
  }

  /** Nothing is printed for nobody. */
  function isHeard(event: BridgeEvent): boolean {
    if (webhooks.size > 0 || isForSomebody(gate.sessions.hearing(event.bot, 'message'))) return true
    return event.type !== 'message' && isForSomebody(gate.sessions.hearing(event.bot, 'event'))
  }

  function deliver(event: BridgeEvent, share?: Share): void {
    if (!isHeard(event)) return
    const packet = sharedIn(share, shareKey, () => print(event))
    if (!packet) return
    const { sockets, queued } = gate.sessions.hearing(event.bot, packet.channel)
    for (const [place, those] of sockets) for (const socket of those) send(packet, place, socket)
    if (queued.length > 0) keepAll(packet, event.bot, queued)
    webhooks.push(event.bot, packet)
    if (webhooks.size > 0) host.delivered?.('webhook', packet.text())
  }

  function send(packet: Packet, place: string, socket: SessionSocket): void {
    socket.push(packet)
    host.delivered?.(place, packet.text(), socket.away)
  }

  /** There may be many that nobody reads: nothing is put together for each. */
  function keepAll(packet: Packet, bot: UserId, sessions: readonly QueuedSession[]): void {
    const who = `a session of bot ${bot}`
    for (const { v1, queue } of sessions) {
      const event = packet.queued(v1)
      host.delivered?.('http session', event.text, true)
      if (!queue.add(event)) host.onLimit?.('queue', who, tooFull)
    }
  }

  return {
    push(event, share) {
      deliver(event, share)
      const command = event.type === 'message' ? console.match(event) : undefined
      if (!command) return
      console.tell(command)
      deliver(command)
    },
  }
}

function isForSomebody({ sockets, queued }: Audience): boolean {
  return sockets.size > 0 || queued.length > 0
}

type Prepare = ReturnType<typeof chainPrinting>['prepare']

/** What mirai has no element for becomes text before it is printed. */
function prepare(event: BridgeEvent, fit: Prepare): BridgeEvent {
  if (event.type === 'command') return { ...event, args: [...fit(event.args, event.peer)] }
  if (event.type !== 'message') return event
  const { message } = event
  const segments = fit(message.segments, message.peer) as Segment[]
  return segments === message.segments ? event : { ...event, message: { ...message, segments } }
}
