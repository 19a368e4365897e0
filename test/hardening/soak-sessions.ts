// The kinds of sessions of the soak, by what they promise: some begin anew each time, others are known when they come back
// and must miss nothing.
import { once } from 'node:events'
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { accessToken, verifyKey } from '../support/bridge.ts'
import type { Calls } from './soak-calls.ts'
import { createCounter, type Counter, type Tally } from './soak-count.ts'

export interface Session {
  readonly bot: number
  readonly name: string
  readonly counter: Counter
  /** It leaves and comes back now and then. */
  readonly moves: boolean
  join(): Promise<void>
  leave(): Promise<void>
  /** A message to the group, where the session can send one. */
  send?(): void
}

export interface SessionContext {
  bot: number
  /** Different for each session. */
  name: string
  ports: { onebot: number; mirai: number }
  tally: Tally
  calls: Calls
  problem(text: string): void
}

export type Kind = keyof typeof kinds

/** In events of OneBot a mark stands in the segments and in raw_message. */
const oneBotCopies = 2

interface Talk {
  url(): string
  headers(): Record<string, string>
  /** Whether the session counts from its opening on; otherwise it goes on where it was. */
  readonly isNew: boolean
  /** Frames are waited for before it stands. */
  readonly greeted: boolean
  readonly copies: number
  hear?(frame: Buffer): void
}

interface Line {
  join(): Promise<void>
  /** `cut`: without a farewell. */
  leave(cut: boolean): Promise<void>
  send(text: string): void
}

function createLine(talk: Talk, counter: Counter, { calls, problem }: SessionContext): Line {
  let socket: WebSocket | undefined
  let leaving = false

  function hear(frame: Buffer): void {
    if (!calls.settle(frame)) counter.hear(frame, talk.copies)
    talk.hear?.(frame)
  }

  return {
    async join() {
      leaving = false
      const made = new WebSocket(talk.url(), { headers: talk.headers(), skipUTF8Validation: true })
      socket = made
      let stands = !talk.greeted
      made.once('open', () => {
        if (talk.isNew) counter.begin()
      })
      made.on('message', (frame: Buffer) => {
        // What came before the greeting was not promised.
        if (!stands && talk.isNew) counter.begin()
        stands = true
        hear(frame)
      })
      made.on('error', (error) => problem(`a session could not be had: ${error.message}`))
      made.on('close', (code) => {
        if (!leaving) problem(`a session was closed with ${code}`)
      })
      await Promise.race([once(made, talk.greeted ? 'message' : 'open'), once(made, 'close')])
    },
    async leave(cut) {
      const old = socket
      leaving = true
      if (!old || old.readyState === WebSocket.CLOSED) return
      const closed = once(old, 'close')
      if (cut) {
        old.terminate()
        counter.cut()
      } else old.close()
      await closed
    },
    send: (text) => socket?.readyState === WebSocket.OPEN && socket.send(text),
  }
}

const group = 30_001

function oneBotCall(echo: string): string {
  return `{"action":"send_group_msg","params":{"group_id":${group},"message":"hi"},"echo":"${echo}"}`
}

function miraiCall(syncId: string): string {
  return `{"syncId":"${syncId}","command":"sendGroupMessage","content":{"target":${group},"messageChain":[{"type":"Plain","text":"hi"}]}}`
}

interface Habits {
  /** Leaves without a farewell, always or every other time. */
  cuts: 'never' | 'always' | 'sometimes'
  call(echo: string): string
}

function toSession(talk: Talk, context: SessionContext, { cuts, call }: Habits): Session {
  const { bot, name, tally, calls } = context
  const counter = createCounter(tally)
  const line = createLine(talk, counter, context)
  let left = 0
  return {
    bot,
    name,
    counter,
    moves: true,
    join: line.join,
    leave: () => line.leave(cuts === 'always' || (cuts === 'sometimes' && left++ % 2 === 1)),
    send: () => line.send(call(calls.begin())),
  }
}

/** Whoever does not say who he is begins anew. */
function oneBot(context: SessionContext): Session {
  const { bot, ports } = context
  const talk = {
    url: () => `ws://127.0.0.1:${ports.onebot}/bots/${bot}/`,
    headers: () => ({ authorization: `Bearer ${accessToken}` }),
    isNew: true,
    greeted: false,
    copies: oneBotCopies,
  }
  return toSession(talk, context, { cuts: 'sometimes', call: oneBotCall })
}

/** Known by its name: what happened meanwhile is told when it is back. */
function named(context: SessionContext): Session {
  const { bot, ports, name } = context
  const talk = {
    url: () => `ws://127.0.0.1:${ports.onebot}/bots/${bot}/`,
    headers: () => ({ authorization: `Bearer ${accessToken}`, 'x-client-id': name }),
    isNew: false,
    greeted: false,
    copies: oneBotCopies,
  }
  return toSession(talk, context, { cuts: 'sometimes', call: oneBotCall })
}

