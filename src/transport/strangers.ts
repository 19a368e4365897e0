// Connections that nobody was let in on yet: bounded on each port, so that those who hold a secret always find room.
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { OnLimit } from '../core/limit.ts'

/** By the connections that are counted. */
const counted = new WeakMap<Duplex, Set<Duplex>>()

/** Beyond `limit` the newest are refused. */
export function limitStrangers(server: Server, limit: number, onLimit: OnLimit): void {
  const strangers = new Set<Duplex>()
  server.on('connection', (socket) => {
    if (strangers.size >= limit) {
      const remote = socket.remoteAddress ?? ''
      onLimit('strangers', remote, `${limit} connections have shown no secret yet: new ones are refused`)
      return socket.destroy()
    }
    strangers.add(socket)
    counted.set(socket, strangers)
    return socket.once('close', () => strangers.delete(socket))
  })
  server.on('request', ({ socket }, outgoing) => {
    if (strangers.has(socket)) outgoing.once('finish', () => outgoing.statusCode < 400 && letIn(socket))
  })
}

/** Whoever is on this connection has shown who it is: its answer may take long, or never end. */
export function letIn(socket: Duplex): void {
  counted.get(socket)?.delete(socket)
}
