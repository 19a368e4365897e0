// Short names for where something is said: world.as(20001).say(group(30001), 'hi').
import type { GroupId, Peer, UserId } from '../core/ids.ts'

export function group(groupId: number): Peer {
  return { kind: 'group', groupId: groupId as GroupId }
}

export function friend(userId: number): Peer {
  return { kind: 'friend', userId: userId as UserId }
}

/** Without a group: one that both are in. */
export function temp(userId: number, groupId?: number): Peer {
  return { kind: 'temp', userId: userId as UserId, groupId: groupId as GroupId | undefined }
}
