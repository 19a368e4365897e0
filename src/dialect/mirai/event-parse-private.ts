// Events outside of group management: friends, requests, nudges, the state of the bot and its clients, commands.
import { toBoolean, toGroupId, toInteger, toObject, toText, toUserId } from '../../core/read.ts'
import { fromChain } from './chain-parse.ts'
import type { Body, Given } from './event-given.ts'

export function parseForcedOffline({ wire }: Given): Body {
  return { type: 'bot.offline', how: 'force', title: toText(wire['title']), message: toText(wire['message']) }
}

export function parseFriendRecall({ wire, bot, context }: Given): Body | undefined {
  const authorId = toUserId(wire['authorId'])
  if (!authorId) return undefined
  const operatorId = toUserId(wire['operator']) ?? authorId
  const peer = { kind: 'friend', userId: authorId === bot ? operatorId : authorId } as const
  const native = toInteger(wire['messageId']) ?? 0
  const messageId = native === 0 ? undefined : context.ids.message(String(native), peer)
  return { type: 'message.recall', peer, messageId, authorId, operatorId, sentTime: toInteger(wire['time']) }
}

export function parseFriendRequest({ wire, context }: Given): Body | undefined {
  const userId = toUserId(wire['fromId'])
  const native = toText(wire['eventId'])
  if (!userId || native === undefined) return undefined
  const groupId = toGroupId(wire['groupId'])
  return {
    type: 'request.friend',
    requestId: context.ids.request({ kind: 'friend', native, userId, groupId }),
    userId,
    nickname: toText(wire['nick']),
    comment: toText(wire['message']) ?? '',
    groupId,
  }
}

export function parseGroupRequest({ wire, context }: Given, kind: 'join' | 'invite'): Body | undefined {
  const userId = toUserId(wire['fromId'])
  const groupId = toGroupId(wire['groupId'])
  const native = toText(wire['eventId'])
  if (!userId || !groupId || native === undefined) return undefined
  return {
    type: 'request.group',
    kind,
    requestId: context.ids.request({ kind, native, userId, groupId }),
    groupId,
    groupName: toText(wire['groupName']),
    userId,
    nickname: toText(wire['nick']),
    comment: toText(wire['message']) ?? '',
    invitorId: toUserId(wire['invitorId']),
  }
}

export function parseNudge({ wire, contacts }: Given): Body | undefined {
  const senderId = toUserId(wire['fromId'])
  const targetId = toUserId(wire['target'])
  const subject = toObject(wire['subject'])
  const userId = toUserId(subject?.['id'])
  if (!senderId || !targetId || !userId) return undefined
  const what = {
    type: 'nudge',
    senderId,
    targetId,
    action: toText(wire['action']),
    suffix: toText(wire['suffix']),
  } as const
  if (subject?.['kind'] === 'Group') {
    const group = contacts.group(subject)
    return group && { ...what, peer: { kind: 'group', groupId: group.groupId } }
  }
  if (subject?.['kind'] === 'OtherClient') return undefined
  const kind = subject?.['kind'] === 'Stranger' ? 'stranger' : 'friend'
  if (kind === 'friend') contacts.friend(subject)
  return { ...what, peer: { kind, userId } }
}

export function parseTyping({ wire, contacts }: Given): Body | undefined {
  const friend = contacts.friend(wire['friend'])
  return friend && { type: 'friend.typing', userId: friend.userId, on: toBoolean(wire['inputting']) ?? false }
}

/** The name inside the friend may still be the old one, so it is not taken for the directory. */
export function parseNickname({ wire, contacts }: Given): Body | undefined {
  const friend = contacts.stranger(wire['friend'])
  if (!friend) return undefined
  const nickname = toText(wire['to']) ?? friend.nickname
  return { type: 'friend.nickname', userId: friend.userId, nickname, oldNickname: toText(wire['from']) }
}

export function parseFriendChange({ wire, contacts }: Given, type: 'friend.add' | 'friend.remove'): Body | undefined {
  const friend = type === 'friend.add' ? contacts.friend(wire['friend']) : contacts.stranger(wire['friend'])
  return friend && { type, userId: friend.userId }
}

export function parseClient({ wire }: Given, on: boolean): Body | undefined {
  const client = toObject(wire['client'])
  const platform = toText(client?.['platform']) ?? 'unknown'
  return { type: 'client.status', on, client: { id: toInteger(client?.['id']) ?? 0, name: platform, platform } }
}

/** Typed on mirai's console there is nobody to answer: kept raw. */
export function parseCommand({ wire, contacts, context }: Given): Body | undefined {
  const friend = contacts.friend(wire['friend'])
  const member = contacts.member(wire['member'])
  const senderId = member?.userId ?? friend?.userId
  if (!senderId) return undefined
  const peer = member
    ? ({ kind: 'group', groupId: member.groupId } as const)
    : ({ kind: 'friend', userId: senderId } as const)
  const args = fromChain(wire['args'], peer, context.ids).segments
  return { type: 'command', name: toText(wire['name']) ?? '', peer, senderId, args }
}
