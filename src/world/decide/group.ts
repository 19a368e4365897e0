// What is done in and to groups: members, ranks, mutes, names, settings.
import type { GroupConfig } from '../../core/contact.ts'
import { BridgeError } from '../../core/error.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import { type Env, secondsOf } from '../env.ts'
import type { Happening } from '../happening.ts'
import { accountOf, groupFor, groupOf, memberOf, ownerOf, requireAbove, requireRank, titleOf } from '../look.ts'
import type { WorldState } from '../state.ts'

const maxMuteSeconds = 30 * 24 * 3600

/** Who does it to whom. */
export interface OnMember {
  operatorId: UserId
  groupId: GroupId
  userId: UserId
}

export interface OnGroup {
  operatorId: UserId
  groupId: GroupId
}

export interface Joining {
  groupId: GroupId
  userId: UserId
  operatorId?: UserId | undefined
  invitorId?: UserId | undefined
}

export function join(state: WorldState, env: Env, joining: Joining): Happening[] {
  const { groupId, userId, operatorId, invitorId } = joining
  const group = groupOf(state, groupId)
  accountOf(state, userId)
  if (operatorId !== undefined) requireRank(group, operatorId, 'admin', 'letting someone in')
  if (invitorId !== undefined) memberOf(group, invitorId)
  if (group.members.has(userId)) throw new BridgeError('backend', `${userId} is a member of group ${groupId} already`)
  if (group.members.size >= group.maxMemberCount) throw new BridgeError('backend', `group ${groupId} is full`)
  return [{ type: 'group.member.join', time: secondsOf(env), groupId, userId, operatorId, invitorId }]
}

export function kick(state: WorldState, env: Env, act: OnMember, block: boolean): Happening[] {
  const { operatorId, groupId, userId } = act
  requireAbove(groupFor(state, groupId, operatorId), operatorId, userId, 'kick')
  return [{ type: 'group.member.leave', time: secondsOf(env), groupId, userId, how: 'kick', operatorId, block }]
}

/** `dismiss` counts for the owner only, who cannot go without. */
export function leave(state: WorldState, env: Env, { operatorId, groupId }: OnGroup, dismiss: boolean): Happening[] {
  const group = groupFor(state, groupId, operatorId)
  const time = secondsOf(env)
  if (memberOf(group, operatorId).role !== 'owner') {
    return [{ type: 'group.member.leave', time, groupId, userId: operatorId, how: 'leave', block: false }]
  }
  if (dismiss) return [{ type: 'group.dismiss', time, groupId, operatorId, members: [...group.members.keys()] }]
  throw new BridgeError('backend', `the owner cannot leave group ${groupId} (${group.name}) without dismissing it`)
}

export function mute(state: WorldState, env: Env, act: OnMember, durationSeconds: number): Happening[] {
  const { operatorId, groupId, userId } = act
  if (!Number.isInteger(durationSeconds) || durationSeconds < 0 || durationSeconds > maxMuteSeconds) {
    const text = `a mute lasts 1 to ${maxMuteSeconds} seconds (30 days), 0 lifts it; got ${durationSeconds}`
    throw new BridgeError('badParameter', text)
  }
  const member = requireAbove(groupFor(state, groupId, operatorId), operatorId, userId, 'mute')
  const time = secondsOf(env)
  if (durationSeconds === 0 && member.mutedUntil <= time) return []
  return [{ type: 'group.member.mute', time, groupId, userId, operatorId, durationSeconds }]
}

export function muteAll(state: WorldState, env: Env, { operatorId, groupId }: OnGroup, on: boolean): Happening[] {
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'admin', 'muting all')
  return group.settings.muteAll === on ? [] : [{ type: 'group.muteAll', time: secondsOf(env), groupId, operatorId, on }]
}

export function setAdmin(state: WorldState, env: Env, act: OnMember, on: boolean): Happening[] {
  const { operatorId, groupId, userId } = act
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'owner', 'appointing admins')
  const { role: oldRole } = memberOf(group, userId)
  if (oldRole === 'owner') throw new BridgeError('noPermission', `${userId} is the owner of group ${groupId}`)
  const role = on ? 'admin' : 'member'
  return role === oldRole ? [] : [{ type: 'group.member.role', time: secondsOf(env), groupId, userId, role, oldRole }]
}

/** The old owner becomes a member. */
export function transfer(state: WorldState, env: Env, { operatorId, groupId, userId }: OnMember): Happening[] {
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'owner', 'giving the group away')
  const { role: oldRole } = memberOf(group, userId)
  if (oldRole === 'owner') return []
  const base = { type: 'group.member.role', time: secondsOf(env), groupId } as const
  return [
    { ...base, userId: operatorId, role: 'member', oldRole: 'owner' },
    { ...base, userId, role: 'owner', oldRole },
  ]
}

export function setCard(state: WorldState, env: Env, act: OnMember, card: string): Happening[] {
  const { operatorId, groupId, userId } = act
  const group = groupFor(state, groupId, operatorId)
  const { card: oldCard } = memberOf(group, userId)
  if (operatorId !== userId) requireAbove(group, operatorId, userId, 'change the card of')
  if (card === oldCard) return []
  return [{ type: 'group.member.card', time: secondsOf(env), groupId, userId, operatorId, card, oldCard }]
}

/** Absent or negative seconds: for ever. */
export function setTitle(
  state: WorldState,
  env: Env,
  act: OnMember,
  { title, durationSeconds }: { title: string; durationSeconds?: number | undefined },
): Happening[] {
  const { operatorId, groupId, userId } = act
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'owner', 'giving titles')
  const member = memberOf(group, userId)
  const time = secondsOf(env)
  const oldTitle = titleOf(member, time)
  const until = durationSeconds !== undefined && durationSeconds > 0 ? time + Math.floor(durationSeconds) : 0
  if (title === oldTitle && until === member.titleUntil) return []
  return [{ type: 'group.member.title', time, groupId, userId, operatorId, title, oldTitle, until }]
}

export type ConfigChange = { [K in keyof GroupConfig]?: GroupConfig[K] | undefined }

/** Only the keys that are given change. */
export function configure(state: WorldState, env: Env, act: OnGroup, config: ConfigChange): Happening[] {
  const { operatorId, groupId } = act
  const group = groupFor(state, groupId, operatorId)
  requireRank(group, operatorId, 'admin', 'changing settings')
  const base = { time: secondsOf(env), groupId, operatorId }
  const happenings: Happening[] = []
  const { name } = config
  if (name !== undefined && name.trim() === '')
    throw new BridgeError('badParameter', 'the name of a group is not empty')
  if (name !== undefined && name !== group.name) {
    happenings.push({ ...base, type: 'group.name', name, oldName: group.name })
  }
  for (const setting of ['confessTalk', 'allowMemberInvite', 'autoApprove', 'anonymousChat'] as const) {
    const on = config[setting]
    if (on !== undefined && on !== group.settings[setting])
      happenings.push({ ...base, type: 'group.setting', setting, on })
  }
  if (config.muteAll !== undefined) happenings.push(...muteAll(state, env, act, config.muteAll))
  return happenings
}

/** For acts that name no operator. */
export function ownerIdOf(state: WorldState, groupId: GroupId): UserId {
  return ownerOf(groupOf(state, groupId)).userId
}
