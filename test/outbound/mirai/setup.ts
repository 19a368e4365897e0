// A scripted mirai-api-http server and an outbound connected to it, over real sockets.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import * as v from 'valibot'
import { WebSocketServer, type WebSocket } from 'ws'
import type { ActionName, ActionOf, Result } from '../../../src/core/action.ts'
import { BridgeError } from '../../../src/core/error.ts'
import type { BridgeEvent } from '../../../src/core/event.ts'
import type { Loss } from '../../../src/core/fidelity.ts'
import type { GroupId, UserId } from '../../../src/core/ids.ts'
import type { CallOptions, Dropped, Outbound } from '../../../src/core/ports.ts'
import { createMiraiOutbound } from '../../../src/outbound/mirai/index.ts'
import { MiraiOutboundOptions } from '../../../src/outbound/mirai/options.ts'
import { createState, type State } from '../../../src/state/index.ts'
import type { Listener } from '../../../src/transport/http-server.ts'
import { createTurn } from '../../../src/transport/turn.ts'
import { createView } from '../../dialect/mirai/fixtures.ts'
import { until } from '../../support/until.ts'
import { fetchUrl } from '../../support/fetch.ts'

export const key = 'correct-horse-battery'
export const bot = 10001 as UserId
export const nico = 20002 as UserId
export const lab = 30003 as GroupId
export const mio = 40004 as UserId
export const time = 1_700_000_000

export const wireFriend = { id: nico, nickname: 'Nico', remark: 'Nic' }
export const wireGroup = { id: lab, name: 'Lab', permission: 'ADMINISTRATOR' }
export const wireMember = {
  id: mio,
  memberName: 'Mio',
  specialTitle: 'ace',
  permission: 'MEMBER',
  joinTimestamp: 1_600_000_000,
  lastSpeakTimestamp: time,
  muteTimeRemaining: 0,
  group: wireGroup,
  active: null,
}
export const canonicalMember = {
  groupId: lab,
  userId: mio,
  nickname: 'Mio',
  card: 'Mio',
  role: 'member',
  title: 'ace',
  joinTime: 1_600_000_000,
  lastSpeakTime: time,
  mutedUntil: 0,
}

export function groupMessage(id: number, chain: unknown[], at = time): object {
  return { type: 'GroupMessage', messageChain: [{ type: 'Source', id, time: at }, ...chain], sender: wireMember }
}

export interface WireRequest {
  syncId: string
  command: string
  subCommand: string | null
  content: Record<string, unknown>
}

/** What a command is answered with; `undefined`: not at all. */
type Reply = (content: Record<string, unknown>, request: WireRequest) => unknown

export interface FakeServer {
  port: number
  handshakes: { path: string; headers: IncomingHttpHeaders }[]
  /** Texts of all requests but the introduction. */
  texts: string[]
  requests: WireRequest[]
  uploads: { path: string; headers: IncomingHttpHeaders; form: FormData }[]
  replies: Map<string, Reply>
  /** The first frame. Default: by the key. */
  greeting: (headers: IncomingHttpHeaders) => unknown
  upload: (path: string) => { status: number; body: string }
  send(frame: unknown): void
  /** The link ends without a farewell. */
  drop(): void
  connections(): number
  close(): Promise<void>
}

const introduction = new Set(['about', 'sessionInfo'])
const success = { code: 0, msg: 'success' }

