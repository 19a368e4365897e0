// One WebSocket, whichever side opened it: text in, text out, writes of one turn joined, back-pressure bounded.
import { isUtf8 } from 'node:buffer'
import { WebSocket } from 'ws'
import type { WireText } from '../core/json-text.ts'
import type { LimitName } from '../core/limit.ts'
import type { QueueAccount, Waiting } from './queue-memory.ts'
import { takeShortcut } from './shortcut.ts'
import type { Turn } from './turn.ts'

export interface SocketLimits {
  /** Unsent bytes at which we stop reading from this peer. */
  pauseBytes: number
  /** Unsent bytes at which the connection is closed with 1013. */
  closeBytes: number
  /** Milliseconds without room for more at which it is cut. */
  stalledMs: number
  /** Frames of one message; beyond it close 1008. */
  framesPerMessage: number
  /** Milliseconds between pings. */
  pingMs: number
  /** Pings without an answer until the link counts as dead. */
  missedPings: number
}

export const defaultSocketLimits: SocketLimits = {
  pauseBytes: 1024 * 1024,
  closeBytes: 16 * 1024 * 1024,
  stalledMs: 30_000,
  framesPerMessage: 16_384,
  pingMs: 10_000,
  missedPings: 2,
}

export interface SocketEvents {
  message(text: string): void
  /** Once, however it ended. */
  close(code: number, reason: string): void
}

export interface Socket {
  /** Address of the peer as the operating system knows it. */
  readonly remote: string
  readonly open: boolean
  /** A ping waits for its answer. */
  readonly pinged: boolean
  /** How often what had been sent was written. What was sent since then goes nowhere when the link ends now. */
  readonly writes: number
  /** Queued until the end of the turn. Ignored when the socket is closing. */
  send(text: WireText): void
  /** After what was sent before. */
  close(code: number, reason?: string): void
  /** Drops the link without a farewell. */
  terminate(): void
  unsentBytes(): number
  /** Nothing more is read from the peer until `resume`; what was read already still comes. */
  pause(): void
  resume(): void
}

export interface SocketOptions {
  turn: Turn
  limits: SocketLimits
  remote: string
  /** What bytes that are no text are answered with: close 1003, or nothing at all. Default close. */
  binary?: 'close' | 'drop'
  onError: (error: unknown) => void
  /** Told what it has not taken, once that is too much to read on. */
  account?: QueueAccount | undefined
  /** A limit was reached: what happened, and what is done about it. */
  onLimit?: (limit: LimitName, text: string) => void
}

