// Sessions of the soak: each hears one account, numbers in hand, and notes gaps and repetitions.
import { once } from 'node:events'
import { WebSocket } from 'ws'

export interface Tally {
  heard: number
  lost: number
  doubled: number
  joined: number
  /** Sends of clients that got an id. */
  answered: number
  /** Those that got an error: while the backend restarts. */
  failed: number
  problems: string[]
}

/** Numbers must follow each other; the first one may be any. */
function createCounter(tally: Tally): { last: number | undefined; hear(text: string): void } {
  const counter = {
    last: undefined as number | undefined,
    hear(text: string): void {
      const found = /#(\d+)#/.exec(text)?.[1]
      if (found === undefined) return
      const number = Number(found)
      const { last } = counter
      tally.heard++
      if (last !== undefined && number <= last) tally.doubled++
      else if (last !== undefined && number > last + 1) tally.lost += number - last - 1
      counter.last = last === undefined ? number : Math.max(last, number)
    },
  }
  return counter
}

export interface Listener {
  /** Number of the last event since the last `join`; undefined when there was none. */
  readonly last: number | undefined
  join(): Promise<void>
  leave(): Promise<void>
  /** A message to the group; the answer is counted. */
  send(): void
}

export interface ListenerOptions {
  dialect: 'onebot11' | 'mirai'
  bot: number
  port: number
  secret: string
  tally: Tally
  group: number
}

export function createListener({ dialect, bot, port, secret, tally, group }: ListenerOptions): Listener {
  let counter = createCounter(tally)
  let socket: WebSocket | undefined
  const isOneBot = dialect === 'onebot11'
  const url = isOneBot ? `ws://127.0.0.1:${port}/bots/${bot}/` : `ws://127.0.0.1:${port}/all?qq=${bot}`
  const headers = isOneBot ? { authorization: `Bearer ${secret}` } : { verifyKey: secret }

  function hear(text: string): void {
    if (!text.includes('"echo":"s"') && !text.startsWith('{"syncId":"s"')) counter.hear(text)
    else if (/"message_?id":-?\d/i.test(text)) tally.answered++
    else tally.failed++
  }

  return {
    get last() {
      return counter.last
    },
    async join() {
      const made = new WebSocket(url, { headers })
      counter = createCounter(tally)
      made.on('error', (error) => tally.problems.push(`a session could not be had: ${error.message}`))
      made.on('message', (data: Buffer) => hear(data.toString()))
      made.on('close', (code) => {
        if (socket === made) tally.problems.push(`a session was closed with ${code}`)
      })
      await Promise.race([once(made, 'open'), once(made, 'close')])
      tally.joined++
      socket = made
    },
    async leave() {
      const old = socket
      socket = undefined
      if (!old || old.readyState !== WebSocket.OPEN) return
      old.close()
      await once(old, 'close')
    },
    send() {
      const params = isOneBot
        ? { action: 'send_group_msg', params: { group_id: group, message: 'hi' }, echo: 's' }
        : {
            syncId: 's',
            command: 'sendGroupMessage',
            content: { target: group, messageChain: [{ type: 'Plain', text: 'hi' }] },
          }
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(params))
    },
  }
}

/** An HTTP session of mah that fetches its queue every second. */
export async function createPoller({
  bot,
  port,
  verifyKey,
  tally,
}: {
  bot: number
  port: number
  verifyKey: string
  tally: Tally
}) {
  const base = `http://127.0.0.1:${port}`
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const response = await fetch(base + path, { method: 'POST', body: JSON.stringify(body) })
    return (await response.json()) as Record<string, unknown>
  }
  const { session: sessionKey } = await post('/verify', { verifyKey })
  await post('/bind', { sessionKey, qq: bot })
  const counter = createCounter(tally)
  const stop = new AbortController()

  async function fetchAll(): Promise<void> {
    const response = await fetch(`${base}/fetchMessage?count=500`, { headers: { sessionKey: String(sessionKey) } })
    const { data } = (await response.json()) as { data: unknown[] }
    for (const event of data) counter.hear(JSON.stringify(event))
  }

  async function poll(): Promise<void> {
    while (!stop.signal.aborted) {
      await fetchAll()
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }
  const polling = poll().catch(
    (error: unknown) => void tally.problems.push(`a queue could not be fetched: ${String(error)}`),
  )
  return {
    async stop(): Promise<void> {
      stop.abort()
      await polling
    },
  }
}
