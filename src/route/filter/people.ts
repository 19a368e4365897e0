// Who and where: the person behind an event, the group it happened in, and the ranks of that person and of the bot there.
import type { Role } from '../../core/contact.ts'
import type { BridgeEvent } from '../../core/event.ts'
import type { GroupId, UserId } from '../../core/ids.ts'
import type { View } from '../../core/ports.ts'

/** OneBot's user_id: the author, the newcomer, the one who is muted; the operator where an event is about a whole group. */
export function actorOf(event: BridgeEvent): UserId | undefined {
  switch (event.type) {
    case 'message':
      return event.message.sender.userId
    case 'message.recall':
      return event.authorId
    case 'nudge':
    case 'group.essence':
    case 'command':
      return event.senderId
    case 'group.muteAll':
    case 'group.name':
    case 'group.setting':
      return event.operatorId
    default:
      return 'userId' in event ? event.userId : undefined
  }
}

/** undefined: outside of groups, or nobody did it. A person of whom nothing is known counts as a member. */
export function roleOf(event: BridgeEvent, groupId: GroupId | undefined, view: View): Role | undefined {
  const userId = actorOf(event)
  if (groupId === undefined || userId === undefined) return undefined
  const said = event.type === 'message' ? event.message.sender.role : undefined
  return said ?? view.member(event.bot, groupId, userId)?.role ?? 'member'
}

/** undefined: outside of groups. */
export function botRoleOf({ bot }: BridgeEvent, groupId: GroupId | undefined, view: View): Role | undefined {
  if (groupId === undefined) return undefined
  return view.group(bot, groupId)?.botRole ?? view.member(bot, groupId, bot)?.role ?? 'member'
}
