// Segments of world control: at, at_all, json and forward nodes have short forms of their own, all others are canonical.
import * as v from 'valibot'
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import { describeFault } from '../../core/issue.ts'
import { toObject, toUserId, type WireObject } from '../../core/read.ts'
import { type ForwardNode, Segment } from '../../core/segment.ts'

const maxDepth = 10

function refuse(path: string, reason: string): never {
  throw new BridgeError('badParameter', `${path}: ${reason}`)
}

/** Throws `badParameter` with the dotted path. */
export function parseSegments(input: unknown, path = 'segments', depth = 0): Segment[] {
  if (!Array.isArray(input)) return refuse(path, 'must be a list of segments')
  if (depth > maxDepth) return refuse(path, `nested deeper than ${maxDepth} forwards`)
  return input.map((segment, at) => parseSegment(segment, `${path}.${at}`, depth))
}

/** As a field of a form; the path of a fault stands in front of its reason. */
export const segments = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Segment[]>(({ dataset, addIssue, NEVER }) => {
    try {
      return parseSegments(dataset.value)
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error
      // It names the place itself.
      addIssue({ message: error.message })
      return NEVER
    }
  }),
)

function parseSegment(input: unknown, path: string, depth: number): Segment {
  const wire = toObject(input)
  if (!wire) return refuse(path, 'must be a segment')
  switch (wire['type']) {
    case 'at':
      requireKeys(wire, ['type', 'target'], path)
      return { type: 'mention', userId: toUserId(wire['target']) ?? refuse(`${path}.target`, 'must be an account') }
    case 'at_all':
      requireKeys(wire, ['type'], path)
      return { type: 'mentionAll' }
    case 'json':
      requireKeys(wire, ['type', 'data'], path)
      return parseJsonCard(wire['data'], `${path}.data`)
    case 'forward':
      if (wire['nodes'] === undefined) break
      return parseForward(wire, path, depth)
  }
  return parseCanonical(wire, path)
}

/** A card with an "app" key is a light app. */
function parseJsonCard(data: unknown, path: string): Segment {
  const card = typeof data === 'string' ? data : JSON.stringify(toObject(data) ?? refuse(path, 'must be JSON'))
  try {
    const isApp = toObject(JSON.parse(card))?.['app'] !== undefined
    return { type: 'card', format: isApp ? 'app' : 'json', data: card }
  } catch {
    return refuse(path, 'must be JSON')
  }
}

function parseForward(wire: WireObject, path: string, depth: number): Segment {
  const { nodes, ...rest } = wire
  if (!Array.isArray(nodes)) return refuse(`${path}.nodes`, 'must be a list')
  const parsed = nodes.map((node, at) => parseNode(node, `${path}.nodes.${at}`, depth))
  return { ...parseCanonical(rest, path), nodes: parsed } as Segment
}

const nodeKeys = ['sender', 'name', 'time', 'segments', 'senderId', 'senderName', 'messageId']

function parseNode(input: unknown, path: string, depth: number): ForwardNode {
  const wire = toObject(input) ?? refuse(path, 'must be a node')
  requireKeys(wire, nodeKeys, path)
  const { segments } = wire
  const node = {
    messageId: wire['messageId'],
    senderId: wire['sender'] ?? wire['senderId'],
    senderName: wire['name'] ?? wire['senderName'],
    time: wire['time'],
  }
  const head = v.safeParse(NodeHead, node)
  if (!head.success) return refuse(`${path}.${v.getDotPath(head.issues[0]) ?? ''}`, describeFault(head.issues[0]))
  if (segments === undefined) return head.output
  return { ...head.output, segments: parseSegments(segments, `${path}.segments`, depth + 1) }
}

const NodeHead = v.object({
  messageId: v.optional(v.pipe(v.number(), v.integer())),
  senderId: v.optional(v.pipe(v.unknown(), v.transform(toUserId), v.number())),
  senderName: v.optional(v.string()),
  time: v.optional(v.number()),
}) as unknown as v.GenericSchema<unknown, ForwardNode>

function parseCanonical(wire: WireObject, path: string): Segment {
  const result = v.safeParse(Segment, wire)
  if (!result.success) {
    const inside = v.getDotPath(result.issues[0])
    return refuse(inside === null ? path : `${path}.${inside}`, describeFault(result.issues[0]))
  }
  requireKeys(wire, Object.keys(result.output), path)
  const segment = result.output
  if ('base64' in segment && segment.base64 !== undefined) requireBase64(segment.base64, `${path}.base64`)
  return segment
}

/** Unknown keys are dropped by the schema: what it did not take over is refused. */
function requireKeys(wire: WireObject, allowed: readonly string[], path: string): void {
  const unknown = Object.keys(wire).find((key) => !allowed.includes(key))
  if (unknown !== undefined) refuse(path, `unknown field ${unknown}`)
}

export function requireBase64(text: string, path: string): void {
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) refuse(path, 'must be base64')
}

/** A segment in the words of world control. */
export function printSegment(segment: Segment): unknown {
  switch (segment.type) {
    case 'mention':
      return { type: 'at', target: segment.userId }
    case 'mentionAll':
      return { type: 'at_all' }
    case 'card':
      return segment.format === 'xml' ? segment : { type: 'json', data: segment.data }
    case 'forward':
      return segment.nodes ? { ...segment, nodes: segment.nodes.map(printNode) } : segment
    default:
      return segment
  }
}

function printNode({ senderId, senderName, time, segments = [] }: ForwardNode): unknown {
  return { sender: senderId satisfies UserId | undefined, name: senderName, time, segments: segments.map(printSegment) }
}
