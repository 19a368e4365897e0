// node-mirai-sdk as a process: HTTP polling, HTTP with WebSocket for events, or WebSocket alone.
import { createRequire } from 'node:module'
import { callOn, connection, methodsOf, serve, tell, type Methods } from './serve.ts'

const require = createRequire(import.meta.url)
const NodeMirai = require('node-mirai-sdk') as NodeMiraiClass
const { Plain, At, Image } = NodeMirai.MessageComponent
const eventNames = require('node-mirai-sdk/src/events.json') as Record<string, string>

interface NodeMiraiClass {
  new (config: object): Client
  MessageComponent: Record<'Plain' | 'At' | 'Image', (value: unknown) => object>
  Target: { Group(id: number): object; Friend(id: number): object }
}

type Call = (...args: unknown[]) => Promise<Record<string, unknown>>
type CallName =
  | 'sendGroupMessage'
  | 'sendQuotedGroupMessage'
  | 'sendFriendMessage'
  | 'sendQuotedFriendMessage'
  | 'sendTempMessage'
  | 'uploadImage'
  | 'recall'
  | 'getMessageById'
  | 'getFriendList'
  | 'getGroupList'
  | 'getGroupMemberList'
  | 'getBotProfile'
  | 'getFriendProfile'
  | 'getGroupMemberProfile'
  | 'getGroupMemberInfo'
  | 'setGroupMemberInfo'
  | 'getGroupConfig'
  | 'setGroupConfig'
  | 'setGroupMute'
  | 'setGroupUnmute'
  | 'setGroupMuteAll'
  | 'setGroupUnmuteAll'
  | 'setGroupKick'
  | 'quit'
  | 'sendNudge'
  | 'verify'

interface Client extends Record<CallName, Call> {
  signal: { signals: string[] }
  wsHost: { listenerCount(name: string): number; readyState: number } | null
  listen(what: string): void
  onMessage(run: (message: Heard) => void): void
  onEvent(name: string, run: (event: Heard) => void): void
}

interface Heard {
  type: string
  eventId?: number
  messageChain?: { type: string; id: number }[]
  quoteReply?: Call
  accept?: Call
  reject?: Call
  rejectAndBlock?: Call | null
}

interface Element {
  type: string
  text?: string
  target?: number
  base64?: string
}

const { port, verifyKey, qq, mode } = connection
const bot = new NodeMirai({
  host: `http://127.0.0.1:${port}`,
  verifyKey,
  qq,
  interval: 20,
  enableWebsocket: mode === 'http and ws',
  wsOnly: mode === 'ws',
})
const messages = new Map<number, Heard>()
const requests = new Map<number, Heard>()

bot.listen('all')
bot.onMessage((message) => {
  const id = message.messageChain?.[0]?.id
  if (id !== undefined) messages.set(id, message)
  tell(message)
})
for (const name of Object.values(eventNames)) {
  bot.onEvent(name, (event) => {
    if (event.eventId !== undefined) requests.set(event.eventId, event)
    tell(event)
  })
}

/** Its Image takes an id or an address; base64 only goes as a bare element. */
function build(element: Element): object {
  if (element.type === 'Plain') return Plain(element.text)
  if (element.type === 'At') return At(element.target)
  return element.type === 'Image' && element.base64 === undefined ? Image(element) : element
}

function send(kind: 'Group' | 'Friend', target: number, chain: Element[], quote?: number): Promise<unknown> {
  const elements = chain.map(build)
  if (quote === undefined) return bot[`send${kind}Message`](elements, target)
  return bot[`sendQuoted${kind}Message`](elements, target, quote)
}

/** Over WebSocket the library takes answers out of their wrapper, over HTTP it does not always. */
async function data(answer: Promise<Record<string, unknown>>): Promise<unknown> {
  const given = await answer
  return given['data'] ?? given
}

/** Uploads take bytes as a Buffer; a test gives `{ bytes }`. */
function withBuffer(value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && 'bytes' in value
  return isBytes ? Buffer.from((value as { bytes: string }).bytes, 'base64') : value
}

const methods: Methods = {
  names: () => methodsOf(bot),
  invoke: (name: string, ...args: unknown[]) => callOn(bot, name, args.map(withBuffer)),
  sendGroup: (target: number, chain: Element[], quote?: number) => send('Group', target, chain, quote),
  sendFriend: (target: number, chain: Element[], quote?: number) => send('Friend', target, chain, quote),
  sendTemp: (target: number, group: number, chain: Element[]) => bot.sendTempMessage(chain.map(build), target, group),
  quoteReply: (id: number, chain: Element[]) => messages.get(id)?.quoteReply?.(chain.map(build)),
  uploadImage: (type: string, base64: string) =>
    bot.uploadImage(Buffer.from(base64, 'base64'), NodeMirai.Target[type === 'group' ? 'Group' : 'Friend'](1)),
  recall: (messageId: number, target: number) => bot.recall(messageId, target),
  messageFromId: (id: number, target: number) => data(bot.getMessageById(id, target)),
  friendList: () => bot.getFriendList(),
  groupList: () => bot.getGroupList(),
  memberList: (group: number) => bot.getGroupMemberList(group),
  botProfile: () => bot.getBotProfile(),
  friendProfile: (id: number) => bot.getFriendProfile(id),
  memberProfile: (group: number, id: number) => bot.getGroupMemberProfile(group, id),
  memberInfo: (group: number, id: number) => bot.getGroupMemberInfo(group, id),
  // It spreads its argument into the request, so a bare number is lost.
  groupConfig: (target: number) => bot.getGroupConfig({ target }),
  mute: (group: number, id: number, seconds: number) => bot.setGroupMute(group, id, seconds),
  unmute: (group: number, id: number) => bot.setGroupUnmute(group, id),
  muteAll: (group: number) => bot.setGroupMuteAll(group),
  unmuteAll: (group: number) => data(bot.setGroupUnmuteAll(group)),
  setCard: (group: number, id: number, name: string) => bot.setGroupMemberInfo(group, id, { name }),
  setGroupName: (group: number, name: string) => bot.setGroupConfig(group, { name }),
  kick: (group: number, id: number, message: string) => bot.setGroupKick(group, id, message),
  quit: (group: number) => bot.quit(group),
  nudge: (target: number, subject: number, kind: string) =>
    kind === 'Group' ? bot.sendNudge(target, subject) : bot.sendNudge(target),
  answer: (eventId: number, operate: number, message: string) => {
    const request = requests.get(eventId)
    return [request?.accept, request?.reject, request?.rejectAndBlock][operate]?.(message)
  },
}

async function becomes(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

await becomes(() => bot.signal.signals.includes('authed'))
if (mode !== 'ws') await bot.verify()
await becomes(() => bot.signal.signals.includes('verified'))
// It begins to listen a while after it is connected; what comes before that, it never sees.
if (mode !== 'http') await becomes(() => bot.wsHost?.readyState === 1 && bot.wsHost.listenerCount('message') > 0)
serve(methods)
