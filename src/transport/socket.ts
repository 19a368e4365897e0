// One WebSocket, whichever side opened it: text in, text out, writes of one turn joined, back-pressure bounded.
import { isUtf8 } from 'node:buffer'
import { WebSocket } from 'ws'
import type { WireText } from '../core/json-text.ts'
import type { LimitName } from '../core/limit.ts'
import type { QueueAccount, Waiting } from './queue-memory.ts'
import { takeShortcut, type Shortcut } from './shortcut.ts'
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
  const socket = new AttachedSocket(raw, options)
  socket.begin(accept)
  return socket
}

/** A class: an object with getters of its own is a dictionary of a kilobyte, slow to read, and there may be a thousand. */
class AttachedSocket implements Socket {
  readonly remote: string
  writes = 0
  readonly #raw: WebSocket
  readonly #options: SocketOptions
  readonly #flush = (): void => this.#write()
  #shortcut: Shortcut | undefined
  #queue: WireText[] = []
  #queuedBytes = 0
  #closing: { code: number; reason: string } | undefined
  // Too much is unsent, or the owner has enough to do.
  #choked = false
  #held = false
  /** Pings without an answer. */
  #missed = 0
  #untaken: Untaken | undefined

  constructor(raw: WebSocket, options: SocketOptions) {
    this.remote = options.remote
    this.#raw = raw
    this.#options = options
  }

  get pinged(): boolean {
    return this.#missed > 0
  }

  get open(): boolean {
    return this.#raw.readyState === WebSocket.OPEN && !this.#closing
  }

  send(text: WireText): void {
    if (!this.open) return
    if (this.#queue.length === 0) this.#options.turn.defer(this.#flush)
    this.#queue.push(text)
    this.#queuedBytes += text.length
  }

  close(code: number, reason = ''): void {
    if (this.#closing) return
    this.#closing = { code, reason }
    this.#pauseOrResume()
    if (this.#queue.length === 0) this.#raw.close(code, reason)
  }

  terminate(): void {
    this.#raw.terminate()
  }

  unsentBytes(): number {
    return this.#raw.bufferedAmount + this.#queuedBytes
  }

  pause(): void {
    this.#held = true
    this.#tell('callsPerConnection', 'it asks faster than it is answered: nothing more is read from it for a while')
    this.#pauseOrResume()
  }

  resume(): void {
    this.#held = false
    this.#pauseOrResume()
  }

  /** The owner hears of it before the first message can come. */
  begin(accept: (socket: Socket) => SocketEvents): void {
    const raw = this.#raw
    const timer = this.#keepAlive()
    raw.on('error', (error: Error & { code?: string }) => {
      if (error.code?.startsWith('WS_ERR_')) this.#tell(brokenLimit(error.code), `${error.message}: it is closed`)
      this.#options.onError(error)
    })
    const events = accept(this)
    this.#shortcut = takeShortcut(raw, events.message)
    raw.on('message', (data, isBinary) => this.#receive(toBytes(data), isBinary, events))
    raw.on('close', (code, reason) => {
      clearInterval(timer)
      events.close(code, reason.toString())
    })
  }

  /** Some clients send their JSON as bytes. */
  #receive(data: Buffer, isBinary: boolean, events: SocketEvents): void {
    if (!isBinary || isUtf8(data)) events.message(data.toString('utf8'))
    else if (this.#options.binary !== 'drop') {
      this.#tell('framing', 'it sends bytes that are no text: it is closed')
      this.close(1003, 'text only')
    }
  }

  #tell(limit: LimitName, text: string): void {
    this.#options.onLimit?.(limit, text)
  }

  #pauseOrResume(): void {
    // The farewell of the other side must be read.
    if ((this.#choked || this.#held) && !this.#closing) this.#raw.pause()
    else this.#raw.resume()
  }

  #write(): void {
    const raw = this.#raw
    const texts = this.#queue
    this.#queue = []
    this.#queuedBytes = 0
    if (raw.readyState !== WebSocket.OPEN) return
    if (this.#shortcut) this.#shortcut.write(texts)
    else for (const text of texts) raw.send(String(text))
    this.writes++
    if (this.#closing) raw.close(this.#closing.code, this.#closing.reason)
    else this.#checkPressure()
  }

  #checkPressure(): void {
    const { limits } = this.#options
    const unsent = this.#raw.bufferedAmount
    if (unsent > limits.closeBytes) {
      this.#tell('closeBytes', `${limits.closeBytes} bytes are unsent: it is closed`)
      this.close(1013, 'too slow')
    } else if (!this.#choked && unsent > limits.pauseBytes) {
      this.#choked = true
      this.#tell('pauseBytes', `${limits.pauseBytes} bytes are unsent: nothing more is read from it for a while`)
      this.#pauseOrResume()
      this.#waitForRoom()
    }
  }

  #waitForRoom(): void {
    const raw = this.#raw
    const { limits, account } = this.#options
    const untaken = (this.#untaken ??= new Untaken(account, () => this.#drop()))
    const started = Date.now()
    const timer = setInterval(() => {
      if (raw.readyState !== WebSocket.OPEN) {
        untaken.tell(0)
        return clearInterval(timer)
      }
      untaken.tell(raw.bufferedAmount)
      if (raw.bufferedAmount <= limits.pauseBytes) {
        untaken.tell(0)
        clearInterval(timer)
        this.#choked = false
        this.#pauseOrResume()
      } else if (Date.now() - started > limits.stalledMs) {
        clearInterval(timer)
        this.#tell('stalledMs', `it takes nothing for ${limits.stalledMs / 1000} s: it is cut`)
        raw.terminate()
      }
    }, 50)
    timer.unref()
  }

  #drop(): void {
    this.#tell('closeBytes', 'too much waits for all clients together: it is closed')
    this.#untaken?.tell(0)
    this.#raw.terminate()
  }

  #keepAlive(): NodeJS.Timeout {
    const raw = this.#raw
    const { pingMs, missedPings } = this.#options.limits
    raw.on('pong', () => {
      this.#missed = 0
    })
    const timer = setInterval(() => {
      // Its pongs are not read.
      if (raw.isPaused) return
      if (this.#missed >= missedPings) {
        this.#tell('missedPings', `${missedPings} pings are unanswered: it is cut`)
        return raw.terminate()
      }
      this.#missed++
      if (raw.readyState === WebSocket.OPEN) raw.ping()
    }, pingMs)
    return timer.unref()
  }
}

/** Bytes that a peer does not take, as the account of all of them knows of. */
class Untaken implements Waiting {
  bytes = 0
  readonly dropOldest: () => void
  readonly #account: QueueAccount | undefined

  constructor(account: QueueAccount | undefined, drop: () => void) {
    this.#account = account
    this.dropOldest = drop
  }

  get size(): number {
    return this.bytes === 0 ? 0 : 1
  }

  tell(bytes: number): void {
    const more = bytes - this.bytes
    this.bytes = bytes
    if (more !== 0) this.#account?.(this, more)
  }
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
