// WebSocket text frames for a whole turn in one buffer: one system call and no chunk lists. ws makes two chunks and several
// objects for each message; at 64 calls in flight this takes a fifth off the CPU of a send.
import { isUtf8 } from 'node:buffer'
import { randomFillSync } from 'node:crypto'
import type { Spliced } from '../core/json-text.ts'

const finalText = 0x81
const maskBit = 0x80
/** Masks are drawn from a pool: asking the system for each costs more than the frame. */
const pool = Buffer.allocUnsafeSlow(8192)
let drawn = pool.length

/** Bytes of frames that are kept for the next one who is told the same. */
const mostShared = 64 * 1024
let shared: { texts: readonly string[]; frames: Buffer } | undefined

/**
 * `masked`: as clients must. RFC 6455, 5.2. Frames of servers are the same for everybody who is told the same, and then they
 * are the same buffer.
 */
export function toTextFrames(texts: readonly string[], masked: boolean): Buffer {
  if (masked) return makeTextFrames(texts, true)
  if (shared && isSame(shared.texts, texts)) return shared.frames
  const frames = makeTextFrames(texts, false)
  shared = frames.length > mostShared ? undefined : { texts, frames }
  return frames
}

/** Texts that are one and the same are told by where they are, others mostly by their length. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false
  return true
}

function makeTextFrames(texts: readonly string[], masked: boolean): Buffer {
  const sizes = texts.map((text) => Buffer.byteLength(text))
  const extra = masked ? 4 : 0
  let total = 0
  for (const size of sizes) total += headerSize(size) + extra + size
  const out = Buffer.allocUnsafe(total)
  let at = 0
  for (let index = 0; index < texts.length; index++) {
    const size = sizes[index] as number
    at = writeHeader(out, at, size)
    if (masked) at = writeMask(out, at, size)
    out.write(texts[index] as string, at, size, 'utf8')
    if (masked) applyMask(out, { at, size, mask: at - 4 })
    at += size
  }
  return out
}

/** The pieces of one frame, in order. */
export function toSplicedFrame({ head, body: { bytes }, tail }: Spliced, masked: boolean): Buffer[] {
  const size = Buffer.byteLength(head) + bytes.length + Buffer.byteLength(tail)
  if (masked) return [toMaskedFrame([Buffer.from(head), bytes, Buffer.from(tail)], size)]
  const start = Buffer.allocUnsafe(headerSize(size) + Buffer.byteLength(head))
  start.write(head, writeHeader(start, 0, size), 'utf8')
  return [start, bytes, Buffer.from(tail)]
}

function toMaskedFrame(pieces: readonly Buffer[], size: number): Buffer {
  const out = Buffer.allocUnsafe(headerSize(size) + 4 + size)
  const start = writeMask(out, writeHeader(out, 0, size), size)
  let at = start
  for (const piece of pieces) at += piece.copy(out, at)
  applyMask(out, { at: start, size, mask: start - 4 })
  return out
}

function headerSize(size: number): number {
  return size < 126 ? 2 : size < 65_536 ? 4 : 10
}

function writeHeader(out: Buffer, at: number, size: number): number {
  out[at] = finalText
  if (size < 126) {
    out[at + 1] = size
    return at + 2
  }
  if (size < 65_536) {
    out[at + 1] = 126
    out[at + 2] = size >>> 8
    out[at + 3] = size & 255
    return at + 4
  }
  out[at + 1] = 127
  out.writeBigUInt64BE(BigInt(size), at + 2)
  return at + 10
}

/** Sets the bit in the header before it. */
function writeMask(out: Buffer, at: number, size: number): number {
  const second = at - headerSize(size) + 1
  out[second] = (out[second] as number) | maskBit
  if (drawn === pool.length) {
    randomFillSync(pool)
    drawn = 0
  }
  pool.copy(out, at, drawn, drawn + 4)
  drawn += 4
  return at + 4
}

interface Masking {
  at: number
  size: number
  /** Where its four bytes are. */
  mask: number
}

