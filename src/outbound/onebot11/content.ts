// Fits message content to what the implementation can send. Every loss is reported.
import { BridgeError } from '../../core/error.ts'
import type { Peer } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import type { ForwardNode, Segment, SegmentOf } from '../../core/segment.ts'
import { toPlainText } from '../../translate/plain-text.ts'
import { prepareSegments } from '../../translate/prepare.ts'
import { splitExclusive } from '../../translate/split.ts'
import type { Call } from './call.ts'

interface Place {
  call: Call
  peer: Peer
  /** 0: the message itself. 1: inside its forward, and so on. */
  depth: number
}

/** Throws `notSupported` when nothing is left. */
export function fitMessage(segments: Segment[], call: Call, peer: Peer): Segment[] {
  const fitted = fitContent(segments, { call, peer, depth: 0 })
  const forward = fitted.find((segment) => segment.type === 'forward')
  if (!forward || fitted.length === 1) return fitted
  if (fitted.some((segment) => segment !== forward && segment.type !== 'reply')) {
    throw new BridgeError('badParameter', 'a merged forward stands alone in its message')
  }
  call.loss({ what: 'reply', fidelity: 'dropped', reason: 'a merged forward cannot quote' })
  return [forward]
}

function fitContent(segments: Segment[], place: Place): Segment[] {
  const { call, peer, depth } = place
  const capabilities = depth === 0 ? call.flavour.plain : call.flavour.inForward
  noticeFlash(segments, call)
  const ready = withQuoteFirst(withoutXml(segments, call), call)
  const { segments: fitted, losses } = prepareSegments(ready, { dialect: 'onebot11', way: 'send', peer, capabilities })
  losses.forEach(call.loss)
  if (!fitted.some((segment) => segment.type === 'forward')) return fitted
  return fitted.map((segment) => (segment.type === 'forward' ? fitForward(segment, place) : segment))
}

/** The same canonical type as cards that can be sent, so it is not among the capabilities. */
function withoutXml(segments: Segment[], { flavour, loss }: Call): Segment[] {
  const { xml } = flavour.traits.segments
  const isXml = (segment: Segment): boolean => segment.type === 'card' && segment.format === 'xml'
  if (!xml || xml.fidelity === 'exact' || !segments.some(isXml)) return segments
  loss({ what: 'card', fidelity: xml.fidelity, reason: xml.reason })
  return segments.map((segment) => (isXml(segment) ? { type: 'text', text: toPlainText(segment) } : segment))
}

/** Such a picture goes out all the same: it only stays to be seen. */
function noticeFlash(segments: Segment[], { flavour, loss }: Call): void {
  const { flash } = flavour.traits.segments
  if (!flash || flash.fidelity === 'exact') return
  if (segments.some((segment) => segment.type === 'image' && segment.flash)) {
    loss({ what: 'image', fidelity: flash.fidelity, reason: flash.reason })
  }
}

/** Implementations want one quote, in front. */
function withQuoteFirst(segments: Segment[], { loss }: Call): Segment[] {
  const at = segments.findIndex((segment) => segment.type === 'reply')
  if (at < 0) return segments
  const others = segments.filter((segment) => segment.type !== 'reply')
  if (at === 0 && others.length === segments.length - 1) return segments
  if (others.length < segments.length - 1) {
    loss({ what: 'reply', fidelity: 'dropped', reason: 'a message quotes one other message only' })
  }
  return [segments[at] as Segment, ...others]
}

/** One without nodes goes by its id. */
function fitForward(segment: SegmentOf<'forward'>, place: Place): Segment {
  const { call, depth } = place
  if (depth >= call.flavour.traits.forwardDepth) {
    const reason = `forwards are nested at most ${call.flavour.traits.forwardDepth} deep`
    call.loss({ what: 'forward', fidelity: 'asText', reason })
    return { type: 'text', text: toPlainText(segment) }
  }
  if (!segment.nodes) {
    if (segment.card !== undefined) return { type: 'card', format: 'app', data: segment.card }
    if (segment.id && call.flavour.traits.resendForward) return segment
    call.loss({ what: 'forward', fidelity: 'asText', reason: 'its content is not known' })
    return { type: 'text', text: toPlainText(segment) }
  }
  if (segment.source) call.loss({ what: 'forward', fidelity: 'lossy', reason: 'display.source has no place in OneBot' })
  const nodes = segment.nodes.flatMap((node) => fitNode(node, { ...place, depth: depth + 1 }))
  if (nodes.length === 0) throw new BridgeError('notSupported', 'nothing is left of the merged forward')
  return { ...segment, nodes }
}

