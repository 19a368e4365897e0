// A OneBot 11 implementation that answers at once: what stands behind every subject of the benchmark.
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

const bot = 10001
const groupId = 30001
const member = (userId: number, role: string) => ({
  group_id: groupId,
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

const answers: Record<string, unknown> = {
  get_login_info: { user_id: bot, nickname: 'bot' },
  get_version_info: { app_name: 'NapCat.Onebot', app_version: '4.8.0', protocol_version: 'v11' },
  get_friend_list: [{ user_id: 20001, nickname: 'c', remark: '' }],
  get_group_list: [{ group_id: groupId, group_name: 'bench', member_count: 2, max_member_count: 200 }],
  get_group_info: { group_id: groupId, group_name: 'bench', member_count: 2, max_member_count: 200 },
  get_group_member_list: [member(bot, 'admin'), member(20001, 'owner')],
}

let lastId = 1_000_000
const clients = new Set<WebSocket>()
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })

server.on('connection', (socket) => {
  clients.add(socket)
  socket.on('close', () => clients.delete(socket))
  socket.send(
    JSON.stringify({ ...stamp(), post_type: 'meta_event', meta_event_type: 'lifecycle', sub_type: 'connect' }),
  )
  socket.on('message', (data: Buffer) => {
    const { action, echo } = JSON.parse(data.toString('utf8')) as { action: string; echo: unknown }
    const known = Object.hasOwn(answers, action)
    const payload = action.startsWith('send_') ? { message_id: ++lastId } : known ? answers[action] : null
    const ok = payload !== null
    socket.send(
      JSON.stringify({
        status: ok ? 'ok' : 'failed',
        retcode: ok ? 0 : 1404,
        data: payload,
        message: '',
        wording: '',
        echo,
      }),
    )
  })
})

function stamp() {
  return { time: Math.floor(Date.now() / 1000), self_id: bot }
}

function makeEvent(): string {
  const id = ++lastId
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
    message: [{ type: 'text', data: { text: `event ${id}` } }],
    raw_message: `event ${id}`,
    font: 14,
    sender: { user_id: 20001, nickname: 'c', card: '', role: 'owner' },
    message_format: 'array',
  })
}

process.on('message', (order: { events?: number }) => {
  for (let sent = 0; sent < (order.events ?? 0); sent++) {
    const text = makeEvent()
    for (const client of clients) client.send(text)
  }
})

server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }))
