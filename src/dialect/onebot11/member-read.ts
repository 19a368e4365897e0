// Members of a list that a backend answered, by thousands: entries of the usual shape are read by hand, in a twentieth of the time
// of the field table, which reads all others.
import type { Member, Role, Sex } from '../../core/contact.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import { isMemberFiller, readMember } from './models.ts'

const read = new Set([
  ...['group_id', 'user_id', 'nickname', 'card', 'sex', 'age', 'level'],
  ...['join_time', 'last_sent_time', 'shut_up_timestamp', 'role', 'title'],
])

/** The group is the one that was asked for, whatever the entry says. */
export function readListedMember(entry: unknown, groupId: GroupId): Member | undefined {
  const wire = toObject(entry)
  return (wire && readUsual(wire, groupId)) ?? readMember({ ...wire, group_id: groupId })
}

/** undefined: it is not of that shape. The members in the order of the table. */
function readUsual(wire: WireObject, groupId: GroupId): Member | undefined {
  const { user_id, nickname, card, sex, age, level, join_time, last_sent_time, role } = wire
  const { shut_up_timestamp = 0, title = '' } = wire
  if (!Number.isSafeInteger(user_id) || (user_id as number) <= 0) return undefined
  if (typeof nickname !== 'string' || typeof card !== 'string' || typeof title !== 'string') return undefined
  if (typeof level !== 'string' || !isSex(sex) || !isRole(role)) return undefined
  if (!Number.isSafeInteger(age) || !Number.isSafeInteger(shut_up_timestamp)) return undefined
  if (!Number.isSafeInteger(join_time) || !Number.isSafeInteger(last_sent_time)) return undefined
  for (const name in wire) if (!read.has(name) && !isMemberFiller(name, wire[name])) return undefined
  return {
    groupId,
    userId: user_id as UserId,
    nickname,
    card,
    sex,
    age: age as number,
    level,
    joinTime: join_time as number,
    lastSpeakTime: last_sent_time as number,
    mutedUntil: shut_up_timestamp as number,
    role,
    title,
  }
}

function isSex(value: unknown): value is Sex {
  return value === 'unknown' || value === 'male' || value === 'female'
}

function isRole(value: unknown): value is Role {
  return value === 'member' || value === 'admin' || value === 'owner'
}
