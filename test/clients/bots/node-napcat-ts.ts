// node-napcat-ts as a process: one WebSocket for everything.
import { NCWebsocket, Structs } from 'node-napcat-ts'
import { connection, serve, tell, type Methods } from './serve.ts'

type Heard = Record<string, unknown> & { quick_action?: (...args: unknown[]) => Promise<unknown> }
type Part = { type: string; value: string | number }

const { port, accessToken, mode } = connection
const client = new NCWebsocket({
  baseUrl: `ws://127.0.0.1:${port}`,
  accessToken: mode === 'wrong token' ? 'not-the-token' : accessToken,
  reconnection: { enable: true, attempts: 10, delay: 1 },
})
const heard: Heard[] = []

function keep(event: object): void {
  heard.push(event as Heard)
  tell(event)
}

client.on('meta_event', keep)
client.on('message', keep)
client.on('notice', keep)
client.on('request', keep)
for (const name of ['socket.connecting', 'socket.open', 'socket.close', 'socket.error'] as const) {
  client.on(name, (event: object) => tell({ ...event, socket: name }))
}

const builders: Record<string, (value: never) => object> = {
  text: Structs.text,
  at: Structs.at,
  reply: Structs.reply,
  face: Structs.face,
  image: (base64: string) => Structs.image(Buffer.from(base64, 'base64')),
  /** An existing message in a forward. */
  node: (id: number) => Structs.node(id),
  /** A new one. */
  custom: (text: string) => Structs.customNode([Structs.text(text)], 20001, '老船长'),
}

function build({ type, value }: Part): object {
  const builder = builders[type]
  if (!builder) throw new Error(`no builder for ${type}`)
  return builder(value as never)
}

/** What hangs on an event: the library's short way to answer it. */
function quick(like: [key: string, value: unknown], ...args: unknown[]): Promise<unknown> | undefined {
  return heard.findLast((event) => event[like[0]] === like[1])?.quick_action?.(...args)
}

const api = client as unknown as Record<string, (params: object) => Promise<unknown>>

const methods: Methods = {
  /** What the library has for actions. */
  names: () => Object.getOwnPropertyNames(NCWebsocket.prototype).filter((name) => name !== 'constructor'),
  api: (name: string, params: object) => api[name]?.(params),
  sendGroup: (group_id: number, parts: Part[]) => api['send_group_msg']?.({ group_id, message: parts.map(build) }),
  sendPrivate: (user_id: number, parts: Part[]) => api['send_private_msg']?.({ user_id, message: parts.map(build) }),
  forward: (group_id: number, parts: Part[]) =>
    api['send_group_forward_msg']?.({ group_id, messages: parts.map(build) }),
  quickReply: (message_id: number, parts: Part[]) => quick(['message_id', message_id], parts.map(build)),
  quickAnswer: (flag: string, approve: boolean, reason?: string) => quick(['flag', flag], approve, reason),
}

await client.connect()
serve(methods)
