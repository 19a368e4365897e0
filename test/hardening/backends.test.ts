// Backends that are away, go away in the middle of a call, or never answer: each call ends once, in the client's dialect.
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { until } from '../support/until.ts'
import { dial, expectDiscreet, http, login, stage, type Stage } from './support.ts'

type Wire = Record<string, unknown>

/** A server that greets as its dialect does and answers what the script says; undefined is silence. */
interface Fake {
  asked: Wire[]
  sockets: Set<WebSocket>
  close(): Promise<void>
}

type Script = (request: Wire) => unknown

const group = 30001

const greetings: Record<string, unknown> = {
  get_login_info: { user_id: 10001, nickname: 'x' },
  get_version_info: { app_name: 'NapCat.Onebot', app_version: '4.8.1', protocol_version: 'v11' },
  about: { version: '2.10.0' },
  sessionInfo: { sessionKey: 'k', qq: { id: 10001, nickname: 'x', remark: '' } },
}

async function startFake(dialect: 'onebot11' | 'mirai', port: number, script: Script): Promise<Fake> {
  const server = new WebSocketServer({ host: '127.0.0.1', port })
  await once(server, 'listening')
  const fake: Fake = {
    asked: [],
    sockets: new Set(),
    async close() {
      for (const socket of fake.sockets) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  server.on('connection', (socket) => {
    fake.sockets.add(socket)
    socket.on('close', () => fake.sockets.delete(socket))
    if (dialect === 'mirai') socket.send('{"syncId":"","data":{"code":0,"session":"k"}}')
    socket.on('message', (data: Buffer) => {
      const wire = JSON.parse(data.toString()) as Wire
      const name = String(wire['action'] ?? wire['command'])
      const known = greetings[name]
      if (known === undefined) fake.asked.push(wire)
      const result = known ?? script(wire)
      if (result === undefined) return
      const data_ = dialect === 'mirai' ? { syncId: wire['syncId'], data: toAnswer(result) } : toReply(wire, result)
      socket.send(JSON.stringify(data_))
    })
  })
  closers.push(fake.close)
  return fake
}

function toAnswer(result: unknown): unknown {
  return { code: 0, msg: '', data: result, ...(result as object) }
}

function toReply({ echo }: Wire, data: unknown): unknown {
  return { status: 'ok', retcode: 0, data, message: '', wording: '', echo }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function startOn(dialect: 'onebot11' | 'mirai', port: number, more: object = {}): Promise<Stage> {
  const reconnect = { firstMs: 20, maxMs: 40, refusedMs: 40 }
  const ws = `ws://127.0.0.1:${port}`
  const own =
    dialect === 'mirai' ? { bots: [10001], verifyKey: 'key-of-the-backend' } : { accessToken: 'key-of-the-backend' }
  const backend = { dialect, ws, reconnect, ...own, ...more }
  const on = await stage({ backends: { far: backend as never }, enrichDeadlineMs: 50 })
  closers.push(on.bridge.stop)
  return on
}

async function isUp(on: Stage): Promise<void> {
  await until(() => on.bridge.bots().some((status) => status.online), 'the account is on line')
}

/** Sends of each kind of client, and reads. */
const hello = [{ type: 'Plain', text: 'hi' }]
async function sendAll(on: Stage) {
  const api = await on.api()
  const all = await on.all()
  const sessionKey = await login(on.bridge.miraiPort)
  api.send({ action: 'send_group_msg', params: { group_id: group, message: 'hi' }, echo: 'send' })
  all.send({ syncId: 'send', command: 'sendGroupMessage', content: { target: group, messageChain: hello } })
  const body = JSON.stringify({ sessionKey, target: group, messageChain: hello })
  return {
    answers: Promise.all([
      api.find((text) => text.includes('"send"')).then((text) => JSON.parse(text) as Wire),
      all.find((text) => text.includes('"send"')).then((text) => (JSON.parse(text) as { data: Wire }).data),
      on.onebot
        .post('/send_group_msg', JSON.stringify({ group_id: group, message: 'hi' }))
        .then(({ text }) => JSON.parse(text) as Wire),
      http(on.bridge.miraiPort, { path: '/sendGroupMessage', body }).then(({ text }) => JSON.parse(text) as Wire),
    ]),
  }
}

const unknown = 'the outcome is unknown'

function expectFailures(answers: readonly Wire[], text: string): void {
  const [ws, mah, post, mahPost] = answers
  expect(ws).toMatchObject({ status: 'failed', retcode: 1200, data: null, echo: 'send' })
  expect(post).toMatchObject({ status: 'failed', retcode: 200, data: null })
  expect(Object.keys(mah ?? {})).toEqual(['code', 'msg'])
  expect([mah?.['code'], mahPost?.['code']]).toEqual([500, 500])
  const texts = [ws?.['message'], post?.['wording'], mah?.['msg'], mahPost?.['msg']].map(String)
  for (const said of texts) expect(said).toContain(text)
  expectDiscreet(texts, ['key-of-the-backend'])
}

const sends = new Set(['send_group_msg', 'sendGroupMessage'])
const isSend = (wire: Wire): boolean => sends.has(String(wire['action'] ?? wire['command']))

describe.each(['onebot11', 'mirai'] as const)('%s backend', (dialect) => {
  test('down at the start: calls fail at once, and all is well when it comes', async () => {
    const port = await freePort()
    const on = await startOn(dialect, port)
    expect((await http(on.bridge.adminPort, { path: '/healthz' })).status).toBe(200)
    expect((await http(on.bridge.adminPort, { path: '/readyz' })).status).toBe(503)
    const api = await on.api()
    const asked = performance.now()
    api.send({ action: 'send_group_msg', params: { group_id: group, message: 'hi' }, echo: 1 })
    const refusal = JSON.parse(await api.next()) as Wire
    expect(refusal).toMatchObject({ status: 'failed', retcode: 1200, data: null, echo: 1 })
    expect(String(refusal['message'])).not.toContain(unknown)
    expect(performance.now() - asked).toBeLessThan(500)
    await startFake(dialect, port, () => ({ message_id: 5, messageId: 5 }))
    await isUp(on)
    api.send({ action: 'send_group_msg', params: { group_id: group, message: 'hi' }, echo: 'up' })
    expect(JSON.parse(await api.find((text) => text.includes('"up"')))).toMatchObject({ status: 'ok' })
  })

  test('gone in the middle: calls end within a second, sends say that the outcome is unknown, nothing is repeated', async () => {
    const port = await freePort()
    const first = await startFake(dialect, port, () => undefined)
    const on = await startOn(dialect, port)
    await isUp(on)
    const { answers } = await sendAll(on)
    await until(() => first.asked.filter(isSend).length === 4, 'all calls under way')
    const lost = performance.now()
    await first.close()
    expectFailures(await answers, unknown)
    expect(performance.now() - lost).toBeLessThan(1000)
    const second = await startFake(dialect, port, () => ({ message_id: 6, messageId: 6 }))
    await isUp(on)
    const again = await sendAll(on)
    expect((await again.answers)[0]).toMatchObject({ status: 'ok', retcode: 0 })
    expect(second.asked.filter(isSend)).toHaveLength(4)
  })

  test('a read that is lost is not said to be unknown', async () => {
    const port = await freePort()
    const fake = await startFake(dialect, port, () => undefined)
    const on = await startOn(dialect, port)
    await isUp(on)
    const api = await on.api()
    api.send({ action: 'get_group_list', params: { no_cache: true }, echo: 'read' })
    await until(() => fake.asked.length > 0, 'the call under way')
    await fake.close()
    const answer = JSON.parse(await api.find((text) => text.includes('"read"'))) as Wire
    expect(answer).toMatchObject({ status: 'failed', retcode: 1200 })
    expect(String(answer['message'])).not.toContain(unknown)
  })

  test('silent: calls end with their deadline', async () => {
    const port = await freePort()
    await startFake(dialect, port, () => undefined)
    const on = await startOn(dialect, port, { callTimeoutMs: 200 })
    await isUp(on)
    const asked = performance.now()
    const { answers } = await sendAll(on)
    expectFailures(await answers, unknown)
    expect(performance.now() - asked).toBeLessThan(2000)
  })

  test('garbage from it reaches nobody', async () => {
    const port = await freePort()
    const fake = await startFake(dialect, port, () => ({ message_id: 5, messageId: 5 }))
    const on = await startOn(dialect, port)
    await isUp(on)
    const events = dial(`ws://127.0.0.1:${on.bridge.onebotPort}/`, { authorization: 'access-token-of-tests' })
    await events.find((text) => text.includes('lifecycle'))
    const all = await on.all()
    const garbage = ['{', '[]', 'null', '5', '"x"', '{}', '{"syncId":"-1"}', '{"syncId":"-1","data":{"type":5}}']
    garbage.push(
      '{"syncId":"-1","data":{"type":"GroupMessage"}}',
      '{"post_type":"message"}',
      '{"post_type":"__proto__"}',
    )
    garbage.push(
      '{"post_type":"message","message_type":"group","self_id":10001,"message":{"type":5}}',
      '['.repeat(100_000),
    )
    garbage.push('{"echo":"never asked","status":"ok","retcode":0,"data":{}}', '{"syncId":"999","data":{"code":0}}')
    for (const socket of fake.sockets) {
      for (const frame of garbage) socket.send(frame)
      socket.send(Buffer.from([0xff, 0xfe]), { binary: true })
    }
    const { answers } = await sendAll(on)
    expect((await answers).map((answer) => answer['retcode'] ?? answer['code'])).toEqual([0, 0, 0, 0])
    expect(events.frames).toEqual([])
    expect(all.frames).toEqual([])
  })

  test('256 calls of one connection wait, the others are read when there is room', async () => {
    const port = await freePort()
    const fake = await startFake(dialect, port, () => undefined)
    const on = await startOn(dialect, port)
    await isUp(on)
    const api = await on.api()
    const calls = 400
    for (let echo = 0; echo < calls; echo++) {
      api.send({ action: 'send_group_msg', params: { group_id: group, message: 'hi' }, echo })
    }
    await until(() => fake.asked.length === 256, 'as many as may wait')
    const other = await on.api()
    other.send({ action: 'get_status', echo: 'other' })
    expect(await other.next()).toContain('"status":"ok"')
    expect(fake.asked).toHaveLength(256)
    let answered = 0
    const answer = (): void => {
      for (const wire of fake.asked.slice(answered)) {
        answered++
        const reply =
          dialect === 'mirai'
            ? { syncId: wire['syncId'], data: { code: 0, msg: 'success', messageId: answered } }
            : toReply(wire, { message_id: answered })
        for (const socket of fake.sockets) socket.send(JSON.stringify(reply))
      }
    }
    await until(() => {
      answer()
      return api.frames.length === calls
    }, 'all answers')
    expect(new Set(api.frames.map((text) => (JSON.parse(text) as { echo: number }).echo)).size).toBe(calls)
  })
})
