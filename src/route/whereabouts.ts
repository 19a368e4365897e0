// Where an event belongs.
import type { BridgeEvent } from '../core/event.ts'
import type { GroupId, UserId } from '../core/ids.ts'

/** The group of an event, or the person when it has no group. */
export function whereabouts(event: BridgeEvent): { groupId?: GroupId | undefined; userId?: UserId | undefined } {
  const peer = event.type === 'message' ? event.message.peer : 'peer' in event ? event.peer : undefined
  if (peer) return peer.kind === 'group' ? { groupId: peer.groupId } : { userId: peer.userId }
  if ('groupId' in event && event.groupId !== undefined) return { groupId: event.groupId }
  return 'userId' in event ? { userId: event.userId } : {}
}
