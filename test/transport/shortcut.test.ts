// The way past ws against ws itself: for any bytes, cut anywhere, the same texts, control frames, answers and ends.
import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { takeShortcut, type Slicing } from '../../src/transport/shortcut.ts'
import type { Work } from '../../src/transport/time-slice.ts'

interface Frame {
  opcode: number
  fin: boolean
  /** The three reserved bits. */
  reserved: number
  masked: boolean
  /** Bytes of the length field beyond the second byte of the header: 0, 2 or 8, when it fits. */
  long: 0 | 2 | 8
  /** A number: so many letters. */
  payload: Buffer | number
}

const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d])

function toBytes({ opcode, fin, reserved, masked, long, payload: given }: Frame): Buffer {
  const payload = typeof given === 'number' ? Buffer.alloc(given, 'a') : given
  const size = payload.length
  const wide = size > 65_535 || long === 8
  const form = wide ? 127 : size > 125 || long === 2 ? 126 : size
  const head = Buffer.from([(fin ? 0x80 : 0) | (reserved << 4) | opcode, (masked ? 0x80 : 0) | form])
  const length = Buffer.alloc(wide ? 8 : form === 126 ? 2 : 0)
  if (wide) length.writeBigUInt64BE(BigInt(size))
  else if (form === 126) length.writeUInt16BE(size)
  const body = masked ? payload.map((byte, at) => byte ^ (mask[at % 4] as number)) : payload
  return Buffer.concat([head, length, masked ? mask : Buffer.alloc(0), body])
}

interface Inside {
  _isServer: boolean
  setSocket(stream: Duplex, head: Buffer, options: object): void
}

interface Session {
  isServer: boolean
  pieces: readonly Buffer[]
  /** After which texts reading stops for a while. */
  pauses: ReadonlySet<number>
  /** Before which texts the time of the turn is up; each further one has a turn of its own until nothing waits. */
  slices?: ReadonlySet<number>
}

function sliced(slices: ReadonlySet<number>): Slicing & { readonly waits: boolean } {
  let asked = 0
  let waits = false
  function takeTurns(work: Work): void {
    waits = true
    setImmediate(() => {
      waits = false
      if (work(1)) takeTurns(work)
    })
  }
  return {
    isTimeUp: () => slices.has(++asked),
    takeTurns,
    get waits() {
      return waits
    },
  }
}

/** What is heard and what goes out, in order. */
async function hear({ isServer, pieces, pauses, slices = new Set() }: Session, short: boolean): Promise<string[]> {
  const log: string[] = []
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      log.push(`out ${chunk.toString('hex')}`)
      done()
    },
  })
  const options = { autoPong: true, closeTimeout: 1000 }
  const raw = new WebSocket(null as unknown as string, undefined, options)
  const inside = raw as unknown as Inside
  inside._isServer = isServer
  inside.setSocket(stream, Buffer.alloc(0), {
    maxPayload: 70_000,
    maxFragments: 6,
    allowSynchronousEvents: true,
    generateMask: (into: Buffer) => into.fill(0),
  })
  let texts = 0
  const take = (text: string): void => {
    log.push(text.length > 200 ? `text of ${text.length}` : `text ${text}`)
    if (!pauses.has(++texts)) return
    raw.pause()
    setImmediate(() => raw.resume())
  }
  raw.on('error', (error: Error & { code?: string }) => log.push(`error ${error.code}`))
  raw.on('ping', (data: Buffer) => log.push(`ping ${data.toString('hex')}`))
  raw.on('pong', (data: Buffer) => log.push(`pong ${data.toString('hex')}`))
  const closed = new Promise<void>((resolve) =>
    raw.on('close', (code, reason) => {
      log.push(`close ${code} ${reason.toString()}`)
      resolve()
    }),
  )
  const slicing = sliced(slices)
  if (short) expect(takeShortcut(raw, take, slicing)).toBeDefined()
  raw.on('message', (data: Buffer, isBinary) => (isBinary ? log.push(`binary ${data.length}`) : take(data.toString())))
  for (const piece of pieces) {
    stream.push(Buffer.from(piece))
    await new Promise(setImmediate)
  }
  while (raw.isPaused || slicing.waits) await new Promise(setImmediate)
  stream.push(null)
  await closed
  return log
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((one, other) => one - other)
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length))
}

