// Several accounts of a route in one group: what all of them see is told once, by one of them.
import type { BridgeEvent } from '../core/event.ts'
import type { GroupId, UserId } from '../core/ids.ts'
import type { View } from '../core/ports.ts'
import { createRecent } from '../state/recent.ts'
import { actorOf } from './filter/people.ts'
import { whereabouts } from './whereabouts.ts'

export interface Once {
  /** Whether this account's copy of the event is the one that counts. */
  isTeller(event: BridgeEvent, view: View): boolean
  /** The accounts that are on line now, the most wanted first. */
  look(bots: readonly UserId[]): void
}

/** Groups that are remembered, with who tells of them and who is in them. */
const mostGroups = 4096

/** Each account has its own: a request has a flag of its own, and the rest is of one backend alone. */
const ownTypes = new Set<BridgeEvent['type']>(['request.friend', 'request.group', 'command', 'raw'])

interface Known {
  teller: UserId | undefined
  /** Those whose events came from there. */
  present: Set<UserId>
}

export function createOnce(): Once {
  let online = new Set<UserId>()
  const groups = createRecent<GroupId, Known>(mostGroups)

  function knownOf(groupId: GroupId): Known {
    let known = groups.get(groupId)
    if (!known) groups.set(groupId, (known = { teller: undefined, present: new Set() }))
    return known
  }

  /** The same one as long as it is on line; then the first that is known to be there. */
  function tellerOf(groupId: GroupId, { bot }: BridgeEvent, view: View): UserId {
    const known = knownOf(groupId)
    if (known.teller !== undefined && online.has(known.teller)) return known.teller
    const isThere = (one: UserId): boolean => one === bot || known.present.has(one) || Boolean(view.group(one, groupId))
    return (known.teller = [...online].find(isThere) ?? bot)
  }

  /** What one of them does or suffers, or is told, it tells itself. Mentioned may be a member of old, too. */
  function concerned(groupId: GroupId, event: BridgeEvent): UserId | undefined {
    const { present } = knownOf(groupId)
    const isOurs = (one: UserId): boolean => online.has(one)
    return peopleIn(event).find(isOurs) ?? mentionedIn(event).find((one) => isOurs(one) && present.has(one))
  }

  return {
    isTeller(event, view) {
      const { groupId } = whereabouts(event)
      if (groupId === undefined || ownTypes.has(event.type)) return true
      const teller = concerned(groupId, event) ?? tellerOf(groupId, event, view)
      note(knownOf(groupId), event)
      return teller === event.bot
    },
    look(bots) {
      online = new Set(bots)
    },
  }
}

/** Those whom an event is about, the most important first. */
function peopleIn(event: BridgeEvent): UserId[] {
  const actor = actorOf(event)
  const people = actor === undefined ? [] : [actor]
  return event.type === 'nudge' ? [event.targetId, ...people] : people
}

function mentionedIn(event: BridgeEvent): UserId[] {
  if (event.type !== 'message') return []
  return event.message.segments.flatMap((segment) => (segment.type === 'mention' ? [segment.userId] : []))
}

/** Who has left sees nothing any more: the next event finds another. */
function note(known: Known, event: BridgeEvent): void {
  if (event.type !== 'group.member.leave' || event.userId !== event.bot) return void known.present.add(event.bot)
  known.present.delete(event.bot)
  if (known.teller === event.bot) known.teller = undefined
}
