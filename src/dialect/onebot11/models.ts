// People and groups as OneBot answers them, in both directions. Printed whole: clients read members without asking.
import { Role, Sex, type Friend, type Group, type Member, type Profile } from '../../core/contact.ts'
import type { Extra } from '../../core/extra.ts'
import { defineFields, type FieldTable } from '../../core/fields.ts'
import { nowSeconds, toInteger, toObject, type WireObject } from '../../core/read.ts'
import { dialectName } from './wire.ts'

const profileFields = defineFields([
  ['user_id|uin', 'userId', 'account!'],
  ['nickname|nick', 'nickname', 'text', ''],
  ['sex|gender', 'sex', 'text'],
  ['age', 'age', 'int'],
  ['level|qqLevel', 'level', 'int'],
  ['long_nick|longNick|sign', 'sign', 'text'],
  ['email|eMail', 'email', 'text'],
])

const friendFields = defineFields([
  ['user_id|uin', 'userId', 'account!'],
  ['nickname|nick', 'nickname', 'text', ''],
  ['remark', 'remark', 'text', ''],
  ['sex', 'sex', 'text'],
  ['level|qqLevel', 'level', 'int'],
  ['age', 'age', 'int'],
  ['email|eMail', 'email', 'text'],
  ['category_id|categoryId', 'categoryId', 'int'],
  ['category_name|categoryName', 'categoryName', 'text'],
])

const groupFields = defineFields([
  ['group_id', 'groupId', 'account!'],
  ['group_name', 'name', 'text', ''],
  ['member_count', 'memberCount', 'int'],
  ['max_member_count', 'maxMemberCount', 'int'],
  ['group_remark', 'remark', 'text'],
])

const memberFields = defineFields([
  ['group_id', 'groupId', 'account!'],
  ['user_id', 'userId', 'account!'],
  ['nickname', 'nickname', 'text', ''],
  ['card', 'card', 'text', ''],
  ['sex', 'sex', 'text'],
  ['age', 'age', 'int'],
  ['level', 'level', 'text'],
  ['join_time', 'joinTime', 'int', 0],
  ['last_sent_time', 'lastSpeakTime', 'int', 0],
  ['shut_up_timestamp', 'mutedUntil', 'int', 0],
  ['role', 'role', 'text', 'member'],
  ['title', 'title', 'text', ''],
])

/** Printed where nobody said anything; what a backend says instead is passed on. */
const memberFillers = {
  area: '',
  qq_level: 0,
  title_expire_time: 0,
  unfriendly: false,
  card_changeable: false,
  is_robot: false,
}
const friendFillers = { birthday_year: 0, birthday_month: 0, birthday_day: 0, phone_num: '' }
const strangerFillers = {
  uid: '',
  qid: '',
  reg_time: 0,
  is_vip: false,
  is_years_vip: false,
  vip_level: 0,
  status: 0,
  login_days: 0,
}

/** What the fields do not hold. A filler that came back says nothing, and lists of thousands would keep it. */
function extraOf(fields: FieldTable, wire: WireObject, fillers: Readonly<WireObject>): Extra | undefined {
  const rest = fields.rest(wire)
  if (!rest) return undefined
  const kept = Object.entries(rest).filter(([name, value]) => fillers[name] !== value && !notPassed.has(name))
  return kept.length === 0 ? undefined : { dialect: dialectName, members: Object.fromEntries(kept) }
}

/** Printed from what the tables hold, under a name that they read otherwise or not at all. */
const notPassed = new Set(['group_all_shut', 'uin', 'level', 'qqLevel'])

/** It says nothing beyond the fields of a member. */
export function isMemberFiller(name: string, value: unknown): boolean {
  return (memberFillers as Readonly<WireObject>)[name] === value || notPassed.has(name)
}

/** The printed members, and what else the backend said: that is more than a filler says. */
function withExtra(extra: Extra | undefined, printed: WireObject): WireObject {
  return extra?.dialect === dialectName ? { ...printed, ...extra.members } : printed
}

/** undefined when the object does not even say who or what it is about. */
function readWith(
  fields: FieldTable,
  value: unknown,
  key: string,
  fillers: Readonly<WireObject> = {},
): WireObject | undefined {
  const wire = toObject(value)
  const read = wire && fields.readLoosely(wire)
  if (!read || read[key] === undefined) return undefined
  if ('sex' in read && !sexes.has(read['sex'])) delete read['sex']
  if ('role' in read && !roles.has(read['role'])) read['role'] = 'member'
  const extra = extraOf(fields, wire, fillers)
  if (extra) read['extra'] = extra
  return read
}