const odd = ['efbfbd', 'c328', 'eda080', 'f4908080', '03e8', '03e86f6b', '03ed', '00']
const payload: fc.Arbitrary<Buffer | number> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 7, 124, 125, 126, 127) },
  { weight: 1, arbitrary: fc.constantFrom(65_535, 65_536, 70_000, 70_001) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom(...odd).map((hex) => Buffer.from(hex, 'hex')) },
)

/** Mostly plain texts with something else between them; now and then what no peer may send. */
function frames(isServer: boolean): fc.Arbitrary<Frame[]> {
  const often = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
    fc.oneof({ weight: 30, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(usual, ...others) })
  const frame = fc.record<Frame>({
    opcode: fc.oneof(
      { weight: 12, arbitrary: fc.constant(1) },
      { weight: 6, arbitrary: fc.constantFrom(0, 9, 10) },
      { weight: 2, arbitrary: fc.constantFrom(2, 8, 3, 11, 15) },
    ),
    fin: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    reserved: often(0, 1, 2, 4, 7),
    masked: often(isServer, !isServer),
    long: often<0 | 2 | 8>(0, 2, 8),
    payload,
  })
  return fc.array(frame, { minLength: 1, maxLength: 12 })
}

describe.each([true, false])('as server: %s', (isServer) => {
  test('whatever comes, cut anywhere, is taken as ws takes it', async () => {
    const runs = Number(process.env['FUZZ_RUNS'] ?? 150)
    await fc.assert(
      fc.asyncProperty(
        frames(isServer),
        fc.array(fc.nat(200_000), { maxLength: 8 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 3 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }),
        async (given, places, pauses, slices) => {
          const pieces = cut(Buffer.concat(given.map(toBytes)), places)
          const session = { isServer, pieces, pauses: new Set(pauses), slices: new Set(slices) }
          expect(await hear(session, true)).toEqual(await hear(session, false))
        },
      ),
      { numRuns: runs },
    )
  }, 600_000)

  const text = (payload: Buffer | string | number, more: Partial<Frame> = {}): Frame => ({
    opcode: 1,
    fin: true,
    reserved: 0,
    masked: isServer,
    long: 0,
    payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
    ...more,
  })
  const cases: [string, Frame[]][] = [
    ['texts of every form of length', [0, 125, 126, 127].map((size) => text(size))],
    [
      'a ping between two pieces of a text',
      [text('a', { fin: false }), text('p', { opcode: 9 }), text('b', { opcode: 0 }), text('c')],
    ],
    ['a text inside a text', [text('a', { fin: false }), text('b')]],
    ['broken UTF-8 behind a text', [text('a'), text(Buffer.from('c328', 'hex')), text('b')]],
    ['a farewell, and a text behind it', [text('a'), text(Buffer.from('03e86f6b', 'hex'), { opcode: 8 }), text('b')]],
    ['a mask that must not be or must be', [text('a'), text('b', { masked: !isServer }), text('c')]],
    ['a reserved bit', [text('a'), text('b', { reserved: 4 }), text('c')]],
    ['an opcode that nobody has', [text('a'), text('b', { opcode: 5 }), text('c')]],
    ['a length written too long', [text('a', { long: 2 }), text('b', { long: 8 }), text('c')]],
  ]

  test.each(cases)('%s, cut at each byte', async (_, given) => {
    const bytes = Buffer.concat(given.map(toBytes))
    for (let at = 0; at <= bytes.length; at++) {
      const session = { isServer, pieces: [bytes.subarray(0, at), bytes.subarray(at)], pauses: new Set<number>() }
      expect(await hear(session, true)).toEqual(await hear(session, false))
    }
    const single = { isServer, pieces: [...bytes].map((byte) => Buffer.from([byte])), pauses: new Set([1]) }
    expect(await hear(single, true)).toEqual(await hear(single, false))
  })
})
