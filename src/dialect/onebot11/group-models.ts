// Announcements, essence messages, honours, requests and mutes of groups as OneBot answers them, in both directions.
import type { Result } from '../../core/action.ts'
import type { Member } from '../../core/contact.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import { nowSeconds, toBoolean, toInteger, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import type { PrintContext } from './message-event.ts'
import { honorKinds } from './action-settings.ts'
import { printMessage } from './message-print.ts'
import { readList } from './models.ts'
import { textOf, withoutAbsent } from './segment-parse.ts'

type Notice = Result<'group.notice.list'>[number]

/** NapCat names the pictures `image` and `images`; sizes are text. */
export function printNotice(notice: Notice): WireObject {
  const images = notice.images.map(({ id, width, height }) => ({ id, height: String(height), width: String(width) }))
  return {
    notice_id: notice.id,
    sender_id: notice.senderId,
    publish_time: notice.time,
    message: { text: notice.text, image: images, images },
    read_num: notice.readCount,
  }
}

/** `message` is an object, or a bare list of pictures where the text stands in `content`. */
export function readNotices(data: unknown): Notice[] {
  return readList(data, (entry) => {
    const wire = toObject(entry)
    const id = textOf(wire?.['notice_id'])
    if (!wire || id === undefined) return undefined
    const message = toObject(wire['message'])
    return {
      id,
      senderId: toUserId(wire['sender_id']) ?? (0 as UserId),
      time: toInteger(wire['publish_time']) ?? 0,
      text: toText(message?.['text']) ?? toText(wire['content']) ?? '',
      images: readList(message?.['images'] ?? message?.['image'] ?? wire['message'], readNoticeImage),
      readCount: toInteger(wire['read_num']) ?? 0,
      allConfirmed: false,
    }
  })
}

function readNoticeImage(value: unknown): Notice['images'][number] | undefined {
  const wire = toObject(value)
  const id = textOf(wire?.['id'])
  if (!wire || id === undefined) return undefined
  return { id, width: toInteger(wire['width']) ?? 0, height: toInteger(wire['height']) ?? 0 }
}

type Essence = Result<'group.essence.list'>[number]

/** sender_time is go-cqhttp's, msg_random QQ's own: nobody but QQ knows it. */
export function printEssence(essence: Essence, bot: UserId, { view }: PrintContext): WireObject {
  return {
    msg_seq: view.message(bot, essence.messageId)?.seq ?? 0,
    msg_random: 0,
    sender_id: essence.senderId,
    sender_nick: essence.senderName,
    sender_time: essence.senderTime,
    operator_id: essence.operatorId,
    operator_nick: essence.operatorName,
    operator_time: essence.operatorTime,
    message_id: essence.messageId,
    content: printMessage(essence.segments, { messageId: essence.messageId }),
  }
}

type Honors = Result<'group.honor.get'>
type Holder = NonNullable<Honors['currentTalkative']>

function printHolder(holder: Holder): WireObject {
  return {
    user_id: holder.userId,
    nickname: holder.nickname,
    avatar: holder.avatar,
    description: holder.description,
    ...(holder.dayCount !== undefined && { day_count: holder.dayCount }),
  }
}

/** Every list is there, also those that were not asked for. */
export function printHonors({ currentTalkative, lists }: Honors, groupId: unknown): WireObject {
  const named = honorKinds.map((kind) => [
    `${kind}_list`,
    (Object.hasOwn(lists, kind) ? (lists[kind] as Holder[]) : []).map(printHolder),
  ])
  return {
    group_id: groupId,
    current_talkative: currentTalkative ? printHolder({ dayCount: 0, ...currentTalkative }) : {},
    ...(Object.fromEntries(named) as WireObject),
  }
}

export function readHonors(data: unknown): Honors {
  const wire = toObject(data) ?? {}
  const filled = honorKinds.filter((kind) => Array.isArray(wire[`${kind}_list`]))
  return withoutAbsent({
    currentTalkative: readHolder(wire['current_talkative']),
    lists: Object.fromEntries(filled.map((kind) => [kind, readList(wire[`${kind}_list`], readHolder)])),
  })
}

function readHolder(value: unknown): Holder | undefined {
  const wire = toObject(value)
  const userId = toUserId(wire?.['user_id'])
  if (!wire || userId === undefined) return undefined
  return withoutAbsent({
    userId,
    nickname: toText(wire['nickname']) ?? '',
    avatar: toText(wire['avatar']) ?? '',
    description: toText(wire['description']) ?? '',
    dayCount: toInteger(wire['day_count']),
  })
}

export function printAtAllRemain({ allowed, forGroup, forBot }: Result<'group.atAll.remain'>): WireObject {
  return { can_at_all: allowed, remain_at_all_count_for_group: forGroup, remain_at_all_count_for_uin: forBot }
}

export function readAtAllRemain(data: unknown): Result<'group.atAll.remain'> | undefined {
  const wire = toObject(data)
  if (!wire) return undefined
  return {
    allowed: toBoolean(wire['can_at_all']) ?? false,
    forGroup: toInteger(wire['remain_at_all_count_for_group']) ?? 0,
    forBot: toInteger(wire['remain_at_all_count_for_uin']) ?? 0,
  }
}

type GroupRequest = Result<'request.group.list'>[number]
type Filtered = Result<'request.filtered'>[number]

