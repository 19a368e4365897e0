// What comes and goes in a long life of the bridge, once each: whatever is left of it is a leak.
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import type { ConfigInput } from '../../src/config.ts'
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'

/** Few of everything that is kept on purpose, so that it is full before the measuring begins. */
export const config = {
  backends: {
    world: { dialect: 'embedded' },
    far: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken, graceMs: 0 },
    near: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken, graceMs: 0 },
  },
  inbounds: {
    onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken },
    mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey, limits: { sessions: 8, outboxSeconds: 0.05 } },
  },
  routes: [{ from: ['onebot', 'mirai'], to: ['world', 'far', 'near'], returnAfterSeconds: 0 }],
  limits: { cachedMessages: 16 },
  traces: { keep: 8 },
} satisfies Partial<ConfigInput>

export interface Stage {
  bridge: RunningBridge
  /** Of somebody else, who hears of all of it. */
  bystander: WebSocket
}

export type Cycle = (stage: Stage, at: number) => Promise<void>

export async function openStage(): Promise<Stage> {
  const bridge = await startBridge(config)
  const bystander = await open(`ws://127.0.0.1:${bridge.onebotPort}/`, bearer)
  return { bridge, bystander }
}

const bearer = { authorization: `Bearer ${accessToken}` }

/** `hear`: from the first frame on, which may come along with the handshake. */
async function open(
  url: string,
  headers: Record<string, string>,
  hear: (data: Buffer, socket: WebSocket) => void = () => {},
): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers })
  socket.on('error', () => {})
  socket.on('message', (data: Buffer) => hear(data, socket))
  await once(socket, 'open')
  return socket
}

async function leave(socket: WebSocket, cut: boolean): Promise<void> {
  const closed = once(socket, 'close')
  if (cut) socket.terminate()
  else socket.close()
  await closed
}

function connecting(url: (stage: Stage, at: number) => string, headers: Record<string, string>): Cycle {
  return async (stage, at) => leave(await open(url(stage, at), headers), at % 2 === 0)
}

interface Asked {
  port: number
  path: string
  headers?: Record<string, string>
  body?: object
}

async function ask({ port, path, headers = {}, body }: Asked): Promise<IncomingMessage> {
  const sent = request({ host: '127.0.0.1', port, path, agent: false, method: body ? 'POST' : 'GET', headers })
  sent.on('error', () => {})
  sent.end(body && JSON.stringify(body))
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return response
}

async function post(port: number, path: string, body: object): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  const response = await ask({ port, path, body, headers: { 'content-type': 'application/json', ...bearer } })
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
}

/** Ends after the first piece. */
const reading =
  (query: (at: number) => string): Cycle =>
  async ({ bridge }, at) => {
    const response = await ask({ port: bridge.onebotPort, path: `/_events${query(at)}`, headers: bearer })
    response.on('error', () => {})
    await once(response, 'data')
    const closed = new Promise((resolve) => response.once('close', resolve))
    response.destroy()
    await closed
  }

async function miraiSocket({ bridge }: Stage, who: Record<string, string>): Promise<{ raw: WebSocket; key: string }> {
  const raw = new WebSocket(`ws://127.0.0.1:${bridge.miraiPort}/all`, { headers: { verifyKey, ...who } })
  raw.on('error', () => {})
  const [frame] = (await once(raw, 'message')) as [Buffer]
  return { raw, key: /"session":"(\w+)"/.exec(frame.toString())?.[1] ?? '' }
}

const farAccount = 10_777

/** An implementation connects for an account, answers the greeting, and goes. */
async function joinBackend({ bridge }: Stage, name: 'far' | 'near'): Promise<WebSocket> {
  const headers = { ...bearer, 'x-self-id': String(farAccount), 'x-client-role': 'Universal' }
  const answer = (data: Buffer, own: WebSocket): void => {
    const { action, echo } = JSON.parse(data.toString()) as { action: string; echo: unknown }
    const found = action === 'get_login_info' ? { user_id: farAccount, nickname: 'x' } : { app_name: 'x' }
    own.send(JSON.stringify({ status: 'ok', retcode: 0, data: found, echo }))
  }
  const socket = await open(`ws://127.0.0.1:${bridge.ports()[`backends.${name}`]}/`, headers, answer)
  await until(() => isOnline(bridge, name), 'the account is on line')
  return socket
}

