// People and groups as the bridge knows them. Times are Unix seconds, durations seconds.
import * as v from 'valibot'
import { Extra } from './extra.ts'
import { GroupId, UserId } from './ids.ts'

export const Role = v.picklist(['owner', 'admin', 'member'])
export type Role = v.InferOutput<typeof Role>

export const Sex = v.picklist(['male', 'female', 'unknown'])
export type Sex = v.InferOutput<typeof Sex>

/** Public profile of any account. */
export const Profile = v.object({
  userId: UserId,
  nickname: v.string(),
  sex: v.optional(Sex),
  age: v.optional(v.number()),
  level: v.optional(v.number()),
  sign: v.optional(v.string()),
  email: v.optional(v.string()),
  extra: v.optional(Extra),
})
export type Profile = v.InferOutput<typeof Profile>

/** A friend, or a stranger (then remark and category are empty). */
export const Friend = v.object({
  ...Profile.entries,
  remark: v.string(),
  categoryId: v.optional(v.number()),
  categoryName: v.optional(v.string()),
})
export type Friend = v.InferOutput<typeof Friend>

export const Group = v.object({
  groupId: GroupId,
  name: v.string(),
  /** Role of the bot that asked. Absent when the backend did not say. */
  botRole: v.optional(Role),
  memberCount: v.optional(v.number()),
  maxMemberCount: v.optional(v.number()),
  muteAll: v.optional(v.boolean()),
  remark: v.optional(v.string()),
  extra: v.optional(Extra),
})
export type Group = v.InferOutput<typeof Group>

export const Member = v.object({
  groupId: GroupId,
  userId: UserId,
  nickname: v.string(),
  /** Group card, empty when the member has none. */
  card: v.string(),
  role: Role,
  title: v.string(),
  /** Unix seconds when the title ends; absent: it lasts, or the backend does not say. */
  titleUntil: v.optional(v.number()),
  joinTime: v.number(),
  lastSpeakTime: v.number(),
  /** Unix seconds when the mute ends, 0 when not muted. */
  mutedUntil: v.number(),
  sex: v.optional(Sex),
  age: v.optional(v.number()),
  /** Group level as text: Go clients read it as a string. */
  level: v.optional(v.string()),
  /** mah's "active" block; only backends that know it fill it. */
  active: v.optional(
    v.object({ rank: v.number(), point: v.number(), temperature: v.number(), honors: v.array(v.string()) }),
  ),
  extra: v.optional(Extra),
})
export type Member = v.InferOutput<typeof Member>

/** Group settings that mah calls groupConfig. */
export const GroupConfig = v.object({
  name: v.string(),
  confessTalk: v.boolean(),
  allowMemberInvite: v.boolean(),
  autoApprove: v.boolean(),
  anonymousChat: v.boolean(),
  muteAll: v.boolean(),
})
export type GroupConfig = v.InferOutput<typeof GroupConfig>

/** What members are shown as: the card, or the nickname when there is no card. */
export function displayName(member: { card?: string | undefined; nickname: string }): string {
  return member.card || member.nickname
}
