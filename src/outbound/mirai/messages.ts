// Messages that exist: looked up, recalled, unfolded, made essence; nudges and read marks beside them.
import { BridgeError } from '../../core/error.ts'
import type { MessageId, Peer } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import { toMessageId } from '../../core/read.ts'
import type { ForwardNode } from '../../core/segment.ts'
import { nativeOf, order, type Account, type Ask, type Handlers } from './account.ts'
import { readHistory } from './history.ts'
import { fetchMessage, printMessageId } from './lookup.ts'

type Name =
  | 'message.recall'
  | 'message.get'
  | 'message.history'
  | 'message.forward.get'
  | 'message.markRead'
  | 'nudge.send'
  | 'group.essence.set'

export const messageHandlers: Handlers<Name> = {
  'message.recall': (ask, { messageId }) =>
    order(ask, 'recall', {}, { extra: printMessageId(ask, messageId, 'target') }),
  'message.get': (ask, { messageId }) => fetchMessage(ask, messageId),
  'message.history': readHistory,
  async 'message.forward.get'(ask, { id }) {
    const messageId = toMessageId(id)
    if (messageId === undefined) throw new BridgeError('notFound', `no such forward: ${id}`)
    const nodes = findForward(await readContent(ask, messageId))
    if (!nodes) throw new BridgeError('notFound', `message ${id} holds no forward`)
    return { nodes: nodes.map((node) => unfold(node, ask.account)) }
  },
  // mirai marks what it receives as read by itself: what was asked for is so already.
  'message.markRead': () => Promise.resolve({}),
  async 'nudge.send'(ask, { peer, targetId }) {
    const { kind, subject } = toSubject(peer)
    return order(ask, 'sendNudge', { targetId, subject, kind })
  },
  async 'group.essence.set'(ask, { messageId, on }) {
    if (!on) throw new BridgeError('notSupported', 'mirai-api-http cannot take an essence message back')
    if (nativeOf(ask, messageId).peer.kind !== 'group') {
      throw new BridgeError('badParameter', `message ${messageId} is not in a group`)
    }
    return order(ask, 'setEssence', {}, { extra: printMessageId(ask, messageId, 'target') })
  },
}

/** The other kinds of private chat have no nudge in mah. */
function toSubject(peer: Peer): { kind: string; subject: number } {
  switch (peer.kind) {
    case 'group':
      return { kind: 'Group', subject: peer.groupId }
    case 'friend':
      return { kind: 'Friend', subject: peer.userId }
    case 'stranger':
      return { kind: 'Stranger', subject: peer.userId }
    case 'temp':
      throw new BridgeError('notSupported', 'mirai-api-http has no nudge in temporary chats')
  }
}

async function readContent(ask: Ask, messageId: MessageId): Promise<Message> {
  const { bot, services } = ask.account
  return services.messages.get(bot, messageId) ?? fetchMessage(ask, messageId)
}

function findForward({ segments }: Message): ForwardNode[] | undefined {
  return segments.find((segment) => segment.type === 'forward')?.nodes
}

/** A node that only names a message, with the content of it. */
function unfold(node: ForwardNode, { bot, services }: Account): ForwardNode {
  const known = node.messageId !== undefined && !node.segments ? services.messages.get(bot, node.messageId) : undefined
  if (!known) return node
  const { sender, time, segments } = known
  return { ...node, senderId: sender.userId, senderName: sender.card || sender.nickname, time, segments }
}
