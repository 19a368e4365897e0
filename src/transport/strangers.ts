// Connections that have shown no secret yet. There is room for few of them, so that they cannot take that of those who have.
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { OnLimit } from '../core/limit.ts'

/** The strangers of the port that a connection came to, as long as it is one of them. */
const groups = new WeakMap<Duplex, Set<Duplex>>()

/** The newest are refused. */
export function limitStrangers(server: Server, most: number, onLimit: OnLimit): void {
  const strangers = new Set<Duplex>()
  server.on('connection', (socket) => {
    if (strangers.size >= most) {
      const peer = socket.remoteAddress ?? ''
      onLimit('strangers', peer, `${most} connections have shown no secret yet: new ones are refused`)
      return socket.destroy()
    }
    strangers.add(socket)
    groups.set(socket, strangers)
    return socket.once('close', () => strangers.delete(socket))
  })
}

/** Whoever it is has shown his secret, or needs none. */
export function letIn(socket: Duplex): void {
  const strangers = groups.get(socket)
  if (!strangers) return
  strangers.delete(socket)
  groups.delete(socket)
}
