// A WebSocket to somebody else's server that is kept open: endless reconnect with back-off and jitter.
import { WebSocket } from 'ws'
import type { LimitName, OnLimit } from '../core/limit.ts'
import { defaultBackoff, waitBefore, type Backoff } from './backoff.ts'
import type { QueueAccount } from './queue-memory.ts'
import { attachSocket, defaultSocketLimits, type Socket, type SocketEvents, type SocketLimits } from './socket.ts'
import type { Turn } from './turn.ts'

export { defaultBackoff }

export interface LinkOptions {
  url: string
  headers?: Record<string, string>
  protocols?: string[]
  handshakeTimeoutMs?: number
  maxMessageBytes?: number
  backoff?: Backoff
  limits?: SocketLimits
  turn: Turn
  onLimit?: OnLimit | undefined
  account?: QueueAccount | undefined
  /** Each time a connection stands. */
  onOpen: (socket: Socket) => SocketEvents
  /** Each time an attempt failed or a connection ended; `reason` holds no credentials. */
  onDown: (reason: string, retryInMs: number) => void
}

export interface Link {
  /** Resolves when the first attempt has ended, either way. */
  readonly firstAttempt: Promise<void>
  /** Slows the next attempt down: the peer refused us inside the protocol. */
  refused(): void
  close(code?: number, reason?: string): void
}

export function keepConnected(options: LinkOptions): Link {
  const backoff = options.backoff ?? defaultBackoff
  let failures = 0
  let refused = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let current: WebSocket | undefined
  let settle: () => void
  const firstAttempt = new Promise<void>((resolve) => {
    settle = resolve
  })

  function connect(): void {
    const raw = new WebSocket(options.url, options.protocols ?? [], {
      headers: options.headers ?? {},
      handshakeTimeout: options.handshakeTimeoutMs ?? 10_000,
      maxPayload: options.maxMessageBytes ?? 64 * 1024 * 1024,
      maxFragments: (options.limits ?? defaultSocketLimits).framesPerMessage,
      perMessageDeflate: false,
      followRedirects: false,
    })
    current = raw
    let ended = false
    function end(reason: string): void {
      if (ended) return
      ended = true
      settle()
      if (!stopped) retry(reason)
    }
    raw.on('error', () => raw.terminate())
    raw.once('error', (error) => end(describe(error)))
    raw.once('unexpected-response', (request, response) => {
      refused = response.statusCode === 401 || response.statusCode === 403
      end(`the server answered HTTP ${response.statusCode}`)
      request.destroy()
    })
    raw.once('open', () => {
      failures = 0
      attachSocket(raw, toSocketOptions(options), (socket) => {
        const events = options.onOpen(socket)
        return {
          message: events.message,
          close: (code, reason) => {
            events.close(code, reason)
            end(`closed with ${code}${reason ? ` ${reason}` : ''}`)
          },
        }
      })
      settle()
    })
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
    refused: () => {
      refused = true
    },
    close(code = 1000, reason = '') {
      stopped = true
      clearTimeout(timer)
      settle()
      if (current?.readyState === WebSocket.CONNECTING) current.terminate()
      else current?.close(code, reason)
    },
  }
}

function toSocketOptions(options: LinkOptions) {
  const { host } = new URL(options.url)
  return {
    turn: options.turn,
    limits: options.limits ?? defaultSocketLimits,
    remote: host,
    binary: 'drop' as const,
    // The close event follows every error and carries what matters.
    onError: () => {},
    account: options.account,
    onLimit: (limit: LimitName, text: string) => options.onLimit?.(limit, host, text),
  }
}

/** Node's message names host and port, which is what the operator needs; it never holds the query. */
function describe(error: Error & { code?: string }): string {
  return error.code ?? error.message
}
