// Contact objects of a mah backend. Missing members get defaults; without a usable id there is no contact.
import type { Friend, Group, GroupConfig, Member, Profile } from '../../core/contact.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import {
  toBoolean,
  toGroupId,
  toInteger,
  toNumber,
  toObject,
  toText,
  toUserId,
  type WireObject,
} from '../../core/read.ts'
import { fromHonorText, fromPermission, fromSexWord } from './words.ts'

export function readFriend(value: unknown): Friend | undefined {
  const wire = toObject(value)
  const userId = toUserId(wire?.['id'])
  return wire && userId && { userId, nickname: toText(wire['nickname']) ?? '', remark: toText(wire['remark']) ?? '' }
}

export function readGroup(value: unknown): Group | undefined {
  const wire = toObject(value)
  const groupId = toGroupId(wire?.['id'])
  if (!wire || !groupId) return undefined
  const botRole = fromPermission(wire['permission'])
  return { groupId, name: toText(wire['name']) ?? '', ...(botRole && { botRole }) }
}

/** mah tells card and nickname in one field; both are set to it. `now`: Unix seconds. */
export function readMember(value: unknown, now: number, groupId?: GroupId): Member | undefined {
  const wire = toObject(value)
  const userId = toUserId(wire?.['id'])
  const group = readGroup(wire?.['group'])?.groupId ?? groupId
  if (!wire || !userId || !group) return undefined
  const name = toText(wire['memberName']) ?? ''
  const muted = toInteger(wire['muteTimeRemaining']) ?? 0
  const active = readActive(toObject(wire['active']))
  return {
    groupId: group,
    userId,
    nickname: name,
    card: name,
    role: fromPermission(wire['permission']) ?? 'member',
    title: toText(wire['specialTitle']) ?? '',
    joinTime: toInteger(wire['joinTimestamp']) ?? 0,
    lastSpeakTime: toInteger(wire['lastSpeakTimestamp']) ?? 0,
    mutedUntil: muted > 0 ? now + muted : 0,
    ...(active && { active }),
  }
}

function readActive(wire: WireObject | undefined): Member['active'] {
  if (!wire) return undefined
  const honors = Array.isArray(wire['honors']) ? wire['honors'] : []
  return {
    rank: toInteger(wire['rank']) ?? 0,
    point: toInteger(wire['point']) ?? 0,
    temperature: toInteger(wire['temperature']) ?? 0,
    honors: honors.map((honor) => fromHonorText(toText(honor) ?? '')),
  }
}

/** A profile does not say whose it is. */
export function readProfile(value: unknown, userId: UserId): Profile {
  const wire = toObject(value) ?? {}
  return {
    userId,
    nickname: toText(wire['nickname']) ?? '',
    sex: fromSexWord(wire['sex']),
    age: toNumber(wire['age']) ?? 0,
    level: toNumber(wire['level']) ?? 0,
    sign: toText(wire['sign']) ?? '',
    email: toText(wire['email']) ?? '',
  }
}

export function readGroupConfig(value: unknown): GroupConfig {
  const wire = toObject(value) ?? {}
  return {
    name: toText(wire['name']) ?? '',
    confessTalk: toBoolean(wire['confessTalk']) ?? false,
    allowMemberInvite: toBoolean(wire['allowMemberInvite']) ?? false,
    autoApprove: toBoolean(wire['autoApprove']) ?? false,
    anonymousChat: toBoolean(wire['anonymousChat']) ?? false,
    muteAll: toBoolean(wire['muteAll']) ?? false,
  }
}

/** Contacts that an event or answer showed in passing, for the directory. */
export type SeenContact =
  | { type: 'friend'; friend: Friend }
  | { type: 'group'; group: Group }
  | { type: 'member'; member: Member }

/** Reads contacts and remembers each one. */
export class ContactReader {
  readonly seen: SeenContact[] = []
  readonly #now: number

  constructor(now: number) {
    this.#now = now
  }

  friend(value: unknown): Friend | undefined {
    const friend = readFriend(value)
    if (friend) this.seen.push({ type: 'friend', friend })
    return friend
  }

  /** Not remembered as a friend: nothing says that they are one. */
  stranger(value: unknown): Friend | undefined {
    return readFriend(value)
  }

  group(value: unknown): Group | undefined {
    const group = readGroup(value)
    if (group) this.seen.push({ type: 'group', group })
    return group
  }

  member(value: unknown): Member | undefined {
    this.group(toObject(value)?.['group'])
    const member = readMember(value, this.#now)
    if (member) this.seen.push({ type: 'member', member })
    return member
  }
}
