// What an account does to itself, and small attentions: status, card, likes, typing, remarks, notes.
import type { Sex } from '../../core/contact.ts'
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { MediaSegment } from '../../core/segment.ts'
import { type Env, secondsOf } from '../env.ts'
import type { Happening } from '../happening.ts'
import { accountOf, areFriends } from '../look.ts'
import { type ClientDevice, dayOf, type Favourite, type OnlineStatus, type WorldState } from '../state.ts'

const likesADay = 10
const statuses = new Set([10, 30, 40, 50, 60, 70])
/** extStatus of a status of own words. */
const ownWords = 2000

export function setOnline(
  state: WorldState,
  env: Env,
  userId: UserId,
  { on, how }: { on: boolean; how?: 'active' | 'dropped' | undefined },
): Happening[] {
  return accountOf(state, userId).online === on ? [] : [{ type: 'online', time: secondsOf(env), userId, on, how }]
}

export interface ProfileChange {
  nickname?: string | undefined
  sign?: string | undefined
  sex?: Sex | undefined
}

/** Only what is given changes. */
export function setProfile(state: WorldState, env: Env, userId: UserId, change: ProfileChange): Happening[] {
  const account = accountOf(state, userId)
  const { nickname, sign, sex } = change
  const base = { time: secondsOf(env), userId }
  const happenings: Happening[] = []
  if (nickname !== undefined && nickname !== account.nickname) {
    if (nickname.trim() === '') throw new BridgeError('badParameter', 'a nickname is not empty')
    happenings.push({ ...base, type: 'profile.nickname', nickname, oldNickname: account.nickname })
  }
  const isChanged = (sign !== undefined && sign !== account.sign) || (sex !== undefined && sex !== account.sex)
  if (isChanged) happenings.push({ ...base, type: 'profile', sign, sex })
  return happenings
}

export type ImageSource = Pick<Extract<MediaSegment, { type: 'image' }>, 'id' | 'url' | 'path' | 'base64'>

export function setAvatar(state: WorldState, env: Env, userId: UserId, source: ImageSource): Happening[] {
  accountOf(state, userId)
  return [{ type: 'profile.avatar', time: secondsOf(env), userId, avatar: keepPicture(env, source) }]
}

/** Keeps an image and returns where it is. */
export function keepPicture(env: Env, source: ImageSource) {
  const kept = env.keepMedia({ type: 'image', ...source })
  const { width, height } = kept as Extract<MediaSegment, { type: 'image' }>
  // An address of our own may change with the next start: the handle leads to it.
  return { id: kept.id, url: source.url, width, height }
}

export function setStatus(
  state: WorldState,
  env: Env,
  userId: UserId,
  change: { [K in keyof OnlineStatus]?: OnlineStatus[K] | undefined },
): Happening[] {
  accountOf(state, userId)
  const isOwn = change.text !== undefined || change.faceId !== undefined
  const status = isOwn ? 10 : (change.status ?? 10)
  if (!statuses.has(status))
    throw new BridgeError('badParameter', `status: one of ${[...statuses].join(', ')}, got ${status}`)
  const extStatus = isOwn ? ownWords : (change.extStatus ?? 0)
  const { battery, text, faceId } = change
  return [
    { type: 'profile.status', time: secondsOf(env), userId, status: { status, extStatus, battery, text, faceId } },
  ]
}

export function setModel(state: WorldState, env: Env, userId: UserId, model: string): Happening[] {
  return accountOf(state, userId).model === model
    ? []
    : [{ type: 'profile.model', time: secondsOf(env), userId, model }]
}

export function like(state: WorldState, env: Env, by: UserId, { userId, times }: { userId: UserId; times: number }) {
  const time = secondsOf(env)
  const { likes } = accountOf(state, userId)
  if (by === userId) throw new BridgeError('backend', 'nobody likes their own card')
  if (!Number.isInteger(times) || times < 1) throw new BridgeError('badParameter', `times: 1 or more, got ${times}`)
  const last = likes.get(by)
  const left = likesADay - (last && dayOf(last.time) === dayOf(time) ? last.today : 0)
  if (times > left) {
    const text = `${by} can like ${userId} ${left} more times today (${likesADay} a day), not ${times}`
    throw new BridgeError('backend', text)
  }
  return [{ type: 'profile.like', time, userId, by, times }] satisfies Happening[]
}

export function setTyping(
  state: WorldState,
  env: Env,
  userId: UserId,
  { toId, on }: { toId: UserId; on: boolean },
): Happening[] {
  accountOf(state, toId)
  if (!areFriends(state, userId, toId)) throw new BridgeError('notFound', `${toId} is not a friend of ${userId}`)
  return [{ type: 'typing', time: secondsOf(env), userId, toId, on }]
}

export function setRemark(
  state: WorldState,
  env: Env,
  of: UserId,
  { userId, remark }: { userId: UserId; remark: string },
): Happening[] {
  const { friends, oneWay } = accountOf(state, of)
  const entry = friends.get(userId) ?? oneWay.get(userId)
  if (!entry) throw new BridgeError('notFound', `${userId} is not a friend of ${of}`)
  return entry.remark === remark ? [] : [{ type: 'friend.remark', time: secondsOf(env), of, userId, remark }]
}

/** Another client of the account logs in or out. */
export function setDevice(
  state: WorldState,
  env: Env,
  userId: UserId,
  { device, on }: { device: ClientDevice; on: boolean },
): Happening[] {
  const known = accountOf(state, userId).devices.get(device.id)
  if ((known !== undefined) === on) return []
  return [{ type: 'client', time: secondsOf(env), userId, on, device: known ?? device }]
}

export function addFavourite(
  state: WorldState,
  env: Env,
  userId: UserId,
  { text, brief = '' }: { text: string; brief?: string | undefined },
): [Extract<Happening, { type: 'favourite.add' }>] {
  const { favourites } = accountOf(state, userId)
  if (text === '') throw new BridgeError('badParameter', 'a note is not empty')
  const time = secondsOf(env)
  const favourite: Favourite = { id: `${userId}-${favourites.length + 1}`, text, brief, time }
  return [{ type: 'favourite.add', time, userId, favourite }]
}
