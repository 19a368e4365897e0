// Limits that all clients share.
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessToken, startBridge, verifyKey } from '../support/bridge.ts'
import { until } from '../support/until.ts'
import { dial, http, onebotRefusal, open, stage, type Stage } from './support.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(() => on.bridge.stop())

async function timed<T>(task: () => Promise<T>): Promise<number> {
  const started = performance.now()
  await task()
  return performance.now() - started
}

test('after ten wrong secrets in a minute each further one waits, the right one never', async () => {
  const { onebotPort, miraiPort, adminPort } = on.bridge
  const wrong = { authorization: 'Bearer wrong' }
  const verify = (key: string) => http(miraiPort, { path: '/verify', body: JSON.stringify({ verifyKey: key }) })
  const guesses: [() => Promise<unknown>, () => Promise<unknown>][] = [
    [
      () => http(onebotPort, { path: '/get_status', headers: wrong }),
      () => http(onebotPort, { path: '/get_status', headers: { authorization: `Bearer ${accessToken}` } }),
    ],
    [() => verify('wrong'), () => verify(verifyKey)],
    [() => http(adminPort, { path: '/world', headers: wrong }), () => http(adminPort, { path: '/healthz' })],
  ]
  for (const [guess, know] of guesses) {
    for (let at = 0; at < 10; at++) await guess()
    // The count begins anew with the minute, which may have been just now.
    let slow = 0
    for (let at = 0; at < 11 && slow < 190; at++) slow = await timed(guess)
    expect(slow).toBeGreaterThanOrEqual(190)
    expect(await timed(know)).toBeLessThan(150)
  }
  const sockets: [string, Record<string, string>][] = [
    [`ws://127.0.0.1:${onebotPort}/`, {}],
    [`ws://127.0.0.1:${miraiPort}/all?qq=10001`, { verifyKey: 'wrong' }],
  ]
  for (const [url, headers] of sockets) {
    const client = await open(dial(url, headers))
    expect(await timed(() => client.next())).toBeGreaterThanOrEqual(150)
  }
})

/** Resolves when the socket takes more, or is closed. */
async function pour(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.destroyed || socket.write(bytes)) return
  await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {})
}

test('bodies of all clients together have a limit, and what is done with is given back', async () => {
  const mebibyte = Buffer.alloc(1024 * 1024, 32)
  const head = `POST /get_status HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${accessToken}\r\nContent-Length: ${62 * mebibyte.length}\r\n\r\n`
  const answers: string[] = []
  const senders = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const socket = connect(on.bridge.onebotPort, '127.0.0.1')
      socket.setMaxListeners(0)
      socket.on('error', () => {})
      socket.on('data', (data: Buffer) => answers.push(data.toString()))
      await once(socket, 'connect')
      socket.write(head)
      return socket
    }),
  )
  for (let at = 0; at < 61 && answers.length === 0; at++) {
    await Promise.all(senders.map((socket) => pour(socket, mebibyte)))
  }
  await until(() => answers.length > 0, 'one of them was refused', 60_000)
  expect(answers[0]).toContain('HTTP/1.1 503')
  expect(answers.join('')).toContain(onebotRefusal(200, 'too many large requests at once, try again later'))
  for (const socket of senders) socket.destroy()
  const large = Buffer.alloc(40 * mebibyte.length, 32)
  // What the cut connections held is given back when the server notices: soon, but not at once.
  while ((await on.onebot.post('/get_status', '{}')).status !== 200) await new Promise(setImmediate)
  expect((await on.onebot.post('/get_status', large)).status).toBe(200)
}, 90_000)

test('WebSocket messages count as well: the connection that is too much is closed', async () => {
  const part = Buffer.alloc(1024 * 1024, 32)
  const header = Buffer.alloc(14)
  header.writeUInt8(0x81, 0)
  header.writeUInt8(0x80 | 127, 1)
  header.writeBigUInt64BE(BigInt(63 * part.length), 2)
  const clients = await Promise.all(Array.from({ length: 5 }, () => on.api()))
  const lines = clients.map(({ raw }) => (raw as unknown as { _socket: Socket })._socket)
  for (const line of lines) line.write(header)
  const isOver = (): boolean => clients.some(({ raw }) => raw.readyState !== raw.OPEN)
  for (let at = 0; at < 62 && !isOver(); at++) await Promise.all(lines.map((line) => pour(line, part)))
  await until(isOver, 'one of them was closed', 60_000)
  expect(isOver()).toBe(true)
  for (const client of clients) client.raw.terminate()
  while ((await on.onebot.post('/get_status', '{}')).status !== 200) await new Promise(setImmediate)
}, 90_000)

test('strangers have a limit of their own, who was let in is served on', async () => {
  await using bridge = await startBridge({ limits: { strangers: 4 } })
  const { onebotPort } = bridge
  const authorization = `Bearer ${accessToken}`
  const known = await open(dial(`ws://127.0.0.1:${onebotPort}/api`, { authorization }))
  const strangers = Array.from({ length: 4 }, () => connect(onebotPort, '127.0.0.1'))
  await Promise.all(strangers.map((stranger) => once(stranger, 'connect')))
  const fifth = connect(onebotPort, '127.0.0.1')
  fifth.on('error', () => {})
  await once(fifth, 'close')
  known.send({ action: 'get_status', echo: 1 })
  expect(await known.find((text) => text.includes('"echo":1'))).toContain('"status":"ok"')
  for (const stranger of strangers) stranger.destroy()
  const ask = () =>
    http(onebotPort, { path: '/get_status', headers: { authorization } }).then(
      ({ status }) => status,
      () => 0,
    )
  for (let status = 0; status !== 200;) status = await ask()
  known.raw.terminate()
})
