// Commands about messages: send, quote, recall, look up, history, nudge.
import { BridgeError } from '../../core/error.ts'
import type { GroupId, MessageId, Peer, UserId } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import { toMessageId, toText, type WireObject } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import { parseChain, printMessage, toImageId } from '../../dialect/mirai/index.ts'
import {
  accountIn,
  callBot,
  chainPrinting,
  needTarget,
  printingFor,
  toPeer,
  toPrivatePeer,
  type Ask,
  type Handler,
} from './ask.ts'

export const messageCommands: Readonly<Record<string, Handler>> = {
  sendFriendMessage: async (ask) => {
    const { params } = ask
    return send(ask, await toPrivatePeer(ask, needTarget(accountIn(params, 'target'), accountIn(params, 'qq'))))
  },
  sendGroupMessage: (ask) => {
    const { params } = ask
    const groupId = needTarget(accountIn(params, 'target'), accountIn(params, 'group')) as GroupId
    return send(ask, { kind: 'group', groupId })
  },
  // `target` does not count here.
  sendTempMessage: (ask) => send(ask, toTempPeer(ask.params)),
  sendImageMessage,
  messageFromId: async (ask) => {
    const message = await callBot(ask, { name: 'message.get', params: { messageId: idIn(ask) } })
    return print(message, ask)
  },
  recall: (ask) => callBot(ask, { name: 'message.recall', params: { messageId: idIn(ask) } }),
  setEssence: (ask) => callBot(ask, { name: 'group.essence.set', params: { messageId: idIn(ask), on: true } }),
  roamingMessages,
  sendNudge,
}

/** Ids are unique here, so the conversation that mah also asks for need not match. */
function idIn({ params }: Ask): MessageId {
  return params['messageId'] as MessageId
}

function toTempPeer(params: WireObject): Peer {
  const userId = needTarget(accountIn(params, 'qq')) as UserId
  return { kind: 'temp', userId, groupId: needTarget(accountIn(params, 'group')) as GroupId }
}

async function send(ask: Ask, peer: Peer): Promise<MessageId> {
  const { segments, losses } = parseChain(ask.params['messageChain'])
  for (const loss of losses) ask.host.loss(ask.bot, 'in', loss)
  const content = segments.some((segment) => segment.type === 'forward')
    ? segments.map((segment) => (segment.type === 'forward' ? dropUnknownNodes(segment, ask) : segment))
    : segments
  if (content.length === 0) throw new BridgeError('backend', 'message is empty')
  const quoted = readQuote(ask)
  if (quoted !== undefined) content.unshift({ type: 'reply', messageId: quoted })
  const { messageId } = await callBot(ask, { name: 'message.send', params: { peer, segments: content } })
  return messageId
}

/** 0 and -1 are what clients send along for "no quote". Throws `notFound` for a message that nobody saw. */
function readQuote({ params, host, bot }: Ask): MessageId | undefined {
  const given = params['quote'] as number | undefined
  if (given === undefined || given === 0 || given === -1) return undefined
  const messageId = toMessageId(given)
  if (messageId === undefined || !host.messages.native(bot, messageId)) {
    throw new BridgeError('notFound', `no such message: ${given}`)
  }
  return messageId
}

/** mah leaves nodes of unknown messages out without a word. */
function dropUnknownNodes(segment: Extract<Segment, { type: 'forward' }>, { host, bot }: Ask): Segment {
  if (!segment.nodes?.length) throw new BridgeError('badParameter', 'Forward.nodeList has no node that can be sent')
  const nodes = segment.nodes.filter(({ messageId }) => {
    if (messageId === undefined || host.messages.native(bot, messageId)) return true
    host.loss(bot, 'in', { what: 'node', fidelity: 'dropped', reason: `no such message: ${messageId}` })
    return false
  })
  if (nodes.length === 0) throw new BridgeError('notFound', 'none of the forwarded messages is known')
  return { ...segment, nodes }
}

/** Friend by `target` or `qq`, group, or with both numbers a temporary chat. Answers the ids of the images. */
async function sendImageMessage(ask: Ask): Promise<string[]> {
  const { params, host } = ask
  const list = params['urls']
  const urls = (Array.isArray(list) ? list : [list]).map(toText).filter((url) => url !== undefined && url !== '')
  if (urls.length === 0) throw new BridgeError('badParameter', 'urls must name at least one address')
  const segments = urls.map((url): Segment => ({ type: 'image', url: String(url) }))
  await callBot(ask, { name: 'message.send', params: { peer: await toImagePeer(ask), segments } })
  return urls.map((url) => toImageId(host.media.learn({ kind: 'image', url: String(url), name: String(url) })))
}

async function toImagePeer(ask: Ask): Promise<Peer> {
  const [target, qq, group] = ['target', 'qq', 'group'].map((name) => accountIn(ask.params, name))
  if (target !== undefined) return toPeer(ask, target)
  if (qq !== undefined && group !== undefined) return toTempPeer(ask.params)
  if (group !== undefined) return { kind: 'group', groupId: group as GroupId }
  if (qq !== undefined) return toPrivatePeer(ask, qq)
  throw new BridgeError('badParameter', 'one of target, qq and group is needed')
}

async function roamingMessages(ask: Ask): Promise<WireObject[]> {
  const { params } = ask
  const group = accountIn(params, 'group')
  const target = accountIn(params, 'target') ?? accountIn(params, 'qq')
  if (target === undefined && group === undefined) {
    throw new BridgeError('badParameter', 'one of target, qq and group is needed')
  }
  const peer: Peer = target === undefined ? { kind: 'group', groupId: group as GroupId } : await toPeer(ask, target)
  const timeStart = Number(params['timeStart'])
  const timeEnd = Number(params['timeEnd'])
  const { messages } = await callBot(ask, { name: 'message.history', params: { peer, timeStart, timeEnd } })
  return messages.map((message) => print(message, ask))
}

function print(message: Message, ask: Ask): WireObject {
  const segments = [...chainPrinting(ask.host, ask.bot).prepare(message.segments, message.peer)]
  return printMessage({ ...message, segments }, printingFor(ask))
}

async function sendNudge(ask: Ask): Promise<unknown> {
  const { params } = ask
  const peer = toNudgePeer(String(params['kind']), accountIn(params, 'subject') as number)
  return callBot(ask, { name: 'nudge.send', params: { peer, targetId: params['targetId'] as UserId } })
}

/** mah reports success for kinds that it does not know and does nothing; here it is an error. */
function toNudgePeer(kind: string, subject: number): Peer {
  switch (kind.toLowerCase()) {
    case 'group':
      return { kind: 'group', groupId: subject as GroupId }
    case 'friend':
      return { kind: 'friend', userId: subject as UserId }
    case 'stranger':
      return { kind: 'stranger', userId: subject as UserId }
    default:
      throw new BridgeError('badParameter', 'kind must be Friend, Group or Stranger')
  }
}
