// Events of a mah backend as canonical ones, with the contacts that they show. What is not known stays a raw event.
import type { BridgeEvent } from '../../core/event.ts'
import type { Loss } from '../../core/fidelity.ts'
import { toObject } from '../../core/read.ts'
import { ContactReader, type SeenContact } from './contact-read.ts'
import type { Parser } from './event-given.ts'
import * as group from './event-parse-group.ts'
import * as others from './event-parse-private.ts'
import { parseMessage, type ParseContext } from './message-parse.ts'

export interface ParsedEvent {
  event: BridgeEvent
  losses: readonly Loss[]
  /** For the directory. */
  seen: readonly SeenContact[]
}

/** undefined: not an event object at all. Never throws. */
export function parseEvent(value: unknown, context: ParseContext): ParsedEvent | undefined {
  const wire = toObject(value)
  const type = wire?.['type']
  if (!wire || typeof type !== 'string') return undefined
  const { bot, now } = context
  const parsed = parseMessage(wire, context)
  if (parsed) {
    const { message, origin, losses, seen } = parsed
    return { event: { type: 'message', bot, time: message.time, origin, message }, losses, seen }
  }
  const contacts = new ContactReader(now)
  const event = parsers.get(type)?.({ wire, bot, contacts, context })
  const raw = { type: 'raw', dialect: 'mirai', name: type, payload: wire } as const
  return { event: { bot, time: now, ...(event ?? raw) }, losses: [], seen: contacts.seen }
}

const parsers = new Map<string, Parser>([
  ['BotOnlineEvent', () => ({ type: 'bot.online', again: false })],
  ['BotReloginEvent', () => ({ type: 'bot.online', again: true })],
  ['BotOfflineEventActive', () => ({ type: 'bot.offline', how: 'active' })],
  ['BotOfflineEventDropped', () => ({ type: 'bot.offline', how: 'dropped' })],
  ['BotOfflineEventForce', others.parseForcedOffline],
  ['GroupRecallEvent', group.parseGroupRecall],
  ['FriendRecallEvent', others.parseFriendRecall],
  ['BotGroupPermissionChangeEvent', group.parseBotRole],
  ['MemberPermissionChangeEvent', group.parseMemberRole],
  ['BotMuteEvent', group.parseBotMute],
  ['BotUnmuteEvent', group.parseBotMute],
  ['MemberMuteEvent', group.parseMemberMute],
  ['MemberUnmuteEvent', group.parseMemberMute],
  ['GroupMuteAllEvent', group.parseMuteAll],
  ['BotJoinGroupEvent', group.parseBotJoin],
  ['MemberJoinEvent', group.parseMemberJoin],
  ['BotLeaveEventActive', (given) => group.parseBotLeave(given, 'leave')],
  ['BotLeaveEventKick', (given) => group.parseBotLeave(given, 'kick')],
  ['BotLeaveEventDisband', (given) => group.parseBotLeave(given, 'disband')],
  ['MemberLeaveEventKick', (given) => group.parseMemberLeave(given, 'kick')],
  ['MemberLeaveEventQuit', (given) => group.parseMemberLeave(given, 'leave')],
  ['GroupNameChangeEvent', group.parseGroupName],
  ['GroupAllowAnonymousChatEvent', (given) => group.parseSetting(given, 'anonymousChat')],
  ['GroupAllowConfessTalkEvent', (given) => group.parseSetting(given, 'confessTalk')],
  ['GroupAllowMemberInviteEvent', (given) => group.parseSetting(given, 'allowMemberInvite')],
  ['MemberCardChangeEvent', group.parseCard],
  ['MemberSpecialTitleChangeEvent', group.parseTitle],
  ['MemberHonorChangeEvent', group.parseHonor],
  ['NewFriendRequestEvent', others.parseFriendRequest],
  ['MemberJoinRequestEvent', (given) => others.parseGroupRequest(given, 'join')],
  ['BotInvitedJoinGroupRequestEvent', (given) => others.parseGroupRequest(given, 'invite')],
  ['NudgeEvent', others.parseNudge],
  ['FriendInputStatusChangedEvent', others.parseTyping],
  ['FriendNickChangedEvent', others.parseNickname],
  ['FriendAddEvent', (given) => others.parseFriendChange(given, 'friend.add')],
  ['FriendDeleteEvent', (given) => others.parseFriendChange(given, 'friend.remove')],
  ['OtherClientOnlineEvent', (given) => others.parseClient(given, true)],
  ['OtherClientOfflineEvent', (given) => others.parseClient(given, false)],
  ['CommandExecutedEvent', others.parseCommand],
])
