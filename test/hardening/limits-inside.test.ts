// Every limit of what is written inside requests, of what waits for clients and of calls is reached over a real socket.
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { limitNames, type LimitName } from '../../src/core/limit.ts'
import { group } from '../../src/world/index.ts'
import { accessToken, adminToken, until, verifyKey } from '../support/bridge.ts'
import {
  countOf,
  dial,
  expectReached,
  http,
  miraiRefusal,
  onebotRefusal,
  open,
  stage,
  watch,
  type Stage,
  type Watch,
} from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'limits-'))
const large = join(folder, 'large.png')
writeFileSync(large, Buffer.alloc(100))
/** A server that says too much, sends on and on, or says nothing; and a backend whose answers are long. */
const server = createServer(({ url = '' }, response) => {
  const known = { '/get_login_info': { user_id: 10001, nickname: 'x' }, '/get_version_info': { app_name: 'x' } }
  const data = Object.hasOwn(known, url) ? known[url as keyof typeof known] : 'x'.repeat(3000)
  if (url === '/long') response.end('x'.repeat(100))
  else if (url === '/on') response.writeHead(302, { location: '/on' }).end()
  else if (url !== '/silent') response.end(JSON.stringify({ status: 'ok', retcode: 0, data }))
})
let serverPort = 0

let on: Stage
let guard: Watch
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  serverPort = (server.address() as AddressInfo).port
  on = await stage({
    fileRoots: [folder],
    fetch: { allow: ['127.0.0.1'], timeoutMs: 200, maxBytes: 10, redirects: 0 },
    limits: {
      ...{
        jsonDepth: 14,
        jsonValues: 40,
        segments: 5,
        characters: 20,
        forwardNodes: 2,
        forwardDepth: 1,
        fileBytes: 10,
      },
    },
    admin: { listen: '127.0.0.1:0', token: adminToken, streamEvents: 5, streamBytes: 50_000 },
    inbounds: {
      mirai: {
        ...{ dialect: 'mirai', listen: '127.0.0.1:0', verifyKey, webhooks: [{ url: 'http://127.0.0.1:1/' }] },
        limits: { queueEvents: 3, webhookEvents: 3, sessions: 4, outboxEvents: 3 },
      },
      onebot: {
        ...{ dialect: 'onebot11', listen: '127.0.0.1:0', accessToken, webhooks: [{ url: 'http://127.0.0.1:1/' }] },
        outbox: { events: 3 },
      },
    },
  })
  guard = await watch(on, 3000)
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

async function reach(limit: LimitName, task: () => Promise<unknown>, { bridge }: Pick<Stage, 'bridge'> = on) {
  const before = await countOf(bridge, limit)
  await task()
  await expectReached(bridge, limit, before)
}

const face = { type: 'face', data: { id: '1' } }
const text = (count: number) => [{ type: 'text', data: { text: 'x'.repeat(count) } }]
const node = (content: unknown) => ({ type: 'node', data: { user_id: 1, nickname: 'x', content } })

