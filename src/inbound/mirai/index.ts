// What a mirai-api-http client connects to: the http and ws adapters on one listener, sessions and queues behind them.
import type { BridgeEvent } from '../../core/event.ts'
import type { Inbound, InboundHost } from '../../core/ports.ts'
import type { Segment } from '../../core/segment.ts'
import { printEvent } from '../../dialect/mirai/index.ts'
import type { Listener } from '../../transport/http-server.ts'
import type { Turn } from '../../transport/turn.ts'
import { chainPrinting } from './ask.ts'
import { createGate } from './gate.ts'
import { mountHttp } from './http.ts'
import type { MiraiInboundOptions } from './options.ts'
import type { Parts } from './parts.ts'
import { createRunner } from './run.ts'
import type { Session } from './session.ts'
import { createUpgrader } from './ws.ts'

export interface MiraiInboundSetup {
  name: string
  options: MiraiInboundOptions
  host: InboundHost
  listener: Listener
  turn: Turn
}

/** Mounts its routes on the listener at once; nobody is served before the listener listens. */
export function createMiraiInbound({ name, options, host, listener }: MiraiInboundSetup): Inbound {
  const gate = createGate(options, host)
  const parts: Parts = { options, host, gate, runner: createRunner(options, host) }
  if (options.adapters.includes('http')) mountHttp(listener.app, parts)
  if (options.adapters.includes('ws')) listener.onUpgrade(createUpgrader(parts))

  /** Printed once, whoever reads it. */
  function push(event: BridgeEvent): void {
    const sessions = [...gate.sessions.of(event.bot)]
    if (sessions.length === 0) return
    const printing = { view: host.view, ...chainPrinting(host, event.bot) }
    const printed = printEvent(prepare(event, printing.prepare), printing)
    if (!printed) return
    const text = JSON.stringify(printed.body)
    const frame = `{"syncId":${JSON.stringify(options.reservedSyncId)},"data":${text}}`
    for (const session of sessions) {
      session.sockets.get(printed.channel)?.push(frame)
      session.sockets.get('all')?.push(frame)
      if (session.queue && !session.queue.add(text)) reportFull(session)
    }
  }

  const reported = new WeakMap<Session, number>()
  function reportFull(session: Session): void {
    const now = Date.now()
    if (now - (reported.get(session) ?? 0) < 60_000) return
    reported.set(session, now)
    host.log(
      'warn',
      `a session of bot ${session.bot} is not read: its queue is full, the ${options.queueDrops} events go`,
    )
  }

  return {
    name,
    dialect: 'mirai',
    start: () => Promise.resolve(),
    push,
    addresses() {
      const place = `${listener.host.includes(':') ? `[${listener.host}]` : listener.host}:${listener.port}`
      return options.adapters.map((adapter) => `mirai-api-http ${adapter}: ${adapter}://${place}`)
    },
    stop() {
      gate.sessions.close()
      return Promise.resolve()
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
