// Every limit of ports and WebSockets is reached over a real socket: answered as promised, counted, and nobody else suffers.
import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LimitName } from '../../src/core/limit.ts'
import { accessToken, adminToken, verifyKey } from '../support/bridge.ts'
import { bytes, countOf, dial, expectReached, http, open, stage, watch, type Stage, type Watch } from './support.ts'

let on: Stage
let guard: Watch
beforeAll(async () => {
  on = await stage({
    limits: {
      ...{ messageBytes: 200_000, headersMs: 300, checkMs: 100, bodyMs: 400, uploadIdleMs: 300 },
      ...{ framesPerMessage: 4, pauseBytes: 65_536, closeBytes: 24 * 1024 * 1024, stalledMs: 700 },
      ...{ pingMs: 250, missedPings: 2, freeFailures: 1, failureDelayMs: 50 },
    },
    inbounds: {
      mirai: {
        dialect: 'mirai',
        listen: '127.0.0.1:0',
        verifyKey,
        limits: { bodyBytes: 200_000, uploadBytes: 100_000, formParts: 5 },
      },
      onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken },
    },
  })
  guard = await watch(on, 3000)
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
})

const doors = ['onebot', 'mirai', 'admin'] as const
type Door = (typeof doors)[number]

/** Where a client that has the secret posts to. */
function postTo(door: Door): { port: number; path: string; headers: Record<string, string> } {
  const { onebotPort, miraiPort, adminPort } = on.bridge
  if (door === 'mirai') return { port: miraiPort, path: '/muteAll', headers: { sessionKey: on.key } }
  const onebot = { port: onebotPort, path: '/get_status', headers: { authorization: `Bearer ${accessToken}` } }
  return door === 'onebot'
    ? onebot
    : { port: adminPort, path: '/world/act', headers: { authorization: `Bearer ${adminToken}` } }
}