describe('OneBot', () => {
  test.each<[LimitName, string, number, string]>([
    ['jsonDepth', `{"a":${'['.repeat(14)}1${']'.repeat(14)}}`, 400, 'JSON is nested deeper than 14 levels'],
    ['jsonValues', `{"a":[${'1,'.repeat(45)}1]}`, 400, 'JSON holds more than 40 values'],
    ['integerDigits', '{"a":123456789012345678901}', 400, 'an integer has more than 20 digits'],
  ])('%s', async (limit, body, retcode, message) => {
    const api = await on.api()
    await reach(limit, async () => {
      expect(await on.onebot.post('/get_status', body)).toMatchObject({
        status: 400,
        text: onebotRefusal(retcode, message),
      })
    })
    await reach(limit, async () => {
      api.send(body)
      expect(await api.next()).toBe(onebotRefusal(1000 + retcode, message))
    })
  })

  test('jsonValues of a form', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    await reach('jsonValues', async () => {
      const answer = await on.onebot.post('/get_status', 'a&'.repeat(50), form)
      expect([answer.status, answer.text]).toEqual([400, onebotRefusal(400, 'the form holds more than 40 values')])
    })
  })

  test.each<[LimitName, unknown, string]>([
    ['segments', Array.from({ length: 6 }, () => face), 'more than 5 segments'],
    ['characters', text(21), 'more than 20 characters'],
    ['forwardDepth', [node([node([node(text(1))])])], 'forwards nested deeper than 1'],
    ['forwardNodes', [node(text(1)), node(text(1)), node(text(1))], 'more than 2 nodes in a forward'],
  ])('%s', async (limit, message, said) => {
    const params = { group_id: 30001, message }
    await reach(limit, async () => {
      const answer = await on.onebot.post('/send_group_msg', JSON.stringify(params))
      expect([answer.status, answer.text]).toEqual([200, onebotRefusal(200, said)])
    })
  })

  test.each<[LimitName, string, string]>([
    ['fileBytes', large, 'local files are not sent for this client; use url or base64, or list fileRoots'],
  ])('%s', async (limit, file, said) => {
    const params = { group_id: 30001, message: [{ type: 'image', data: { file } }] }
    await reach(limit, async () => {
      const answer = await on.onebot.post('/send_group_msg', JSON.stringify(params))
      expect(answer.text).toBe(onebotRefusal(400, said))
    })
  })

  test.each<[LimitName, string]>([
    ['fetchTimeoutMs', '/silent'],
    ['fetchBytes', '/long'],
    ['fetchRedirects', '/on'],
  ])('%s', async (limit, path) => {
    await reach(limit, async () => {
      const url = `http://127.0.0.1:${serverPort}${path}`
      const answer = await on.onebot.post('/download_file', JSON.stringify({ url }))
      expect(JSON.parse(answer.text)).toMatchObject({ status: 'failed', retcode: 200 })
    })
  })
})

describe('mah', () => {
  const plain = (length: number) => ({ type: 'Plain', text: 'x'.repeat(length) })
  test.each<[LimitName, unknown]>([
    ['segments', Array.from({ length: 6 }, () => ({ type: 'AtAll' }))],
    ['characters', [plain(21)]],
  ])('%s: code 30', async (limit, messageChain) => {
    const content = { target: 30001, messageChain }
    const all = await on.all()
    await reach(limit, async () => {
      const answer = await on.mirai.post('/sendGroupMessage', JSON.stringify(content))
      expect([answer.status, answer.text]).toEqual([200, miraiRefusal(30, '消息过长')])
    })
    await reach(limit, async () => {
      all.send({ syncId: 's', command: 'sendGroupMessage', content })
      expect(await all.find((said) => said.startsWith('{"syncId":"s"'))).toBe(miraiRefusal(30, '消息过长', '"s"'))
    })
    all.raw.close()
    await all.closed
  })

  test('jsonDepth, over both', async () => {
    const body = `{"a":${'['.repeat(14)}1${']'.repeat(14)}}`
    const all = await on.all()
    await reach('jsonDepth', async () => {
      expect((await on.mirai.post('/sendGroupMessage', body)).text).toBe(miraiRefusal(400, 'Illegal input'))
    })
    await reach('jsonDepth', async () => {
      all.send(body)
      expect(await all.next()).toBe('{"code":400,"msg":"无效参数"}')
    })
    all.raw.close()
    await all.closed
  })

  test('sessions: the one that was idle longest ends', async () => {
    const verify = () => http(on.bridge.miraiPort, { path: '/verify', body: JSON.stringify({ verifyKey }) })
    const { text: first } = await verify()
    await reach('sessions', async () => {
      for (let at = 0; at < 6; at++) {
        // Whoever asks is not idle.
        expect((await on.mirai.get('/countMessage')).text).toContain('"code":0')
        await verify()
      }
    })
    const { session } = JSON.parse(first) as { session: string }
    const body = JSON.stringify({ sessionKey: session, qq: 10001 })
    expect((await http(on.bridge.miraiPort, { path: '/bind', body })).text).toBe(miraiRefusal(3, 'Session失效或不存在'))
  })
})