const sexes = new Set<unknown>(Sex.options)
const roles = new Set<unknown>(Role.options)

export function readProfile(value: unknown): Profile | undefined {
  return readWith(profileFields, value, 'userId', { ...strangerFillers, remark: '' }) as Profile | undefined
}

export function readFriend(value: unknown): Friend | undefined {
  return readWith(friendFields, value, 'userId', friendFillers) as Friend | undefined
}

export function readGroup(value: unknown): Group | undefined {
  const group = readWith(groupFields, value, 'groupId') as Group | undefined
  const allShut = toInteger(toObject(value)?.['group_all_shut'])
  if (group && allShut !== undefined) group.muteAll = allShut !== 0
  return group
}

export function readMember(value: unknown): Member | undefined {
  return readWith(memberFields, value, 'userId', memberFillers) as Member | undefined
}

/** Every readable entry of a list. */
export function readList<T>(value: unknown, read: (entry: unknown) => T | undefined): T[] {
  return Array.isArray(value) ? value.map(read).filter((entry) => entry !== undefined) : []
}

export function printLogin(profile: Profile): WireObject {
  return { user_id: profile.userId, nickname: profile.nickname }
}

/** `level` beside NapCat's `qqLevel`: go-cqhttp's name of it. */
export function printStranger(profile: Profile, remark = ''): WireObject {
  const level = profile.level ?? 0
  const { uid, qid, ...fillers } = strangerFillers
  return withExtra(profile.extra, {
    user_id: profile.userId,
    uid,
    uin: String(profile.userId),
    nickname: profile.nickname,
    age: profile.age ?? 0,
    qid,
    qqLevel: level,
    level,
    sex: profile.sex ?? 'unknown',
    long_nick: profile.sign ?? '',
    reg_time: fillers.reg_time,
    is_vip: fillers.is_vip,
    is_years_vip: fillers.is_years_vip,
    vip_level: fillers.vip_level,
    remark,
    status: fillers.status,
    login_days: fillers.login_days,
  })
}

export function printFriend(friend: Friend): WireObject {
  return withExtra(friend.extra, {
    user_id: friend.userId,
    nickname: friend.nickname,
    remark: friend.remark,
    sex: friend.sex ?? 'unknown',
    level: friend.level ?? 0,
    age: friend.age ?? 0,
    ...friendFillers,
    email: friend.email ?? '',
    category_id: friend.categoryId ?? 0,
  })
}

/** Beyond NapCat the name of the category, so that a bridge that asks this one can show it. */
export function printListedFriend(friend: Friend): WireObject {
  const { categoryName } = friend
  return { ...printFriend(friend), ...(categoryName !== undefined && { category_name: categoryName }) }
}

export function printCategories(friends: readonly Friend[]): WireObject[] {
  const byCategory = new Map<number, Friend[]>()
  for (const friend of friends) {
    const id = friend.categoryId ?? 0
    const known = byCategory.get(id)
    if (known) known.push(friend)
    else byCategory.set(id, [friend])
  }
  return [...byCategory].map(([categoryId, members], index) => ({
    categoryId,
    categorySortId: index,
    categoryName: members.find((friend) => friend.categoryName)?.categoryName ?? '',
    categoryMbCount: members.length,
    onlineCount: 0,
    buddyList: members.map(printFriend),
  }))
}

export function printGroup(group: Group): WireObject {
  return withExtra(group.extra, {
    group_id: group.groupId,
    group_name: group.name,
    member_count: group.memberCount ?? 0,
    max_member_count: group.maxMemberCount ?? 0,
    group_all_shut: group.muteAll ? -1 : 0,
    group_remark: group.remark ?? '',
  })
}

/** `level` is text: Go clients read it as a string. A mute that is over counts as none. */
export function printMember(member: Member): WireObject {
  const { area, qq_level, ...fillers } = memberFillers
  return withExtra(member.extra, {
    group_id: member.groupId,
    user_id: member.userId,
    nickname: member.nickname,
    card: member.card,
    sex: member.sex ?? 'unknown',
    age: member.age ?? 0,
    area,
    level: member.level ?? '',
    qq_level,
    join_time: member.joinTime,
    last_sent_time: member.lastSpeakTime,
    ...fillers,
    title_expire_time: member.titleUntil ?? 0,
    shut_up_timestamp: member.mutedUntil > nowSeconds() ? member.mutedUntil : 0,
    role: member.role,
    title: member.title,
  })
}
