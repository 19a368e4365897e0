// Friends, requests and their answers.
import { BridgeError } from '../../core/error.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import { type Env, secondsOf } from '../env.ts'
import type { Happening, RequestHappening } from '../happening.ts'
import { accountOf, areFriends, groupOf, memberOf, requireRank } from '../look.ts'
import type { WorldGroup, WorldRequest, WorldState } from '../state.ts'
import { join } from './group.ts'

export interface FriendRequesting {
  userId: UserId
  toId: UserId
  comment: string
  groupId?: GroupId | undefined
  /** The server finds it doubtful and keeps it from view. */
  filtered?: boolean | undefined
}

type RequestDecision = [...Happening[], RequestHappening]

export function requestFriend(state: WorldState, env: Env, asking: FriendRequesting): RequestDecision {
  const { userId, toId, groupId } = asking
  accountOf(state, userId)
  if (userId === toId) throw new BridgeError('backend', 'nobody is a friend of themselves')
  if (groupId !== undefined) requireBoth(state, groupId, [userId, toId])
  if (areFriends(state, userId, toId)) throw new BridgeError('backend', `${userId} and ${toId} are friends already`)
  requireUnblocked(accountOf(state, toId).blocked, userId, `account ${toId}`)
  return [openRequest(state, env, { kind: 'friend', ...asking })]
}

function requireBoth(state: WorldState, groupId: GroupId, users: UserId[]): void {
  for (const userId of users) memberOf(groupOf(state, groupId), userId)
}

function requireUnblocked(blocked: ReadonlySet<UserId>, userId: UserId, where: string): void {
  if (blocked.has(userId)) throw new BridgeError('noPermission', `${where} takes no requests of ${userId}`)
}

export interface JoinRequesting {
  userId: UserId
  groupId: GroupId
  comment: string
  filtered?: boolean | undefined
}

/** Where nobody is asked, or with the right answer, the asker is in at once. */
export function requestJoin(state: WorldState, env: Env, asking: JoinRequesting): [RequestHappening, ...Happening[]] {
  const { userId, groupId } = asking
  const group = groupOf(state, groupId)
  const joining = join(state, env, { userId, groupId })
  requireUnblocked(group.blocked, userId, `group ${groupId}`)
  const request = openRequest(state, env, { kind: 'join', ...asking })
  if (!isInAtOnce(group, asking.comment)) return [request]
  return [{ ...request, request: { ...request.request, outcome: 'approved' } }, ...joining]
}

function isInAtOnce({ groupId, joinOption: { type, answer } }: WorldGroup, comment: string): boolean {
  if (type === 3) throw new BridgeError('noPermission', `nobody may join group ${groupId}`)
  if (type === 4 && comment.trim() !== answer)
    throw new BridgeError('noPermission', `that is not the answer by which one joins group ${groupId}`)
  return type === 1 || type === 4
}

export interface Inviting {
  userId: UserId
  toId: UserId
  groupId: GroupId
  /** For a group that is made by this; its owner is who invites. */
  name?: string | undefined
}

export function invite(state: WorldState, env: Env, { userId, toId, groupId, name }: Inviting): RequestDecision {
  accountOf(state, userId)
  requireUnblocked(accountOf(state, toId).blocked, userId, `account ${toId}`)
  const request = openRequest(state, env, { kind: 'invite', userId, toId, groupId, comment: '' })
  const group = state.groups.get(groupId)
  if (!group) {
    const base = { time: secondsOf(env), groupId, ownerId: userId }
    return [{ ...base, type: 'group.create', name: name ?? `group ${groupId}` }, request]
  }
  memberOf(group, userId)
  if (group.members.has(toId)) throw new BridgeError('backend', `${toId} is a member of group ${groupId} already`)
  return [request]
}

function openRequest(
  state: WorldState,
  env: Env,
  {
    filtered = false,
    ...request
  }: Omit<WorldRequest, 'flag' | 'time' | 'outcome' | 'filtered'> & Pick<JoinRequesting, 'filtered'>,
): RequestHappening {
  const time = secondsOf(env)
  const flag = `${request.kind}-${time}-${state.nextRequest}`
  return { type: 'request', time, request: { ...request, flag, time, filtered, outcome: 'open' } }
}

export interface Answer {
  approve: boolean
  /** Settle it without an answer. */
  ignore?: boolean | undefined
  block?: boolean | undefined
  remark?: string | undefined
}

export function answer(state: WorldState, env: Env, by: UserId, flag: string, given: Answer): Happening[] {
  const request = requestFor(state, by, flag)
  const outcome = given.ignore ? 'ignored' : given.approve ? 'approved' : 'refused'
  const { block = false } = given
  const settled: Happening = { type: 'request.answer', time: secondsOf(env), flag, by, outcome, block }
  if (outcome !== 'approved') return [settled]
  return [settled, ...approve(state, env, request, { by, remark: given.remark ?? '' })]
}

/** An open request that this account may answer. */
function requestFor(state: WorldState, by: UserId, flag: string): WorldRequest {
  const request = state.requests.get(flag)
  if (!request || (request.toId !== undefined && request.toId !== by)) {
    throw new BridgeError('notFound', `there is no request ${flag} for ${by}`)
  }
  if (request.outcome !== 'open') throw new BridgeError('notFound', `request ${flag} was ${request.outcome} already`)
  if (request.kind === 'join')
    requireRank(groupOf(state, request.groupId as GroupId), by, 'admin', 'answering requests')
  return request
}

function approve(
  state: WorldState,
  env: Env,
  request: WorldRequest,
  { by, remark }: { by: UserId; remark: string },
): Happening[] {
  const { kind, userId, groupId } = request
  if (kind === 'friend') return addFriend(state, env, { of: by, userId, remark })
  if (groupId === undefined) throw new Error(`request ${request.flag} names no group`)
  return kind === 'join'
    ? join(state, env, { groupId, userId, operatorId: by })
    : join(state, env, { groupId, userId: by, invitorId: userId })
}

export function addFriend(
  state: WorldState,
  env: Env,
  { of, userId, remark = '' }: { of: UserId; userId: UserId; remark?: string },
): Happening[] {
  accountOf(state, of)
  accountOf(state, userId)
  if (of === userId) throw new BridgeError('backend', 'nobody is a friend of themselves')
  if (areFriends(state, of, userId)) throw new BridgeError('backend', `${userId} is a friend of ${of} already`)
  return [{ type: 'friend.add', time: secondsOf(env), of, userId, remark }]
}

export function removeFriend(state: WorldState, env: Env, by: UserId, userId: UserId): Happening[] {
  accountOf(state, by)
  accountOf(state, userId)
  const base = { type: 'friend.remove', time: secondsOf(env), by, userId } as const
  if (areFriends(state, by, userId)) return [base]
  if (accountOf(state, by).oneWay.has(userId)) return [{ ...base, oneWay: true }]
  throw new BridgeError('notFound', `${userId} is not a friend of ${by}`)
}
