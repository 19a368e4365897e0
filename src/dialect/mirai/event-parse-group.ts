// Events inside a group: members come, go, are muted and renamed; the group changes its settings.
import { toBoolean, toInteger, toText, toUserId } from '../../core/read.ts'
import { ofMember, operatorIn, type Body, type Given } from './event-given.ts'
import { fromHonorText, fromPermission } from './words.ts'

export function parseGroupRecall(given: Given): Body | undefined {
  const { wire, contacts, context } = given
  const group = contacts.group(wire['group'])
  const authorId = toUserId(wire['authorId'])
  if (!group || !authorId) return undefined
  const peer = { kind: 'group', groupId: group.groupId } as const
  const native = toInteger(wire['messageId']) ?? 0
  return {
    type: 'message.recall',
    peer,
    messageId: native === 0 ? undefined : context.ids.message(String(native), peer),
    authorId,
    operatorId: operatorIn(given),
    sentTime: toInteger(wire['time']),
  }
}

export function parseBotRole({ wire, bot, contacts }: Given): Body | undefined {
  const group = contacts.group(wire['group'])
  const role = fromPermission(wire['current'])
  if (!group || !role) return undefined
  const oldRole = fromPermission(wire['origin'])
  return { type: 'group.member.role', groupId: group.groupId, userId: bot, role, oldRole }
}

export function parseMemberRole({ wire, contacts }: Given): Body | undefined {
  const member = contacts.member(wire['member'])
  const role = fromPermission(wire['current'])
  return (
    member && role && { type: 'group.member.role', ...ofMember(member), role, oldRole: fromPermission(wire['origin']) }
  )
}

/** The group stands only in the operator. */
export function parseBotMute({ wire, bot, contacts }: Given): Body | undefined {
  const operator = contacts.member(wire['operator'])
  const durationSeconds = toInteger(wire['durationSeconds']) ?? 0
  if (!operator) return undefined
  const { groupId, userId: operatorId } = operator
  return { type: 'group.member.mute', groupId, userId: bot, operatorId, durationSeconds }
}

export function parseMemberMute(given: Given): Body | undefined {
  const member = given.contacts.member(given.wire['member'])
  const durationSeconds = toInteger(given.wire['durationSeconds']) ?? 0
  return member && { type: 'group.member.mute', ...ofMember(member), operatorId: operatorIn(given), durationSeconds }
}

export function parseMuteAll(given: Given): Body | undefined {
  const group = given.contacts.group(given.wire['group'])
  const on = toBoolean(given.wire['current'])
  if (!group || on === undefined) return undefined
  return { type: 'group.muteAll', groupId: group.groupId, operatorId: operatorIn(given), on }
}

export function parseBotJoin({ wire, bot, contacts }: Given): Body | undefined {
  const group = contacts.group(wire['group'])
  const invitorId = contacts.member(wire['invitor'])?.userId
  return group && { type: 'group.member.join', groupId: group.groupId, userId: bot, invitorId }
}

export function parseMemberJoin({ wire, contacts }: Given): Body | undefined {
  const member = contacts.member(wire['member'])
  const invitorId = contacts.member(wire['invitor'])?.userId
  return member && { type: 'group.member.join', ...ofMember(member), invitorId }
}

export function parseBotLeave({ wire, bot, contacts }: Given, how: 'leave' | 'kick' | 'disband'): Body | undefined {
  const group = contacts.group(wire['group'])
  const operatorId = contacts.member(wire['operator'])?.userId
  return group && { type: 'group.member.leave', groupId: group.groupId, userId: bot, how, operatorId }
}

export function parseMemberLeave(given: Given, how: 'leave' | 'kick'): Body | undefined {
  const member = given.contacts.member(given.wire['member'])
  if (!member) return undefined
  const operatorId = how === 'kick' ? operatorIn(given) : member.userId
  return { type: 'group.member.leave', ...ofMember(member), how, operatorId }
}

export function parseGroupName(given: Given): Body | undefined {
  const { wire, contacts } = given
  const group = contacts.group(wire['group'])
  if (!group) return undefined
  return {
    type: 'group.name',
    groupId: group.groupId,
    name: toText(wire['current']) ?? group.name,
    oldName: toText(wire['origin']),
    operatorId: operatorIn(given),
  }
}

export function parseSetting(
  given: Given,
  setting: 'anonymousChat' | 'confessTalk' | 'allowMemberInvite',
): Body | undefined {
  const { wire, bot, contacts } = given
  const group = contacts.group(wire['group'])
  const on = toBoolean(wire['current'])
  if (!group || on === undefined) return undefined
  const byOther = setting === 'confessTalk' && toBoolean(wire['isByBot']) !== true
  const operatorId = setting === 'confessTalk' ? (byOther ? undefined : bot) : operatorIn(given)
  return { type: 'group.setting', groupId: group.groupId, setting, on, operatorId }
}

export function parseCard({ wire, contacts }: Given): Body | undefined {
  const member = contacts.member(wire['member'])
  const card = toText(wire['current'])
  if (!member || card === undefined) return undefined
  return { type: 'group.member.card', ...ofMember(member), card, oldCard: toText(wire['origin']) }
}

export function parseTitle({ wire, contacts }: Given): Body | undefined {
  const member = contacts.member(wire['member'])
  const title = toText(wire['current'])
  if (!member || title === undefined) return undefined
  return { type: 'group.member.title', ...ofMember(member), title, oldTitle: toText(wire['origin']) }
}

export function parseHonor({ wire, contacts }: Given): Body | undefined {
  const member = contacts.member(wire['member'])
  const honor = fromHonorText(toText(wire['honor']) ?? '')
  return member && { type: 'group.member.honor', ...ofMember(member), honor, lost: wire['action'] === 'lose' }
}
