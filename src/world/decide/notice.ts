// Announcements of a group, and what else its admins put on its card: avatar, ways to join, robots, search.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import { type Env, randomHex, secondsOf } from '../env.ts'
import type { Happening, NoticeHappening } from '../happening.ts'
import { groupFor, memberOf, requireRank } from '../look.ts'
import {
  dayOf,
  type HonorHolder,
  type JoinOption,
  type NoticeFlags,
  type RobotOption,
  type SearchSetting,
  type WorldGroup,
  type WorldState,
} from '../state.ts'
import { type ImageSource, keepPicture } from './account.ts'
import type { OnGroup, OnMember } from './group.ts'

const maxNotice = 600

type Optional<T> = { [K in keyof T]?: T[K] | undefined }

export interface Publishing extends Optional<NoticeFlags> {
  text: string
  image?: ImageSource | undefined
}

export function publishNotice(
  state: WorldState,
  env: Env,
  { operatorId, groupId }: OnGroup,
  given: Publishing,
): [NoticeHappening] {
  const { text, image } = given
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'admin', 'publishing announcements')
  if (text === '') throw new BridgeError('badParameter', 'an announcement is not empty')
  if (text.length > maxNotice)
    throw new BridgeError('tooLong', `the text has ${text.length} characters, at most ${maxNotice} fit`)
  const time = secondsOf(env)
  const images = image === undefined ? [] : [keepPicture(env, image)]
  const { pinned = false, confirmRequired = false, showEditCard = false, showPopup = false } = given
  const flags = { pinned, confirmRequired, showEditCard, showPopup, sendToNewMember: given.sendToNewMember ?? false }
  const notice = { id: randomHex(env), senderId: operatorId, time, text, images, ...flags }
  return [{ type: 'group.notice.publish', time, groupId, notice }]
}

export function readNotice(
  state: WorldState,
  env: Env,
  { operatorId, groupId }: OnGroup,
  { id, confirm }: { id: string; confirm: boolean },
): Happening[] {
  const group = groupFor(state, groupId, operatorId)
  const { readBy, confirmedBy } = noticeOf(group, id)
  if (readBy.has(operatorId) && (!confirm || confirmedBy.has(operatorId))) return []
  return [{ type: 'group.notice.read', time: secondsOf(env), groupId, id, userId: operatorId, confirmed: confirm }]
}

export function deleteNotice(state: WorldState, env: Env, { operatorId, groupId }: OnGroup, id: string): Happening[] {
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'admin', 'deleting announcements')
  noticeOf(group, id)
  return [{ type: 'group.notice.delete', time: secondsOf(env), groupId, id, operatorId }]
}

function noticeOf(group: WorldGroup, id: string) {
  const notice = group.notices.get(id)
  if (!notice) throw new BridgeError('notFound', `there is no announcement ${id} in group ${group.groupId}`)
  return notice
}

export function setGroupAvatar(
  state: WorldState,
  env: Env,
  { operatorId, groupId }: OnGroup,
  source: ImageSource,
): Happening[] {
  requireRank(groupFor(state, groupId, operatorId), operatorId, 'admin', 'changing the avatar')
  return [{ type: 'group.avatar', time: secondsOf(env), groupId, operatorId, avatar: keepPicture(env, source) }]
}

/** Question and answer that are not given stay as they are. */
export function setJoinOption(
  state: WorldState,
  env: Env,
  { operatorId, groupId }: OnGroup,
  { type, question, answer }: Optional<JoinOption> & { type: number },
): Happening[] {
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'admin', 'changing how people join')
  if (![1, 2, 3, 4, 5].includes(type)) throw new BridgeError('badParameter', `type: 1 to 5, got ${type}`)
  const { joinOption } = group
  const option = { type, question: question ?? joinOption.question, answer: answer ?? joinOption.answer }
  if (type >= 4 && (option.question === '' || option.answer === ''))
    throw new BridgeError('badParameter', `type ${type} needs a question and an answer`)
  return [{ type: 'group.joinOption', time: secondsOf(env), groupId, operatorId, option }]
}

export function setRobotOption(
  state: WorldState,
  env: Env,
  { operatorId, groupId }: OnGroup,
  change: Optional<RobotOption>,
): Happening[] {
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'admin', 'changing how robots join')
  const { memberSwitch, memberExamine } = group.robotOption
  const option = {
    memberSwitch: change.memberSwitch ?? memberSwitch,
    memberExamine: change.memberExamine ?? memberExamine,
  }
  return [{ type: 'group.robotOption', time: secondsOf(env), groupId, operatorId, option }]
}

export function setSearch(
  state: WorldState,
  env: Env,
  { operatorId, groupId }: OnGroup,
  change: Optional<SearchSetting>,
): Happening[] {
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'admin', 'changing who finds the group')
  const { byNumber, byFinger } = group.search
  const search = { byNumber: change.byNumber ?? byNumber, byFinger: change.byFinger ?? byFinger }
  return [{ type: 'group.search', time: secondsOf(env), groupId, operatorId, search }]
}

export function setGroupRemark(
  state: WorldState,
  env: Env,
  { operatorId: userId, groupId }: OnGroup,
  remark: string,
): Happening[] {
  const before = memberOf(groupFor(state, groupId, userId), userId).remark
  return before === remark ? [] : [{ type: 'group.remark', time: secondsOf(env), groupId, userId, remark }]
}

/** Once a day; a second time changes nothing. */
export function sign(state: WorldState, env: Env, { operatorId: userId, groupId }: OnGroup): Happening[] {
  const { signTime } = memberOf(groupFor(state, groupId, userId), userId)
  const time = secondsOf(env)
  if (signTime > 0 && dayOf(signTime) === dayOf(time)) return []
  return [{ type: 'group.sign', time, groupId, userId }]
}

export interface Honoring extends Optional<Omit<HonorHolder, 'userId'>> {
  honor: string
  on: boolean
}

/** The server gives honours: no rank is asked for. */
export function setHonor(
  state: WorldState,
  env: Env,
  { groupId, userId }: Pick<OnMember, 'groupId' | 'userId'>,
  { honor, on, description = '', dayCount }: Honoring,
): Happening[] {
  const group = groupFor(state, groupId, userId)
  const has = group.honors.get(honor)?.some((holder: { userId: UserId }) => holder.userId === userId) ?? false
  if (has === on) return []
  const base = { type: 'group.honor', time: secondsOf(env), groupId, userId, honor } as const
  return [on ? { ...base, holder: { userId, description, dayCount } } : base]
}
