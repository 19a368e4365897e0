// The line between a bridge and its backend, which can die before an answer comes through.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Wire {
  readonly port: number
  /** From what fits on, nothing of the backend comes through. */
  lose(fits: (text: string) => boolean): void
  isDead(): boolean
  /** All connections end; new ones are well. */
  cut(): void
  close(): void
}

/** `target`: the port of the backend when a connection is made. */
export async function createWire(target: () => number): Promise<Wire> {
  const open = new Set<Socket>()
  let fits: (text: string) => boolean = () => false
  let dead = false
  const server = createServer((near) => {
    const far = connect(target(), '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
    near.pipe(far)
    far.on('data', (bytes) => {
      dead ||= fits(bytes.toString())
      if (!dead) near.write(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function cut(): void {
    fits = () => false
    dead = false
    for (const socket of open) socket.destroy()
  }

  return {
    port: (server.address() as AddressInfo).port,
    lose(these) {
      fits = these
    },
    isDead: () => dead,
    cut,
    close() {
      cut()
      server.close()
    },
  }
}
