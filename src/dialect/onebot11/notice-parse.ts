// Notices of OneBot backends, by notice_type, or by notify and sub_type.
import type { BridgeEvent } from '../../core/event.ts'
import type { Peer } from '../../core/ids.ts'
import { toBoolean, toGroupId, toInteger, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import { groupNotices } from './notice-group.ts'
import { messageNamed, type EventReader, type NoticeParser } from './notice-reader.ts'
import { textOf, withoutAbsent } from './segment-parse.ts'

export const noticeParsers: ReadonlyMap<string, NoticeParser> = new Map<string, NoticeParser>([
  ...groupNotices,
  ['group_upload', parseUpload],
  ['offline_file', parseUpload],
  ['friend_add', parseFriendAdd],
  ['group_recall', parseRecall],
  ['friend_recall', parseRecall],
  ['notify.poke', parseNudge],
  ['notify.input_status', parseTyping],
  ['notify.profile_like', parseLike],
  ['bot_offline', parseOffline],
  ['bot_online', ({ bot, time }) => ({ type: 'bot.online', bot, time, again: true })],
  ['client_status', parseClient],
])

/** NapCat's tags are titles of what the server said; those of another bridge say how it went. */
function parseOffline({ bot, time, wire }: EventReader): BridgeEvent {
  const title = textOf(wire['tag'])
  if (title === 'active' || title === 'dropped') return { type: 'bot.offline', bot, time, how: title }
  return withoutAbsent({ type: 'bot.offline', bot, time, how: 'force', title, message: textOf(wire['message']) })
}

function parseUpload({ wire, bot, time }: EventReader): BridgeEvent | undefined {
  const userId = toUserId(wire['user_id'])
  const groupId = toGroupId(wire['group_id'])
  const file = toObject(wire['file'])
  if (userId === undefined || !file) return undefined
  const peer: Peer = groupId === undefined ? { kind: 'friend', userId } : { kind: 'group', groupId }
  const name = toText(file['name']) ?? ''
  return {
    type: 'file.upload',
    bot,
    time,
    peer,
    userId,
    file: withoutAbsent({
      id: textOf(file['id']) ?? name,
      name,
      sizeBytes: toInteger(file['size']) ?? 0,
      busId: toInteger(file['busid']),
      url: textOf(file['url']),
    }),
  }
}

function parseFriendAdd({ wire, bot, time }: EventReader): BridgeEvent | undefined {
  const userId = toUserId(wire['user_id'])
  return userId === undefined ? undefined : { type: 'friend.add', bot, time, userId }
}

function parseRecall({ wire, bot, time, ids }: EventReader): BridgeEvent | undefined {
  const authorId = toUserId(wire['user_id'])
  const groupId = toGroupId(wire['group_id'])
  if (authorId === undefined) return undefined
  const peer: Peer = groupId === undefined ? { kind: 'friend', userId: authorId } : { kind: 'group', groupId }
  const operatorId = toUserId(wire['operator_id']) ?? authorId
  return withoutAbsent({
    type: 'message.recall' as const,
    bot,
    time,
    peer,
    messageId: messageNamed(wire, peer, ids),
    authorId,
    operatorId,
  })
}

/** NapCat names the chat partner as user_id in private, also when the bot poked; sender_id is who did it. */
function parseNudge({ wire, bot, time }: EventReader): BridgeEvent | undefined {
  const userId = toUserId(wire['user_id'])
  const targetId = toUserId(wire['target_id'])
  const groupId = toGroupId(wire['group_id'])
  if (userId === undefined || targetId === undefined) return undefined
  const senderId = toUserId(wire['sender_id']) ?? userId
  const partner = [userId, senderId, targetId].find((id) => id !== bot) ?? userId
  const peer: Peer = groupId === undefined ? { kind: 'friend', userId: partner } : { kind: 'group', groupId }
  const [action, suffix] = nudgeTexts(wire)
  return withoutAbsent({ type: 'nudge' as const, bot, time, peer, senderId, targetId, action, suffix })
}

/** Lagrange says them outright; NapCat and LuckyLilliaBot pass on QQ's list of text parts. */
function nudgeTexts(wire: WireObject): [string | undefined, string | undefined] {
  const action = textOf(wire['action'])
  if (action !== undefined || !Array.isArray(wire['raw_info'])) return [action, textOf(wire['suffix'])]
  const texts = wire['raw_info'].map((part) => textOf(toObject(part)?.['txt'])).filter((text) => text !== undefined)
  return [texts[0], texts[1]]
}

function parseTyping({ wire, bot, time }: EventReader): BridgeEvent | undefined {
  const userId = toUserId(wire['user_id'])
  if (userId === undefined) return undefined
  const text = textOf(wire['status_text'])
  const on = text !== undefined || toInteger(wire['event_type']) === 1
  return withoutAbsent({ type: 'friend.typing' as const, bot, time, userId, on, text })
}

function parseLike({ wire, bot, time }: EventReader): BridgeEvent | undefined {
  const userId = toUserId(wire['operator_id'])
  if (userId === undefined) return undefined
  const nickname = toText(wire['operator_nick']) ?? ''
  return { type: 'profile.like', bot, time, userId, nickname, times: toInteger(wire['times']) ?? 1 }
}

function parseClient({ wire, bot, time }: EventReader): BridgeEvent | undefined {
  const client = toObject(wire['client'])
  if (!client) return undefined
  return {
    type: 'client.status',
    bot,
    time,
    on: toBoolean(wire['online']) ?? true,
    client: {
      id: toInteger(client['app_id']) ?? 0,
      name: toText(client['device_name']) ?? '',
      platform: toText(client['device_kind']) ?? '',
    },
  }
}
