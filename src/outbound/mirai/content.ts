// Message content fitted to what a mah server can send, forwarded messages inside it included.
import { BridgeError } from '../../core/error.ts'
import { peerKey, type Peer } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import type { ForwardNode, Segment, SegmentOf } from '../../core/segment.ts'
import { toPlainText } from '../../translate/plain-text.ts'
import { prepareSegments } from '../../translate/prepare.ts'
import type { Account } from './account.ts'
import { isAble } from './version.ts'

/** Throws `notSupported` when nothing is left that mah can send. Losses are reported. */
export function fitContent(segments: Segment[], peer: Peer, account: Account): Segment[] {
  const { segments: fitting, losses } = prepareSegments(segments, { dialect: 'mirai', way: 'send', peer })
  for (const loss of losses) account.loss('in', loss)
  if (fitting.some(needsMore)) return fitting.flatMap((segment) => fitSegment(segment, peer, account))
  return fitting
}

function needsMore({ type }: Segment): boolean {
  return type === 'forward' || type === 'reply' || type === 'voice'
}

function fitSegment(segment: Segment, peer: Peer, account: Account): Segment[] {
  if (segment.type === 'reply') return fitReply(segment, peer, account)
  if (segment.type === 'voice' && (peer.kind === 'temp' || peer.kind === 'stranger')) {
    throw new BridgeError('notSupported', 'mirai-api-http sends voices to friends and groups only')
  }
  if (segment.type !== 'forward' || !segment.nodes) return [segment]
  noticeDisplay(segment, account)
  return [{ ...segment, nodes: segment.nodes.map((node) => fitNode(node, peer, account)) }]
}

function noticeDisplay(forward: SegmentOf<'forward'>, { session: { version }, loss }: Account): void {
  const { title, brief, source, summary, preview } = forward
  if ([title, brief, source, summary, preview].every((one) => one === undefined)) return
  if (isAble(version, 'forwardDisplay')) return
  loss('in', { what: 'forward', fidelity: 'lossy', reason: `mirai-api-http ${version} writes the outside itself` })
}

/** mah looks a quoted number up in the conversation that is sent to, where it may be another message. */
function fitReply(segment: SegmentOf<'reply'>, peer: Peer, { bot, services, loss }: Account): Segment[] {
  const native = services.messages.native(bot, segment.messageId)
  if (!native || peerKey(native.peer) === peerKey(peer)) return [segment]
  loss('in', { what: 'reply', fidelity: 'dropped', reason: 'mirai quotes inside one conversation only' })
  return []
}

/**
 * A message that the bridge knows goes out with its content: mah's own cache is small, leaves what it has not got out
 * without a word, and shows numbers instead of names.
 */
function fitNode(node: ForwardNode, peer: Peer, account: Account): ForwardNode {
  const { bot, services } = account
  const known = node.messageId !== undefined && !node.segments ? services.messages.get(bot, node.messageId) : undefined
  const segments = node.segments ?? known?.segments
  if (!segments) return node
  const author = known && { senderId: known.sender.userId, senderName: nameOf(known, account) }
  return { time: known?.time, ...author, ...node, messageId: undefined, segments: fitInner(segments, peer, account) }
}

/** What was sent through the bridge was kept without a card. */
function nameOf({ peer, sender }: Message, { bot, services }: Account): string {
  const member = peer.kind === 'group' ? services.view.member(bot, peer.groupId, sender.userId) : undefined
  return sender.card || member?.card || sender.nickname
}

/** A node that holds only what mirai cannot send becomes text: the record stays complete. */
function fitInner(segments: Segment[], peer: Peer, account: Account): Segment[] {
  const content = segments.filter(({ type }) => type !== 'reply')
  try {
    return fitContent(content, peer, account)
  } catch (error) {
    if (!(error instanceof BridgeError) || error.kind !== 'notSupported') throw error
    account.loss('in', { what: 'node', fidelity: 'asText', reason: error.message })
    return [{ type: 'text', text: content.map(toPlainText).join('') }]
  }
}
