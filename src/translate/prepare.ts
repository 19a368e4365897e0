// Fits message content to what the receiving dialect and backend can say, by mappings/segments. Every loss is reported.
import { segments as table, wordsOfUnknown } from '../../mappings/segments.ts'
import { BridgeError } from '../core/error.ts'
import type { Fidelity, Loss } from '../core/fidelity.ts'
import type { Peer } from '../core/ids.ts'
import type { Capabilities } from '../core/ports.ts'
import { briefOf, type Segment, type SegmentOf } from '../core/segment.ts'
import { toPlainText } from './plain-text.ts'

export interface Target {
  dialect: 'onebot11' | 'mirai'
  /** send: for a backend. event: for a client. */
  way: 'send' | 'event'
  peer: Peer
  /** What the backend said of itself; beats the table. */
  capabilities?: Capabilities | undefined
}

export interface Prepared {
  segments: Segment[]
  losses: Loss[]
}

interface Verdict {
  fidelity: Fidelity
  reason: string
}

const fine: Verdict = { fidelity: 'exact', reason: '' }
const noLosses: Loss[] = []

/** Throws `notSupported` when nothing is left of a message that had content. The same list comes back when all fits. */
export function prepareSegments(segments: Segment[], target: Target): Prepared {
  if (segments.every((segment) => judge(segment, target) === fine)) return { segments, losses: noLosses }
  const out: Segment[] = []
  const losses: Loss[] = []
  for (const segment of segments) {
    const { fidelity, reason } = judge(segment, target)
    if (fidelity !== 'exact') losses.push({ what: segment.type, fidelity, reason })
    if (fidelity === 'exact' || fidelity === 'lossy') out.push(segment)
    else if (fidelity === 'asText') out.push({ type: 'text', text: toPlainText(segment) })
  }
  const refused = losses.find((loss) => loss.fidelity === 'refused' || loss.fidelity === 'dropped')
  if (refused && target.way === 'send' && out.every(isQuote)) {
    throw new BridgeError('notSupported', `nothing left to send: ${refused.what}: ${refused.reason}`)
  }
  const standIn = refused && target.way === 'event' && out.every(isQuote) ? namesOfUnknown(segments, target) : ''
  if (standIn === '') return { segments: out, losses }
  const shown = losses.map((loss): Loss => (loss.what === 'unknown' ? { ...loss, fidelity: 'asText' } : loss))
  return { segments: [...out, { type: 'text', text: standIn }], losses: shown }
}

function isQuote({ type }: Segment): boolean {
  return type === 'reply'
}

/** Bots fail on messages without content: what another dialect calls its segments is better than nothing. */
function namesOfUnknown(segments: readonly Segment[], target: Target): string {
  const isNamed = (segment: Segment): boolean =>
    segment.type === 'unknown' && segment.dialect !== target.dialect && !isSilent(segment.name)
  return segments.filter(isNamed).map(toPlainText).join('')
}

function judge(segment: Segment, target: Target): Verdict {
  if (segment.type === 'unknown') return judgeUnknown(segment, target)
  if (segment.type === 'mention' && target.way === 'send' && target.peer.kind !== 'group') return mentionInPrivate
  if (segment.type === 'music' && target.dialect === 'mirai' && isOnlyAnId(segment)) return songById
  const said = target.way === 'send' ? target.capabilities?.segments[segment.type] : undefined
  if (said && said.fidelity !== 'exact') return said
  if (segment.type === 'music' && target.dialect === 'onebot11' && briefOf(segment) !== undefined) return songInBrief
  if (said) return fine
  const cell: { send: Fidelity; event: Fidelity; reason?: string } = table[segment.type][target.dialect]
  return cell[target.way] === 'exact' ? fine : { fidelity: cell[target.way], reason: cell.reason ?? '' }
}

const mentionInPrivate: Verdict = { fidelity: 'asText', reason: 'nobody can be mentioned in a private chat' }

const songById: Verdict = { fidelity: 'asText', reason: 'mirai has no song by its number, only whole cards' }

const songInBrief: Verdict = {
  fidelity: 'lossy',
  reason: 'OneBot has no brief of songs: it stands where a summary is missing',
}

function isOnlyAnId({ title, jumpUrl }: SegmentOf<'music'>): boolean {
  return title === undefined && jumpUrl === undefined
}

function judgeUnknown({ dialect, name }: SegmentOf<'unknown'>, target: Target): Verdict {
  if (dialect === target.dialect) return fine
  if (isSilent(name)) {
    return { fidelity: 'dropped', reason: `${name} says nothing outside of OneBot` }
  }
  const cell = table.unknown[target.dialect]
  return { fidelity: cell[target.way], reason: `${cell.reason}: ${name.slice(0, 40)}` }
}

function isSilent(name: string): boolean {
  return Object.hasOwn(wordsOfUnknown, name) && wordsOfUnknown[name] === null
}
