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
  return new ClientOutbox(onDrop, limits, account)
}

type Texts = Backlog<{ text: string }>

/** A class for its size: each client has one. */
class ClientOutbox implements Outbox {
  readonly #waiting: Texts
  /** Sent behind a ping that is not answered: if the link turns out to be dead, the client got none of it. */
  readonly #unheard: Texts
  #current: Socket | undefined
  /** Sent since the socket was last written to. */
  #unwritten: string[] = []
  #writes = 0

  constructor(onDrop: (count: number) => void, limits: BacklogLimits, account?: QueueAccount) {
    this.#waiting = createBacklog(onDrop, limits, account)
    this.#unheard = createBacklog(() => {}, limits, account)
  }

  send(text: string): void {
    const socket = this.#current
    // A link that is being closed carries nothing any more, although its end is still to come.
    if (!socket?.open) return this.#waiting.add({ text })
    socket.send(text)
    this.#note(text, socket)
  }

  connect(socket: Socket): void {
    if (this.#current && this.#current !== socket) this.disconnect(this.#current, 1006)
    this.#current = socket
    for (const { text } of drain(this.#waiting)) {
      socket.send(text)
      this.#note(text, socket)
    }
  }

  disconnect(socket: Socket, code: number): void {
    if (this.#current !== socket) return
    this.#current = undefined
    const waiting = this.#waiting
    const later = drain(waiting)
    // 1006: no farewell was heard.
    if (code === 1006 && socket.pinged) for (const item of drain(this.#unheard)) waiting.add(item)
    else if (socket.writes === this.#writes) for (const text of this.#unwritten) waiting.add({ text })
    for (const item of later) waiting.add(item)
    this.#unheard.clear()
    this.#unwritten = []
  }

  clear(): void {
    this.#current = undefined
    this.#waiting.clear()
    this.#unheard.clear()
    this.#unwritten = []
  }

  /** What is sent in one turn is written at its end: the link may end before. */
  #note(text: string, socket: Socket): void {
    if (socket.writes === this.#writes) this.#unwritten.push(text)
    else this.#unwritten = [text]
    this.#writes = socket.writes
    if (socket.pinged) this.#unheard.add({ text })
    else this.#unheard.clear()
  }
}

function drain(backlog: Backlog<{ text: string }>): { text: string }[] {
  const items: { text: string }[] = []
  for (let next = backlog.take(); next; next = backlog.take()) items.push(next)
  return items
}