test('jsonDepth of admin', async () => {
  const headers = { authorization: `Bearer ${adminToken}` }
  await reach('jsonDepth', async () => {
    const body = `${'['.repeat(101)}${']'.repeat(101)}`
    expect((await http(on.bridge.adminPort, { path: '/world/act', headers, body })).status).toBe(400)
  })
})

describe('what waits for clients', () => {
  const say = (count: number, words = 'hello'): void => {
    for (let at = 0; at < count; at++) on.bridge.world().as(20001).say(group(30001), `${words} ${at}`)
  }

  test.each<LimitName>(['queue', 'webhook'])('%s', async (limit) => {
    await reach(limit, async () => say(10))
    const left = JSON.parse((await on.mirai.get('/countMessage')).text) as { data: number }
    expect(left.data).toBe(3)
  })

  test('outbox: of a client that is away, the newest are told', async () => {
    const url = `ws://127.0.0.1:${on.bridge.onebotPort}/event?client_id=tester`
    const authorization = `Bearer ${accessToken}`
    const first = await open(dial(url, { authorization }))
    await first.find((said) => said.includes('lifecycle'))
    first.raw.close()
    await first.closed
    await reach('outbox', async () => say(10, 'away'))
    const again = await open(dial(url, { authorization }))
    const heard: string[] = []
    while (heard.length < 3) heard.push(await again.find((said) => said.includes('away')))
    expect(heard.map((said) => /away \d/.exec(said)?.[0])).toEqual(['away 7', 'away 8', 'away 9'])
    again.raw.terminate()
  })

  test('queueMemoryBytes: all queues together', async () => {
    const few = await stage({ limits: { queueMemoryBytes: 3000 } })
    for (let at = 0; at < 50; at++) few.bridge.world().as(20001).say(group(30001), `hello ${at}`)
    await expectReached(few.bridge, 'queueMemoryBytes', 0)
    const headers = { authorization: `Bearer ${adminToken}` }
    const { text: metrics } = await http(few.bridge.adminPort, { path: '/metrics', headers })
    const bytes = Number(/^bridge_queue_bytes\{queue="session"\} (\d+)$/m.exec(metrics)?.[1])
    expect(bytes).toBeLessThanOrEqual(3000)
    expect(bytes).toBeGreaterThan(2000)
    await few.bridge.stop()
  })
})

describe('calls', () => {
  let backend: WebSocketServer
  let far: Stage
  const asked: { socket: WebSocket; echo: unknown }[] = []
  const known: Record<string, unknown> = {
    get_login_info: { user_id: 10001, nickname: 'x' },
    get_version_info: { app_name: 'x', app_version: '1', protocol_version: 'v11' },
  }
  beforeAll(async () => {
    backend = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(backend, 'listening')
    backend.on('connection', (socket) =>
      socket.on('message', (data: Buffer) => {
        const { action, echo } = JSON.parse(data.toString()) as { action: string; echo: unknown }
        const told = known[action]
        if (told === undefined) asked.push({ socket, echo })
        else socket.send(JSON.stringify({ status: 'ok', retcode: 0, data: told, echo }))
      }),
    )
    const { port } = backend.address() as AddressInfo
    far = await stage({
      backends: {
        far: { dialect: 'onebot11', ws: `ws://127.0.0.1:${port}`, callsInFlight: 3, callTimeoutMs: 1000 },
      },
      inbounds: {
        mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey, limits: { callsPerConnection: 2 } },
        onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken, callsPerConnection: 2 },
      },
    })
    await until(() => far.bridge.bots().some(({ online }) => online), 'the account')
  })
  afterAll(async () => {
    await far.bridge.stop()
    for (const socket of backend.clients) socket.terminate()
    backend.close()
  })

  const send = { action: 'send_group_msg', params: { group_id: 30001, message: 'x' } }

  const retcodeOf = (said: string): number => (JSON.parse(said) as { retcode: number }).retcode

  test('callsPerConnection: waits for one’s own; callsInFlight: busy; callTimeoutMs: 1200', async () => {
    const [one, other] = [await far.api(), await far.api()]
    for (const echo of ['a', 'b', 'c']) one.send({ ...send, echo })
    await until(() => asked.length === 2, 'two under way')
    for (const echo of ['d', 'e']) other.send({ ...send, echo })
    const busy = await other.next()
    expect(JSON.parse(busy)).toMatchObject({
      retcode: 1200,
      message: 'send_group_msg: 3 calls are in flight',
      echo: 'e',
    })
    await expectReached(far.bridge, 'callsPerConnection', 0)
    await expectReached(far.bridge, 'callsInFlight', 0)
    const late = [await one.next(), await one.next(), await one.next(), await other.next()]
    expect(late.map(retcodeOf)).toEqual([1200, 1200, 1200, 1200])
    await expectReached(far.bridge, 'callTimeoutMs', 0)
    const post = await far.onebot.post('/send_group_msg', JSON.stringify(send.params))
    expect([post.status, retcodeOf(post.text)]).toEqual([200, 200])
  })

  test('callsPerConnection of mah: what is too much waits, and is answered', async () => {
    const all = await far.all()
    const content = { target: 30001, messageChain: [{ type: 'Plain', text: 'x' }] }
    await reach(
      'callsPerConnection',
      async () => {
        for (const syncId of ['a', 'b', 'c']) all.send({ syncId, command: 'sendGroupMessage', content })
      },
      far,
    )
    const answers = [await all.next(), await all.next(), await all.next()]
    expect(answers.map((said) => (JSON.parse(said) as { data: { code: number } }).data.code)).toEqual([500, 500, 500])
  })
})

