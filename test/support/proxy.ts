// A line between two programs that can be cut, or go dead without anybody being told.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Proxy {
  readonly port: number
  /** Connections that stand now go dead: nothing is forwarded any more, nothing is closed. New ones work. */
  stall(): void
  /** Connections that stand now are reset. */
  cut(): void
  close(): Promise<void>
}

interface Line {
  near: Socket
  far: Socket
  dead: boolean
}

export async function startProxy(target: number): Promise<Proxy> {
  const lines = new Set<Line>()
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    const line: Line = { near, far, dead: false }
    lines.add(line)
    join(line, near, far)
    join(line, far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const destroy = ({ near, far }: Line): void => {
    near.destroy()
    far.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    stall() {
      for (const line of lines) line.dead = true
    },
    cut() {
      for (const line of lines) destroy(line)
      lines.clear()
    },
    async close() {
      for (const line of lines) destroy(line)
      server.close()
      await once(server, 'close')
    },
  }
}

/** What comes on a dead line is read and thrown away, as by a router that forgot it. */
function join(line: Line, from: Socket, to: Socket): void {
  from.on('error', () => {})
  from.on('data', (data) => {
    if (!line.dead) to.write(data)
  })
  from.on('close', () => {
    if (!line.dead) to.destroy()
  })
}