function headOf(door: Door, more: string): string {
  const { path, headers } = postTo(door)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}${more}`
}

let before = new Map<LimitName, number>()
beforeEach(() => (before = new Map()))

async function reach<T>(limit: LimitName, task: () => Promise<T>): Promise<T> {
  before.set(limit, await countOf(on.bridge, limit))
  const result = await task()
  await expectReached(on.bridge, limit, before.get(limit) ?? 0)
  return result
}

describe.each(doors)('HTTP of %s', (door) => {
  test('headers that are too long: 431', async () => {
    const text = `${headOf(door, '')}X: ${'x'.repeat(17_000)}\r\n\r\n`
    const answer = await reach('headerBytes', () => bytes(postTo(door).port, text))
    expect(answer).toBe(
      'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    )
  })

  test('headers that never end: 408', async () => {
    const answer = await reach('headersMs', () => bytes(postTo(door).port, headOf(door, 'X-Slow: ')))
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
  })

  test('a body that never ends: 408', async () => {
    const answer = await reach('bodyMs', () => bytes(postTo(door).port, headOf(door, 'Content-Length: 9\r\n\r\n{"a"')))
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
  })

  test('a body that is too large, announced or not: 413', async () => {
    const { port, path, headers } = postTo(door)
    const body = Buffer.alloc(200_001, 32)
    expect((await reach('messageBytes', () => http(port, { path, headers, body }))).status).toBe(413)
    const sent = request({ port, path, headers, method: 'POST', agent: false }).on('error', () => {})
    const answered = once(sent, 'response') as Promise<[{ statusCode: number }]>
    sent.write(body)
    expect((await answered)[0].statusCode).toBe(413)
    sent.destroy()
  })

  test('a compressed body: 415', async () => {
    const { port, path, headers } = postTo(door)
    const packed = { path, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync('{}') }
    expect((await reach('compressed', () => http(port, packed))).status).toBe(415)
  })

  test('wrong secrets, too many of them, are answered later', async () => {
    const { port, path } = postTo(door)
    const wrong =
      door === 'mirai'
        ? { path: '/verify', body: '{"verifyKey":"wrong"}' }
        : { path, headers: { authorization: 'Bearer wrong' }, body: '{}' }
    await reach('freeFailures', async () => {
      for (let at = 0; at < 2; at++) await http(port, wrong)
      const began = performance.now()
      await http(port, wrong)
      expect(performance.now() - began).toBeGreaterThanOrEqual(45)
    })
  })
})

test('answers over HTTP that nobody takes: cut', async () => {
  // Elsewhere here the half of a request behind them is too slow before they are.
  const one = await stage({ limits: { checkMs: 100, stalledMs: 500 } })
  const body = JSON.stringify({ echo: 'e'.repeat(60_000) })
  const socket = connect(one.bridge.onebotPort, '127.0.0.1').on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.pause()
  socket.write(`${headOf('onebot', '')}Content-Length: ${body.length}\r\n\r\n${body}`.repeat(400))
  await expectReached(one.bridge, 'stalledMs', 0)
  socket.resume()
  await closed
  expect(socket.destroyed).toBe(true)
  await one.bridge.stop()
})

test('a stranger’s body is short: 413', async () => {
  const body = JSON.stringify({ verifyKey: 'x'.repeat(70_000) })
  expect((await reach('strangerBytes', () => http(on.bridge.miraiPort, { path: '/verify', body }))).status).toBe(413)
})

describe('uploads', () => {
  const head = (name: string, more = ''): string =>
    `--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`
  const type = `${head('type')}group\r\n`

  function upload(body: string): Promise<{ status: number; text: string }> {
    return on.mirai.post('/uploadImage', body, { 'content-type': 'multipart/form-data; boundary=b' })
  }

  test.each<[LimitName, string]>([
    ['uploadBytes', `${type}${head('img', '; filename="a.png"')}${'x'.repeat(100_001)}\r\n--b--\r\n`],
    ['formParts', `${Array.from({ length: 6 }, (_, at) => `${head(`f${at}`)}x\r\n`).join('')}--b--\r\n`],
    [
      'partHeaderBytes',
      `--b\r\nX: ${'x'.repeat(9000)}\r\ncontent-disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n`,
    ],
  ])('%s: 413', async (limit, body) => {
    expect(await reach(limit, () => upload(body))).toMatchObject({ status: 413, text: '' })
  })

  test('one that stands still: 408', async () => {
    const part = `${type}${head('img', '; filename="a.png"')}xxxx`
    const line = headOf('mirai', `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000\r\n\r\n${part}`)
    const answer = await reach('uploadIdleMs', () =>
      bytes(on.bridge.miraiPort, line.replace('POST /muteAll', 'POST /uploadImage')),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  })
})

describe.each(['onebot', 'mirai'] as const)('WebSocket of %s', (door) => {
  const connected = () => (door === 'onebot' ? on.api() : on.all())
  const lineOf = (client: Awaited<ReturnType<typeof connected>>) =>
    (client.raw as unknown as { _socket: Socket })._socket
  const big = 'e'.repeat(100_000)
  const request = (echo: string): string =>
    door === 'onebot'
      ? `{"action":"get_status","echo":"${echo}"}`
      : `{"syncId":"${echo}","command":"about","content":{}}`

  test('a message that is too large: 1009', async () => {
    const client = await connected()
    await reach('messageBytes', async () => {
      client.send(' '.repeat(200_001))
      expect((await client.closed).code).toBe(1009)
    })
  })

  test('a message in too many frames: 1008', async () => {
    const client = await connected()
    await reach('framesPerMessage', async () => {
      for (let at = 0; at < 6; at++) client.raw.send('x', { fin: false })
      expect((await client.closed).code).toBe(1008)
    })
  })

  test('frames that are none: 1002', async () => {
    const client = await connected()
    await reach('framing', async () => {
      lineOf(client).write(Buffer.from([0xf1, 0x80, 0, 0, 0, 0]))
      expect((await client.closed).code).toBe(1002)
    })
  })

  test('who does not answer pings is cut', async () => {
    const client = await connected()
    await reach('missedPings', async () => {
      lineOf(client).pause()
      await expectReached(on.bridge, 'missedPings', before.get('missedPings') ?? 0)
    })
    lineOf(client).resume()
    expect((await client.closed).code).toBe(1006)
  })

  test('who does not read is not read, and cut after a while', async () => {
    const client = await connected()
    await reach('pauseBytes', () =>
      reach('stalledMs', async () => {
        lineOf(client).pause()
        const text = request(big)
        for (let at = 0; at < 120; at++) client.send(text)
        await expectReached(on.bridge, 'stalledMs', before.get('stalledMs') ?? 0)
      }),
    )
    lineOf(client).resume()
    expect((await client.closed).code).toBe(1006)
  })

  test('too much unsent: 1013', async () => {
    const one = await stage({ limits: { pauseBytes: 16 * 2 ** 20, closeBytes: 2 ** 20 } })
    const client = await (door === 'onebot' ? one.api() : one.all())
    lineOf(client).pause()
    const text = request(big)
    for (let at = 0; at < 200; at++) client.send(text)
    await expectReached(one.bridge, 'closeBytes', 0)
    lineOf(client).resume()
    expect((await client.closed).code).toBe(1013)
    await one.bridge.stop()
  })
})

test('connections, in all and of strangers: the newest is refused', async () => {
  const few = await stage({ limits: { connections: 6, strangers: 2 } })
  const { onebotPort, miraiPort } = few.bridge
  const authorization = `Bearer ${accessToken}`
  const refused = async (port: number): Promise<void> => {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    await once(socket, 'close')
  }
  const strangers = [onebotPort, onebotPort].map((port) => connect(port, '127.0.0.1'))
  await Promise.all(strangers.map((socket) => once(socket, 'connect')))
  await refused(onebotPort)
  await expectReached(few.bridge, 'strangers', 0)
  for (const socket of strangers) socket.destroy()
  // A wrong verifyKey is answered with HTTP 200 here, and lets nobody in.
  const guesses = [miraiPort, miraiPort].map((port) => connect(port, '127.0.0.1').on('error', () => {}))
  const body = '{"verifyKey":"wrong"}'
  for (const socket of guesses) {
    socket.write(`POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    expect(String((await once(socket, 'data'))[0])).toContain('HTTP/1.1 200')
  }
  await refused(miraiPort)
  for (const socket of guesses) socket.destroy()
  const url = `ws://127.0.0.1:${onebotPort}/api`
  const known = await Promise.all(Array.from({ length: 6 }, () => open(dial(url, { authorization }))))
  await refused(onebotPort)
  await expectReached(few.bridge, 'connections', 0)
  for (const { raw } of known) raw.terminate()
  await few.bridge.stop()
})

test('bodies of all together: 503', async () => {
  const few = await stage({ limits: { bodyMemoryBytes: 100_000, messageBytes: 150_000 } })
  const answer = await few.onebot.post('/get_status', Buffer.alloc(140_000, 32))
  expect(answer.status).toBe(503)
  await expectReached(few.bridge, 'bodyMemoryBytes', 0)
  const client = await few.all()
  client.send(' '.repeat(140_000))
  expect([1013, 1006]).toContain((await client.closed).code)
  await few.bridge.stop()
})
