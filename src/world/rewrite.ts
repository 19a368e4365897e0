// Message ids inside message content, from one numbering to another.
import { BridgeError } from '../core/error.ts'
import type { MessageId } from '../core/ids.ts'
import type { ForwardNode, Segment } from '../core/segment.ts'

type Renumber = (id: MessageId) => MessageId | undefined

/** The same list when no id changes. An unknown quote throws `notFound`; unknown messages to forward are left out. */
export function rewriteIds(segments: readonly Segment[], renumber: Renumber): Segment[] {
  let changed: Segment[] | undefined
  for (const [at, segment] of segments.entries()) {
    const next = rewriteSegment(segment, renumber)
    if (next === segment) continue
    changed ??= [...segments]
    changed[at] = next
  }
  return changed ?? (segments as Segment[])
}

function rewriteSegment(segment: Segment, renumber: Renumber): Segment {
  if (segment.type === 'reply') {
    const messageId = renumber(segment.messageId)
    if (messageId === undefined) throw new BridgeError('notFound', `there is no message ${segment.messageId} to quote`)
    return messageId === segment.messageId ? segment : { ...segment, messageId }
  }
  if (segment.type !== 'forward' || !segment.nodes) return segment
  const nodes = segment.nodes.flatMap((node) => rewriteNode(node, renumber) ?? [])
  const isSame = nodes.length === segment.nodes.length && nodes.every((node, at) => node === segment.nodes?.[at])
  return isSame ? segment : { ...segment, nodes }
}

function rewriteNode(node: ForwardNode, renumber: Renumber): ForwardNode | undefined {
  if (node.segments) {
    const segments = rewriteIds(node.segments, renumber)
    return segments === node.segments ? node : { ...node, segments }
  }
  if (node.messageId === undefined) return node
  const messageId = renumber(node.messageId)
  if (messageId === undefined) return undefined
  return messageId === node.messageId ? node : { ...node, messageId }
}
