// Events on their way to clients: printed once, then handed to sessions and webhooks, commands after the message that ran them.
import type { BridgeEvent } from '../../core/event.ts'
import type { UserId } from '../../core/ids.ts'
import type { InboundHost } from '../../core/ports.ts'
import { sharedIn, type Share } from '../../core/share.ts'
import type { Segment } from '../../core/segment.ts'
import { printEvent } from '../../dialect/mirai/index.ts'
import { chainPrinting } from './ask.ts'
import type { Console } from './console.ts'
import type { Gate } from './gate.ts'
import type { MiraiInboundOptions } from './options.ts'
import { createPacket, type Packet } from './packet.ts'
import type { Session } from './session.ts'

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

  function print(event: BridgeEvent): Packet | undefined {
    const printing = { view: host.view, ...chainPrinting(host, event.bot) }
    const printed = printEvent(prepare(event, printing.prepare), printing)
    return printed && createPacket(printed, options.reservedSyncId)
  }

  function deliver(event: BridgeEvent, share?: Share): void {
    const sessions = [...gate.sessions.of(event.bot)]
    if (sessions.length === 0 && webhooks.size === 0) return
    const packet = sharedIn(share, shareKey, () => print(event))
    if (!packet) return
    for (const session of sessions) hand(packet, session)
    webhooks.push(event.bot, packet)
    if (webhooks.size > 0) host.delivered?.('webhook', packet.text())
  }

  function hand(packet: Packet, session: Session): void {
    for (const [channel, socket] of session.sockets) {
      if (channel !== packet.channel && (channel === 'message' || channel === 'event')) continue
      socket.push(packet)
      host.delivered?.(`ws /${channel}`, packet.text(), socket.away)
    }
    if (!session.queue) return
    const text = session.v1 ? packet.v1() : packet.text()
    host.delivered?.('http session', text, true)
    if (!session.queue.add(text)) reportFull(session)
  }

  function reportFull(session: Session): void {
    host.onLimit?.(
      'queue',
      `a session of bot ${session.bot}`,
      `nobody reads its queue: the ${options.queueDrops} events go`,
    )
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

type Prepare = ReturnType<typeof chainPrinting>['prepare']

/** What mirai has no element for becomes text before it is printed. */
function prepare(event: BridgeEvent, fit: Prepare): BridgeEvent {
  if (event.type === 'command') return { ...event, args: [...fit(event.args, event.peer)] }
  if (event.type !== 'message') return event
  const { message } = event
  const segments = fit(message.segments, message.peer) as Segment[]
  return segments === message.segments ? event : { ...event, message: { ...message, segments } }
}
