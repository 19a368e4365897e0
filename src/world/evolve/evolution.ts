// What each happening does to a world, as a table, and finding what a happening names.
import type { GroupId, UserId } from '../../core/ids.ts'
import type { HappeningOf, HappeningType } from '../happening.ts'
import type { Account, WorldGroup, WorldMember, WorldState } from '../state.ts'

export type Evolution = { [T in HappeningType]: (state: WorldState, happening: HappeningOf<T>) => void }

export function accountOf(state: WorldState, userId: UserId): Account {
  const account = state.accounts.get(userId)
  if (!account) throw new Error(`a happening names account ${userId}, which is not there`)
  return account
}

export function groupOf(state: WorldState, groupId: GroupId): WorldGroup {
  const group = state.groups.get(groupId)
  if (!group) throw new Error(`a happening names group ${groupId}, which is not there`)
  return group
}

export function memberOf(state: WorldState, groupId: GroupId, userId: UserId): WorldMember {
  const member = groupOf(state, groupId).members.get(userId)
  if (!member) throw new Error(`a happening names member ${userId} of group ${groupId}, who is not there`)
  return member
}