/** request_id is what set_group_add_request takes as flag. NapCat has the asker in invitor_uin, go-cqhttp in requester_uin. */
function printGroupRequest(request: GroupRequest): WireObject {
  const join = request.kind === 'join'
  return {
    request_id: request.requestId,
    invitor_uin: request.userId,
    invitor_nick: request.nickname,
    ...(join && { requester_uin: request.userId }),
    group_id: request.groupId,
    message: request.comment,
    group_name: request.groupName,
    checked: request.answered,
    actor: request.operatorId ?? 0,
    requester_nick: join ? request.nickname : '',
  }
}

/** NapCat sends invitations under both names. */
export function printGroupRequests(requests: readonly GroupRequest[]): WireObject {
  const of = (kind: GroupRequest['kind']): WireObject[] =>
    requests.filter((request) => request.kind === kind).map(printGroupRequest)
  const invited = of('invite')
  return { invited_requests: invited, InvitedRequest: invited, join_requests: of('join') }
}

/** Lagrange's: the events that reported them, without those that were answered. When they came is not known. */
export function printRequestEvents(requests: readonly GroupRequest[], bot: UserId): WireObject[] {
  return requests
    .filter(({ answered }) => !answered)
    .map(({ requestId, kind, groupId, userId, comment }) => ({
      time: 0,
      self_id: bot,
      post_type: 'request',
      request_type: 'group',
      sub_type: kind === 'invite' ? 'invite' : 'add',
      user_id: userId,
      group_id: groupId,
      invitor_id: 0,
      comment,
      flag: String(requestId),
    }))
}

export function toJoinRequest(filtered: Filtered): GroupRequest {
  const { requestId, userId, nickname, comment, groupId = 0 as GroupId, groupName = '' } = filtered
  return { requestId, kind: 'join', groupId, groupName, userId, nickname, comment, answered: false }
}

export const printJoinList = (filtered: readonly Filtered[]): WireObject[] =>
  filtered.map((one) => printGroupRequest(toJoinRequest(one)))

/** A request in an answer, before it has an id of the bridge. */
export interface ReadRequest extends Omit<GroupRequest, 'requestId'> {
  native: string
}

/** All of get_group_system_msg and of its kin: an object of lists, or a bare list of joins or of Lagrange's events. */
export function readGroupRequests(data: unknown): ReadRequest[] {
  if (Array.isArray(data)) {
    return readList(data, (entry) =>
      readGroupRequest(entry, toObject(entry)?.['sub_type'] === 'invite' ? 'invite' : 'join'),
    )
  }
  const wire = toObject(data) ?? {}
  const invited = wire['invited_requests'] ?? wire['InvitedRequest']
  return [
    ...readList(wire['join_requests'], (entry) => readGroupRequest(entry, 'join')),
    ...readList(invited, (entry) => readGroupRequest(entry, 'invite')),
  ]
}

function readGroupRequest(value: unknown, kind: GroupRequest['kind']): ReadRequest | undefined {
  const wire = toObject(value)
  const native = textOf(wire?.['request_id']) ?? textOf(wire?.['flag'])
  const userId = toUserId(wire?.['requester_uin']) ?? toUserId(wire?.['invitor_uin']) ?? toUserId(wire?.['user_id'])
  const groupId = toInteger(wire?.['group_id'])
  if (!wire || native === undefined || userId === undefined || groupId === undefined || groupId <= 0) return undefined
  const [asker, inviter] = [textOf(wire['requester_nick']), textOf(wire['invitor_nick'])]
  return withoutAbsent({
    native,
    kind,
    groupId: groupId as GroupId,
    groupName: toText(wire['group_name']) ?? '',
    userId,
    nickname: (kind === 'join' ? (asker ?? inviter) : (inviter ?? asker)) ?? '',
    comment: toText(wire['message'] ?? wire['comment']) ?? '',
    answered: toBoolean(wire['checked']) ?? false,
    operatorId: toUserId(wire['actor']),
  })
}

const roleNumbers = { member: 2, admin: 3, owner: 4 } as const

/** QQ's own records of the members that are muted now; what only QQ knows is empty. */
export function printMutedMembers(members: readonly Member[]): WireObject[] {
  const now = nowSeconds()
  return members.filter(({ mutedUntil }) => mutedUntil > now).map(printRawMember)
}

function printRawMember(member: Member): WireObject {
  const level = toInteger(member.level) ?? 0
  return {
    uid: '',
    qid: '',
    uin: String(member.userId),
    nick: member.nickname,
    remark: '',
    cardType: 0,
    cardName: member.card,
    role: roleNumbers[member.role],
    avatarPath: '',
    shutUpTime: member.mutedUntil,
    isDelete: false,
    isSpecialConcerned: false,
    isSpecialShield: false,
    isRobot: false,
    groupHonor: {},
    memberRealLevel: level,
    memberLevel: level,
    globalGroupLevel: 0,
    globalGroupPoint: 0,
    memberTitleId: 0,
    memberSpecialTitle: member.title,
    specialTitleExpireTime: '0',
    userShowFlag: 0,
    userShowFlagNew: 0,
    richFlag: 0,
    mssVipType: 0,
    bigClubLevel: 0,
    bigClubFlag: 0,
    autoRemark: '',
    creditLevel: 0,
    joinTime: member.joinTime,
    lastSpeakTime: member.lastSpeakTime,
    memberFlag: 0,
    memberFlagExt: 0,
    memberMobileFlag: 0,
    memberFlagExt2: 0,
    isSpecialShielded: false,
    cardNameId: 0,
  }
}
