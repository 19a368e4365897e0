// What becomes of message content when it is said: limits, quotes, mentions, chance, forwards, media.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { ForwardNode, Segment, SegmentOf } from '../../core/segment.ts'
import { type Env, secondsOf } from '../env.ts'
import { isVisible, messageFor } from '../look.ts'
import { type Chat, chatKey, type WorldState } from '../state.ts'
import { shownName } from '../views.ts'

const maxText = 5000
const maxNodes = 200
const maxDepth = 10

export interface Composing {
  state: WorldState
  env: Env
  senderId: UserId
  chat: Chat
  /** Id of the message that is made; forwards are named after it. */
  messageId: number
}

/** The content as it will stand in the conversation. Throws before anything is kept. */
export function compose(at: Composing, segments: readonly Segment[]): Segment[] {
  if (segments.length === 0) throw new BridgeError('badParameter', 'a message needs at least one segment')
  requireLength(segments)
  for (const segment of segments) requireAllowed(at, segment)
  const forwards = { count: 0, nodes: 0 }
  return segments.map((segment) => settle(at, segment, forwards, 1))
}

function requireLength(segments: readonly Segment[]): void {
  let length = 0
  for (const segment of segments) if (segment.type === 'text') length += segment.text.length
  if (length > maxText) throw new BridgeError('tooLong', `the text has ${length} characters, at most ${maxText} fit`)
}

function requireAllowed({ state, chat, senderId }: Composing, segment: Segment): void {
  if (segment.type === 'mention' && chat.kind === 'group') {
    if (state.groups.get(chat.groupId)?.members.has(segment.userId)) return
    throw new BridgeError('notFound', `the mentioned ${segment.userId} is not a member of group ${chat.groupId}`)
  }
  if (segment.type !== 'reply') return
  const quoted = messageFor(state, segment.messageId, senderId)
  if (chatKey(quoted.chat) === chatKey(chat)) return
  throw new BridgeError('notFound', `the quoted message ${segment.messageId} is of another conversation`)
}

interface Forwards {
  count: number
  nodes: number
}

function settle(at: Composing, segment: Segment, forwards: Forwards, depth: number): Segment {
  switch (segment.type) {
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return at.env.keepMedia(segment)
    case 'dice':
      return { type: 'dice', value: segment.value ?? 1 + Math.floor(at.env.random() * 6) }
    case 'rps':
      return { type: 'rps', value: segment.value ?? hands[Math.floor(at.env.random() * 3)] }
    case 'forward':
      return settleForward(at, segment, forwards, depth)
    default:
      return segment
  }
}

const hands = ['rock', 'scissors', 'paper'] as const

function settleForward(
  at: Composing,
  segment: SegmentOf<'forward'>,
  forwards: Forwards,
  depth: number,
): SegmentOf<'forward'> {
  if (depth > maxDepth) throw new BridgeError('tooLong', `forwards are nested deeper than ${maxDepth} levels`)
  if (!segment.nodes) return knownForward(at.state, segment)
  forwards.nodes += segment.nodes.length
  if (forwards.nodes > maxNodes) throw new BridgeError('tooLong', `a forward holds at most ${maxNodes} messages`)
  const id = `forward-${at.messageId}-${++forwards.count}`
  const nodes = segment.nodes.flatMap((node) => settleNode(at, node, forwards, depth) ?? [])
  if (nodes.length === 0) throw new BridgeError('notFound', 'none of the messages to forward is there')
  return { ...segment, id, nodes }
}

function knownForward(state: WorldState, segment: SegmentOf<'forward'>): SegmentOf<'forward'> {
  const nodes = segment.id === undefined ? undefined : state.forwards.get(segment.id)
  if (!nodes) throw new BridgeError('notFound', `there is no forward ${segment.id ?? 'without id and nodes'}`)
  return { ...segment, nodes }
}

/** undefined for a message that is not there: mah leaves those out as well. */
function settleNode(at: Composing, node: ForwardNode, forwards: Forwards, depth: number): ForwardNode | undefined {
  if (node.messageId !== undefined && node.segments === undefined) return nodeOfMessage(at, node.messageId)
  const senderId = node.senderId ?? at.senderId
  return {
    senderId,
    senderName: node.senderName ?? at.state.accounts.get(senderId)?.nickname ?? String(senderId),
    time: node.time ?? secondsOf(at.env),
    segments: (node.segments ?? []).map((segment) => settle(at, segment, forwards, depth + 1)),
  }
}

function nodeOfMessage({ state, senderId }: Composing, messageId: number): ForwardNode | undefined {
  const message = state.messages.get(messageId)
  if (!message || message.recalled || !isVisible(state, message, senderId)) return undefined
  const { senderId: author, time, segments } = message
  return { senderId: author, senderName: shownName(state, message.chat, author), time, segments }
}
