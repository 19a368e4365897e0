// What clients do in the scenarios. Each loop ends when everything came exactly once, in order and well formed, or fails.
import { stampMicros, type EventKind } from './facts.ts'
import { joinedSend } from './joined.ts'
import type { Answer, Speaker } from './speaker.ts'
import type { Client, Stage } from './stage.ts'

const patienceMs = 120_000

export interface Asking {
  parallel: number
  count: number
  /** The text of one request. */
  print(speaker: Speaker, at: number): string
  isGood(answer: Answer): boolean
}

/** Closed loop: so many asked at a time, each answered exactly once. Resolves with the latencies in milliseconds. */
export function askInLoop({ socket, speaker }: Client, asking: Asking): Promise<number[]> {
  const { parallel, count, print, isGood } = asking
  return within(`${count} answers`, (resolve, reject) => {
    const startedAt = new Map<number, number>()
    const latencies: number[] = []
    let asked = 0
    const send = joinedSend(socket)
    const ask = (): void => {
      startedAt.set(++asked, performance.now())
      send(print(speaker, asked))
    }
    const onMessage = (data: Buffer): void => {
      const text = data.toString('utf8')
      const answer = speaker.readAnswer(text)
      if (!answer) return
      const started = startedAt.get(answer.at)
      if (started === undefined || !isGood(answer)) {
        return reject(new Error(`a wrong, doubled or failed answer: ${text.slice(0, 300)}`))
      }
      startedAt.delete(answer.at)
      latencies.push(performance.now() - started)
      if (asked < count) ask()
      else if (startedAt.size === 0) {
        socket.off('message', onMessage)
        resolve(latencies)
      }
    }
    socket.on('message', onMessage)
    for (let at = 0; at < Math.min(parallel, count); at++) ask()
  })
}

const marker = Buffer.from('event ')

interface SeenEvent {
  sentMicros: number
  number: number
}

/** Without parsing the whole: at a thousand clients the runner would be what is measured. */
export function readEvent(data: Buffer): SeenEvent | undefined {
  // A quote in front holds an older one.
  const at = data.lastIndexOf(marker)
  if (at < 0) return undefined
  const [sentMicros, number] = data.toString('latin1', at + marker.length, at + 60).split(/[^0-9]+/, 2)
  return { sentMicros: Number(sentMicros), number: Number(number) }
}

export interface Watching {
  /** Of the backend, for each client. */
  count: number
  kind: EventKind
  /** Most events under way. Default so many that about a thousand deliveries are. */
  ahead?: number
  /** Told of each event of each client. */
  onEvent?(client: Client): void
}

/** Events as fast as they are delivered: more are made when some have arrived everywhere. */
export function watchEvents(stage: Stage, clients: readonly Client[], watching: Watching): Promise<number[]> {
  const { count, kind, onEvent, ahead = Math.max(2, Math.floor(1000 / clients.length)) } = watching
  const batch = Math.ceil(ahead / 5)
  return within(`${count} events for ${clients.length}`, (resolve, reject) => {
    const latencies: number[] = []
    let ordered = 0
    let arrived = 0
    const order = (events: number): void => {
      const more = Math.min(events, count - ordered)
      ordered += more
      if (more > 0) stage.tell({ events: more, kind })
    }
    const offs = clients.map((client) => {
      let last: number | undefined
      const onMessage = (data: Buffer): void => {
        const event = readEvent(data)
        if (!event) return
        if (last !== undefined && event.number !== last + 1) {
          return reject(new Error(`event ${event.number} after ${last}: lost, doubled or out of order`))
        }
        last = event.number
        latencies.push((stampMicros() - event.sentMicros) / 1000)
        onEvent?.(client)
        arrived++
        if (arrived % (batch * clients.length) === 0) order(batch)
        if (arrived < count * clients.length) return
        offs.forEach((off) => off())
        resolve(latencies)
      }
      client.socket.on('message', onMessage)
      return () => void client.socket.off('message', onMessage)
    })
    order(ahead)
  })
}

/** A run that does not end has lost something. */
function within<T>(
  what: string,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} did not come in ${patienceMs / 1000} s`)), patienceMs)
    const settle =
      <V>(end: (value: V) => void) =>
      (value: V): void => {
        clearTimeout(timer)
        end(value)
      }
    start(settle(resolve), settle(reject))
  })
}
