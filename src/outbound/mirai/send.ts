// Sending messages, and sending once more what was sent or received before.
import { BridgeError } from '../../core/error.ts'
import { peerKey, type MessageId, type Peer } from '../../core/ids.ts'
import { nowSeconds, toInteger } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import {
  printCommand,
  toChain,
  type Answer,
  type OutgoingChain,
  type PrintedCommand,
} from '../../dialect/mirai/index.ts'
import { numbered, type Account, type Ask, type Handlers } from './account.ts'
import { fitContent } from './content.ts'
import { fetchMessage } from './lookup.ts'
import { loneFile, sendFile } from './send-file.ts'
import { resolveMedia } from './upload.ts'

export const sendHandlers: Handlers<'message.send' | 'message.repeat'> = {
  async 'message.send'(ask, { peer, segments }) {
    return { messageId: await send(ask, peer, segments) }
  },
  async 'message.repeat'(ask, { messageId, peer }) {
    const { account } = ask
    const message = account.services.messages.get(account.bot, messageId) ?? (await fetchMessage(ask, messageId))
    const isElsewhere = peerKey(message.peer) !== peerKey(peer)
    const segments = isElsewhere ? message.segments.filter(({ type }) => type !== 'reply') : message.segments
    return { messageId: await send(ask, peer, segments) }
  },
}

async function send(ask: Ask, wanted: Peer, segments: Segment[]): Promise<MessageId> {
  const { account } = ask
  const peer = completePeer(wanted, account)
  const file = peer.kind === 'group' ? loneFile(segments) : undefined
  if (file) return sendFile(ask, peer, file)
  const content = fitContent(segments, peer, account)
  const sources = content.some(isLoadable) ? await resolveMedia(ask, content, peer) : undefined
  const chain = toChain(content, {
    peer,
    media: (segment) => sources?.get(segment) ?? account.services.media.source(segment, account.backend),
    message: (id) => numbered(account, id),
    loss: (loss) => account.loss('in', loss),
  })
  if (chain.messageChain.length === 0) throw new BridgeError('badParameter', 'the message is empty')
  const answer = await account.session.request(printSend(peer, chain), ask)
  return learnSent(account, peer, content, answer)
}

function isLoadable({ type }: Segment): boolean {
  return type === 'image' || type === 'voice'
}

/** mah sends to strangers of a group by group and number. */
function completePeer(peer: Peer, { tempGroups }: Account): Peer {
  if (peer.kind !== 'temp' || peer.groupId !== undefined) return peer
  const groupId = tempGroups.get(peer.userId)
  if (groupId !== undefined) return { ...peer, groupId }
  throw new BridgeError('badParameter', `the group is needed for a temporary chat with ${peer.userId}`)
}

/** Friends and strangers share a command. */
function printSend(peer: Peer, { messageChain, quote }: OutgoingChain): PrintedCommand {
  const content = { ...(quote !== undefined && { quote }), messageChain }
  switch (peer.kind) {
    case 'group':
      return printCommand('sendGroupMessage', { target: peer.groupId, ...content })
    case 'temp':
      return printCommand('sendTempMessage', { qq: peer.userId, group: peer.groupId, ...content })
    case 'friend':
    case 'stranger':
      return printCommand('sendFriendMessage', { target: peer.userId, ...content })
  }
}

/** The server never reports what the bot itself sends, so it is remembered here. */
function learnSent(account: Account, peer: Peer, segments: Segment[], { body, data }: Answer): MessageId {
  const { bot, backend, services, session, seen } = account
  const number = toInteger(body['messageId'] ?? (data as { messageId?: unknown } | null)?.messageId)
  if (number === undefined || number === -1 || number === 0) {
    throw new BridgeError('backend', 'sent, but the server gave no id', { certain: false, backend })
  }
  const content = {
    sender: { userId: bot, nickname: session.nickname },
    time: nowSeconds(),
    segments,
  }
  const { id } = services.messages.learn(bot, { native: String(number), peer }, content, false)
  seen.noteMessage({ id, peer, ...content })
  return id
}
