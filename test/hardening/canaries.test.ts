// Secrets of every kind on every way in and out of one bridge that logs everything: none of them, right or wrong, may stand in
// what it prints, answers, counts or traces.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { until } from '../support/until.ts'
import { FaultBackend } from './fault-backend.ts'
import { account, toEvent } from './fault-wire.ts'
import { configFile, launch } from './launch.ts'
import { bytes, dial, http, open, type Client } from './support.ts'

let made = 0
/** In no other text: letters and digits, as generated ones are. */
const canary = (): string => `canary${++made}x${made * 7919}Zq`

const secrets = {
  ws: canary(),
  listen: canary(),
  http: canary(),
  webhook: canary(),
  mahWs: canary(),
  mahListen: canary(),
  mahHttp: canary(),
  verifyKey: canary(),
  accessToken: canary(),
  reverse: canary(),
  reverseQuery: canary(),
  posted: canary(),
  postedQuery: canary(),
  header: canary(),
  admin: canary(),
}
/** What strangers show. */
const wrong = canary()

const backends = {
  ws: new FaultBackend('onebot11'),
  http: new FaultBackend('onebot11'),
  mahWs: new FaultBackend('mirai'),
  mahHttp: new FaultBackend('mirai'),
}
const reverse = new FaultBackend('onebot11')
backends.http.account = account + 1
reverse.account = account + 2
const shown: string[] = []
let bots: { server: Server; port: number }
let started: ReturnType<typeof launch>
let ports: Record<'mirai' | 'onebot' | 'admin' | 'reverse' | 'webhook', number>

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Where the bridge posts to and connects to: it fails half of the time, with what it was shown. */
async function startBots(): Promise<{ server: Server; port: number }> {
  let times = 0
  const server = createServer((request, response) => {
    response.writeHead(++times % 2 ? 500 : 200).end(JSON.stringify({ echoed: request.headers, url: request.url }))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, request) => {
    socket.send(JSON.stringify({ echoed: request.headers }))
    socket.send('not JSON')
    if (++times % 3 === 0) socket.close(4000, `${request.headers.authorization}`.slice(0, 100))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

beforeAll(async () => {
  await Promise.all(Object.values(backends).map((backend) => backend.listen()))
  bots = await startBots()
  const [mirai = 0, onebot = 0, admin = 0, reversePort = 0, webhook = 0] = await Promise.all(
    [1, 2, 3, 4, 5].map(freePort),
  )
  ports = { mirai, onebot, admin, reverse: reversePort, webhook }
  const at = (port: number): string => `127.0.0.1:${port}`
  const quick = { reconnect: { firstMs: 50, maxMs: 100, refusedMs: 100 }, callTimeoutMs: 500 }
  const config = {
    backends: {
      ws: {
        dialect: 'onebot11',
        ws: `ws://${at(backends.ws.port)}`,
        accessToken: secrets.ws,
        queryToken: true,
        ...quick,
      },
      reverse: { dialect: 'onebot11', listen: at(reversePort), accessToken: secrets.listen, ...quick },
      http: {
        dialect: 'onebot11',
        http: `http://${at(backends.http.port)}`,
        accessToken: secrets.http,
        queryToken: true,
        webhook: { listen: at(webhook), path: '/events', secret: secrets.webhook },
        ...quick,
      },
      mahWs: {
        dialect: 'mirai',
        ws: `ws://${at(backends.mahWs.port)}`,
        verifyKey: secrets.mahWs,
        bots: [account + 3],
        ...quick,
      },
      mahHttp: {
        dialect: 'mirai',
        http: `http://${at(backends.mahHttp.port)}`,
        verifyKey: secrets.mahHttp,
        bots: [account + 4],
        ...quick,
      },
      gone: { dialect: 'mirai', ws: 'ws://127.0.0.1:1', verifyKey: secrets.mahListen, bots: [account + 5], ...quick },
    },
    inbounds: {
      mirai: {
        dialect: 'mirai',
        listen: at(mirai),
        verifyKey: secrets.verifyKey,
        reverse: [
          {
            url: `ws://${at(bots.port)}/?key=${secrets.reverseQuery}`,
            headers: { authorization: `Bearer ${secrets.header}` },
          },
        ],
        webhooks: [
          { url: `http://${at(bots.port)}/?key=${secrets.postedQuery}`, headers: { 'x-api-key': secrets.header } },
        ],
      },
      onebot: {
        dialect: 'onebot11',
        listen: at(onebot),
        accessToken: secrets.accessToken,
        bot: account,
        reverse: [{ url: `ws://${at(bots.port)}/?access_token=${secrets.reverseQuery}`, accessToken: secrets.reverse }],
        webhooks: [
          { url: `http://${at(bots.port)}/?token=${secrets.postedQuery}`, secret: secrets.posted, retryMs: 20 },
        ],
      },
    },
    admin: { listen: at(admin), token: secrets.admin },
    traces: { sample: 1 },
    log: { level: 'debug' },
  }
  started = launch({}, ['--config', configFile('canaries.mjs', `export default ${JSON.stringify(config)}`)])
  await started.says('WebSocket: ')
})

afterAll(async () => {
  started.signal('SIGKILL')
  bots.server.closeAllConnections()
  bots.server.close()
  await Promise.all([...Object.values(backends), reverse].map((backend) => backend.close()))
})

async function ask(
  port: number,
  path: string,
  options: { headers?: Record<string, string>; body?: string } = {},
): Promise<string> {
  const { text } = await http(port, { path, ...options })
  shown.push(text)
  return text
}

/** Everything that it says until it closes, or for a moment. */
async function listen(client: Client): Promise<void> {
  await Promise.race([client.closed, until(() => client.frames.length > 1, 'frames', 500).catch(() => {})])
  shown.push(...client.frames)
  client.raw.terminate()
}

async function knockEverywhere(): Promise<void> {
  const { mirai, onebot, admin, webhook, reverse: reversePort } = ports
  for (const authorization of [wrong, `Bearer ${wrong}`, `Token ${wrong}`]) {
    await listen(dial(`ws://127.0.0.1:${onebot}/`, { authorization }))
    await listen(
      dial(`ws://127.0.0.1:${reversePort}/`, { authorization, 'x-self-id': '5', 'x-client-role': 'Universal' }),
    )
    await ask(onebot, '/get_status', { headers: { authorization } })
    await ask(admin, '/metrics', { headers: { authorization } })
  }
  await listen(dial(`ws://127.0.0.1:${onebot}/?access_token=${wrong}`))
  await listen(dial(`ws://127.0.0.1:${mirai}/all?verifyKey=${wrong}&qq=5&sessionKey=${wrong}`))
  await ask(onebot, `/get_status?access_token=${wrong}`)
  await ask(mirai, '/verify', { body: JSON.stringify({ verifyKey: wrong }) })
  await ask(mirai, '/bind', { body: JSON.stringify({ sessionKey: wrong, qq: account }) })
  await ask(mirai, `/friendList?sessionKey=${wrong}`)
  await ask(mirai, '/friendList', { headers: { sessionkey: wrong, authorization: `sessionKey ${wrong}` } })
  const event = JSON.stringify(toEvent('onebot11', 'posted', account + 1))
  for (const signature of [`sha1=${wrong}`, `sha1=${createHmac('sha1', wrong).update(event).digest('hex')}`]) {
    await ask(webhook, '/events', { body: event, headers: { 'x-signature': signature, 'x-self-id': '5' } })
  }
  // Requests that cannot be read, with a secret in the part that is left over.
  shown.push(
    await bytes(onebot, `GET /?access_token=${wrong}\u0000 HTTP/1.1\r\nHost: x\r\nAuthorization: ${wrong}\r\n\r\n`),
  )
  shown.push(await bytes(mirai, `POST /verify HTTP/9.9\r\nHost: x\r\nsessionKey: ${wrong}\r\n\r\n`))
}

const nasty = `\u001b[31mred\u0007 line\r\nWARN forged: line ${'long '.repeat(2000)}`

/** Calls and events with the right secrets, good ones and bad ones. Returns the session keys. */
async function useEverything(): Promise<string[]> {
  const { mirai, onebot, webhook } = ports
  const authorization = `Bearer ${secrets.accessToken}`
  const client = await open(dial(`ws://127.0.0.1:${onebot}/?access_token=${secrets.accessToken}`, { authorization }))
  const bot = await open(dial(`ws://127.0.0.1:${onebot}/`, { authorization, 'x-self-id': String(account) }))
  for (const [at, self] of [account, account + 1, account + 2, account + 3, account + 4, account + 5].entries()) {
    client.send({ action: 'send_group_msg', params: { self_id: self, group_id: 30001, message: nasty }, echo: at })
    client.send({ action: 'made_up', params: { self_id: self, access_token: wrong, text: nasty }, echo: at })
    client.send(`{"action":"cut","params":{"token":"${wrong}"`)
  }
  bot.send({ action: 'get_login_info', params: { password: wrong }, echo: 'bot' })
  await ask(onebot, '/send_group_msg', {
    headers: { authorization },
    body: JSON.stringify({ group_id: 30001, message: nasty }),
  })
  await until(() => client.frames.length >= 18, 'all answers')
  const { session } = JSON.parse(
    (await http(mirai, { path: '/verify', body: JSON.stringify({ verifyKey: secrets.verifyKey }) })).text,
  ) as { session: string }
  const body = (more: object): string => JSON.stringify({ sessionKey: session, ...more })
  await ask(mirai, '/bind', { body: body({ qq: account }) })
  await ask(mirai, '/sendGroupMessage', {
    body: body({ target: 30001, messageChain: [{ type: 'Plain', text: nasty }] }),
  })
  await ask(mirai, '/mute', { body: body({ target: 30001, memberId: 1, time: 1 }) })
  await ask(mirai, `/friendList?sessionKey=${session}`)
  await ask(mirai, `/made/up?sessionKey=${session}`)
  const all = dial(`ws://127.0.0.1:${mirai}/all?verifyKey=${secrets.verifyKey}&qq=${account}`)
  const greeting = JSON.parse(await all.next()) as { data: { session: string } }
  all.send({ syncId: 1, command: 'made up', content: { sessionKey: wrong } })
  all.send('not JSON')
  const event = JSON.stringify(toEvent('onebot11', nasty, account + 1))
  const signature = `sha1=${createHmac('sha1', secrets.webhook).update(event).digest('hex')}`
  await ask(webhook, '/events', {
    body: event,
    headers: { 'x-signature': signature, 'x-self-id': String(account + 1) },
  })
  for (const backend of Object.values(backends)) {
    backend.say(nasty)
    for (const socket of backend.sockets) socket.send(`{"access_token":"${wrong}",`)
    for (const socket of backend.sockets)
      socket.send(JSON.stringify({ echo: wrong, syncId: wrong, data: { token: wrong } }))
  }
  await until(() => all.frames.some((text) => text.includes('forged')), 'an event')
  // The links break with the secrets in them.
  for (const backend of Object.values(backends))
    for (const socket of backend.sockets) socket.close(4001, `${secrets.ws} ${secrets.mahWs}`)
  shown.push(...client.frames, ...bot.frames, ...all.frames)
  for (const { raw } of [client, bot, all]) raw.terminate()
  return [session, greeting.data.session]
}

test(
  'nothing that anybody reads holds a secret, a control character or more than 2 kB a line',
  { timeout: 60_000 },
  async () => {
    reverse.dial(`ws://127.0.0.1:${ports.reverse}/?access_token=${secrets.listen}`, {
      'x-self-id': String(account + 2),
      'x-client-role': 'Universal',
      authorization: `Bearer ${secrets.listen}`,
    })
    const admin = { headers: { authorization: `Bearer ${secrets.admin}` } }
    const readyz = async (): Promise<string> => (await http(ports.admin, { path: '/metrics', ...admin })).text
    for (let online = 0; online < 3;)
      online = [...(await readyz()).matchAll(/^bridge_bots\{.*online="true"\} 1$/gm)].length
    await knockEverywhere()
    const keys = await useEverything()
    await ask(ports.admin, '/metrics', admin)
    const { traces } = JSON.parse(await ask(ports.admin, '/traces?limit=1000', admin)) as { traces: { id: string }[] }
    expect(traces.length).toBeGreaterThan(20)
    for (const { id } of traces) await ask(ports.admin, `/traces/${id}`, admin)
    started.signal('SIGTERM')
    const { code, out, err } = await started.ended
    expect(code).toBe(0)
    const lines = (out + err).split('\n')
    expect(lines.length).toBeGreaterThan(30)
    const all = [...Object.values(secrets), wrong, ...keys]
    // A client may read what itself or a backend has said; a log may not.
    const own = [...Object.values(secrets), ...keys]
    const leaked = (texts: readonly string[], words: readonly string[]): string[] =>
      texts.filter((text) => words.some((word) => text.includes(word))).map((text) => text.slice(0, 300))
    expect(leaked(lines, all)).toEqual([])
    expect(leaked(shown, own)).toEqual([])
    expect(
      lines.filter((line) =>
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(line.replaceAll(/\u001b\[[0-9;]*m/g, '')),
      ),
    ).toEqual([])
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2200)
    // Each way was used: the backends were shown what is theirs.
    const shownTo = (backend: FaultBackend): string => backend.shown.join('\n')
    expect(shownTo(backends.ws)).toContain(secrets.ws)
    expect(shownTo(backends.http)).toContain(secrets.http)
    expect(shownTo(backends.mahWs)).toContain(secrets.mahWs)
  },
)
