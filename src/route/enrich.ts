// Before an event is printed: what printing needs is brought into the directory, within a deadline.
import type { BridgeEvent, MessageEvent } from '../core/event.ts'
import type { GroupId, MessageId, Peer, UserId } from '../core/ids.ts'
import type { MessageLog } from '../core/ports.ts'
import type { ForwardNode, Segment, SegmentOf } from '../core/segment.ts'
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
    const waits = event.type === 'message' ? needsOfMessage(event, options) : needsOf(event, options)
    return waits && withDeadline(waits, options, event)
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

/** undefined: nothing is missing, which is found out without making anything. */
type Waits = Promise<void>[] | undefined

function add(waits: Waits, wait: Promise<void> | undefined): Waits {
  if (!wait) return waits
  if (!waits) return [wait]
  waits.push(wait)
  return waits
}

function needsOfMessage({ bot, message }: MessageEvent, options: EnrichOptions): Waits {
  const { peer, segments } = message
  let waits = needsOfPeer(bot, peer, options)
  waits = add(waits, quoted(segments, bot, options))
  return add(waits, opened(segments, bot, options))
}

function needsOfPeer(bot: UserId, peer: Peer, options: EnrichOptions): Waits {
  const waits = peer.kind === 'group' ? undefined : add(undefined, options.directory.ensureFriends(bot))
  const groupId = peer.kind === 'group' || peer.kind === 'temp' ? peer.groupId : undefined
  return groupId === undefined ? waits : needsOfGroup(bot, groupId, options, waits)
}

function needsOfGroup(bot: UserId, groupId: GroupId, { directory }: EnrichOptions, waits?: Waits): Waits {
  return add(add(waits, directory.ensureGroup(bot, groupId)), directory.ensureMembers(bot, groupId))
}

function needsOf(event: Exclude<BridgeEvent, MessageEvent>, options: EnrichOptions): Waits {
  const { directory } = options
  const { bot } = event
  if ('peer' in event) return needsOfPeer(bot, event.peer, options)
  if (event.type === 'request.group' || event.type === 'request.friend') {
    const waits = event.type === 'request.group' ? add(undefined, directory.ensureGroup(bot, event.groupId)) : undefined
    return event.nickname === undefined ? add(waits, directory.ensureProfile(bot, event.userId)) : waits
  }
  if ('groupId' in event && event.groupId !== undefined) return needsOfGroup(bot, event.groupId, options)
  return event.type.startsWith('friend.') ? add(undefined, directory.ensureFriends(bot)) : undefined
}

function quoted(segments: readonly Segment[], bot: UserId, options: EnrichOptions): Promise<void> | undefined {
  const reply = segments.find(isReply)
  if (!reply || options.messages.get(bot, reply.messageId)) return undefined
  return options.fetchMessage(bot, reply.messageId)
}

/** Backends such as NapCat report a forward by its id; mah clients expect its messages inside. */
function opened(segments: readonly Segment[], bot: UserId, options: EnrichOptions): Promise<void> | undefined {
  const closed = segments.find(isClosed)
  if (closed?.id === undefined) return undefined
  return options.fetchForward(bot, closed.id).then((nodes) => {
    if (nodes) closed.nodes = nodes
  })
}

function isReply(segment: Segment): segment is SegmentOf<'reply'> {
  return segment.type === 'reply'
}

function isClosed(segment: Segment): segment is SegmentOf<'forward'> {
  return segment.type === 'forward' && segment.nodes === undefined
}
