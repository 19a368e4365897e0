// Events for clients: one row per canonical event. What mah has no event for is reported as a loss.
import { events } from '../../../mappings/events.ts'
import type { BridgeEvent, EventOf, EventType } from '../../core/event.ts'
import type { View } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import { printChain } from './chain-print.ts'
import { friendOf, groupOf, memberOf, operatorOf, printClient } from './contact-print.ts'
import type { PrintContext } from './context.ts'
import { printFileUpload, printMessageEvent } from './message-print.ts'
import { printPacket } from './packet-text.ts'
import { toHonorText, toPermission } from './words.ts'

type Channel = 'message' | 'event'

export interface PrintedEvent {
  /** Which of mah's sockets carries it. */
  channel: Channel
  body: WireObject
  /** Its JSON. */
  text(): string
}

/** What an adapter gives; the rest of the context is in the event. */
export type EventPrinting = { view: View } & Pick<PrintContext, 'loss' | 'prepare'>

/** undefined: clients of mah do not see this event. */
export function printEvent(event: BridgeEvent, printing: EventPrinting): PrintedEvent | undefined {
  const context: PrintContext = { ...printing, bot: event.bot, now: event.time }
  const { fidelity, ...row } = events[event.type].mirai
  if (fidelity !== 'exact' && !losesNothing(event))
    printing.loss({ what: event.type, fidelity, reason: 'reason' in row ? row.reason : '' })
  const body = (printers[event.type] as Printer<EventType>)(event, context)
  if (!body) return undefined
  const print = event.type === 'message' ? printPacket : JSON.stringify
  return { channel: isMessage(body) ? 'message' : 'event', body, text: () => print(body) }
}

/** What some events of a kind lose need not be in this one. */
function losesNothing(event: BridgeEvent): boolean {
  if (event.type === 'friend.typing') return !event.text
  return event.type === 'client.status' && event.client.name === event.client.platform
}

/** Every packet type that ends in Message goes to the message channel. */
function isMessage(body: WireObject): boolean {
  return String(body['type']).endsWith('Message')
}

type Printer<T extends EventType> = (event: EventOf<T>, context: PrintContext) => WireObject | undefined

function none(): undefined {}

const printers: { [T in EventType]: Printer<T> } = {
  message: printMessageEvent,
  'message.recall': printRecall,
  nudge: printNudge,
  'file.upload': printFileUpload,
  'group.member.join': printJoin,
  'group.member.leave': printLeave,
  'group.member.mute': printMute,
  'group.muteAll': (event, context) => ({
    type: 'GroupMuteAllEvent',
    origin: !event.on,
    current: event.on,
    group: groupOf(event.groupId, context),
    operator: operatorOf(event.groupId, event.operatorId, context),
  }),
  'group.member.role': printRole,
  'group.member.card': ({ groupId, userId, card, oldCard }, context) => ({
    type: 'MemberCardChangeEvent',
    origin: oldCard ?? '',
    current: card,
    member: memberOf(groupId, userId, context, { card }),
  }),
  'group.member.title': ({ groupId, userId, title, oldTitle }, context) => ({
    type: 'MemberSpecialTitleChangeEvent',
    origin: oldTitle ?? '',
    current: title,
    member: memberOf(groupId, userId, context, { title }),
  }),
  'group.member.honor': ({ groupId, userId, honor, lost }, context) => ({
    type: 'MemberHonorChangeEvent',
    member: memberOf(groupId, userId, context),
    action: lost ? 'lose' : 'achieve',
    honor: toHonorText(honor),
  }),
  'group.name': ({ groupId, name, oldName, operatorId }, context) => ({
    type: 'GroupNameChangeEvent',
    origin: oldName ?? '',
    current: name,
    group: groupOf(groupId, context, { name }),
    operator: operatorOf(groupId, operatorId, context),
  }),
  'group.setting': printSetting,
  'group.essence': none,
  'group.reaction': none,
  'group.luckyKing': none,
  'friend.add': ({ userId }, context) => ({
    type: 'FriendAddEvent',
    friend: friendOf(userId, context),
    stranger: false,
  }),
  'friend.remove': ({ userId }, context) => ({ type: 'FriendDeleteEvent', friend: friendOf(userId, context) }),
  'friend.nickname': ({ userId, nickname, oldNickname }, context) => ({
    type: 'FriendNickChangedEvent',
    friend: friendOf(userId, context, { nickname }),
    from: oldNickname ?? '',
    to: nickname,
  }),
  'friend.typing': ({ userId, on }, context) => ({
    type: 'FriendInputStatusChangedEvent',
    friend: friendOf(userId, context),
    inputting: on,
  }),
  'profile.like': none,
  'request.friend': (event, context) => ({
    type: 'NewFriendRequestEvent',
    eventId: event.requestId,
    message: event.comment,
    fromId: event.userId,
    groupId: event.groupId ?? 0,
    nick: event.nickname ?? nicknameOf(event, context),
  }),
  'request.group': printGroupRequest,
  'bot.online': ({ bot, again }) => ({ type: again ? 'BotReloginEvent' : 'BotOnlineEvent', qq: bot }),
  'bot.offline': printOffline,
  'client.status': ({ on, client }) => ({
    type: on ? 'OtherClientOnlineEvent' : 'OtherClientOfflineEvent',
    client: printClient(client),
  }),
  command: ({ name, peer, senderId, args }, context) => ({
    type: 'CommandExecutedEvent',
    name,
    friend: peer.kind === 'group' ? null : friendOf(senderId, context),
    member: peer.kind === 'group' ? memberOf(peer.groupId, senderId, context) : null,
    args: printChain(args, peer, context),
  }),
  raw: printRaw,
}

