// The least that a OneBot-to-mirai translator can do, for the other direction.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { bot, verifyKey } from './facts.ts'
import { reportUsage } from './subject.ts'

interface Request {
  echo: unknown
  params: { group_id: number; message: { type: string; data: { text?: string; qq?: string; file?: string } }[] }
}

interface FromBackend {
  syncId: string
  data: {
    messageId?: number
    type?: string
    messageChain?: { type: string; id?: number; time?: number; text?: string }[]
    sender?: { id: number; memberName: string; permission: 'OWNER' | 'ADMINISTRATOR' | 'MEMBER'; group: { id: number } }
  }
}

const roles = { OWNER: 'owner', ADMINISTRATOR: 'admin', MEMBER: 'member' } as const
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })

server.on('connection', (near) => {
  const far = new WebSocket(`${process.argv[2]}/all?verifyKey=${verifyKey}&qq=${bot}`, { perMessageDeflate: false })
  const waiting = new Map<string, unknown>()
  let last = 0
  void once(far, 'open').then(() => {
    near.on('message', (data: Buffer) => {
      const { echo, params } = JSON.parse(data.toString('utf8')) as Request
      const syncId = String(++last)
      waiting.set(syncId, echo)
      const content = { target: params.group_id, messageChain: params.message.map(toElement) }
      far.send(JSON.stringify({ syncId, command: 'sendGroupMessage', subCommand: null, content }))
    })
    near.send('{"post_type":"meta_event","meta_event_type":"lifecycle","sub_type":"connect"}')
  })
  far.on('message', (data: Buffer) => {
    const { syncId, data: body } = JSON.parse(data.toString('utf8')) as FromBackend
    if (waiting.has(syncId)) {
      const answer = { status: 'ok', retcode: 0, data: { message_id: body.messageId }, message: '', wording: '' }
      near.send(JSON.stringify({ ...answer, echo: waiting.get(syncId) }))
      waiting.delete(syncId)
    } else if (body.type === 'GroupMessage') near.send(JSON.stringify(toEvent(body)))
  })
  near.on('close', () => far.close())
})

function toElement({ type, data }: Request['params']['message'][number]) {
  if (type === 'at') return { type: 'At', target: Number(data.qq) }
  if (type === 'image') return { type: 'Image', url: data.file }
  return { type: 'Plain', text: data.text }
}

function toEvent({ messageChain: [source, ...chain] = [], sender }: FromBackend['data']) {
  const raw = chain.map(({ text }) => text ?? '').join('')
  return {
    time: source?.time,
    self_id: bot,
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    message_id: source?.id,
    group_id: sender?.group.id,
    user_id: sender?.id,
    message: chain.map(({ text }) => ({ type: 'text', data: { text } })),
    raw_message: raw,
    font: 0,
    sender: {
      user_id: sender?.id,
      nickname: sender?.memberName,
      card: '',
      role: roles[sender?.permission ?? 'MEMBER'],
    },
  }
}

server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }))
reportUsage()
