// The least that a mirai-to-OneBot translator can do: no validation, no durable ids, no directory, no traces. With
// `joined`, all writes of one event-loop turn go out together. What the bridge costs beyond this is the price of its promises.
import type { AddressInfo, Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { reportCpu } from './subject.ts'

interface Frame {
  syncId: string
  content: { target: number; messageChain: { type: string; text?: string; target?: number; url?: string }[] }
}

interface FromBackend {
  echo?: string
  data?: { message_id: number }
  post_type?: string
  message_id?: number
  time?: number
  group_id?: number
  message?: { type: string; data: { text?: string; qq?: string; url?: string } }[]
  sender?: { user_id: number; nickname: string; card: string; role: 'owner' | 'admin' | 'member' }
}

const joined = process.argv[3] === 'joined'
const permissions = { owner: 'OWNER', admin: 'ADMINISTRATOR', member: 'MEMBER' } as const

/** Writes at once, or all of a turn together. */
function writer(socket: WebSocket): (text: string) => void {
  const below = (socket as unknown as { _socket: Socket })._socket
  let corked = false
  return (text) => {
    if (joined && !corked) {
      corked = true
      below.cork()
      setImmediate(() => {
        corked = false
        below.uncork()
      })
    }
    socket.send(text)
  }
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })

server.on('connection', (near) => {
  const far = new WebSocket(process.argv[2] as string, { perMessageDeflate: false })
  far.on('open', () => {
    const toFar = writer(far)
    const toNear = writer(near)
    const waiting = new Map<string, string>()
    let last = 0
    near.on('message', (data: Buffer) => {
      const { syncId, content } = JSON.parse(data.toString('utf8')) as Frame
      const echo = String(++last)
      waiting.set(echo, syncId)
      const message = content.messageChain.map(toSegment)
      toFar(JSON.stringify({ action: 'send_group_msg', params: { group_id: content.target, message }, echo }))
    })
    far.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as FromBackend
      if (frame.echo !== undefined) {
        const syncId = waiting.get(frame.echo)
        waiting.delete(frame.echo)
        toNear(JSON.stringify({ syncId, data: { code: 0, msg: 'success', messageId: frame.data?.message_id } }))
      } else if (frame.post_type === 'message') toNear(JSON.stringify({ syncId: '-1', data: toPacket(frame) }))
    })
    toNear('{"syncId":"","data":{"code":0,"session":"benchmark"}}')
  })
  near.on('close', () => far.close())
})

function toSegment(element: Frame['content']['messageChain'][number]) {
  if (element.type === 'At') return { type: 'at', data: { qq: String(element.target) } }
  if (element.type === 'Image') return { type: 'image', data: { file: element.url } }
  return { type: 'text', data: { text: element.text } }
}

function toPacket({ message_id: id, time, group_id: group, message = [], sender }: FromBackend) {
  const chain = message.map(({ type, data }) => {
    if (type === 'at') return { type: 'At', target: Number(data.qq), display: '' }
    if (type === 'image') return { type: 'Image', imageId: null, url: data.url }
    return { type: 'Plain', text: data.text }
  })
  return {
    type: 'GroupMessage',
    messageChain: [{ type: 'Source', id, time }, ...chain],
    sender: {
      id: sender?.user_id,
      memberName: sender?.card || sender?.nickname,
      specialTitle: '',
      permission: permissions[sender?.role ?? 'member'],
      joinTimestamp: 0,
      lastSpeakTimestamp: time,
      muteTimeRemaining: 0,
      group: { id: group, name: '', permission: 'MEMBER' },
      active: null,
    },
  }
}

server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }))
reportCpu()
