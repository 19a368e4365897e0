// A OneBot 11 implementation that answers at once: what stands behind every subject whose backend speaks OneBot.
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { bigGroup, bot, friendsGroup, groupId, hugeGroup, stampMicros, type EventKind, type Order } from './facts.ts'
import { joinedSend } from './joined.ts'

const member = (group: number, userId: number, role: string) => ({
  group_id: group,
  user_id: userId,
  nickname: `nick ${userId}`,
  card: '',
  sex: 'unknown',
  age: 0,
  role,
  title: '',
  join_time: 1_600_000_000,
  last_sent_time: 1_700_000_000,
  level: '1',
})
const membersOf = (group: number, count: number) => [
  member(group, bot, 'admin'),
  member(group, 20001, 'owner'),
  ...Array.from({ length: count - 2 }, (_, at) => member(group, 100_000 + at, 'member')),
]
const memberCounts = new Map([
  [groupId, 2],
  [friendsGroup, 2],
  [bigGroup, 1000],
  [hugeGroup, 5000],
])
const group = (id: number) => ({ group_id: id, group_name: `group ${id}`, member_count: 2, max_member_count: 5000 })
/** How many groups the account is in, besides those above. */
const groupCount = Number(process.argv[2] ?? 500)
const groups = [...memberCounts.keys(), ...Array.from({ length: groupCount }, (_, at) => 50_000 + at)].map(group)

type Params = { group_id?: number; user_id?: number }
const answers = new Map<string, (params: Params) => unknown>([
  ['get_login_info', () => ({ user_id: bot, nickname: 'bot' })],
  ['get_version_info', () => ({ app_name: 'NapCat.Onebot', app_version: '4.8.0', protocol_version: 'v11' })],
  ['get_friend_list', () => [{ user_id: 20001, nickname: 'c', remark: '' }]],
  ['get_group_list', () => groups],
  ['get_group_info', ({ group_id: id = 0 }) => group(id)],
  ['get_group_member_info', ({ group_id: id = 0, user_id: user = 0 }) => member(id, user, 'admin')],
  ['get_group_member_list', ({ group_id: id = 0 }) => membersOf(id, memberCounts.get(id) ?? 2)],
])

let lastId = 1_000_000
let lastEvent = 0
const clients = new Map<WebSocket, (text: string) => void>()
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })

server.on('connection', (socket) => {
  const send = joinedSend(socket)
  clients.set(socket, send)
  socket.on('close', () => clients.delete(socket))
  send(JSON.stringify({ ...stamp(), post_type: 'meta_event', meta_event_type: 'lifecycle', sub_type: 'connect' }))
  socket.on('message', (data: Buffer) => send(answer(data.toString('utf8'))))
})

function answer(text: string): string {
  const { action, params, echo } = JSON.parse(text) as { action: string; params: Params; echo: unknown }
  const data = action.startsWith('send_') ? { message_id: ++lastId } : (answers.get(action)?.(params) ?? null)
  const status = data === null ? { status: 'failed', retcode: 1404 } : { status: 'ok', retcode: 0 }
  return JSON.stringify({ ...status, data, message: '', wording: '', echo })
}

function stamp() {
  return { time: Math.floor(Date.now() / 1000), self_id: bot }
}

function toContent(kind: EventKind, text: string, id: number) {
  const said = { type: 'text', data: { text } }
  if (kind === 'text') return [said]
  const image = { type: 'image', data: { file: 'A.png', url: 'http://127.0.0.1:9/A.png', file_size: '2048' } }
  return [{ type: 'reply', data: { id: String(id - 1) } }, { type: 'at', data: { qq: '20001' } }, said, image]
}

function makeEvent(kind: EventKind): string {
  const id = ++lastId
  const text = `event ${stampMicros()} ${++lastEvent}`
  return JSON.stringify({
    ...stamp(),
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    message_id: id,
    message_seq: id,
    real_id: id,
    group_id: groupId,
    user_id: 20001,
    message: toContent(kind, text, id),
    raw_message: text,
    font: 14,
    sender: { user_id: 20001, nickname: 'c', card: '', role: 'owner' },
    message_format: 'array',
  })
}

process.on('message', ({ events = 0, kind = 'text' }: Order) => {
  for (let sent = 0; sent < events; sent++) {
    const text = makeEvent(kind)
    for (const send of clients.values()) send(text)
  }
})

server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }))
