// Before an event is printed: what printing needs is brought into the directory, within a deadline.
import type { BridgeEvent } from '../core/event.ts'
import type { GroupId, MessageId, Peer, UserId } from '../core/ids.ts'
import type { MessageLog } from '../core/ports.ts'
import type { ForwardNode, Segment } from '../core/segment.ts'
import type { Directory } from '../state/directory.ts'

export interface EnrichOptions {
  directory: Directory
  messages: MessageLog
  /** The nodes of a received forward that came as an id only. */
  fetchForward: (bot: UserId, id: string) => Promise<ForwardNode[] | undefined>
  /** Asks the backend for a message that was never seen, so that a quote of it can be shown. */
  fetchMessage: (bot: UserId, messageId: MessageId) => Promise<void>
  deadlineMs: number
  onLate: (event: BridgeEvent) => void
}

/** undefined: everything is there already, deliver at once. The promise never rejects and ends with the deadline. */
export type Enrich = (event: BridgeEvent) => Promise<void> | undefined

export function createEnrich(options: EnrichOptions): Enrich {
  return (event) => {
    const waits = needsOf(event, options)
    return waits.length === 0 ? undefined : withDeadline(waits, options, event)
  }
}

async function withDeadline(waits: Promise<void>[], options: EnrichOptions, event: BridgeEvent): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), options.deadlineMs)
  })
  const first = await Promise.race([Promise.all(waits), late])
  clearTimeout(timer)
  if (first === 'late') options.onLate(event)
}

function needsOf(event: BridgeEvent, options: EnrichOptions): Promise<void>[] {
  const waits: Promise<void>[] = []
  const add = (wait: Promise<void> | undefined): void => {
    if (wait) waits.push(wait)
  }
  const { directory } = options
  const { bot } = event
  const group = (groupId: GroupId): void => {
    add(directory.ensureGroup(bot, groupId))
    add(directory.ensureMembers(bot, groupId))
  }
  const peer = (where: Peer): void => {
    if (where.kind !== 'group') add(directory.ensureFriends(bot))
    if ('groupId' in where && where.groupId !== undefined) group(where.groupId)
  }
  if (event.type === 'message') {
    peer(event.message.peer)
    add(quoted(event.message.segments, bot, options))
    add(opened(event.message.segments, bot, options))
  } else if ('peer' in event) peer(event.peer)
  else if (event.type === 'request.group') {
    add(directory.ensureGroup(bot, event.groupId))
    if (event.nickname === undefined) add(directory.ensureProfile(bot, event.userId))
  } else if (event.type === 'request.friend') {
    if (event.nickname === undefined) add(directory.ensureProfile(bot, event.userId))
  } else if ('groupId' in event && event.groupId !== undefined) group(event.groupId)
  else if (event.type.startsWith('friend.')) add(directory.ensureFriends(bot))
  return waits
}

function quoted(segments: readonly Segment[], bot: UserId, options: EnrichOptions): Promise<void> | undefined {
  const reply = segments[0]?.type === 'reply' ? segments[0] : segments.find((segment) => segment.type === 'reply')
  if (!reply || options.messages.get(bot, reply.messageId)) return undefined
  return options.fetchMessage(bot, reply.messageId)
}

/** Backends such as NapCat report a forward by its id; mah clients expect its messages inside. */
function opened(segments: readonly Segment[], bot: UserId, options: EnrichOptions): Promise<void> | undefined {
  const closed = segments.find((segment) => segment.type === 'forward' && segment.nodes === undefined)
  if (closed?.type !== 'forward' || closed.id === undefined) return undefined
  return options.fetchForward(bot, closed.id).then((nodes) => {
    if (nodes) closed.nodes = nodes
  })
}
