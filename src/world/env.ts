// What a decision may ask of the world outside: time, chance, and where media are kept. Given by whoever creates the world.
import { BridgeError } from '../core/error.ts'
import type { MediaSegment } from '../core/segment.ts'

export interface Env {
  /** Unix milliseconds. */
  now(): number
  /** In [0, 1). */
  random(): number
  /** Keeps the bytes of a medium and returns how receivers see it. Throws a BridgeError for one that cannot be had. */
  keepMedia(segment: MediaSegment): MediaSegment
}

export function secondsOf(env: Env): number {
  return Math.floor(env.now() / 1000)
}

/** Without a keeper media stay as they were given, so they need an address or their bytes. */
export function keepAsGiven(segment: MediaSegment): MediaSegment {
  if (!segment.url && !segment.base64)
    throw new BridgeError('badParameter', `the ${segment.type} has no url and no base64`)
  return segment
}

/** 32 lower-case hex digits. */
export function randomHex(env: Env): string {
  let text = ''
  for (let at = 0; at < 8; at++)
    text += Math.floor(env.random() * 65536)
      .toString(16)
      .padStart(4, '0')
  return text
}