/** Its own inverse. */
export function applyMask(bytes: Buffer, masking: Masking): void {
  const { at, size, mask } = masking
  if (size >= longMask) return applyLongMask(bytes, masking)
  const first = bytes[mask] as number
  const second = bytes[mask + 1] as number
  const third = bytes[mask + 2] as number
  const fourth = bytes[mask + 3] as number
  const end = at + size
  let index = at
  for (; index + 3 < end; index += 4) {
    bytes[index] = (bytes[index] as number) ^ first
    bytes[index + 1] = (bytes[index + 1] as number) ^ second
    bytes[index + 2] = (bytes[index + 2] as number) ^ third
    bytes[index + 3] = (bytes[index + 3] as number) ^ fourth
  }
  if (index < end) bytes[index] = (bytes[index] as number) ^ first
  if (index + 1 < end) bytes[index + 1] = (bytes[index + 1] as number) ^ second
  if (index + 2 < end) bytes[index + 2] = (bytes[index + 2] as number) ^ third
}

/** Bytes from which on four are masked at a time: half the time, once it is worth a view of them. */
const longMask = 512

function applyLongMask(bytes: Buffer, { at, size, mask }: Masking): void {
  const byte = (place: number): number => bytes[mask + (place & 3)] as number
  // Words lie at multiples of four: up to the first one the mask is turned by as many bytes.
  const lead = -(bytes.byteOffset + at) & 3
  const word = new Uint32Array(Uint8Array.of(byte(lead), byte(lead + 1), byte(lead + 2), byte(lead + 3)).buffer)[0]
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + at + lead, (size - lead) >>> 2)
  for (let index = 0; index < words.length; index++) words[index] = (words[index] as number) ^ (word as number)
  for (let place = 0; place < lead; place++) bytes[at + place] = (bytes[at + place] as number) ^ byte(place)
  for (let place = lead + words.length * 4; place < size; place++) {
    bytes[at + place] = (bytes[at + place] as number) ^ byte(place)
  }
}

export interface FrameReading {
  masked: boolean
  /** Bytes of one text. */
  most: number
  /** Asked before each frame: whether it is left where it is. Default never. */
  isTimeUp?: () => boolean
}

const never = (): boolean => false

/**
 * Hands on the whole text frames with which the chunk begins; what is anything else stays for the general reader. Returns
 * how many bytes were read. Masks are taken off in place.
 */
export function readTextFrames(
  chunk: Buffer,
  { masked, most, isTimeUp = never }: FrameReading,
  onText: (text: string) => void,
): number {
  let at = 0
  while (at + 2 <= chunk.length && chunk[at] === finalText && !isTimeUp()) {
    const second = chunk[at + 1] as number
    const short = second & 127
    let start = at + 2
    let size = short
    if (short === 127 || second >= maskBit !== masked) break
    if (short === 126) {
      if (at + 4 > chunk.length) break
      size = chunk.readUInt16BE(at + 2)
      start += 2
    }
    if (masked) start += 4
    if (size > most || start + size > chunk.length) break
    const text = readText(chunk, { at: start, size, mask: masked ? start - 4 : undefined })
    if (text === undefined) break
    at = start + size
    onText(text)
  }
  return at
}

/** Whether more bytes may make it a frame that `readTextFrames` takes. */
export function isBegun(rest: Buffer, { masked, most }: { masked: boolean; most: number }): boolean {
  if (rest[0] !== finalText) return false
  const second = rest[1]
  if (second === undefined) return true
  if (second >= maskBit !== masked) return false
  const short = second & 127
  if (short === 127) return false
  const size = short < 126 ? short : rest.length < 4 ? 0 : rest.readUInt16BE(2)
  return size <= most && rest.length < headerSize(size) + (masked ? 4 : 0) + size
}

/** undefined, and the bytes as they were: it is not UTF-8. */
function readText(
  chunk: Buffer,
  { at, size, mask }: { at: number; size: number; mask: number | undefined },
): string | undefined {
  if (mask !== undefined) applyMask(chunk, { at, size, mask })
  const text = chunk.toString('utf8', at, at + size)
  // Broken bytes become this character; only a text that has it must be looked at again.
  if (!text.includes('\ufffd') || isUtf8(chunk.subarray(at, at + size))) return text
  if (mask !== undefined) applyMask(chunk, { at, size, mask })
  return undefined
}