function mirai(context: SessionContext): Session {
  const { bot, ports } = context
  const talk = {
    url: () => `ws://127.0.0.1:${ports.mirai}/all?qq=${bot}`,
    headers: () => ({ verifyKey }),
    isNew: true,
    greeted: true,
    copies: 1,
  }
  return toSession(talk, context, { cuts: 'never', call: miraiCall })
}

/** Comes back to its session after its link broke. */
function kept(context: SessionContext): Session {
  const { bot, ports } = context
  let key: string | undefined
  const talk = {
    url: () => `ws://127.0.0.1:${ports.mirai}/all${key === undefined ? `?qq=${bot}` : ''}`,
    headers: () => ({ verifyKey, ...(key !== undefined && { sessionKey: key }) }),
    isNew: false,
    greeted: true,
    copies: 1,
    hear(frame: Buffer) {
      key ??= /"session":"(\w+)"/.exec(frame.toString())?.[1]
    },
  }
  return toSession(talk, context, { cuts: 'always', call: miraiCall })
}

/** Server-sent events, read on from the last one that arrived. */
function stream({ bot, name, ports, tally, problem }: SessionContext): Session {
  const counter = createCounter(tally)
  let sent: ClientRequest | undefined
  let closed: Promise<unknown> = Promise.resolve()
  let lastEventId: string | undefined
  let leaving = false

  function hear(event: Buffer): void {
    counter.hear(event, oneBotCopies)
    if (!event.subarray(0, 4).equals(idField)) return
    lastEventId = event.toString('latin1', 4, event.indexOf(newline)).trim()
  }

  return {
    bot,
    name,
    counter,
    moves: true,
    async join() {
      leaving = false
      const headers = {
        authorization: `Bearer ${accessToken}`,
        'x-client-id': name,
        ...(lastEventId && { 'last-event-id': lastEventId }),
      }
      sent = request({ host: '127.0.0.1', port: ports.onebot, path: `/bots/${bot}/_events`, headers, agent: false })
      sent.on('error', (error) => {
        if (!leaving) problem(`a stream could not be had: ${error.message}`)
      })
      sent.end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      if (response.statusCode !== 200) problem(`a stream was answered with ${response.statusCode}`)
      closed = new Promise((resolve) => response.once('close', resolve))
      readEvents(response, hear)
      void closed.then(() => !leaving && problem('a stream was ended'))
    },
    async leave() {
      leaving = true
      sent?.destroy()
      // It cannot say what it has.
      if (lastEventId === undefined) counter.cut()
      await closed
    },
  }
}

const idField = Buffer.from('id: ')
const newline = 0x0a

function readEvents(response: IncomingMessage, hear: (event: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  response.on('error', () => {})
  response.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      hear(rest.subarray(0, end + 2))
      rest = rest.subarray(end + 2)
    }
  })
}

const agent = new Agent({ keepAlive: true })
const pollMs = 1000

async function post(port: number, path: string, body: object): Promise<Buffer> {
  const text = JSON.stringify(body)
  return fetchBytes(port, { method: 'POST', path, headers: { 'content-length': Buffer.byteLength(text) } }, text)
}

type Wanted = { method: string; path: string; headers: Record<string, string | number> }

async function fetchBytes(port: number, wanted: Wanted, body?: string): Promise<Buffer> {
  const sent = request({ host: '127.0.0.1', port, agent, ...wanted })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode}`)
  return Buffer.concat(chunks)
}

/** An HTTP session of mah: it never leaves, and fetches its queue every second. */
function poller({ bot, name, ports, tally, problem }: SessionContext): Session {
  const counter = createCounter(tally)
  let timer: NodeJS.Timeout | undefined
  let polling: Promise<void> = Promise.resolve()

  async function poll(sessionKey: string): Promise<void> {
    const wanted = { method: 'GET', path: '/fetchMessage?count=1000', headers: { sessionKey } }
    counter.hear(await fetchBytes(ports.mirai, wanted), 1)
  }

  return {
    bot,
    name,
    counter,
    moves: false,
    async join() {
      const verified = JSON.parse((await post(ports.mirai, '/verify', { verifyKey })).toString()) as { session: string }
      const { session: sessionKey } = verified
      await post(ports.mirai, '/bind', { sessionKey, qq: bot })
      counter.begin()
      timer = setInterval(() => {
        polling = polling
          .then(() => poll(sessionKey))
          .catch((error: unknown) => problem(`a queue could not be fetched: ${String(error)}`))
      }, pollMs)
    },
    async leave() {
      clearInterval(timer)
      await polling
    },
  }
}

export const kinds = { oneBot, named, mirai, kept, stream, poller }