function printRecall(event: EventOf<'message.recall'>, context: PrintContext): WireObject {
  const { peer, authorId, operatorId, messageId } = event
  const known = messageId === undefined ? undefined : context.view.message(context.bot, messageId)
  const time = event.sentTime ?? known?.time ?? event.time
  const what = { authorId, messageId: messageId ?? 0, time }
  if (peer.kind !== 'group') return { type: 'FriendRecallEvent', ...what, operator: operatorId }
  const { groupId } = peer
  const group = groupOf(groupId, context)
  return { type: 'GroupRecallEvent', ...what, group, operator: operatorOf(groupId, operatorId, context) }
}

function printNudge(event: EventOf<'nudge'>, context: PrintContext): WireObject {
  const { peer } = event
  const subject =
    peer.kind === 'group'
      ? { kind: 'Group', ...groupOf(peer.groupId, context) }
      : { kind: peer.kind === 'friend' ? 'Friend' : 'Stranger', ...friendOf(peer.userId, context) }
  return {
    type: 'NudgeEvent',
    fromId: event.senderId,
    target: event.targetId,
    subject,
    action: event.action ?? '戳了戳',
    suffix: event.suffix ?? '',
  }
}

function printJoin({ groupId, userId, invitorId }: EventOf<'group.member.join'>, context: PrintContext): WireObject {
  const invitor = invitorId === undefined ? null : memberOf(groupId, invitorId, context)
  if (userId === context.bot) return { type: 'BotJoinGroupEvent', group: groupOf(groupId, context), invitor }
  return { type: 'MemberJoinEvent', member: memberOf(groupId, userId, context), invitor }
}

function printLeave(event: EventOf<'group.member.leave'>, context: PrintContext): WireObject {
  const { groupId, userId, how, operatorId } = event
  if (userId === context.bot) {
    const group = groupOf(groupId, context)
    if (how === 'leave') return { type: 'BotLeaveEventActive', group }
    const operator = requiredMember(groupId, operatorId, context)
    return { type: how === 'kick' ? 'BotLeaveEventKick' : 'BotLeaveEventDisband', group, operator }
  }
  const member = memberOf(groupId, userId, context)
  if (how !== 'kick') return { type: 'MemberLeaveEventQuit', member }
  return { type: 'MemberLeaveEventKick', member, operator: operatorOf(groupId, operatorId, context) }
}

