// Limits that all clients share.
import { request, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessToken, adminToken, startBridge, verifyKey } from '../support/bridge.ts'
import { until } from '../support/until.ts'
import { dial, http, onebotRefusal, open, stage, type Client, type Stage } from './support.ts'

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

const mebibyte = 1024 * 1024
/** Far below the default: what counts is the sum, and that nobody else is held up. */
const small = { bodyMemoryBytes: 4 * mebibyte, messageBytes: 3 * mebibyte }

/** Answers that another client gets while the others flood, and the longest that it waited for one, milliseconds. */
function bystand(client: Client): { stop(): Promise<number> } {
  const stopped = new AbortController()
  const done = (async () => {
    let longest = 0
    for (let at = 0; !stopped.signal.aborted; at++) {
      const waited = await timed(async () => {
        client.send({ action: 'get_status', echo: `still ${at}` })
        expect(await client.find((text) => text.includes(`still ${at}`))).toContain('"status":"ok"')
      })
      longest = Math.max(longest, waited)
      await new Promise(setImmediate)
    }
    return longest
  })()
  return {
    stop() {
      stopped.abort()
      return done
    },
  }
}

test('bodies of all clients together have a limit, and what is done with is given back', async () => {
  const few = await stage({ limits: small })
  const { onebotPort } = few.bridge
  const other = bystand(await few.api())
  const head = `POST /get_status HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${accessToken}\r\nContent-Length: ${2 * mebibyte}\r\n\r\n`
  const answers: string[] = []
  const senders = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const socket = connect(onebotPort, '127.0.0.1')
      socket.on('error', () => {})
      socket.on('data', (data: Buffer) => answers.push(data.toString()))
      await once(socket, 'connect')
      socket.write(head)
      socket.write(Buffer.alloc(2 * mebibyte - 1, 32))
      return socket
    }),
  )
  await until(() => answers.length > 0, 'one of them was refused', 20_000)
  expect(answers[0]).toContain('HTTP/1.1 503')
  expect(answers.join('')).toContain(onebotRefusal(200, 'too many large requests at once, try again later'))
  for (const socket of senders) socket.destroy()
  const large = Buffer.alloc(3 * mebibyte, 32)
  // What the cut connections held is given back when the server notices: soon, but not at once.
  while ((await few.onebot.post('/get_status', '{}')).status !== 200) await new Promise(setImmediate)
  expect((await few.onebot.post('/get_status', large)).status).toBe(200)
  expect(await other.stop()).toBeLessThan(3000)
  await few.bridge.stop()
}, 60_000)

test('WebSocket messages count as well: the connection that is too much is closed, others are served on', async () => {
  const few = await stage({ limits: small })
  const part = Buffer.alloc(2 * mebibyte, 32)
  const header = Buffer.alloc(14)
  header.writeUInt8(0x81, 0)
  header.writeUInt8(0x80 | 127, 1)
  header.writeBigUInt64BE(BigInt(part.length + 1), 2)
  const idle = await few.all()
  const other = bystand(await few.api())
  const clients = await Promise.all(Array.from({ length: 3 }, () => few.api()))
  for (const { raw } of clients) {
    const { _socket: line } = raw as unknown as { _socket: Socket }
    line.write(header)
    line.write(part)
  }
  const isOver = (): boolean => clients.some(({ raw }) => raw.readyState !== raw.OPEN)
  await until(isOver, 'one of them was closed', 20_000)
  expect(clients.filter(({ raw }) => raw.readyState === raw.OPEN).length).toBeGreaterThan(0)
  for (const client of clients) client.raw.terminate()
  while ((await few.onebot.post('/get_status', '{}')).status !== 200) await new Promise(setImmediate)
  expect(await other.stop()).toBeLessThan(3000)
  idle.send({ syncId: 'still', command: 'about', content: {} })
  expect(await idle.find((text) => text.includes('still'))).toContain('"code":0')
  await few.bridge.stop()
}, 60_000)

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

test('readers of events and calls under way have shown who they are: they leave room for others', async () => {
  await using bridge = await startBridge({ limits: { strangers: 4 } })
  const { onebotPort, adminPort } = bridge
  const read = async (port: number, path: string, token: string): Promise<IncomingMessage> => {
    const sent = request({ port, path, host: '127.0.0.1', agent: false, headers: { authorization: `Bearer ${token}` } })
    sent.end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return response.resume()
  }
  for (let at = 0; at < 10; at++) {
    expect((await read(onebotPort, '/_events', accessToken)).statusCode).toBe(200)
    expect((await read(adminPort, '/events', adminToken)).statusCode).toBe(200)
  }
})
