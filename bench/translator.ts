// The least that a mirai-to-OneBot translator can do: no validation, no durable ids, no directory, no traces. With
// `joined`, all writes of one event-loop turn go out together. What the bridge costs beyond this is the price of its promises.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { WebSocket, WebSocketServer } from 'ws'
import { joinedSend } from './joined.ts'
import { reportUsage } from './subject.ts'

interface Content {
  target: number
  quote?: number
  messageChain: { type: string; text?: string; target?: number; url?: string }[]
}

interface Frame {
  syncId: string
  command: string
  content: Content
}

interface WireMember {
  user_id: number
  nickname: string
  card: string
  role: 'owner' | 'admin' | 'member'
  join_time?: number
  last_sent_time?: number
  title?: string
}

interface FromBackend {
  echo?: string
  data?: unknown
  post_type?: string
  message_id?: number
  time?: number
  group_id?: number
  message?: { type: string; data: { id?: string; text?: string; qq?: string; url?: string } }[]
  sender?: WireMember
}

const address = process.argv[2] as string
const joined = process.argv[3] === 'joined'
const permissions = { owner: 'OWNER', admin: 'ADMINISTRATOR', member: 'MEMBER' } as const

/** Writes at once, or all of a turn together. */
function writer(socket: WebSocket): (text: string) => void {
  return joined ? joinedSend(socket) : (text) => socket.send(text)
}

type Ask = (command: string, content: Content) => Promise<unknown>

/** A link of its own to the backend for each client, as simple translators have it. */
async function connect(onEvent: (text: string) => void): Promise<{ ask: Ask; close(): void }> {
  const far = new WebSocket(address, { perMessageDeflate: false })
  await once(far, 'open')
  const write = writer(far)
  const waiting = new Map<string, (data: unknown) => void>()
  let last = 0
  far.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as FromBackend
    if (frame.echo !== undefined) {
      waiting.get(frame.echo)?.(frame.data)
      waiting.delete(frame.echo)
    } else if (frame.post_type === 'message') onEvent(JSON.stringify({ syncId: '-1', data: toPacket(frame) }))
  })
  const ask: Ask = (command, content) =>
    new Promise((resolve) => {
      const echo = String(++last)
      waiting.set(echo, (data) => resolve(toAnswer(command, content, data)))
      write(JSON.stringify({ ...toRequest(command, content), echo }))
    })
  return { ask, close: () => far.close() }
}

const http = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const content = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Content
    void overHttp
      .then(({ ask }) => ask((request.url ?? '').slice(1), content))
      .then((answer) => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(answer))
      })
  })
})
const overHttp = connect(() => {})
const server = new WebSocketServer({ server: http, perMessageDeflate: false })

server.on('connection', (near) => {
  const toNear = writer(near)
  const linked = connect(toNear)
  void linked.then(({ ask }) => {
    near.on('message', (data: Buffer) => {
      const { syncId, command, content } = JSON.parse(data.toString('utf8')) as Frame
      void ask(command, content).then((answer) => toNear(JSON.stringify({ syncId, data: answer })))
    })
    toNear('{"syncId":"","data":{"code":0,"session":"benchmark"}}')
  })
  near.on('close', () => void linked.then(({ close }) => close()))
})

function isMemberList(command: string): boolean {
  return command === 'memberList' || command === 'latestMemberList'
}

function toRequest(command: string, content: Content) {
  if (isMemberList(command)) return { action: 'get_group_member_list', params: { group_id: content.target } }
  if (command === 'groupList') return { action: 'get_group_list', params: {} }
  const message = content.messageChain.map(toSegment)
  if (content.quote) message.unshift({ type: 'reply', data: { id: String(content.quote) } })
  return { action: 'send_group_msg', params: { group_id: content.target, message } }
}

function toAnswer(command: string, { target }: Content, data: unknown) {
  if (isMemberList(command)) {
    return { code: 0, msg: '', data: (data as WireMember[]).map((member) => toMember(member, target)) }
  }
  if (command === 'groupList') {
    const groups = data as { group_id: number; group_name: string }[]
    return { code: 0, msg: '', data: groups.map((one) => toGroup(one.group_id, one.group_name)) }
  }
  return { code: 0, msg: 'success', messageId: (data as { message_id: number }).message_id }
}

function toSegment(element: Content['messageChain'][number]): { type: string; data: Record<string, unknown> } {
  if (element.type === 'At') return { type: 'at', data: { qq: String(element.target) } }
  if (element.type === 'Image') return { type: 'image', data: { file: element.url } }
  return { type: 'text', data: { text: element.text } }
}

function toGroup(id: number | undefined, name: string) {
  return { id, name, permission: 'MEMBER' }
}

function toMember(member: WireMember, group: number | undefined) {
  return {
    id: member.user_id,
    memberName: member.card || member.nickname,
    specialTitle: member.title ?? '',
    permission: permissions[member.role],
    joinTimestamp: member.join_time ?? 0,
    lastSpeakTimestamp: member.last_sent_time ?? 0,
    muteTimeRemaining: 0,
    group: toGroup(group, ''),
  }
}

function toPacket({ message_id: id, time, group_id: group, message = [], sender }: FromBackend) {
  const chain = message.map(({ type, data }) => {
    if (type === 'at') return { type: 'At', target: Number(data.qq), display: '' }
    if (type === 'image') return { type: 'Image', imageId: null, url: data.url }
    if (type === 'reply')
      return { type: 'Quote', id: Number(data.id), groupId: group, senderId: 0, targetId: group, origin: [] }
    return { type: 'Plain', text: data.text }
  })
  return {
    type: 'GroupMessage',
    messageChain: [{ type: 'Source', id, time }, ...chain],
    sender: sender && { ...toMember(sender, group), active: null },
  }
}

http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }))
reportUsage()
