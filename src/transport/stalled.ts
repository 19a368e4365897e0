// HTTP clients that ask and do not take the answer: what waits for them stays in memory, so they are cut after a while.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { OnLimit } from '../core/limit.ts'

interface StalledLimits {
  /** Milliseconds without a byte taken while something waits. */
  stalledMs: number
  /** Milliseconds between two looks. */
  checkMs: number
}

interface Watched {
  /** Bytes that waited when they last became fewer, or more. */
  waiting: number
  since: number
}

export function cutStalled(server: Server, { stalledMs, checkMs }: StalledLimits, onLimit: OnLimit): void {
  const watched = new Map<Socket, Watched>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const now = performance.now()
    for (const [socket, entry] of watched) {
      const waiting = waitingFor(socket)
      if (waiting === 0 || waiting !== entry.waiting) Object.assign(entry, { waiting, since: now })
      else if (now - entry.since > stalledMs) {
        onLimit(
          'stalledMs',
          socket.remoteAddress ?? '',
          `it takes nothing of its answer for ${stalledMs / 1000} s: it is cut`,
        )
        socket.destroy()
      }
    }
    if (watched.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  server.on('connection', (socket) => {
    watched.set(socket, { waiting: 0, since: 0 })
    socket.once('close', () => watched.delete(socket))
    timer ??= setInterval(look, Math.min(checkMs, stalledMs)).unref()
  })
  // A WebSocket looks after itself.
  server.on('upgrade', ({ socket }) => watched.delete(socket))
}

/** Node has no public word for how much of one large write the system has taken. */
function waitingFor(socket: Socket): number {
  const { _handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null }
  return socket.writableLength === 0 ? 0 : socket.writableLength + (_handle?.writeQueueSize ?? 0)
}
