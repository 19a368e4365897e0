import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { JsonText, Spliced } from '../../src/core/json-text.ts'
import { applyMask, readTextFrames, toSplicedFrame, toTextFrames } from '../../src/transport/frames.ts'
import { attachSocket, defaultSocketLimits, type Socket } from '../../src/transport/socket.ts'
import { createTurn } from '../../src/transport/turn.ts'
import { until } from '../support/until.ts'

const texts = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', 'x'.repeat(125), 'x'.repeat(126), '\ufffd', '中'.repeat(30_000)),
  ),
)

/** Of one frame, which keeps its mask of noughts. */
function unmask(frame: Buffer): void {
  const short = (frame[1] as number) & 127
  const mask = short < 126 ? 2 : short === 126 ? 4 : 10
  applyMask(frame, { at: mask + 4, size: frame.length - mask - 4, mask })
  frame.fill(0, mask, mask + 4)
}

describe('frames in memory', () => {
  test.each([true, false])('what was written is read again, masked: %s', (masked) => {
    fc.assert(
      fc.property(texts, (given) => {
        const got: string[] = []
        const bytes = toTextFrames(given, masked)
        const done = readTextFrames(bytes, { masked, most: 65_535 }, (text) => got.push(text))
        // A text of 64 KiB is for the general reader, and what follows it.
        const whole = given.findIndex((text) => Buffer.byteLength(text) > 65_535)
        expect(got).toEqual(whole < 0 ? given : given.slice(0, whole))
        expect(done === bytes.length).toBe(whole < 0)
      }),
    )
  })

  test.each([true, false])('around what is written already it is the frame of the whole, masked: %s', (masked) => {
    const long = fc.constantFrom('', '中'.repeat(40), '中'.repeat(30_000))
    fc.assert(
      fc.property(fc.string(), long, fc.string({ unit: 'grapheme' }), (head, body, tail) => {
        const text = new Spliced(head, new JsonText(Buffer.from(body)), tail)
        const bytes = Buffer.concat(toSplicedFrame(text, masked))
        const whole = toTextFrames([String(text)], masked)
        if (masked) for (const frame of [bytes, whole]) unmask(frame)
        expect(bytes).toEqual(whole)
      }),
    )
  })

  test('those who are told the same get one buffer, unless it is masked or large', () => {
    const told = (count: number, text: string): string[] => Array.from({ length: count }, () => `${text} ${count}`)
    const first = toTextFrames(told(2, 'same'), false)
    expect(toTextFrames(told(2, 'same'), false)).toBe(first)
    expect(toTextFrames(['same 2'], false)).toEqual(first.subarray(0, first.length / 2))
    expect(toTextFrames(told(2, 'samf'), false)).not.toEqual(first)
    expect(toTextFrames(told(2, 'same'), true)).not.toBe(toTextFrames(told(2, 'same'), true))
    const large = told(1, 'x'.repeat(64 * 1024))
    expect(toTextFrames(large, false)).not.toBe(toTextFrames(large, false))
  })

  test('law: masks of long texts, wherever they lie, are those of each byte', () => {
    fc.assert(
      fc.property(
        fc.nat(7),
        fc.integer({ min: 0, max: 1100 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        (at, size, mask) => {
          const bytes = Buffer.alloc(at + 4 + size + 3, 7)
          bytes.set(mask, at)
          const expected = Buffer.from(bytes)
          for (let place = 0; place < size; place++) {
            expected[at + 4 + place] = (expected[at + 4 + place] as number) ^ (mask[place % 4] as number)
          }
          applyMask(bytes, { at: at + 4, size, mask: at })
          expect(bytes).toEqual(expected)
        },
      ),
    )
  })

  test('a cut frame stays with its first byte, broken UTF-8 keeps its mask', () => {
    const bytes = toTextFrames(['one', 'two'], true)
    for (let end = 0; end < bytes.length; end++) {
      const got: string[] = []
      const done = readTextFrames(Buffer.from(bytes.subarray(0, end)), { masked: true, most: 100 }, (text) =>
        got.push(text),
      )
      expect([got, done]).toEqual(end < 9 ? [[], 0] : [['one'], 9])
    }
    const broken = Buffer.from([0x81, 0x83, 1, 2, 3, 4, 0xc3 ^ 1, 0x28 ^ 2, 0x41 ^ 3])
    const before = Buffer.from(broken)
    expect(readTextFrames(broken, { masked: true, most: 100 }, () => expect.unreachable())).toBe(0)
    expect(broken).toEqual(before)
  })
})

describe('frames on a socket', () => {
  const closers: (() => void)[] = []
  afterEach(() => closers.splice(0).forEach((close) => close()))

  /** Our socket as a server, and the bytes of a client by hand. `general`: what took the way through ws. */
  async function open() {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 1000, perMessageDeflate: false })
    const got: string[] = []
    const general: string[] = []
    const turn = createTurn((error) => expect.unreachable(String(error)))
    const accepted = new Promise<Socket>((resolve) => {
      server.on('connection', (raw) => {
        const options = { turn, limits: defaultSocketLimits, remote: '', onError: () => {} }
        attachSocket(raw, options, (socket) => {
          resolve(socket)
          return { message: (text) => void got.push(text), close: (code) => void got.push(`closed ${code}`) }
        })
        raw.on('message', (data: Buffer) => void general.push(data.toString()))
      })
    })
    await once(server, 'listening')
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const heard: string[] = []
    client.on('message', (data: Buffer) => heard.push(data.toString()))
    client.on('error', () => {})
    await once(client, 'open')
    closers.push(
      () => client.terminate(),
      () => server.close(),
    )
    const stream = (client as unknown as { _socket: Duplex })._socket
    return { socket: await accepted, client, stream, got, general, heard }
  }

  const pieces = {
    'a text': toTextFrames(['plain'], true),
    'two at once': toTextFrames(['first', 'second'], true),
    'a message in fragments': Buffer.from('0182000000004861808000000000', 'hex'),
    'a ping': Buffer.from('898000000000', 'hex'),
    'text as bytes': Buffer.from('8282000000006f6b', 'hex'),
  }
  const said = ['plain', 'first', 'second', 'Ha', 'ok']

  test('texts in any company and cut anywhere come whole and in order', async () => {
    const { stream, got, general } = await open()
    const all = Buffer.concat(Object.values(pieces))
    for (let end = 1; end <= all.length; end++) {
      stream.write(all.subarray(0, end))
      await until(() => stream.writableLength === 0)
      stream.write(Buffer.concat([all.subarray(end), toTextFrames([`end ${end}`], true)]))
      const now = await until(() => got.at(-1) === `end ${end}` && got.splice(0))
      expect(now).toEqual([...said, `end ${end}`])
    }
    // The installed ws lets plain texts pass it.
    expect(general.filter((text) => text === 'Ha')).toHaveLength(all.length)
    expect(general.filter((text) => text === 'first').length).toBeLessThan(all.length)
  })

  test.each([
    ['broken UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]), 1007],
    ['no mask', toTextFrames(['bare'], false), 1002],
    ['a reserved bit', Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), 1002],
    ['more than the limit', toTextFrames(['x'.repeat(1001)], true), 1009],
    ['bytes that are no text', Buffer.from([0x82, 0x82, 0, 0, 0, 0, 0xc3, 0x28]), 1003],
    ['a farewell', Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9]), 1001],
  ])('%s ends the connection, and what follows is not heard', async (_, bytes, code) => {
    const { client, stream, got } = await open()
    const ended = once(client, 'close')
    stream.write(Buffer.concat([toTextFrames(['before'], true), bytes, toTextFrames(['after'], true)]))
    stream.write(toTextFrames(['later'], true))
    expect((await ended)[0]).toBe(code)
    await until(() => got.some((text) => text.startsWith('closed')))
    // What no frame rule forbids is heard until the other side says farewell, too.
    const heard = got.filter((text) => !text.startsWith('closed'))
    expect(heard).toEqual(code === 1003 ? ['before', 'after', 'later'] : ['before'])
  })

  test('long, empty and foreign texts reach a client of ws in order', async () => {
    const { socket, heard } = await open()
    const given = ['', 'x'.repeat(126), '中'.repeat(30_000), '{"a":"😀"}', 'x'.repeat(70_000), 'end']
    given.forEach((text) => socket.send(text))
    await until(() => heard.length === given.length)
    expect(heard).toEqual(given)
  })
})
