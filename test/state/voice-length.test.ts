// Voices of both forms, counted.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createState } from '../../src/state/index.ts'
import { toVoiceLength } from '../../src/state/voice-length.ts'

const amr = (modes: number[]): Uint8Array => {
  const sizes = [13, 14, 16, 18, 20, 21, 27, 32, 6]
  const frames = modes.map((mode) => Buffer.alloc(sizes[mode] ?? 1).fill(mode << 3, 0, 1))
  return Buffer.concat([Buffer.from('#!AMR\n'), ...frames])
}

test('AMR, frames of every mode', () => {
  expect(toVoiceLength(amr(Array.from({ length: 50 }, (_, at) => at % 9)))).toBe(1)
})

test('SILK as the encoder of QQ bots writes it, with Tencent’s first byte and without', () => {
  const path = new URL('../facts/voice-silk.json', import.meta.url)
  const { base64, durationMs } = JSON.parse(readFileSync(path, 'utf8')) as { base64: string; durationMs: number }
  const data = Buffer.from(base64, 'base64')
  expect(toVoiceLength(data)).toBeCloseTo(durationMs / 1000, 1)
  expect(data[0]).toBe(2)
  expect(toVoiceLength(data.subarray(1))).toBeCloseTo(durationMs / 1000, 1)
})

test.each([
  ['another form', Buffer.from('ID3 and so on')],
  ['no frames', Buffer.from('#!AMR\n')],
  ['nothing', Buffer.alloc(0)],
  ['a mode that is not there', Buffer.from('#!AMR\n\x58')],
])('%s: unknown', (_name, bytes) => {
  expect(toVoiceLength(bytes)).toBeUndefined()
})

test('one that is cut short is as long as what is there', () => {
  const whole = amr([7, 7, 7])
  expect(toVoiceLength(whole.subarray(0, -1))).toBe(0.04)
})

test('an uploaded voice has its length, in one piece or in many, longer than what is kept of its start', async () => {
  const { media } = createState()
  const long = amr(Array.from({ length: 10_000 }, () => 7))
  expect(long.length).toBeGreaterThan(256 * 1024)
  expect(media.put('voice', long).durationSeconds).toBe(200)
  async function* pieces() {
    yield long.subarray(0, 100_000)
    yield long.subarray(100_000)
  }
  const received = await media.receive(pieces())
  const { id } = received.keep('voice')
  expect(media.get(id)?.durationSeconds).toBe(200)
})