function isOnline(bridge: RunningBridge, name: string): boolean {
  const bots = bridge.backends().find((backend) => backend.name === name)?.bots ?? []
  return bots.some(({ bot, online }) => bot === farAccount && online)
}

/** While one is there the other comes and takes over. */
const failOver: Cycle = async (stage) => {
  const first = await joinBackend(stage, 'far')
  const second = await joinBackend(stage, 'near')
  for (const socket of [first, second]) await leave(socket, false)
  await until(() => !isOnline(stage.bridge, 'near'), 'the account is off line')
}

const reloading: Cycle = async ({ bridge }) => {
  const { mirai, ...inbounds } = config.inbounds
  const more = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken, heartbeatMs: 1000 } as const
  const routes = [{ ...config.routes[0], from: ['onebot', 'mirai', 'more'], to: ['world'] }]
  const own = bridge.config()
  await bridge.apply({ ...own, inbounds: { ...inbounds, mirai, more }, routes })
  await bridge.apply(own)
}

/** A server of a client comes into the configuration, is connected to, and goes out again. */
const dialling: Cycle = async ({ bridge }) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const connected = once(server, 'connection')
  const { port } = server.address() as { port: number }
  const own = bridge.config()
  const onebot = { ...config.inbounds.onebot, reverse: [{ url: `ws://127.0.0.1:${port}/`, bot: 10001 }] }
  const more = { dialect: 'onebot11' as const, reverse: onebot.reverse }
  const routes = [...config.routes, { from: 'more', to: 'world' }]
  await bridge.apply({ ...own, inbounds: { ...config.inbounds, more }, routes })
  await connected
  await bridge.apply(own)
  server.close()
  for (const client of server.clients) client.terminate()
  await once(server, 'close')
}

const calls = 5

export const cycles: Readonly<Record<string, Cycle>> = {
  'OneBot sockets': connecting(({ bridge }) => `ws://127.0.0.1:${bridge.onebotPort}/`, bearer),
  'OneBot sockets with a name': connecting(
    ({ bridge }, at) => `ws://127.0.0.1:${bridge.onebotPort}/?client_id=c${at % 4}`,
    bearer,
  ),
  'OneBot sockets that are refused': async ({ bridge }) => {
    const socket = new WebSocket(`ws://127.0.0.1:${bridge.onebotPort}/`)
    socket.on('error', () => {})
    await once(socket, 'message')
    socket.terminate()
  },
  'readers of events': reading(() => ''),
  'readers of events with a name': reading((at) => `?client_id=c${at % 4}`),
  'calls that nobody waits for': async ({ bridge }) => {
    const socket = await open(`ws://127.0.0.1:${bridge.onebotPort}/api`, bearer)
    for (let at = 0; at < calls; at++) socket.send(`{"action":"get_group_list","echo":${at}}`)
    await leave(socket, true)
  },
  'HTTP calls': async ({ bridge }) => void (await post(bridge.onebotPort, '/get_status', {})),
  'mirai sockets': async (stage, at) => {
    const { raw } = await miraiSocket(stage, { qq: '10001' })
    await leave(raw, at % 2 === 0)
  },
  'mirai sockets that come back': async (stage) => {
    const first = await miraiSocket(stage, { qq: '10001' })
    first.raw.terminate()
    const second = await miraiSocket(stage, { sessionKey: first.key })
    await leave(second.raw, false)
  },
  'mirai sessions': async ({ bridge }) => {
    const { session: sessionKey } = await post(bridge.miraiPort, '/verify', { verifyKey })
    await post(bridge.miraiPort, '/bind', { sessionKey, qq: 10001 })
    await post(bridge.miraiPort, '/release', { sessionKey, qq: 10001 })
  },
  'mirai sessions left behind': async ({ bridge }) => {
    const { session: sessionKey } = await post(bridge.miraiPort, '/verify', { verifyKey })
    await post(bridge.miraiPort, '/bind', { sessionKey, qq: 10001 })
  },
  'changes of a world': async ({ bridge }, at) =>
    bridge
      .world()
      .as(20001)
      .setNickname(`name ${at % 4}`),
  'accounts that change their backend': failOver,
  configurations: reloading,
  'servers of clients': dialling,
}
