// A backend that lies now and then: what a real one says passes through here, and some of it is broken on its way.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { breakJson, mutate, type Dice } from './fuzz-input.ts'

export interface Liar {
  port: number
  /** What it said instead of the truth since the last look. */
  told(): string[]
  /** undefined: from now on nothing but the truth. */
  lie(dice: Dice | undefined): void
  close(): Promise<void>
}

/** Of the frames of the backend. */
const lies = 0.3
const silences = 0.02

export async function startLiar(backendPort: number): Promise<Liar> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const ends = new Set<WebSocket>()
  let dice: Dice | undefined
  let told: string[] = []

  function falsify(text: string): string[] {
    if (!dice || !dice.chance(lies)) return [text]
    const lie = dice.chance(0.7) ? breakJson(dice, text) : mutate(dice, text)
    told.push(lie)
    if (dice.chance(silences)) return []
    return dice.chance(0.1) ? [lie, lie] : [lie]
  }

  server.on('connection', (near, { url = '/', headers }) => {
    const passed = ['authorization', 'verifykey', 'sessionkey', 'qq', 'x-self-id', 'x-client-role']
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => passed.includes(name)))
    const far = new WebSocket(`ws://127.0.0.1:${backendPort}${url}`, { headers: kept as Record<string, string> })
    const asked: string[] = []
    // How it begins stays true: a session that is refused is tried again after a second, and nothing else happens.
    let first = true
    ends.add(near).add(far)
    near.on('message', (data: Buffer) => {
      if (far.readyState === WebSocket.OPEN) far.send(data.toString())
      else asked.push(data.toString())
    })
    far.on('open', () => asked.splice(0).forEach((text) => far.send(text)))
    far.on('message', (data: Buffer) => {
      const said = first ? [data.toString()] : falsify(data.toString())
      first = false
      for (const text of said) near.send(text)
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => {
        ends.delete(one)
        other.terminate()
      })
    }
  })

  return {
    port: (server.address() as AddressInfo).port,
    told: () => told.splice(0),
    lie(given) {
      dice = given
      told = []
    },
    async close() {
      for (const end of ends) end.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}
