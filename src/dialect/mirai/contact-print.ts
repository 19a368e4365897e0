// Contact objects for clients: fixed member order, nothing left out.
import { displayName, type Group, type GroupConfig, type Member, type Profile } from '../../core/contact.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import type { WireObject } from '../../core/read.ts'
import type { PrintContext } from './context.ts'
import { toHonorText, toPermission, toSexWord } from './words.ts'

type Named = Pick<Profile, 'userId' | 'nickname'>

/** Strangers and the bot itself look the same. */
export function printFriend(friend: Named & { remark?: string | undefined }): WireObject {
  return { id: friend.userId, nickname: friend.nickname, remark: friend.remark ?? '' }
}

/** `permission` is the bot's rank. */
export function printGroup(group: Pick<Group, 'groupId' | 'name' | 'botRole'>): WireObject {
  return { id: group.groupId, name: group.name, permission: toPermission(group.botRole) }
}

export interface MemberPrinting {
  /** As printed by `printGroup`. */
  group: WireObject
  /** Unix seconds. */
  now: number
  /** Only memberInfo shows the activity. Default false. */
  active?: boolean
}

export function printMember(member: Member, { group, now, active = false }: MemberPrinting): WireObject {
  return {
    id: member.userId,
    memberName: displayName(member),
    specialTitle: member.title,
    permission: toPermission(member.role),
    joinTimestamp: member.joinTime,
    lastSpeakTimestamp: member.lastSpeakTime,
    muteTimeRemaining: Math.max(0, member.mutedUntil - now),
    group,
    active: active ? printActive(member.active) : null,
  }
}

/** Unix milliseconds at which it reads otherwise: the rest of a mute shrinks with each second. */
export function memberUntil({ mutedUntil }: Member): number {
  const now = Date.now()
  return mutedUntil * 1000 > now ? (Math.floor(now / 1000) + 1) * 1000 : Infinity
}

function printActive(active: Member['active']): WireObject {
  return {
    rank: active?.rank ?? 0,
    point: active?.point ?? 0,
    honors: (active?.honors ?? []).map(toHonorText),
    temperature: active?.temperature ?? 0,
  }
}

export function printProfile(profile: Profile): WireObject {
  return {
    nickname: profile.nickname,
    email: profile.email ?? '',
    age: profile.age ?? 0,
    level: profile.level ?? 0,
    sign: profile.sign ?? '',
    sex: toSexWord(profile.sex),
  }
}

export function printGroupConfig(config: GroupConfig): WireObject {
  return {
    name: config.name,
    confessTalk: config.confessTalk,
    allowMemberInvite: config.allowMemberInvite,
    autoApprove: config.autoApprove,
    anonymousChat: config.anonymousChat,
    muteAll: config.muteAll,
  }
}

const platforms = new Set(['IOS', 'MOBILE', 'WINDOWS'])

export function printClient(client: { id: number; platform: string }): WireObject {
  const platform = client.platform.toUpperCase()
  return { id: client.id, platform: platforms.has(platform) ? platform : 'unknown' }
}

/** A friend or stranger by number, as far as known. `hint` is what the event itself said. */
export function friendOf(
  userId: UserId,
  context: PrintContext,
  hint: { nickname?: string | undefined } = {},
): WireObject {
  const friend = context.view.friend(context.bot, userId)
  const nickname = hint.nickname || (friend?.nickname ?? context.view.profile(context.bot, userId)?.nickname ?? '')
  return printFriend({ userId, nickname, remark: friend?.remark })
}

export function groupOf(groupId: GroupId, context: PrintContext, hint: Partial<Group> = {}): WireObject {
  const group = context.view.group(context.bot, groupId)
  const botRole = hint.botRole ?? group?.botRole ?? context.view.member(context.bot, groupId, context.bot)?.role
  return printGroup({ groupId, name: hint.name ?? group?.name ?? '', botRole })
}

/** What an event said of a member; each member of it beats what the directory knows. */
export type MemberHint = { [K in keyof Member]?: Member[K] | undefined }

export function memberOf(groupId: GroupId, userId: UserId, context: PrintContext, hint: MemberHint = {}): WireObject {
  const known = context.view.member(context.bot, groupId, userId)
  const member: Member = {
    groupId,
    userId,
    nickname: hint.nickname || (known?.nickname ?? context.view.profile(context.bot, userId)?.nickname ?? ''),
    card: hint.card ?? known?.card ?? '',
    role: hint.role ?? known?.role ?? 'member',
    title: hint.title ?? known?.title ?? '',
    joinTime: hint.joinTime ?? known?.joinTime ?? 0,
    lastSpeakTime: hint.lastSpeakTime ?? known?.lastSpeakTime ?? 0,
    mutedUntil: hint.mutedUntil ?? known?.mutedUntil ?? 0,
  }
  return printMember(member, { group: groupOf(groupId, context), now: context.now })
}

/** mah's word for "the bot itself did it" is null. */
export function operatorOf(groupId: GroupId, operatorId: UserId | undefined, context: PrintContext): WireObject | null {
  return operatorId === undefined || operatorId === context.bot ? null : memberOf(groupId, operatorId, context)
}
