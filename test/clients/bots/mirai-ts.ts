// mirai-ts as a process: HTTP polling, or WebSocket for events and HTTP for calls. AGPL, so it lives here and nowhere else.
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callOn, connection, methodsOf, serve, tell, type Methods } from './serve.ts'

// Its package names an entry file that it does not contain, so its types cannot be had by its name either.
const entry = new URL('../../../node_modules/mirai-ts/dist/index.js', import.meta.url).href
const { Mirai, Message } = (await import(entry)) as { Mirai: new (setting: object) => Client; Message: Builders }

interface Client {
  interval: number
  verified: boolean
  api: Record<string, (...args: unknown[]) => Promise<Answer>> & { ws: { sessionKey: string }; resp: unknown }
  link(qq: number): Promise<void>
  listen(): void
  on(type: string, run: (event: Heard) => void): void
}

type Answer = Record<string, unknown>
type Builders = Record<string, (...args: unknown[]) => object>

interface Heard {
  type: string
  eventId?: number
  messageChain?: { type: string; id: number }[]
  plain?: string
  isAt?(): unknown
  get?(type: string): unknown
  reply?(chain: object[], quote: boolean): Promise<Answer>
  respond?(operate: number, message: string): Promise<Answer>
}

interface Element {
  type: string
  text?: string
  target?: number
  imageId?: string
  url?: string
  base64?: string
}

const { port, verifyKey, qq, mode } = connection
const place = { host: '127.0.0.1', port }
const mirai = new Mirai({
  verifyKey,
  adapters: mode === 'http' ? ['http'] : ['http', 'ws'],
  adapterSettings: { http: place, ws: place },
})
mirai.interval = 20
const { api } = mirai

const messages = new Map<number, Heard>()
const requests = new Map<number, Heard>()

mirai.on('message', (message) => {
  const id = message.messageChain?.[0]?.id
  if (id !== undefined) messages.set(id, message)
  tell({ ...message, isAt: message.isAt?.(), image: message.get?.('Image'), quote: message.get?.('Quote') })
})
for (const type of [
  'NudgeEvent',
  'GroupRecallEvent',
  'FriendRecallEvent',
  'MemberMuteEvent',
  'MemberUnmuteEvent',
  'BotMuteEvent',
  'BotUnmuteEvent',
  'GroupMuteAllEvent',
  'MemberLeaveEventQuit',
  'MemberLeaveEventKick',
  'MemberJoinEvent',
  'MemberCardChangeEvent',
  'MemberPermissionChangeEvent',
  'GroupNameChangeEvent',
])
  mirai.on(type, tell)
for (const type of ['NewFriendRequestEvent', 'MemberJoinRequestEvent', 'BotInvitedJoinGroupRequestEvent']) {
  mirai.on(type, (request) => {
    requests.set(request.eventId ?? 0, request)
    tell(request)
  })
}

function build(element: Element): object {
  const { type, text, target, imageId = null, url = null, base64 = null } = element
  if (type === 'Plain') return Message['Plain']?.(text) ?? element
  if (type === 'At') return Message['At']?.(target) ?? element
  if (type === 'Image') return Message['Image']?.(imageId, url, null, base64) ?? element
  return element
}

async function data(name: string, ...args: unknown[]): Promise<unknown> {
  const answer = await api[name]?.(...args)
  return answer?.['data'] ?? answer
}

/** The library takes a file stream and nothing else. */
async function uploadImage(type: string, base64: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'mirai-ts-'))
  const path = join(folder, 'sail.png')
  await writeFile(path, Buffer.from(base64, 'base64'))
  try {
    return await api['uploadImage']?.(type, createReadStream(path))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const parts = { api, file: api['file'], command: api['command'], resp: api['resp'] } as Record<string, object>

/** Uploads take a file stream; a test gives `{ bytes, name }`. Listeners are functions; a test gives 'LISTENER'. */
async function withStream(value: unknown): Promise<unknown> {
  if (value === 'LISTENER') return tell
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return value
  const { bytes, name } = value as { bytes: string; name: string }
  const path = join(await mkdtemp(join(tmpdir(), 'mirai-ts-')), name)
  await writeFile(path, Buffer.from(bytes, 'base64'))
  return createReadStream(path)
}

const methods: Methods = {
  names: () => Object.entries(parts).flatMap(([part, object]) => methodsOf(object).map((name) => `${part}.${name}`)),
  invoke: async (place: string, ...args: unknown[]) => {
    const [part = '', name = ''] = place.split('.')
    return callOn(parts[part] as object, name, await Promise.all(args.map(withStream)))
  },
  sendGroup: (target: number, chain: Element[], quote?: number) =>
    api['sendGroupMessage']?.(chain.map(build), target, quote),
  sendFriend: (target: number, chain: Element[], quote?: number) =>
    api['sendFriendMessage']?.(chain.map(build), target, quote),
  sendTemp: (target: number, group: number, chain: Element[]) =>
    api['sendTempMessage']?.(chain.map(build), target, group),
  quoteReply: (id: number, chain: Element[]) => messages.get(id)?.reply?.(chain.map(build), true),
  uploadImage,
  recall: (messageId: number, target: number) => api['recall']?.({ messageId, target }),
  messageFromId: (id: number, target: number) => data('messageFromId', id, target),
  friendList: () => data('friendList'),
  groupList: () => data('groupList'),
  memberList: (group: number) => data('memberList', group),
  botProfile: () => data('botProfile'),
  friendProfile: (id: number) => data('friendProfile', id),
  memberProfile: (group: number, id: number) => data('memberProfile', group, id),
  memberInfo: (group: number, id: number) => data('memberInfo', group, id),
  groupConfig: (group: number) => data('groupConfig', group),
  mute: (group: number, id: number, seconds: number) => api['mute']?.(group, id, seconds),
  unmute: (group: number, id: number) => api['unmute']?.(group, id),
  muteAll: (group: number) => api['muteAll']?.(group),
  unmuteAll: (group: number) => api['unmuteAll']?.(group),
  setCard: (group: number, id: number, name: string) => api['memberInfo']?.(group, id, { name }),
  setGroupName: (group: number, name: string) => api['groupConfig']?.(group, { name }),
  kick: (group: number, id: number, message: string) => api['kick']?.(group, id, message),
  quit: (group: number) => api['quit']?.(group),
  nudge: (target: number, subject: number, kind: string) => api['sendNudge']?.(target, subject, kind),
  answer: (eventId: number, operate: number, message: string) => requests.get(eventId)?.respond?.(operate, message),
}

await mirai.link(qq)
if (!mirai.verified) throw new Error('not logged in')
mirai.listen()
const isReady = mode === 'http' ? () => true : () => api.ws.sessionKey !== ''
while (!isReady()) await new Promise((resolve) => setTimeout(resolve, 5))
serve(methods)
