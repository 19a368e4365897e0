// Lists of members, the longest answers there are: written as text at once, and what has not changed since the last time is kept.
import type { Member } from '../../core/contact.ts'
import { JsonText } from '../../core/json.ts'
import { printMember } from './models.ts'

interface Printed {
  members: readonly Member[]
  texts: readonly string[]
  whole: string
}

/** Lists that are kept, those that were asked for last; 5,000 members are 2 MB. */
const kept = 16
/** Shorter ones are printed as quickly as they are compared. */
const worthKeeping = 100

export function createMemberListPrinter(): (members: readonly Member[]) => readonly unknown[] | JsonText {
  const lists = new Map<number, Printed>()
  return (members) => {
    const [first] = members
    if (!first || members.length < worthKeeping) return members.map(printMember)
    const printed = print(members, lists.get(first.groupId))
    lists.delete(first.groupId)
    lists.set(first.groupId, printed)
    for (const oldest of lists.keys()) if (lists.size > kept) lists.delete(oldest)
    return new JsonText(printed.whole)
  }
}

function print(members: readonly Member[], before: Printed | undefined): Printed {
  let same = before?.members.length === members.length
  const texts = members.map((member, at) => {
    const old = before?.members[at]
    const text = before?.texts[at]
    if (old && text !== undefined && isSame(old, member)) return text
    same = false
    return JSON.stringify(printMember(member))
  })
  if (same && before) return before
  // Copies: whoever holds the members may change them in place.
  return { members: members.map((member) => ({ ...member })), texts, whole: `[${texts.join(',')}]` }
}

/** A mute ends by itself: who is muted is printed anew each time. */
function isSame(one: Member, other: Member): boolean {
  return (
    one.userId === other.userId &&
    one.groupId === other.groupId &&
    one.lastSpeakTime === other.lastSpeakTime &&
    one.mutedUntil === 0 &&
    other.mutedUntil === 0 &&
    one.card === other.card &&
    one.nickname === other.nickname &&
    one.role === other.role &&
    one.title === other.title &&
    one.titleUntil === other.titleUntil &&
    one.joinTime === other.joinTime &&
    one.level === other.level &&
    one.sex === other.sex &&
    one.age === other.age &&
    one.extra === other.extra
  )
}
