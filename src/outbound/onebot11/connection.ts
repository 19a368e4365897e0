// One WebSocket of an implementation, whoever dialled: tells answers from events, watches for silence, survives garbage.
import { parseJson } from '../../core/json.ts'
import { toInteger, toObject, toUserId, type WireObject } from '../../core/read.ts'
import type { UserId } from '../../core/ids.ts'
import { parseHeartbeat } from '../../dialect/onebot11/event-parse.ts'
import { isEvent } from '../../dialect/onebot11/response.ts'
import type { Socket, SocketEvents } from '../../transport/socket.ts'
import type { Pending } from './pending.ts'

export type Role = 'universal' | 'api' | 'event'

export interface ConnectionOptions {
  socket: Socket
  pending: Pending
  silenceMs: number
  log: (level: 'debug' | 'warn', key: string, text: string) => void
  onEvent(wire: WireObject): void
  onHeartbeat(online: boolean): void
  onLifecycle(bot: UserId): void
  /** The token is not the right one. */
  onRefused(): void
  onClosed(reason: string): void
}

export function attachConnection(options: ConnectionOptions): SocketEvents {
  const { socket, pending, log } = options
  let silence: NodeJS.Timeout | undefined

  function watch(intervalMs: number): void {
    if (silence) return
    silence = setTimeout(
      () => {
        log('warn', 'silence', 'no heartbeat for too long: the link is dead')
        socket.terminate()
      },
      Math.max(options.silenceMs, intervalMs * 2.5),
    )
    silence.unref()
  }

  function receiveMeta(wire: WireObject): void {
    const heartbeat = parseHeartbeat(wire)
    if (heartbeat) {
      watch(heartbeat.intervalMs ?? 0)
      return options.onHeartbeat(heartbeat.online)
    }
    const bot = toUserId(wire['self_id'])
    if (bot !== undefined) options.onLifecycle(bot)
  }

  function receive(text: string): void {
    const wire = toObject(parseJson(text))
    if (!wire) return log('warn', 'garbage', 'a frame that is not an object was dropped')
    if (isEvent(wire)) {
      if (wire['post_type'] === 'meta_event') receiveMeta(wire)
      else options.onEvent(wire)
    } else if (isRefusal(wire)) {
      options.onRefused()
    } else pending.settle(socket, wire)
  }

  return {
    message(text) {
      silence?.refresh()
      try {
        receive(text)
      } catch (error) {
        log('warn', 'garbage', `a frame was dropped: ${error instanceof Error ? error.message : 'unreadable'}`)
      }
    },
    close(code, reason) {
      clearTimeout(silence)
      const why = `closed with ${code}${reason ? ` ${reason}` : ''}`
      pending.lost(socket, why)
      options.onClosed(why)
    },
  }
}

/** NapCat and LuckyLilliaBot let a wrong token upgrade and say so in one frame before they close. */
function isRefusal(wire: WireObject): boolean {
  return (wire['echo'] ?? null) === null && toInteger(wire['retcode']) === 1403
}
