// What one client is told, while it is connected and while it is away: nothing gets lost on a link that died unnoticed.
import { createBacklog, type BacklogLimits } from './backlog.ts'
import type { Socket } from './socket.ts'

export interface Outbox {
  /** Goes out at once, or waits for the client. */
  send(text: string): void
  /** The client is here, instead of an older socket perhaps: what waited goes out, in order. */
  connect(socket: Socket): void
  /** It is gone; `code` is how its socket ended. A socket that another one followed is no news. */
  disconnect(socket: Socket, code: number): void
  /** Nobody will come back. */
  clear(): void
}

/** `onDrop` is told how many were thrown away. */
export function createOutbox(onDrop: (count: number) => void, limits: BacklogLimits): Outbox {
  const waiting = createBacklog<{ text: string }>(onDrop, limits)
  /** Sent behind a ping that is not answered: if the link turns out to be dead, the client got none of it. */
  const unheard = createBacklog<{ text: string }>(() => {}, limits)
  let current: Socket | undefined

  function disconnect(socket: Socket, code: number): void {
    if (current !== socket) return
    current = undefined
    // 1006: no farewell was heard.
    if (code === 1006 && socket.pinged) for (let next = unheard.take(); next; next = unheard.take()) waiting.add(next)
    unheard.clear()
  }

  return {
    send(text) {
      if (!current) return waiting.add({ text })
      current.send(text)
      if (current.pinged) unheard.add({ text })
      else unheard.clear()
    },
    connect(socket) {
      if (current && current !== socket) disconnect(current, 1006)
      current = socket
      for (let next = waiting.take(); next; next = waiting.take()) socket.send(next.text)
    },
    disconnect,
    clear() {
      current = undefined
      waiting.clear()
      unheard.clear()
    },
  }
}
