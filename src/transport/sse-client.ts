// Server-sent events of somebody else's server, subscribed to for ever: endless reconnect with back-off and jitter.
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { defaultBackoff, waitBefore, type Backoff } from './backoff.ts'

export interface SubscriptionOptions {
  url: string
  headers?: Readonly<Record<string, string>>
  backoff?: Backoff
  /** Characters of one event; a longer one ends the connection. Default 64 Mi. */
  maxEventChars?: number
  /** Milliseconds of silence after which a server that sends comments counts as dead. Default 60000. */
  silenceMs?: number
  /** Milliseconds until the server must have begun to answer. Default 10000. */
  answerMs?: number
  /** Each time the stream stands. */
  onOpen: () => void
  /** The data of each event. */
  onData: (text: string) => void
  /** Each time an attempt failed or a stream ended; `reason` holds no credentials. */
  onDown: (reason: string, retryInMs: number) => void
}

export interface Subscription {
  /** Resolves when the first attempt has ended, either way. */
  readonly firstAttempt: Promise<void>
  /** Slows the next attempt down: the peer refused us inside the protocol. */
  refused(): void
  /** Ends this stream; another one is opened. */
  restart(reason: string): void
  close(): void
}

export function keepSubscribed(options: SubscriptionOptions): Subscription {
  const backoff = options.backoff ?? defaultBackoff
  const { promise: firstAttempt, resolve: settle } = Promise.withResolvers<void>()
  let failures = 0
  let refused = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let end: (reason: string) => void = () => {}

  function connect(): void {
    let ended = false
    let silence: NodeJS.Timeout | undefined
    const request = ask(options)
    const deadline = setTimeout(() => end('the server did not answer'), options.answerMs ?? 10_000)
    end = (reason) => {
      if (ended) return
      ended = true
      clearTimeout(deadline)
      clearTimeout(silence)
      request.destroy()
      settle()
      if (!stopped) retry(reason)
    }
    request.on('error', (error: Error & { code?: string }) => end(error.code ?? error.message))
    request.once('response', (response) => {
      clearTimeout(deadline)
      const refusal = refusalOf(response)
      if (refusal) {
        refused = response.statusCode === 401 || response.statusCode === 403
        return end(refusal)
      }
      failures = 0
      options.onOpen()
      settle()
      const parser = createSseParser({
        onData: options.onData,
        onComment() {
          silence ??= setTimeout(() => end('silent for too long'), options.silenceMs ?? 60_000).unref()
        },
        maxChars: options.maxEventChars ?? 64 * 1024 * 1024,
      })
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        silence?.refresh()
        if (!parser.push(text)) end('an event is too long')
      })
      response.once('close', () => end('the stream ended'))
    })
    request.end()
  }

  function retry(reason: string): void {
    const wait = waitBefore(backoff, failures++, refused)
    refused = false
    options.onDown(reason, wait)
    timer = setTimeout(connect, wait)
  }

  connect()
  return {
    firstAttempt,
    refused() {
      refused = true
    },
    restart: (reason) => end(reason),
    close() {
      stopped = true
      clearTimeout(timer)
      end('closed')
    },
  }
}

function ask({ url, headers }: SubscriptionOptions): ClientRequest {
  const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, {
    agent: false,
    headers: { accept: 'text/event-stream', 'accept-encoding': 'identity', ...headers },
  })
  request.on('socket', (socket) => socket.setKeepAlive(true, 30_000))
  return request
}

function refusalOf({ statusCode, headers }: IncomingMessage): string | undefined {
  if (statusCode !== 200) return `the server answered HTTP ${statusCode}`
  const type = headers['content-type'] ?? ''
  return type.startsWith('text/event-stream') ? undefined : 'the server answered something that is no event stream'
}

interface ParserOptions {
  onData(text: string): void
  onComment(): void
  maxChars: number
}

/** Only the data of events counts here: names and ids are skipped. Lines end with LF or CR LF. */
export function createSseParser({ onData, onComment, maxChars }: ParserOptions): { push(text: string): boolean } {
  let rest = ''
  let data: string | undefined

  function take(line: string): void {
    if (line === '') {
      if (data !== undefined) onData(data)
      data = undefined
    } else if (line.startsWith(':')) onComment()
    else if (line.startsWith('data:')) {
      const value = line.slice(line[5] === ' ' ? 6 : 5)
      data = data === undefined ? value : `${data}\n${value}`
    }
  }

  return {
    /** false: an event is longer than allowed. */
    push(text) {
      let searched = rest.length
      rest += text
      let start = 0
      for (let at = rest.indexOf('\n', searched); at >= 0; at = rest.indexOf('\n', searched)) {
        take(rest.slice(start, rest.charCodeAt(at - 1) === 13 ? at - 1 : at))
        start = at + 1
        searched = start
      }
      rest = rest.slice(start)
      return rest.length + (data?.length ?? 0) <= maxChars
    },
  }
}
