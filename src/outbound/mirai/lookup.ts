// One message by its id, from the server's cache.
import { BridgeError } from '../../core/error.ts'
import { peerId, type MessageId } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import type { WireObject } from '../../core/read.ts'
import { nativeOf, request, type Ask } from './account.ts'
import { readMessage } from './reading.ts'
import { isAble } from './version.ts'

/** Throws `notFound` when neither bridge nor server know it; mah keeps 1024 messages of an account. */
export async function fetchMessage(ask: Ask, messageId: MessageId): Promise<Message> {
  const { native, peer } = nativeOf(ask, messageId)
  const answer = await request(ask, 'messageFromId', {}, { extra: printMessageId(ask, messageId) })
  const message = readMessage(ask.account, answer.data, peer)
  if (!message) throw new BridgeError('notFound', `the server has no content for message ${native} of ${peerId(peer)}`)
  // A packet may lack its Source; the id that was asked for is the right one.
  return { ...message, id: messageId }
}

/** How commands name a message. Older servers knew a number only, and messageFromId called it id. */
export function printMessageId(ask: Ask, messageId: MessageId, old: 'id' | 'target' = 'id'): WireObject {
  const { number, peer } = nativeOf(ask, messageId)
  if (isAble(ask.account.session.version, 'idsPerConversation')) return { messageId: number, target: peerId(peer) }
  return { [old]: number }
}
