// A mirai-api-http server that answers at once, for OneBot clients. Its ws adapter only.
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { bot, groupId, stampMicros, type Order } from './facts.ts'
import { joinedSend } from './joined.ts'

const group = { id: groupId, name: 'bench', permission: 'ADMINISTRATOR' }
const member = (id: number, permission: string) => ({
  id,
  memberName: `nick ${id}`,
  specialTitle: '',
  permission,
  joinTimestamp: 1_600_000_000,
  lastSpeakTimestamp: 1_700_000_000,
  muteTimeRemaining: 0,
  group,
})
const list = (data: unknown) => ({ code: 0, msg: '', data })
const answers = new Map<string, unknown>([
  ['about', list({ version: '2.10.0' })],
  ['sessionInfo', list({ sessionKey: 'k', qq: { id: bot, nickname: 'bot', remark: '' } })],
  ['friendList', list([{ id: 20001, nickname: 'c', remark: '' }])],
  ['groupList', list([group])],
  ['memberList', list([member(20001, 'OWNER')])],
  ['botProfile', { nickname: 'bot', email: '', age: 0, level: 1, sign: '', sex: 'UNKNOWN' }],
])

let lastId = 1000
let lastEvent = 0
const clients = new Map<WebSocket, (text: string) => void>()
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })

server.on('connection', (socket) => {
  const send = joinedSend(socket)
  clients.set(socket, send)
  socket.on('close', () => clients.delete(socket))
  send('{"syncId":"","data":{"code":0,"session":"benchmark"}}')
  socket.on('message', (data: Buffer) => {
    const { syncId, command } = JSON.parse(data.toString('utf8')) as { syncId: string; command: string }
    const sent = command.startsWith('send') ? { code: 0, msg: 'success', messageId: ++lastId } : undefined
    send(JSON.stringify({ syncId, data: sent ?? answers.get(command) ?? { code: 6, msg: 'unsupported' } }))
  })
})

function makeEvent(): string {
  const id = ++lastId
  const source = { type: 'Source', id, time: Math.floor(Date.now() / 1000) }
  const messageChain = [source, { type: 'Plain', text: `event ${stampMicros()} ${++lastEvent}` }]
  return JSON.stringify({ syncId: '-1', data: { type: 'GroupMessage', messageChain, sender: member(20001, 'OWNER') } })
}

process.on('message', ({ events = 0 }: Order) => {
  for (let sent = 0; sent < events; sent++) {
    const text = makeEvent()
    for (const send of clients.values()) send(text)
  }
})

server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }))