export function attachSocket(raw: WebSocket, options: SocketOptions, accept: (socket: Socket) => SocketEvents): Socket {
  const { turn, limits, account, onLimit = () => {} } = options
  let queue: WireText[] = []
  let queuedBytes = 0
  let writes = 0
  let closing: { code: number; reason: string } | undefined
  // Too much is unsent, or the owner has enough to do.
  let choked = false
  let held = false

  function pauseOrResume(): void {
    // The farewell of the other side must be read.
    if ((choked || held) && !closing) raw.pause()
    else raw.resume()
  }

  function flush(): void {
    const texts = queue
    queue = []
    queuedBytes = 0
    if (raw.readyState === WebSocket.OPEN) {
      if (shortcut) shortcut.write(texts)
      else for (const text of texts) raw.send(String(text))
      writes++
      if (closing) raw.close(closing.code, closing.reason)
      else checkPressure()
    }
  }

  function checkPressure(): void {
    if (raw.bufferedAmount > limits.closeBytes) {
      onLimit('closeBytes', `${limits.closeBytes} bytes are unsent: it is closed`)
      socket.close(1013, 'too slow')
    } else if (!choked && raw.bufferedAmount > limits.pauseBytes) {
      choked = true
      onLimit('pauseBytes', `${limits.pauseBytes} bytes are unsent: nothing more is read from it for a while`)
      pauseOrResume()
      waitForRoom()
    }
  }

  /** Bytes of it that the account knows of. */
  let unsent = 0
  const untaken: Waiting = {
    get size() {
      return unsent === 0 ? 0 : 1
    },
    get bytes() {
      return unsent
    },
    dropOldest() {
      onLimit('closeBytes', 'too much waits for all clients together: it is closed')
      tellUnsent(0)
      raw.terminate()
    },
  }

  function tellUnsent(bytes: number): void {
    const more = bytes - unsent
    unsent = bytes
    if (more !== 0) account?.(untaken, more)
  }

  function waitForRoom(): void {
    const started = Date.now()
    const timer = setInterval(() => {
      if (raw.readyState !== WebSocket.OPEN) {
        tellUnsent(0)
        return clearInterval(timer)
      }
      tellUnsent(raw.bufferedAmount)
      if (raw.bufferedAmount <= limits.pauseBytes) {
        tellUnsent(0)
        clearInterval(timer)
        choked = false
        pauseOrResume()
      } else if (Date.now() - started > limits.stalledMs) {
        clearInterval(timer)
        onLimit('stalledMs', `it takes nothing for ${limits.stalledMs / 1000} s: it is cut`)
        raw.terminate()
      }
    }, 50)
    timer.unref()
  }

  const pulse = keepAlive(raw, limits, () =>
    onLimit('missedPings', `${limits.missedPings} pings are unanswered: it is cut`),
  )
  const socket: Socket = {
    remote: options.remote,
    get pinged() {
      return pulse.waits()
    },
    get writes() {
      return writes
    },
    get open() {
      return raw.readyState === WebSocket.OPEN && !closing
    },
    send(text) {
      if (closing || raw.readyState !== WebSocket.OPEN) return
      if (queue.length === 0) turn.defer(flush)
      queue.push(text)
      queuedBytes += text.length
    },
    close(code, reason = '') {
      if (closing) return
      closing = { code, reason }
      pauseOrResume()
      if (queue.length === 0) raw.close(code, reason)
    },
    terminate: () => raw.terminate(),
    unsentBytes: () => raw.bufferedAmount + queuedBytes,
    pause() {
      held = true
      onLimit('callsPerConnection', 'it asks faster than it is answered: nothing more is read from it for a while')
      pauseOrResume()
    },
    resume() {
      held = false
      pauseOrResume()
    },
  }

  raw.on('error', (error: Error & { code?: string }) => {
    if (error.code?.startsWith('WS_ERR_')) onLimit(brokenLimit(error.code), `${error.message}: it is closed`)
    options.onError(error)
  })
  const events = accept(socket)
  const shortcut = takeShortcut(raw, events.message)
  raw.on('message', (data, isBinary) => {
    // Some clients send their JSON as bytes.
    if (!isBinary || isUtf8(toBytes(data))) events.message(toBytes(data).toString('utf8'))
    else if (options.binary !== 'drop') {
      onLimit('framing', 'it sends bytes that are no text: it is closed')
      socket.close(1003, 'text only')
    }
  })
  raw.on('close', (code, reason) => {
    pulse.stop()
    events.close(code, reason.toString())
  })
  return socket
}

/** Of what ws closes a connection for. */
function brokenLimit(code: string): LimitName {
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'messageBytes'
  return code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS' ? 'framesPerMessage' : 'framing'
}

function toBytes(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}

function keepAlive(raw: WebSocket, limits: SocketLimits, onDead: () => void): { stop(): void; waits(): boolean } {
  let missed = 0
  raw.on('pong', () => {
    missed = 0
  })
  const timer = setInterval(() => {
    // Its pongs are not read.
    if (raw.isPaused) return
    if (missed >= limits.missedPings) {
      onDead()
      return raw.terminate()
    }
    missed++
    if (raw.readyState === WebSocket.OPEN) raw.ping()
  }, limits.pingMs)
  timer.unref()
  return { stop: () => clearInterval(timer), waits: () => missed > 0 }
}
