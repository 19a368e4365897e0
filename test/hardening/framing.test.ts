// Frames that break the rules of RFC 6455, on every path of both dialects: that connection ends with the right code, no other.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessToken, verifyKey } from '../support/bridge.ts'
import { dial, open, stage, watch, type Client, type Stage, type Watch } from './support.ts'

let on: Stage
let guard: Watch
beforeAll(async () => {
  on = await stage()
  guard = await watch(on)
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
})

interface Frame {
  fin?: boolean
  rsv?: number
  opcode: number
  payload?: Buffer | string
  masked?: boolean
  /** What the length field says. Default: the truth. */
  length?: number
}

/** As a client sends it; the mask is all zero. */
function toBytes({ fin = true, rsv = 0, opcode, payload = '', masked = true, length }: Frame): Buffer {
  const body = Buffer.from(payload)
  const size = length ?? body.length
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode]
  const mask = masked ? 0x80 : 0
  if (size < 126) head.push(mask | size)
  else if (size < 65_536) head.push(mask | 126, size >> 8, size & 255)
  else head.push(mask | 127, ...Buffer.from(BigInt(size).toString(16).padStart(16, '0'), 'hex'))
  return Buffer.concat([Buffer.from(head), masked ? Buffer.alloc(4) : Buffer.alloc(0), body])
}

const text = 1
const [continuation, binary, close, ping, pong] = [0, 2, 8, 9, 10]
const reasonOf = (code: number, reason: Buffer | string = ''): Buffer =>
  Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)])

const cases: [string, Frame[], number][] = [
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, Frame[], number] => [
    `opcode ${opcode}`,
    [{ opcode }],
    1002,
  ]),
  ...[1, 2, 3, 4, 7].map((rsv): [string, Frame[], number] => [`reserved bits ${rsv}`, [{ opcode: text, rsv }], 1002]),
  ['no mask', [{ opcode: text, payload: '{}', masked: false }], 1002],
  ['a ping without a mask', [{ opcode: ping, masked: false }], 1002],
  ['a ping of 126 bytes', [{ opcode: ping, payload: 'x'.repeat(126) }], 1002],
  ['a pong of 126 bytes', [{ opcode: pong, payload: 'x'.repeat(126) }], 1002],
  ['a close of 126 bytes', [{ opcode: close, payload: reasonOf(1000, 'x'.repeat(124)) }], 1002],
  ['a ping in pieces', [{ opcode: ping, fin: false }], 1002],
  ['a close in pieces', [{ opcode: close, fin: false }], 1002],
  ['a close of one byte', [{ opcode: close, payload: 'x' }], 1002],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000].map((code): [string, Frame[], number] => [
    `a close with code ${code}`,
    [{ opcode: close, payload: reasonOf(code) }],
    1002,
  ]),
  ['a close with a reason that is no UTF-8', [{ opcode: close, payload: reasonOf(1000, Buffer.from([0xff])) }], 1007],
  ['the end of a message that never began', [{ opcode: continuation, payload: 'x' }], 1002],
  ['the middle of a message that never began', [{ opcode: continuation, fin: false, payload: 'x' }], 1002],
  [
    'a message inside of another',
    [
      { opcode: text, fin: false, payload: '{' },
      { opcode: text, payload: '}' },
    ],
    1002,
  ],
  [
    'bytes inside of a text',
    [
      { opcode: text, fin: false, payload: '{' },
      { opcode: binary, payload: '}' },
    ],
    1002,
  ],
  ...(
    [
      ['a byte that is none', [0xff]],
      ['the half of a character', [0xe4, 0xbd]],
      ['an overlong slash', [0xc0, 0xaf]],
      ['a surrogate', [0xed, 0xa0, 0x80]],
      ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
      ['a lone continuation', [0x80]],
    ] as const
  ).map(([name, bytes]): [string, Frame[], number] => [
    `text with ${name}`,
    [{ opcode: text, payload: Buffer.from(bytes) }],
    1007,
  ]),
  [
    'a character that is broken off between pieces',
    [
      { opcode: text, fin: false, payload: Buffer.from([0xe4, 0xbd]) },
      { opcode: continuation, payload: 'x' },
    ],
    1007,
  ],
  ['bytes that are no text', [{ opcode: binary, payload: Buffer.from([0xff, 0xfe]) }], 1003],
  ['64 MiB and one byte announced', [{ opcode: text, length: 64 * 1024 * 1024 + 1 }], 1009],
  ['2^53 bytes announced', [{ opcode: text, length: 2 ** 53 }], 1009],
]

const authorization = `Bearer ${accessToken}`
const places: [string, () => Client][] = [
  ...['/', '/api', '/event', '/bots/10001/api'].map((path): [string, () => Client] => [
    `OneBot ${path}`,
    () => dial(`ws://127.0.0.1:${on.bridge.onebotPort}${path}`, { authorization }),
  ]),
  ...['/all', '/message', '/event'].map((path): [string, () => Client] => [
    `mah ${path}`,
    () => dial(`ws://127.0.0.1:${on.bridge.miraiPort}${path}`, { verifyKey, qq: '10001' }),
  ]),
]

describe.each(places)('%s', (_, connect) => {
  test.each(cases)('%s', async (__, frames, code) => {
    const client = await open(connect())
    const { _socket: line } = client.raw as unknown as { _socket: Socket }
    line.write(Buffer.concat(frames.map(toBytes)))
    expect((await client.closed).code).toBe(code)
  })

  test('what the rules allow is no fault: empty pieces, pings between pieces, a length of zero', async () => {
    const client = await open(connect())
    const { _socket: line } = client.raw as unknown as { _socket: Socket }
    const ponged = once(client.raw, 'pong')
    const frames: Frame[] = [
      { opcode: text, fin: false, payload: ' ' },
      { opcode: ping, payload: 'between' },
      { opcode: continuation, fin: false },
      { opcode: continuation, payload: ' ' },
      { opcode: pong, payload: 'unasked' },
    ]
    line.write(Buffer.concat(frames.map(toBytes)))
    expect(String((await ponged)[0])).toBe('between')
    expect(client.raw.readyState).toBe(client.raw.OPEN)
    client.raw.terminate()
  })
})
