// Writes of one event-loop turn go out together: clients and backends that make a system call for each frame cost more than
// the subject between them, and what is measured then is the driver.
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

/** What of ws it needs to know of. */
interface Inside {
  _socket: Socket
}

export function joinedSend(socket: WebSocket): (text: string) => void {
  const below = (socket as unknown as Inside)._socket
  let corked = false
  return (text) => {
    if (!corked) {
      corked = true
      below.cork()
      setImmediate(() => {
        corked = false
        below.uncork()
      })
    }
    socket.send(text)
  }
}
