// Message packets for clients: events, messageFromId and history share one shape.
import type { FileUploadEvent, MessageEvent } from '../../core/event.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import type { Message, Sender } from '../../core/message.ts'
import type { WireObject } from '../../core/read.ts'
import { printChain } from './chain-print.ts'
import { friendOf, groupOf, memberOf } from './contact-print.ts'
import type { PrintContext } from './context.ts'

/** mirai's number for whoever writes anonymously. */
const anonymousId = 80000000 as UserId

/** The packet of a stored message. Temp and stranger messages of the bot itself show the recipient, as mah does. */
export function printMessage(message: Message, context: PrintContext): WireObject {
  const { peer, sender } = message
  const isOwn = sender.userId === context.bot
  const shown =
    isOwn && peer.kind !== 'group' && peer.kind !== 'friend' ? { userId: peer.userId, nickname: '' } : sender
  return printReceived(message, shown, context)
}

function printReceived(message: Message, sender: Sender, context: PrintContext): WireObject {
  const { peer } = message
  const messageChain = printChain(message.segments, peer, context, message)
  if (peer.kind === 'group')
    return { type: 'GroupMessage', messageChain, sender: senderOf(peer.groupId, sender, message, context) }
  if (peer.kind === 'temp' && peer.groupId !== undefined) {
    return { type: 'TempMessage', messageChain, sender: senderOf(peer.groupId, sender, message, context) }
  }
  if (peer.kind === 'temp')
    context.loss({ what: 'message', fidelity: 'lossy', reason: 'a temporary chat of an unknown group' })
  const type = peer.kind === 'friend' ? 'FriendMessage' : 'StrangerMessage'
  return { type, messageChain, sender: friendOf(sender.userId, context, sender) }
}

function senderOf(groupId: GroupId, sender: Sender, { time }: Message, context: PrintContext): WireObject {
  const { nickname, card, role, title } = sender
  return memberOf(groupId, sender.userId, context, { nickname, card, role, title, lastSpeakTime: time })
}

/** undefined for what the bridge itself sent: a mah bot never sees its own sends. */
export function printMessageEvent(event: MessageEvent, context: PrintContext): WireObject | undefined {
  if (event.origin === 'self') return undefined
  if (event.origin === 'sync') return printSync(event.message, context)
  if (!event.anonymous || event.message.peer.kind !== 'group') {
    return printReceived(event.message, event.message.sender, context)
  }
  const { message, anonymous } = event
  const { groupId } = event.message.peer
  const sender = memberOf(groupId, anonymousId, context, {
    nickname: anonymous.name,
    card: '',
    role: 'member',
    title: '',
  })
  return { type: 'GroupMessage', messageChain: printChain(message.segments, message.peer, context, message), sender }
}

/** Written by the bot's account on another device: no sender, but the recipient. */
function printSync(message: Message, context: PrintContext): WireObject {
  const { peer } = message
  const messageChain = printChain(message.segments, peer, context, message)
  if (peer.kind === 'group') return { type: 'GroupSyncMessage', messageChain, subject: groupOf(peer.groupId, context) }
  if (peer.kind === 'temp' && peer.groupId !== undefined) {
    return { type: 'TempSyncMessage', messageChain, subject: memberOf(peer.groupId, peer.userId, context) }
  }
  const type = peer.kind === 'friend' ? 'FriendSyncMessage' : 'StrangerSyncMessage'
  return { type, messageChain, subject: friendOf(peer.userId, context) }
}

/** mah has no upload notice: a message that holds a File. Its id is 0, since nothing can be done with it. */
export function printFileUpload(event: FileUploadEvent, context: PrintContext): WireObject {
  const { peer, userId, time, file } = event
  const segments = [{ type: 'file', id: file.id, name: file.name, sizeBytes: file.sizeBytes } as const]
  const messageChain = printChain(segments, peer, context, { id: 0, time })
  if (peer.kind === 'group') {
    return {
      type: 'GroupMessage',
      messageChain,
      sender: memberOf(peer.groupId, userId, context, { lastSpeakTime: time }),
    }
  }
  return { type: 'FriendMessage', messageChain, sender: friendOf(userId, context) }
}
