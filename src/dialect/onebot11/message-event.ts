// Messages as OneBot shows them: in events, in get_msg and in histories.
import type { MessageEvent } from '../../core/event.ts'
import type { UserId } from '../../core/ids.ts'
import type { Message, Sender } from '../../core/message.ts'
import type { View } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import { printContent, printSender } from './message-print.ts'
import { withMembers } from './segment-extra.ts'
import { withoutAbsent } from './segment-parse.ts'
import type { MessageFormat } from './wire.ts'

export interface PrintContext {
  view: View
  format: MessageFormat
}

export function printMessageEvent(event: MessageEvent, context: PrintContext): WireObject {
  const sent = event.origin !== 'received'
  return withMembers(event.message.extra, {
    ...printDetail(event.bot, event.message, context, event),
    time: event.time,
    post_type: sent ? 'message_sent' : 'message',
    ...(sent && { message_sent_type: 'self' }),
  })
}

/** What get_msg answers and histories list: the event as it was. */
export function printMessageDetail(bot: UserId, message: Message, context: PrintContext): WireObject {
  const postType = message.sender.userId === bot ? 'message_sent' : 'message'
  return withMembers(message.extra, { ...printDetail(bot, message, context, {}), post_type: postType })
}

/** What an event says about the place, which is not kept with the message. */
type Around = Pick<MessageEvent, 'anonymous' | 'groupName'>

function printDetail(bot: UserId, message: Message, context: PrintContext, around: Around): WireObject {
  const { id, peer, time, seq } = message
  const inGroup = peer.kind === 'group'
  const sender = completeSender(bot, message, context.view)
  const find = (messageId: typeof id) => context.view.message(bot, messageId)
  return {
    self_id: bot,
    user_id: sender.userId,
    time,
    message_id: id,
    message_seq: id,
    real_id: id,
    real_seq: String(seq ?? id),
    message_type: inGroup ? 'group' : 'private',
    sender: { ...printSender(sender, inGroup), ...(peer.kind === 'temp' && { group_id: peer.groupId ?? 0 }) },
    ...printContent(message.segments, context.format, { messageId: id, find }),
    font: 14,
    ...printPlace(bot, message, context.view, around),
  }
}

function printPlace(bot: UserId, message: Message, view: View, { anonymous, groupName }: Around): WireObject {
  const { peer, sender } = message
  if (peer.kind === 'group') {
    return {
      sub_type: anonymous ? 'anonymous' : 'normal',
      group_id: peer.groupId,
      group_name: groupName ?? view.group(bot, peer.groupId)?.name ?? '',
      anonymous: anonymous ?? null,
    }
  }
  // The other side of the conversation as the sender sees it.
  const targetId = sender.userId === bot ? peer.userId : bot
  if (peer.kind === 'temp') {
    return withoutAbsent({ sub_type: 'group', group_id: peer.groupId, temp_source: 0, target_id: targetId })
  }
  return { sub_type: peer.kind === 'friend' ? 'friend' : 'other', target_id: targetId }
}

/** What the backend did not say about the sender, from what the bridge knows. */
function completeSender(bot: UserId, { peer, sender }: Message, view: View): Sender {
  const groupId = peer.kind === 'group' || peer.kind === 'temp' ? peer.groupId : undefined
  const member = groupId === undefined ? undefined : view.member(bot, groupId, sender.userId)
  const person = member ?? view.friend(bot, sender.userId) ?? view.profile(bot, sender.userId)
  if (!person) return sender
  return {
    ...sender,
    nickname: sender.nickname || person.nickname,
    card: sender.card ?? member?.card,
    role: sender.role ?? member?.role,
    title: sender.title ?? member?.title,
    sex: sender.sex ?? person.sex,
    age: sender.age ?? person.age,
    level: sender.level ?? member?.level,
  }
}
