// Lists of wire segments and, since these hold each other, merged forwards: the node forms that clients send and the
// message objects that backends answer with.
import { BridgeError } from '../../core/error.ts'
import { toInteger, toObject, toUserId, type WireObject } from '../../core/read.ts'
import type { ForwardNode, Segment } from '../../core/segment.ts'
import { parseCq } from './cqcode.ts'
import { nodeExtra, withSegmentExtra } from './segment-extra.ts'
import { parseSegment, readCardTexts, textOf, withoutAbsent, type Side } from './segment-parse.ts'

const maxNesting = 10

/** A node segment, or a message object inside a forward, which has no `type` of its own. */
function isNode(value: WireObject): boolean {
  return value['type'] === 'node' || (value['type'] === undefined && ('content' in value || 'message' in value))
}

/** A string with CQ codes, a list of segments, or one segment. */
export function parseParts(value: unknown, side: Side, depth: number): Segment[] {
  const parts = toParts(value)
  if (!parts) {
    if (side.strict) throw new BridgeError('badParameter', 'message must be text, a segment, or a list of segments')
    return []
  }
  const out: Segment[] = []
  let nodes = 0
  for (const part of parts) {
    const wire = toObject(part)
    if (wire && wire['type'] === 'node') nodes++
    const segment = parsePart(wire, side, depth)
    if (segment) out.push(segment)
  }
  return nodes === 0 ? out : joinNodes(out, nodes === parts.length, side)
}

function toParts(value: unknown): readonly unknown[] | undefined {
  if (typeof value === 'string') return parseCq(value)
  return Array.isArray(value) ? value : toObject(value) ? [value] : undefined
}

function parsePart(wire: WireObject | undefined, side: Side, depth: number): Segment | null {
  const type = wire?.['type']
  if (!wire || typeof type !== 'string' || type === '') {
    if (side.strict) throw new BridgeError('badParameter', 'each message segment must be an object with type and data')
    return null
  }
  if (type === 'node') return { type: 'forward', nodes: parseForward([wire], side, depth) }
  const data = toObject(wire['data']) ?? {}
  if (type === 'forward') return withSegmentExtra(parseForwardSegment(data, side, depth), type, data, !side.strict)
  const segment = parseSegment(type, data, side)
  return segment && withSegmentExtra(segment, type, data, !side.strict)
}

/** Nodes side by side are one forward. */
function joinNodes(segments: Segment[], onlyNodes: boolean, side: Side): Segment[] {
  if (!onlyNodes) {
    if (side.strict) throw new BridgeError('badParameter', 'a message holds either only nodes or none')
    return segments
  }
  const nodes = segments.flatMap((segment) => (segment.type === 'forward' ? (segment.nodes ?? []) : []))
  return [{ type: 'forward', nodes: nodes }]
}

function parseForwardSegment(data: WireObject, side: Side, depth: number): Segment {
  const id = textOf(data['id'])
  const content = data['content']
  if (side.strict && id === undefined && !Array.isArray(content)) {
    throw new BridgeError('badParameter', 'a forward segment needs id')
  }
  return withoutAbsent({
    type: 'forward',
    id,
    nodes: Array.isArray(content) ? parseForward(content, side, depth + 1) : undefined,
  })
}

export function parseForward(items: readonly unknown[], side: Side, depth: number): ForwardNode[] {
  if (depth > maxNesting) {
    if (side.strict)
      throw new BridgeError('tooLong', `forwards are nested deeper than ${maxNesting} levels`, {
        limit: 'forwardDepth',
      })
    return []
  }
  const nodes: ForwardNode[] = []
  for (const item of items) {
    const wire = toObject(item)
    if (wire && isNode(wire)) nodes.push(parseNode(wire, side, depth))
    else if (side.strict) throw new BridgeError('badParameter', 'each message of a forward must be a node segment')
  }
  return nodes
}

function parseNode(wire: WireObject, side: Side, depth: number): ForwardNode {
  const data = wire['type'] === 'node' ? (toObject(wire['data']) ?? {}) : wire
  const content = bodyOf(data)
  if (content === undefined || content === null) {
    const messageId = side.message(data['id'])
    if (messageId !== undefined) return { messageId }
    if (side.strict) throw new BridgeError('badParameter', 'a node needs id, or user_id, nickname and content')
  }
  const sender = toObject(data['sender']) ?? {}
  return withoutAbsent({
    senderId: toUserId(data['user_id'] ?? data['uin'] ?? sender['user_id']),
    senderName:
      textOf(data['nickname']) ?? textOf(data['name']) ?? textOf(sender['nickname']) ?? textOf(sender['card']),
    time: toInteger(data['time']),
    segments: parseContent(content ?? [], data, side, depth),
    extra: nodeExtra(data),
  })
}

function bodyOf(data: WireObject): unknown {
  const { content, message } = data as { content?: unknown; message?: unknown }
  return Array.isArray(content) ? content : (message ?? content)
}

/** Content that is itself a list of nodes is a forward inside the forward. */
function parseContent(content: unknown, data: WireObject, side: Side, depth: number): Segment[] {
  const items = Array.isArray(content) ? content : [content]
  const first = toObject(items[0])
  if (!first || !isNode(first)) return parseParts(content, side, depth)
  return [{ type: 'forward', nodes: parseForward(items, side, depth + 1), ...readCardTexts(data) }]
}
