// Canonical events as OneBot events. Which have no OneBot form, and why, is said by mappings/events.
import { events as table } from '../../../mappings/events.ts'
import type { BridgeEvent, EventOf, EventType } from '../../core/event.ts'
import type { Loss } from '../../core/fidelity.ts'
import type { UserId } from '../../core/ids.ts'
import type { BotStatus } from '../../core/ports.ts'
import { nowSeconds, type WireObject } from '../../core/read.ts'
import { printMessageEvent, type PrintContext } from './message-event.ts'
import { withMembers } from './segment-extra.ts'
import { withoutAbsent } from './segment-parse.ts'
import { dialectName } from './wire.ts'

/** undefined: OneBot has no such event; `eventLoss` says why. */
export function printEvent(event: BridgeEvent, context: PrintContext): WireObject | undefined {
  const print = printers[event.type] as (event: BridgeEvent, context: PrintContext) => WireObject | undefined
  return print(event, context)
}

/** The record that a dropped event leaves. A bot that comes online shows in the next heartbeat: no loss. */
export function eventLoss(event: BridgeEvent): Loss | undefined {
  if (event.type === 'bot.online') return undefined
  const cell: { fidelity: string; reason?: string } = table[event.type].onebot11
  const reason =
    event.type === 'raw'
      ? `an event of another dialect: ${event.name.slice(0, 40)}`
      : (cell.reason ?? 'OneBot has no such event')
  return { what: event.type, fidelity: 'dropped', reason }
}

type Printers = { [T in EventType]: (event: EventOf<T>, context: PrintContext) => WireObject | undefined }

const printers: Printers = {
  message: printMessageEvent,
  'message.recall': printRecall,
  nudge: printNudge,
  'file.upload': printUpload,
  'group.member.join': (event) =>
    notice(event, 'group_increase', {
      sub_type: event.invitorId === undefined ? 'approve' : 'invite',
      group_id: event.groupId,
      operator_id: event.invitorId ?? event.operatorId ?? 0,
      user_id: event.userId,
    }),
  'group.member.leave': printLeave,
  'group.member.mute': (event) =>
    notice(event, 'group_ban', {
      sub_type: event.durationSeconds === 0 ? 'lift_ban' : 'ban',
      group_id: event.groupId,
      operator_id: event.operatorId ?? 0,
      user_id: event.userId,
      duration: event.durationSeconds,
    }),
  // User 0 is the whole group; NapCat's duration of it is -1.
  'group.muteAll': (event) =>
    notice(event, 'group_ban', {
      sub_type: event.on ? 'ban' : 'lift_ban',
      group_id: event.groupId,
      operator_id: event.operatorId ?? 0,
      user_id: 0,
      duration: event.on ? -1 : 0,
    }),
  'group.member.role': (event) =>
    event.role === 'owner'
      ? undefined
      : notice(event, 'group_admin', {
          sub_type: event.role === 'admin' ? 'set' : 'unset',
          group_id: event.groupId,
          user_id: event.userId,
        }),
  'group.member.card': (event) =>
    notice(event, 'group_card', {
      group_id: event.groupId,
      user_id: event.userId,
      card_new: event.card,
      card_old: event.oldCard ?? '',
    }),
  'group.member.title': (event) =>
    notify(event, 'title', { group_id: event.groupId, user_id: event.userId, title: event.title }),
  'group.member.honor': (event) =>
    event.lost
      ? undefined
      : notify(event, 'honor', { group_id: event.groupId, user_id: event.userId, honor_type: event.honor }),
  'group.name': (event) =>
    notify(event, 'group_name', { group_id: event.groupId, user_id: event.operatorId ?? 0, name_new: event.name }),
  'group.setting': () => undefined,
  'group.essence': (event) =>
    notice(event, 'essence', {
      sub_type: event.on ? 'add' : 'delete',
      group_id: event.groupId,
      message_id: event.messageId,
      sender_id: event.senderId,
      operator_id: event.operatorId,
      user_id: event.senderId,
    }),
  'group.reaction': (event) =>
    notice(event, 'group_msg_emoji_like', {
      group_id: event.groupId,
      user_id: event.userId,
      message_id: event.messageId,
      likes: [{ emoji_id: event.emojiId, count: event.count }],
      is_add: event.on,
    }),
  'group.luckyKing': (event) =>
    notify(event, 'lucky_king', { group_id: event.groupId, user_id: event.userId, target_id: event.targetId }),
  'friend.add': (event) => notice(event, 'friend_add', { user_id: event.userId }),
  'friend.remove': () => undefined,
  'friend.nickname': () => undefined,
  // group_id 0 is not a group; NapCat sends it so.
  'friend.typing': (event) =>
    notify(event, 'input_status', {
      user_id: event.userId,
      group_id: 0,
      event_type: event.on ? 1 : 0,
      status_text: event.text ?? '',
    }),
  'profile.like': (event) =>
    notify(event, 'profile_like', { operator_id: event.userId, operator_nick: event.nickname, times: event.times }),
  'request.friend': (event) =>
    request(event, 'friend', { user_id: event.userId, comment: event.comment, flag: String(event.requestId) }),
  'request.group': (event) =>
    request(event, 'group', {
      sub_type: event.kind === 'invite' ? 'invite' : 'add',
      group_id: event.groupId,
      user_id: event.userId,
      comment: event.comment,
      flag: String(event.requestId),
      invitor_id: event.invitorId ?? 0,
    }),
  // Lagrange reports it; that the bridge found the account on line is shown by heartbeats.
  'bot.online': (event) => (event.extra?.dialect === dialectName ? notice(event, 'bot_online', {}) : undefined),
  'bot.offline': (event) =>
    notice(event, 'bot_offline', { user_id: event.bot, tag: event.title ?? event.how, message: event.message ?? '' }),
  'client.status': (event) =>
    notice(event, 'client_status', {
      online: event.on,
      client: { app_id: event.client.id, device_name: event.client.name, device_kind: event.client.platform },
    }),
  command: () => undefined,
  raw: (event) => (event.dialect === dialectName ? event.payload : undefined),
}

