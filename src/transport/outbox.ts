// What one client is told, while it is connected and while it is away: nothing gets lost on a link that died unnoticed.
import { createBacklog, type Backlog, type BacklogLimits } from './backlog.ts'
import type { QueueAccount } from './queue-memory.ts'
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
export function createOutbox(onDrop: (count: number) => void, limits: BacklogLimits, account?: QueueAccount): Outbox {
  const waiting = createBacklog<{ text: string }>(onDrop, limits, account)
  /** Sent behind a ping that is not answered: if the link turns out to be dead, the client got none of it. */
  const unheard = createBacklog<{ text: string }>(() => {}, limits, account)
  let current: Socket | undefined
  /** Sent since the socket was last written to. */
  let unwritten: string[] = []
  let writes = 0

  function disconnect(socket: Socket, code: number): void {
    if (current !== socket) return
    current = undefined
    const later = drain(waiting)
    // 1006: no farewell was heard.
    if (code === 1006 && socket.pinged) for (const item of drain(unheard)) waiting.add(item)
    else if (socket.writes === writes) for (const text of unwritten) waiting.add({ text })
    for (const item of later) waiting.add(item)
    unheard.clear()
    unwritten = []
  }

  /** What is sent in one turn is written at its end: the link may end before. */
  function note(text: string, socket: Socket): void {
    if (socket.writes !== writes) unwritten = []
    writes = socket.writes
    unwritten.push(text)
    if (socket.pinged) unheard.add({ text })
    else unheard.clear()
  }

  return {
    send(text) {
      // A link that is being closed carries nothing any more, although its end is still to come.
      if (!current?.open) return waiting.add({ text })
      current.send(text)
      note(text, current)
    },
    connect(socket) {
      if (current && current !== socket) disconnect(current, 1006)
      current = socket
      for (const { text } of drain(waiting)) {
        socket.send(text)
        note(text, socket)
      }
    },
    disconnect,
    clear() {
      current = undefined
      waiting.clear()
      unheard.clear()
      unwritten = []
    },
  }
}

function drain(backlog: Backlog<{ text: string }>): { text: string }[] {
  const items: { text: string }[] = []
  for (let next = backlog.take(); next; next = backlog.take()) items.push(next)
  return items
}
