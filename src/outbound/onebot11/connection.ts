// What an implementation sends by itself, over WebSocket or as server-sent events: tells answers from events, watches for
// silence, survives garbage.
import { parseJson, type JsonLimits } from '../../core/json.ts'
import type { Dropped } from '../../core/ports.ts'
import { toInteger, toObject, toUserId, type WireObject } from '../../core/read.ts'
import { isOddMeta, parseHeartbeat } from '../../dialect/onebot11/event-parse.ts'
import { isEvent } from '../../dialect/onebot11/response.ts'
import type { Socket, SocketEvents } from '../../transport/socket.ts'
import type { Accounts } from './accounts.ts'
import type { Link, Reports, Role } from './link.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { Pending } from './pending.ts'
import type { UserId } from '../../core/ids.ts'

export interface ReceiverOptions {
  reports: Reports
  /** Infinity: silence means nothing. */
  silenceMs: number
  json: JsonLimits | undefined
  log: LimitedLog
  dropped: (what: Dropped) => void
  /** Something that is no event. */
  answer(wire: WireObject): void
  /** The peer is dead. */
  drop(): void
}

export interface Receiver {
  /** Never throws. false: it could not be read and was dropped. */
  receive(text: string): boolean
  stop(): void
}

export function createReceiver({ reports, silenceMs, json, log, dropped, answer, drop }: ReceiverOptions): Receiver {
  let silence: NodeJS.Timeout | undefined

  /** Who sends no heartbeats may be silent. */
  function watch(intervalMs: number): void {
    if (silence || silenceMs === Infinity) return
    silence = setTimeout(
      () => {
        log('warn', 'silence', 'no heartbeat for too long: the link is dead')
        drop()
      },
      Math.max(silenceMs, intervalMs * 2.5),
    )
    silence.unref()
  }

  function receiveMeta(wire: WireObject, text: string): void {
    const heartbeat = parseHeartbeat(wire)
    if (heartbeat) {
      watch(heartbeat.intervalMs ?? 0)
      return reports.heartbeat(heartbeat)
    }
    if (isOddMeta(wire)) return reports.event(wire, text)
    const bot = toUserId(wire['self_id'])
    if (bot !== undefined) reports.lifecycle(bot)
  }

  function take(wire: WireObject, text: string): void {
    if (isEvent(wire)) {
      if (wire['post_type'] === 'meta_event') receiveMeta(wire, text)
      else reports.event(wire, text)
    } else if (isRefusal(wire)) {
      reports.refused()
    } else answer(wire)
  }

  return {
    receive(text) {
      silence?.refresh()
      try {
        const wire = toObject(parseJson(text, json))
        if (wire) take(wire, text)
        else {
          dropped('frame')
          log('warn', 'garbage', 'a frame that is not an object was dropped')
        }
        return wire !== undefined
      } catch (error) {
        dropped('frame')
        log('warn', 'garbage', `a frame was dropped: ${error instanceof Error ? error.message : 'unreadable'}`)
        return false
      }
    },
    stop: () => clearTimeout(silence),
  }
}

/** NapCat and LuckyLilliaBot let a wrong token upgrade and say so in one frame before they close. */
function isRefusal(wire: WireObject): boolean {
  return (wire['echo'] ?? null) === null && toInteger(wire['retcode']) === 1403
}

interface SocketOpening {
  socket: Socket
  role: Role
  /** Whom the implementation said it connects for. */
  selfId: UserId | undefined
  /** The implementation does not take our token, or does not say who it is. */
  refused(): void
}

/** Puts a WebSocket, whoever dialled it, into the service of its account. */
export type OpenSocket = (opening: SocketOpening) => { events: SocketEvents; greeted: Promise<void> }

export interface SocketLinks {
  accounts: Accounts
  pending: Pending
  silenceMs: number
  json: JsonLimits | undefined
  log: LimitedLog
  dropped: (what: Dropped) => void
}

export function createSocketLinks({ accounts, pending, silenceMs, json, log, dropped }: SocketLinks): OpenSocket {
  return ({ socket, ...opening }) => {
    const { reports, greeted } = accounts.open({ link: toLink(socket, pending), ...opening })
    const receiver = createReceiver({
      reports,
      silenceMs,
      json,
      log,
      dropped,
      answer: (wire) => pending.settle(socket, wire),
      drop: () => socket.terminate(),
    })
    const events: SocketEvents = {
      message: (text) => void receiver.receive(text),
      close(code, reason) {
        receiver.stop()
        pending.lost(socket, `closed with ${code}${reason ? ` ${reason}` : ''}`)
        reports.closed()
      },
    }
    return { events, greeted }
  }
}

function toLink(socket: Socket, pending: Pending): Link {
  return {
    get open() {
      return socket.open
    },
    ask: (request) => pending.ask(socket, request),
    close: () => socket.close(1000),
    abandon: (reason) => pending.lost(socket, reason),
  }
}
