// Limits that the operator sets hold on the wire, in the forms of both dialects.
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { accessToken } from '../support/bridge.ts'
import { until } from '../support/until.ts'
import { dial, http, miraiRefusal, onebotRefusal, open, stage, type Stage } from './support.ts'

let on: Stage
beforeAll(async () => {
  on = await stage({
    limits: { jsonDepth: 4, jsonValues: 6, framesPerMessage: 3, freeFailures: 0, failureDelayMs: 120 },
  })
})
afterAll(() => on.bridge.stop())

const deep = '{"action":"get_status","params":{"a":[[[1]]]}}'
const broad = '{"action":"get_status","params":{"a":[1,2,3,4,5,6,7]}}'
const tooDeep = 'JSON is nested deeper than 4 levels'
const tooBroad = 'JSON holds more than 6 values'

test('depth and values of JSON', async () => {
  const api = await on.api()
  for (const [text, reason] of [
    [deep, tooDeep],
    [broad, tooBroad],
  ] as const) {
    api.send(text)
    expect(await api.next()).toBe(onebotRefusal(1400, reason))
    expect(await on.onebot.post('/get_status', text)).toMatchObject({ status: 400, text: onebotRefusal(400, reason) })
    expect((await on.mirai.post('/sendFriendMessage', text)).text).toMatch(/^\{"code":400,/)
  }
  const all = await on.all()
  all.send('{"syncId":"1","command":"about","content":{"a":[[[1]]]}}')
  expect(await all.next()).toBe(miraiRefusal(400, '无效参数'))
  api.send('{"action":"get_status","params":{"a":[[1]]},"echo":1}')
  expect(await api.next()).toContain('"status":"ok"')
})

test('frames of one message', async () => {
  const api = await on.api()
  for (let at = 0; at < 3; at++) api.raw.send(at === 0 ? '{"action":"get_status",' : '"a":1,', { fin: false })
  api.raw.send('"b":1}', { fin: true })
  expect(await api.closed).toMatchObject({ code: 1008 })
})

test('how long a wrong secret waits', async () => {
  const { onebotPort } = on.bridge
  const ask = (token: string) =>
    http(onebotPort, { path: '/get_status', headers: { authorization: `Bearer ${token}` } })
  const started = performance.now()
  expect((await ask('wrong')).status).toBe(403)
  expect(performance.now() - started).toBeGreaterThanOrEqual(115)
  expect((await ask(accessToken)).status).toBe(200)
})

/** A message with a large file in base64 is one frame: at once more bytes wait than a slow client is allowed. */
test('a large frame to a backend is no slow peer', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  let largest = 0
  let connections = 0
  server.on('connection', (socket) => {
    connections++
    socket.on('message', (data: Buffer) => {
      largest = Math.max(largest, data.length)
      const { action, echo } = JSON.parse(data.toString()) as { action: string; echo: unknown }
      const told = action === 'get_login_info' ? { user_id: 10001, nickname: 'x' } : { app_name: 'x', message_id: 7 }
      socket.send(JSON.stringify({ status: 'ok', retcode: 0, data: told, echo }))
    })
  })
  const far = await stage({ backends: { far: { dialect: 'onebot11', ws: `ws://127.0.0.1:${port}` } } })
  const api = await open(
    dial(`ws://127.0.0.1:${far.bridge.onebotPort}/api`, { authorization: `Bearer ${accessToken}` }),
  )
  const file = `base64://${'A'.repeat(20 * 1024 * 1024)}`
  api.send({ action: 'send_private_msg', params: { user_id: 20001, message: [{ type: 'image', data: { file } }] } })
  expect(await api.next()).toContain('"status":"ok"')
  await until(() => largest > file.length, 'the frame is there', 20_000)
  expect(connections).toBe(1)
  await far.bridge.stop()
  server.close()
  for (const socket of server.clients) socket.terminate()
}, 60_000)