test('rate: busy, 503 over HTTP', async () => {
  const rate = { perBot: { messages: 1, seconds: 60 }, over: 'refuse' } as const
  const slow = await stage({
    routes: [
      { from: 'onebot', to: 'world', rate },
      { from: 'mirai', to: 'world', rate },
    ],
  })
  const body = JSON.stringify({ group_id: 30001, message: 'x' })
  expect((await slow.onebot.post('/send_group_msg', body)).status).toBe(200)
  const refused = await slow.onebot.post('/send_group_msg', body)
  expect(refused.status).toBe(503)
  await expectReached(slow.bridge, 'rate', 0)
  const chain = { target: 30001, messageChain: [{ type: 'Plain', text: 'x' }] }
  expect((await slow.mirai.post('/sendGroupMessage', JSON.stringify(chain))).status).toBe(200)
  const other = await slow.mirai.post('/sendGroupMessage', JSON.stringify(chain))
  expect([other.status, (JSON.parse(other.text) as { code: number }).code]).toEqual([503, 500])
  await slow.bridge.stop()
})

test('adminStream: a reader that falls behind is cut', async () => {
  const socket = connect(on.bridge.adminPort, '127.0.0.1').on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(`GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${adminToken}\r\n\r\n`)
  await once(socket, 'data')
  socket.pause()
  await reach('adminStream', async () => {
    for (let at = 0; at < 4000; at++) {
      on.bridge.world().as(20001).say(group(30001), '长'.repeat(1000))
      if (at % 50 === 0) await new Promise(setImmediate)
    }
  })
  socket.resume()
  await closed
  expect(socket.destroyed).toBe(true)
}, 30_000)

test('answerBytes: the call fails', async () => {
  const http = `http://127.0.0.1:${serverPort}`
  const far = await stage({ backends: { far: { dialect: 'onebot11', http, answerBytes: 2000 } } })
  const answer = await far.onebot.post('/get_group_list', '{"no_cache":true}')
  expect(JSON.parse(answer.text)).toMatchObject({ status: 'failed', retcode: 200 })
  await expectReached(far.bridge, 'answerBytes', 0)
  await far.bridge.stop()
})

test('every limit that is counted is reached here or at the ports', () => {
  const texts = ['limits-inside', 'limits-ports'].map((name) =>
    readFileSync(new URL(`${name}.test.ts`, import.meta.url), 'utf8'),
  )
  expect(limitNames.filter((name) => !texts.join('').includes(`'${name}'`))).toEqual([])
})
