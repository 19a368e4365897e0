// Notices about groups and their members.
import type { BridgeEvent } from '../../core/event.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import { toBoolean, toGroupId, toInteger, toObject, toText, toUserId } from '../../core/read.ts'
import { messageNamed, type EventReader, type NoticeParser } from './notice-reader.ts'
import { textOf, withoutAbsent } from './segment-parse.ts'

interface InGroup {
  bot: UserId
  time: number
  groupId: GroupId
  userId: UserId
}

/** Notices about a member of a group. */
function ofMember(parse: (base: InGroup, reader: EventReader) => BridgeEvent | undefined): NoticeParser {
  return (reader) => {
    const groupId = toGroupId(reader.wire['group_id'])
    const userId = toUserId(reader.wire['user_id'])
    if (groupId === undefined || userId === undefined) return undefined
    return parse({ bot: reader.bot, time: reader.time, groupId, userId }, reader)
  }
}

/** By notice_type, or by notify and sub_type. */
export const groupNotices: readonly (readonly [string, NoticeParser])[] = [
  [
    'group_admin',
    ofMember((base, { wire }) => ({
      type: 'group.member.role',
      ...base,
      role: wire['sub_type'] === 'set' ? 'admin' : 'member',
    })),
  ],
  ['group_decrease', ofMember(parseLeave)],
  ['group_dismiss', parseDismiss],
  ['group_increase', ofMember(parseJoin)],
  ['group_ban', parseBan],
  ['notify.lucky_king', ofMember(parseLuckyKing)],
  [
    'notify.honor',
    ofMember((base, { wire }) => ({
      type: 'group.member.honor',
      ...base,
      honor: toText(wire['honor_type']) ?? '',
      lost: false,
    })),
  ],
  [
    'notify.title',
    ofMember((base, { wire }) => ({ type: 'group.member.title', ...base, title: toText(wire['title']) ?? '' })),
  ],
  ['notify.group_name', parseGroupName],
  ['group_name_change', parseGroupName],
  [
    'group_card',
    ofMember((base, { wire }) =>
      withoutAbsent({
        type: 'group.member.card' as const,
        ...base,
        card: toText(wire['card_new']) ?? '',
        oldCard: toText(wire['card_old']),
      }),
    ),
  ],
  ['essence', parseEssence],
  ['group_msg_emoji_like', parseReaction],
  ['reaction', parseReaction],
]

function parseLeave(base: InGroup, { wire }: EventReader): BridgeEvent {
  const subType = wire['sub_type']
  const how = subType === 'disband' ? 'disband' : subType === 'kick' || subType === 'kick_me' ? 'kick' : 'leave'
  const operatorId = how === 'leave' ? undefined : toUserId(wire['operator_id'])
  return withoutAbsent({ type: 'group.member.leave' as const, ...base, how, operatorId })
}

/** The bot is gone with the group; user_id is who dissolved it. */
function parseDismiss({ wire, bot, time }: EventReader): BridgeEvent | undefined {
  const groupId = toGroupId(wire['group_id'])
  if (groupId === undefined) return undefined
  const operatorId = toUserId(wire['user_id'])
  return withoutAbsent({
    type: 'group.member.leave' as const,
    bot,
    time,
    groupId,
    userId: bot,
    how: 'disband',
    operatorId,
  })
}

function parseJoin(base: InGroup, { wire }: EventReader): BridgeEvent {
  const operatorId = toUserId(wire['operator_id'])
  const invited = wire['sub_type'] === 'invite'
  return withoutAbsent({
    type: 'group.member.join' as const,
    ...base,
    [invited ? 'invitorId' : 'operatorId']: operatorId,
  })
}

/** User 0 is the whole group. */
function parseBan({ wire, bot, time }: EventReader): BridgeEvent | undefined {
  const groupId = toGroupId(wire['group_id'])
  if (groupId === undefined) return undefined
  const on = wire['sub_type'] !== 'lift_ban'
  const operatorId = toUserId(wire['operator_id'])
  const base = { bot, time, groupId, operatorId }
  if (toInteger(wire['user_id']) === 0) return withoutAbsent({ type: 'group.muteAll' as const, ...base, on })
  const userId = toUserId(wire['user_id'])
  if (userId === undefined) return undefined
  const durationSeconds = on ? (toInteger(wire['duration']) ?? 0) : 0
  return withoutAbsent({ type: 'group.member.mute' as const, ...base, userId, durationSeconds })
}

function parseLuckyKing(base: InGroup, { wire }: EventReader): BridgeEvent | undefined {
  const targetId = toUserId(wire['target_id'])
  return targetId === undefined ? undefined : { type: 'group.luckyKing', ...base, targetId }
}

function parseGroupName({ wire, bot, time }: EventReader): BridgeEvent | undefined {
  const groupId = toGroupId(wire['group_id'])
  const name = toText(wire['name_new']) ?? toText(wire['name'])
  if (groupId === undefined || name === undefined) return undefined
  return withoutAbsent({ type: 'group.name' as const, bot, time, groupId, name, operatorId: toUserId(wire['user_id']) })
}

function parseEssence({ wire, bot, time, ids }: EventReader): BridgeEvent | undefined {
  const groupId = toGroupId(wire['group_id'])
  const senderId = toUserId(wire['sender_id']) ?? toUserId(wire['user_id'])
  if (groupId === undefined || senderId === undefined) return undefined
  const messageId = messageNamed(wire, { kind: 'group', groupId }, ids)
  if (messageId === undefined) return undefined
  const operatorId = toUserId(wire['operator_id']) ?? senderId
  return {
    type: 'group.essence',
    bot,
    time,
    groupId,
    messageId,
    senderId,
    operatorId,
    on: wire['sub_type'] !== 'delete',
  }
}

/** NapCat lists the reactions, Lagrange names one as code. */
function parseReaction({ wire, bot, time, ids }: EventReader): BridgeEvent | undefined {
  const groupId = toGroupId(wire['group_id'])
  const userId = toUserId(wire['user_id']) ?? toUserId(wire['operator_id'])
  if (groupId === undefined || userId === undefined) return undefined
  const messageId = messageNamed(wire, { kind: 'group', groupId }, ids)
  const like = Array.isArray(wire['likes']) ? toObject(wire['likes'][0]) : wire
  const emojiId = textOf(like?.['emoji_id']) ?? textOf(wire['code'])
  if (messageId === undefined || emojiId === undefined) return undefined
  const on = toBoolean(wire['is_add']) ?? wire['sub_type'] !== 'remove'
  return {
    type: 'group.reaction',
    bot,
    time,
    groupId,
    messageId,
    userId,
    emojiId,
    count: toInteger(like?.['count']) ?? 1,
    on,
  }
}
