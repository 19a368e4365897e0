// The Forward element: display texts and the three ways to name a node.
import { BridgeError } from '../../core/error.ts'
import { toInteger, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import type { ForwardNode, Segment, SegmentOf } from '../../core/segment.ts'
import { chainLimits, type Reading } from './reading.ts'

export function readForward(element: WireObject, reading: Reading): Segment | undefined {
  const list = element['nodeList']
  if (!Array.isArray(list)) {
    if (reading.strict) throw new BridgeError('badParameter', 'Forward.nodeList must be a list')
    return undefined
  }
  if (reading.strict && list.length > chainLimits.nodes) {
    throw new BridgeError('tooLong', `a forward holds at most ${chainLimits.nodes} nodes`, { limit: 'forwardNodes' })
  }
  if (reading.depth >= chainLimits.depth) {
    if (reading.strict)
      throw new BridgeError('tooLong', `forwards are nested deeper than ${chainLimits.depth} levels`, {
        limit: 'forwardDepth',
      })
    return undefined
  }
  reading.depth++
  const nodes = list.map((node) => readNode(node, reading)).filter((node) => node !== undefined)
  reading.depth--
  return { type: 'forward', nodes, ...readDisplay(toObject(element['display'])) }
}

/**
 * By message id, by reference, or literal; the first that applies. An id of 0 counts as absent: clients send it along
 * with literal nodes. Incomplete nodes are left out, as mah does.
 */
function readNode(value: unknown, reading: Reading): ForwardNode | undefined {
  const node = toObject(value)
  if (!node) return undefined
  const reference = toObject(node['messageRef'])
  const messageId = reading.toMessageId(node['messageId']) ?? reading.toMessageId(reference?.['messageId'])
  if (messageId !== undefined) return { messageId }
  const senderId = toUserId(node['senderId'])
  const senderName = toText(node['senderName'])
  const chain = node['messageChain']
  if (senderId === undefined || senderName === undefined || !Array.isArray(chain)) {
    reading.losses.push({ what: 'node', fidelity: 'dropped', reason: 'a node needs an id, or sender, name and chain' })
    return undefined
  }
  const time = toInteger(node['time']) ?? -1
  return { senderId, senderName, ...(time >= 0 && { time }), segments: reading.readChain(chain, reading) }
}

type Display = Pick<SegmentOf<'forward'>, 'title' | 'brief' | 'summary' | 'source' | 'preview'>

function readDisplay(display: WireObject | undefined): Display {
  const out: Display = {}
  for (const key of ['title', 'brief', 'summary', 'source'] as const) {
    const text = toText(display?.[key])
    if (text !== undefined) out[key] = text
  }
  const preview = display?.['preview']
  if (Array.isArray(preview)) out.preview = preview.map((line) => toText(line) ?? '')
  return out
}