export async function startServer(): Promise<FakeServer> {
  const sockets = new Set<WebSocket>()
  let sessions = 0
  const server = {
    handshakes: [],
    texts: [],
    requests: [],
    uploads: [],
    replies: new Map<string, Reply>([
      ['about', () => ({ code: 0, msg: '', data: { version: '2.10.0' } })],
      [
        'sessionInfo',
        () => ({ code: 0, msg: '', data: { sessionKey: 'k', qq: { id: bot, nickname: 'Botty', remark: '' } } }),
      ],
    ]),
    greeting: (headers: IncomingHttpHeaders) =>
      headers['verifykey'] === key ? { code: 0, session: `session-${++sessions}` } : { code: 1, msg: 'Auth Key错误' },
    upload: () => ({
      status: 200,
      body: '{"imageId":"{01E9451B-70ED-EAE3-B37C-101F1EEBF5B5}.jpg","url":"http://img.example/0"}',
    }),
  } as unknown as FakeServer
  const http = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = { 'content-type': String(request.headers['content-type']) }
      void new Response(Buffer.concat(chunks), { headers }).formData().then((form) => {
        server.uploads.push({ path: String(request.url), headers: request.headers, form })
        const { status, body } = server.upload(String(request.url))
        response.writeHead(status).end(body)
      })
    })
  })
  const ws = new WebSocketServer({ server: http })
  ws.on('connection', (socket, request) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    server.handshakes.push({ path: String(request.url), headers: request.headers })
    const greeting = server.greeting(request.headers) as { code?: number } | undefined
    if (greeting) socket.send(JSON.stringify({ syncId: '', data: greeting }))
    if (greeting?.code) socket.close(1000)
    socket.on('message', (data: Buffer) => answer(socket, data.toString()))
  })

  function answer(socket: WebSocket, text: string): void {
    const request = JSON.parse(text) as WireRequest
    if (!introduction.has(request.command)) {
      server.texts.push(text)
      server.requests.push(request)
    }
    const sub = request.subCommand === null ? '' : `.${request.subCommand}`
    const reply = server.replies.get(request.command + sub)
    const data = reply ? reply(request.content, request) : success
    if (data !== undefined) socket.send(JSON.stringify({ syncId: request.syncId, data }))
  }

  server.send = (frame) => {
    for (const socket of sockets) socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }
  server.drop = () => {
    for (const socket of sockets) socket.terminate()
  }
  server.connections = () => sockets.size
  server.close = async () => {
    server.drop()
    ws.close()
    http.closeAllConnections()
    http.close()
    await once(http, 'close')
  }
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  server.port = (http.address() as AddressInfo).port
  return server
}

export interface Connected {
  outbound: Outbound
  state: State
  events: BridgeEvent[]
  losses: { direction: 'in' | 'out'; loss: Loss }[]
  logs: string[]
  dropped: Dropped[]
  changes: number
  call<N extends ActionName>(name: N, params: ActionOf<N>['params'], options?: CallOptions): Promise<Result<N>>
  isOnline(): boolean
  close(): Promise<void>
}

type Given = Partial<v.InferInput<typeof MiraiOutboundOptions>>

export const quick = { firstMs: 10, maxMs: 50, refusedMs: 30 }

/** Without waiting for the start. */
export function createOutbound(
  port: number,
  given: Given = {},
  listener?: Listener,
): Connected & { started: Promise<void> } {
  const errors: unknown[] = []
  const turn = createTurn((error) => errors.push(error))
  const state = createState({ onPending: () => turn.defer(() => {}) })
  turn.beforeTasks(state.commit)
  const options = v.parse(MiraiOutboundOptions, {
    dialect: 'mirai',
    ws: `ws://127.0.0.1:${port}`,
    verifyKey: key,
    bots: [bot],
    callTimeoutMs: 3000,
    reconnect: quick,
    ...given,
  })
  const outbound = createMiraiOutbound({
    name: 'mah',
    options,
    services: { ...state, fetchUrl, view: createView([]) },
    turn,
    listener,
  })
  const connected: Connected = {
    outbound,
    state,
    events: [],
    losses: [],
    logs: [],
    dropped: [],
    changes: 0,
    call: <N extends ActionName>(name: N, params: ActionOf<N>['params'], callOptions?: CallOptions) =>
      outbound.call<N>(bot, { name, params }, callOptions),
    isOnline: () => outbound.bots()[0]?.online === true,
    async close() {
      await outbound.close()
      await turn.ended()
      state.close()
      if (errors.length > 0) throw new Error('errors in a turn', { cause: errors })
    },
  }
  const started = outbound.start({
    event: (event) => void connected.events.push(event),
    botsChanged: () => void connected.changes++,
    dropped: (what) => void connected.dropped.push(what),
    loss: (_, direction, loss) => void connected.losses.push({ direction, loss }),
    log: (level, text) => void connected.logs.push(`${level} ${text}`),
  })
  return Object.assign(connected, { started })
}

export async function connect(server: FakeServer, given: Given = {}): Promise<Connected> {
  const connected = createOutbound(server.port, given)
  await connected.started
  return connected
}

/** kind, certainty and text of the error that a call ends with. */
export async function failure(promise: Promise<unknown>): Promise<{ kind: string; certain: boolean; message: string }> {
  const error: unknown = await promise.then(
    (value) => new Error(`succeeded with ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof BridgeError)) throw error
  const { kind, certain, message } = error
  return { kind, certain, message }
}

export { until }