/** What cannot share a message becomes a node of its own. */
function fitNode(node: ForwardNode, place: Place): ForwardNode[] {
  const { call } = place
  const known = node.segments ? node : resolveNode(node, call)
  if (!known.segments) return [known]
  const author = {
    senderId: known.senderId ?? call.bot,
    senderName: known.senderName ?? call.nickname,
    time: known.time,
    ...(known.extra && { extra: known.extra }),
  }
  return splitExclusive(known.segments).flatMap((part) => {
    const inner = tooDeep(part, place)
    if (inner) return inner.flatMap((one) => fitNode(one, place))
    const fitted = fitNodeContent(part, place)
    return fitted.length === 0 ? [] : [{ ...author, segments: fitted }]
  })
}

/** What a forward below the deepest level holds stands beside what would hold it: who said what stays. */
function tooDeep(part: readonly Segment[], { call, depth }: Place): ForwardNode[] | undefined {
  const forward = part.find((segment) => segment.type === 'forward')
  const { forwardDepth } = call.flavour.traits
  if (!forward?.nodes || depth < forwardDepth) return undefined
  const reason = `forwards are nested at most ${forwardDepth} deep: its messages stand in the one around it`
  call.loss({ what: 'forward', fidelity: 'lossy', reason })
  return forward.nodes
}

/** As long as nodes name messages that the bridge knows by their content: with that instead. undefined: there are none. */
export function withLiteralNodes(segments: Segment[], call: Call): Segment[] | undefined {
  let changed = false
  const literal = segments.map((segment) => {
    if (segment.type !== 'forward' || !segment.nodes) return segment
    const nodes = segment.nodes.map((node) => {
      const stored = node.messageId === undefined ? undefined : call.services.messages.get(call.bot, node.messageId)
      if (!stored) return node
      changed = true
      return toLiteral(stored)
    })
    return { ...segment, nodes }
  })
  return changed ? literal : undefined
}

function toLiteral({ sender, time, segments }: Message): ForwardNode {
  return { senderId: sender.userId, senderName: sender.card || sender.nickname, time, segments }
}

function fitNodeContent(segments: Segment[], place: Place): Segment[] {
  const { call } = place
  try {
    const fitted = fitContent(segments, place)
    if (fitted.length === 0) call.loss({ what: 'node', fidelity: 'dropped', reason: 'it has no content' })
    // A forward inside a node is printed as nodes only where it stands alone.
    return fitted.length > 1 ? fitted.filter((segment) => segment.type !== 'reply' || !hasForward(fitted)) : fitted
  } catch (error) {
    if (!(error instanceof BridgeError) || error.kind !== 'notSupported') throw error
    call.loss({ what: 'node', fidelity: 'dropped', reason: error.message })
    return []
  }
}

function hasForward(segments: readonly Segment[]): boolean {
  return segments.some((segment) => segment.type === 'forward')
}

/** The backend copies a message that it knows; of others the bridge knows the content, or nothing. */
function resolveNode(node: ForwardNode, { services, bot, flavour, intake }: Call): ForwardNode {
  const { messageId } = node
  if (messageId === undefined) return { ...node, segments: [] }
  const stored = services.messages.get(bot, messageId)
  const isKnown = stored === undefined || flavour.traits.keepsIds || intake.isTold(messageId)
  if (isKnown && services.messages.native(bot, messageId)) return { messageId }
  if (!stored) throw new BridgeError('notFound', `no such message: ${messageId}`)
  return toLiteral(stored)
}
