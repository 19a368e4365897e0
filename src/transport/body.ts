// Request bodies and WebSocket messages: counted while they arrive, each on its own and all together.
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { BridgeError } from '../core/error.ts'
import type { LimitName, OnLimit } from '../core/limit.ts'
import { hasArrived } from './body-clock.ts'
import { defaultHttpLimits } from './mount.ts'

export interface BodySource {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

/** Of all clients and ports of the process. */
let heldBytes = 0

export function bytesOfBodies(): number {
  return heldBytes
}

/**
 * Counts a body of this request; what it adds up to is given back when the request has been answered. Throws BodyRefused
 * (503) when all bodies together are too much.
 */
function holdBody({ outgoing }: BodySource, memoryBytes: number): (bytes: number) => void {
  let own = 0
  outgoing.once('close', () => {
    heldBytes -= own
    own = 0
  })
  return (bytes) => {
    if (outgoing.closed) return
    own += bytes
    heldBytes += bytes
    if (heldBytes > memoryBytes) {
      throw new BodyRefused(503, 'too many large requests at once, try again later', 'bodyMemoryBytes')
    }
  }
}

/** What ws keeps of a message until it is whole; it has no public word for it. */
interface Receiver {
  _bufferedBytes?: number
  _messageLength?: number
}

interface HoldOptions {
  memoryBytes: number
  onLimit: (limit: LimitName, text: string) => void
}

/** Counts the message that is arriving along with all bodies; when there is no memory for it, the connection ends with 1013. */
export function holdMessages(raw: WebSocket, stream: Duplex, { memoryBytes, onLimit }: HoldOptions): void {
  const receiver = (raw as unknown as { _receiver?: Receiver })._receiver
  let own = 0
  stream.on('data', () => {
    const now = (receiver?._bufferedBytes ?? 0) + (receiver?._messageLength ?? 0)
    heldBytes += now - own
    own = now
    if (own === 0 || heldBytes <= memoryBytes) return
    onLimit('bodyMemoryBytes', 'there is no memory for its message: it is closed')
    raw.close(1013, 'too many large messages at once')
    // Its farewell would be waited for behind the rest of the message.
    setImmediate(() => raw.terminate())
  })
  stream.once('close', () => {
    heldBytes -= own
    own = 0
  })
}

/** A body that is not read to its end. `status` is the HTTP status to answer with, along with `connection: close`. */
export class BodyRefused extends BridgeError {
  readonly status: 413 | 415 | 503

  constructor(status: 413 | 415 | 503, message: string, limit: LimitName) {
    super(status === 503 ? 'busy' : 'badRequest', message, { limit })
    this.status = status
  }

  /** For whoever has no other place where errors are told. */
  tell(onLimit: OnLimit, peer = ''): void {
    if (this.limit) onLimit(this.limit, peer, this.message)
  }
}

/** How much is read of a sender who has not shown a secret yet, and what the beginning must hold for the rest. */
export interface Stranger {
  bytes: number
  /** What came so far, as Latin-1. True: the whole body is read. */
  isVouched: (start: string) => boolean
}

export interface BodyLimits {
  maxBytes: number
  /** What `maxBytes` is called. Default messageBytes. */
  limit?: LimitName
  /** All clients together. Default 256 MiB. */
  memoryBytes?: number
  stranger?: Stranger | undefined
}

/**
 * The body as text. Throws BodyRefused for compressed bodies (415), those beyond `maxBytes` (413) and when there is no
 * memory for it (503); `badRequest` for what is not UTF-8.
 */
export function readBody(source: BodySource, given: BodyLimits): Promise<string> {
  const { maxBytes, memoryBytes, stranger, limit: called = 'messageBytes' } = given
  const { incoming } = source
  return new Promise((resolve, reject) => {
    const encoding = incoming.headers['content-encoding']
    if (encoding && encoding !== 'identity') {
      throw new BodyRefused(415, 'compressed bodies are not accepted', 'compressed')
    }
    if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes, called)
    const hold = holdBody(source, memoryBytes ?? defaultHttpLimits.bodyMemoryBytes)
    const chunks: Buffer[] = []
    let bytes = 0
    let limit = Math.min(maxBytes, stranger?.bytes ?? maxBytes)
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      try {
        if (bytes > limit && limit < maxBytes && stranger?.isVouched(startOf([...chunks, chunk]))) limit = maxBytes
        if (bytes > limit) throw tooLarge(limit, limit < maxBytes ? 'strangerBytes' : called)
        hold(chunk.length)
        chunks.push(chunk)
      } catch (error) {
        incoming.pause()
        reject(error)
      }
    })
    incoming.on('end', () => {
      hasArrived(incoming)
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
      if (isUtf8(body)) resolve(body.toString('utf8'))
      else reject(new BridgeError('badRequest', 'the body is not UTF-8'))
    })
    incoming.on('error', () => reject(new BridgeError('badRequest', 'the request was cut off')))
  })
}

/** Of pieces that are about as large as what a stranger may send. */
function startOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('latin1')
}

function tooLarge(maxBytes: number, limit: LimitName): BodyRefused {
  return new BodyRefused(413, `the body is larger than ${maxBytes} bytes`, limit)
}
