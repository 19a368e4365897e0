// Limits that all clients share.
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessToken, verifyKey } from '../support/bridge.ts'
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