interface Origin {
  bot: UserId
  time: number
}

function notice(event: Origin, type: string, fields: WireObject): WireObject {
  return { time: event.time, self_id: event.bot, post_type: 'notice', notice_type: type, ...fields }
}

function notify(event: Origin, subType: string, fields: WireObject): WireObject {
  return notice(event, 'notify', { sub_type: subType, ...fields })
}

function request(event: Origin, type: string, fields: WireObject): WireObject {
  return { time: event.time, self_id: event.bot, post_type: 'request', request_type: type, ...fields }
}

/** 0 stands for a message that nobody can name. */
function printRecall(event: EventOf<'message.recall'>): WireObject {
  const { peer, authorId, operatorId, messageId = 0 } = event
  if (peer.kind !== 'group') return notice(event, 'friend_recall', { user_id: authorId, message_id: messageId })
  return notice(event, 'group_recall', {
    group_id: peer.groupId,
    user_id: authorId,
    operator_id: operatorId,
    message_id: messageId,
  })
}

function printNudge(event: EventOf<'nudge'>): WireObject {
  return notify(
    event,
    'poke',
    withoutAbsent({
      group_id: event.peer.kind === 'group' ? event.peer.groupId : undefined,
      user_id: event.senderId,
      target_id: event.targetId,
      sender_id: event.senderId,
      action: event.action,
      suffix: event.suffix,
    }),
  )
}

function printUpload(event: EventOf<'file.upload'>): WireObject {
  const { id, name, sizeBytes, busId = 0, url } = event.file
  if (event.peer.kind !== 'group') {
    return notice(event, 'offline_file', { user_id: event.userId, file: { name, size: sizeBytes, url: url ?? '', id } })
  }
  return notice(event, 'group_upload', {
    group_id: event.peer.groupId,
    user_id: event.userId,
    file: withoutAbsent({ id, name, size: sizeBytes, busid: busId, url }),
  })
}

function printLeave(event: EventOf<'group.member.leave'>): WireObject {
  return notice(event, 'group_decrease', {
    sub_type: event.how === 'kick' && event.userId === event.bot ? 'kick_me' : event.how,
    group_id: event.groupId,
    operator_id: event.operatorId ?? (event.how === 'leave' ? event.userId : 0),
    user_id: event.userId,
  })
}

/** First frame of every connection that carries events. */
export function printLifecycle(bot: UserId): WireObject {
  return {
    time: nowSeconds(),
    self_id: bot,
    post_type: 'meta_event',
    meta_event_type: 'lifecycle',
    sub_type: 'connect',
  }
}

export function printHeartbeat({ bot, online, extra }: BotStatus, intervalMs: number): WireObject {
  return {
    time: nowSeconds(),
    self_id: bot,
    post_type: 'meta_event',
    meta_event_type: 'heartbeat',
    status: withMembers(extra, { online, good: true }),
    interval: intervalMs,
  }
}
