// Readers of server-sent events who say who they are: each event has an id for them, and what came after the last one that they
// have (`Last-Event-ID`) is told when they are back.
import { randomBytes } from 'node:crypto'
import type { OnLimit } from '../../core/limit.ts'
import type { BacklogLimits } from '../../transport/backlog.ts'
import type { QueueAccount, Waiting } from '../../transport/queue-memory.ts'
import { createAway } from './away.ts'
import type { Feed, Listening } from './feed.ts'

export interface ReadersOptions {
  feed: Feed
  limits: BacklogLimits
  /** Readers that are waited for. */
  most: number
  onLimit: OnLimit | undefined
  account?: QueueAccount | undefined
}

type Hearing = Omit<Listening, 'send' | 'waits' | 'greets'>

export interface Opening {
  client: string
  hearing: Hearing
  /** What the reader says that it has. */
  lastEventId: string | undefined
  send(text: string, id?: string): void
  /** Another stream of the same reader has been opened. */
  close(): void
}

export interface Readers {
  /** Returns what to call when the stream has ended. */
  open(opening: Opening): () => void
  stop(): void
}

interface Kept {
  number: number
  text: string
  bytes: number
  since: number
}

interface Reader {
  kept: Kept[]
  bytes: number
  waiting: Waiting
  /** Of the latest event. */
  last: number
  /** Of the latest one that a stream was given. */
  given: number
  stream: Opening | undefined
  leave: () => void
}

export function createReaders({ feed, limits, most, onLimit, account }: ReadersOptions): Readers {
  /** Ids of another run of the bridge mean nothing. */
  const run = randomBytes(6).toString('base64url')
  const readers = new Map<string, Reader>()
  const away = createAway({ ageMs: limits.ageMs, most, giveUp })

  function begin(key: string, client: string, hearing: Hearing): Reader {
    const waiting: Waiting = {
      get size() {
        return reader.kept.length
      },
      get bytes() {
        return reader.bytes
      },
      dropOldest: () => dropOldest(reader, client),
    }
    const reader: Reader = {
      ...{ kept: [], bytes: 0, waiting, last: 0, given: 0 },
      ...{ stream: undefined, leave: () => {} },
    }
    const settings = { ...hearing.settings, heartbeatMs: 0 }
    // Joined before its streams, so that an event has its number when they hear of it.
    const send = (text: string): void => keep(reader, client, text)
    reader.leave = feed.join({ ...hearing, settings, greets: false, waits: true, send })
    readers.set(key, reader)
    return reader
  }

  function keep(reader: Reader, client: string, text: string): void {
    const bytes = Buffer.byteLength(text)
    reader.kept.push({ number: ++reader.last, text, bytes, since: Date.now() })
    reader.bytes += bytes
    account?.(reader.waiting, bytes)
    while (reader.kept.length > limits.items || reader.bytes > limits.bytes) dropOldest(reader, client)
  }

  function dropOldest(reader: Reader, client: string): void {
    const dropped = reader.kept.shift()
    if (!dropped) return
    reader.bytes -= dropped.bytes
    account?.(reader.waiting, -dropped.bytes)
    if (dropped.number <= reader.given) return
    onLimit?.('outbox', `client ${client}`, 'events are dropped: it has been away for too long')
  }

  function replay(reader: Reader, { lastEventId, send }: Opening): void {
    const [, ofRun, number] = /^(.+)-([0-9]{1,15})$/.exec(lastEventId ?? '') ?? []
    const from = ofRun === run ? Number(number) : reader.given
    const oldest = Date.now() - limits.ageMs
    for (const { number, text, since } of reader.kept) {
      if (number > from && since >= oldest) send(text, `${run}-${number}`)
    }
    reader.given = reader.last
  }

  function giveUp(key: string): void {
    const reader = readers.get(key)
    if (!reader) return
    readers.delete(key)
    reader.leave()
    const { bytes } = reader
    reader.kept = []
    reader.bytes = 0
    account?.(reader.waiting, -bytes)
  }

  return {
    open(opening) {
      const { client, hearing, send } = opening
      const key = JSON.stringify([client, hearing.bot])
      const reader = readers.get(key) ?? begin(key, client, hearing)
      away.forget(key)
      reader.stream?.close()
      reader.stream = opening
      let live = false
      const leave = feed.join({
        ...hearing,
        greets: true,
        send(text) {
          // Greetings and heartbeats are not kept, so they have no number.
          const isEvent = live && reader.kept.at(-1)?.text === text && reader.given < reader.last
          if (isEvent) reader.given = reader.last
          send(text, isEvent ? `${run}-${reader.last}` : undefined)
        },
      })
      replay(reader, opening)
      live = true
      return () => {
        leave()
        if (reader.stream !== opening) return
        reader.stream = undefined
        away.left(key)
      }
    },
    stop() {
      for (const key of readers.keys()) {
        away.forget(key)
        giveUp(key)
      }
    },
  }
}