/** Where mah never writes null. An operator that nobody named has the number 0. */
function requiredMember(
  groupId: EventOf<'group.member.leave'>['groupId'],
  userId: EventOf<'group.member.leave'>['operatorId'],
  context: PrintContext,
): WireObject {
  return memberOf(groupId, userId ?? (0 as NonNullable<typeof userId>), context)
}

function printMute(event: EventOf<'group.member.mute'>, context: PrintContext): WireObject {
  const { groupId, userId, operatorId, durationSeconds } = event
  if (userId === context.bot) {
    const operator = requiredMember(groupId, operatorId, context)
    return durationSeconds > 0
      ? { type: 'BotMuteEvent', durationSeconds, operator }
      : { type: 'BotUnmuteEvent', operator }
  }
  const member = memberOf(groupId, userId, context, {
    mutedUntil: durationSeconds > 0 ? event.time + durationSeconds : 0,
  })
  const operator = operatorOf(groupId, operatorId, context)
  if (durationSeconds > 0) return { type: 'MemberMuteEvent', durationSeconds, member, operator }
  return { type: 'MemberUnmuteEvent', member, operator }
}

function printRole(event: EventOf<'group.member.role'>, context: PrintContext): WireObject {
  const { groupId, userId, role } = event
  const origin = toPermission(event.oldRole ?? (role === 'member' ? 'admin' : 'member'))
  const current = toPermission(role)
  if (userId === context.bot) {
    return {
      type: 'BotGroupPermissionChangeEvent',
      origin,
      current,
      group: groupOf(groupId, context, { botRole: role }),
    }
  }
  return { type: 'MemberPermissionChangeEvent', origin, current, member: memberOf(groupId, userId, context, { role }) }
}

function printSetting(event: EventOf<'group.setting'>, context: PrintContext): WireObject {
  const { groupId, setting, on, operatorId } = event
  const change = { origin: !on, current: on, group: groupOf(groupId, context) }
  const operator = operatorOf(groupId, operatorId, context)
  if (setting === 'anonymousChat') return { type: 'GroupAllowAnonymousChatEvent', ...change, operator }
  if (setting === 'allowMemberInvite') return { type: 'GroupAllowMemberInviteEvent', ...change, operator }
  return { type: 'GroupAllowConfessTalkEvent', ...change, isByBot: operator === null }
}

function printGroupRequest(event: EventOf<'request.group'>, context: PrintContext): WireObject {
  const isJoin = event.kind === 'join'
  return {
    type: isJoin ? 'MemberJoinRequestEvent' : 'BotInvitedJoinGroupRequestEvent',
    eventId: event.requestId,
    // An invitation never has a text in mah.
    message: isJoin ? event.comment : '',
    fromId: event.userId,
    groupId: event.groupId,
    groupName: event.groupName ?? context.view.group(context.bot, event.groupId)?.name ?? '',
    nick: event.nickname ?? nicknameOf(event, context),
    ...(isJoin && { invitorId: event.invitorId ?? null }),
  }
}

function nicknameOf({ userId }: { userId: EventOf<'request.friend'>['userId'] }, context: PrintContext): string {
  return context.view.profile(context.bot, userId)?.nickname ?? ''
}

function printOffline({ bot, how, title, message }: EventOf<'bot.offline'>): WireObject {
  if (how === 'active') return { type: 'BotOfflineEventActive', qq: bot }
  if (how === 'dropped') return { type: 'BotOfflineEventDropped', qq: bot }
  return { type: 'BotOfflineEventForce', qq: bot, title: title ?? '', message: message ?? '' }
}

function printRaw(event: EventOf<'raw'>, context: PrintContext): WireObject | undefined {
  if (event.dialect === 'mirai') return { type: event.name, ...event.payload }
  context.loss({ what: event.name, fidelity: 'dropped', reason: `an event of ${event.dialect} that mah does not have` })
  return undefined
}
