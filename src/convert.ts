// Message content between the dialects as pure functions, for programs that want nothing else of the bridge. Everything goes
// through `Segment`, the neutral form; what does not survive a conversion is named in `losses`.
import type { Loss } from './core/fidelity.ts'
import type { GroupId, Peer, UserId } from './core/ids.ts'
import type { WireObject } from './core/read.ts'
import type { Segment } from './core/segment.ts'
import { parseChain, printChain, type PrintContext } from './dialect/mirai/index.ts'
import { printMiraiCode } from './dialect/mirai/mirai-code-print.ts'
import { parseMiraiCode } from './dialect/mirai/mirai-code.ts'
import { printCq } from './dialect/onebot11/cqcode.ts'
import { printMessage } from './dialect/onebot11/message-print.ts'
import { parseMessage } from './dialect/onebot11/message.ts'
import type { WireSegment } from './dialect/onebot11/wire.ts'
import { toPlainText } from './translate/plain-text.ts'
import { prepareSegments } from './translate/prepare.ts'

export { BridgeError } from './core/error.ts'
export type { Fidelity, Loss } from './core/fidelity.ts'
export type { Segment } from './core/segment.ts'
export { parseCq as parseCqCode, printCq as printCqCode } from './dialect/onebot11/cqcode.ts'
/** A segment on the wire of OneBot 11: `{ type, data }`. */
export type OneBotSegment = WireSegment
/** An element of a mirai message chain: `{ type, … }`. */
export type ChainElement = WireObject

export interface Converted<T> {
  content: T
  /** What is not the same as before, and why. Empty: nothing was lost. */
  losses: readonly Loss[]
}

export interface PlaceOptions {
  /** Where the message stands: some elements are only there in groups. Default group. */
  place?: 'group' | 'friend'
}

/**
 * A message of OneBot 11, as a string with CQ codes, a list of segments or one segment. Throws BridgeError `badParameter` for
 * what is no message, `tooLong` beyond the limits.
 */
export function fromOneBot(message: unknown): Segment[] {
  return parseMessage(message)
}

export function toOneBot(segments: readonly Segment[], options: PlaceOptions = {}): Converted<OneBotSegment[]> {
  const { segments: fitting, losses } = prepare(segments, 'onebot11', options)
  return { content: printMessage(fitting), losses }
}

/** As `toOneBot`, in one text with CQ codes. */
export function toCqCode(segments: readonly Segment[], options: PlaceOptions = {}): Converted<string> {
  const { content, losses } = toOneBot(segments, options)
  return { content: printCq(content), losses }
}

/** A message chain of mirai-api-http, as clients send it. Throws BridgeError `badParameter`, `tooLong`. */
export function fromMiraiChain(chain: unknown): Converted<Segment[]> {
  const { segments, losses } = parseChain(chain)
  return { content: segments, losses }
}

/** A message chain without a Source, every field that clients expect in mah's order. */
export function toMiraiChain(segments: readonly Segment[], options: PlaceOptions = {}): Converted<ChainElement[]> {
  const { segments: fitting, losses } = prepare(segments, 'mirai', options)
  const more: Loss[] = []
  const content = printChain(fitting, peerOf(options), contextFor(more))
  return { content, losses: [...losses, ...more] }
}

/** mirai code, `[mirai:at:10001]`. What is no code stays text; never throws. */
export function fromMiraiCode(code: string): Segment[] {
  return parseMiraiCode(code)
}

/** What mirai code has no word for becomes text, a quote goes. */
export function toMiraiCode(segments: readonly Segment[]): Converted<string> {
  const losses: Loss[] = []
  const texts = segments.map((segment) => {
    const code = printMiraiCode(segment)
    if (code !== undefined) return code
    const isDropped = segment.type === 'reply'
    losses.push({
      what: segment.type,
      fidelity: isDropped ? 'dropped' : 'asText',
      reason: 'mirai code has no word for it',
    })
    return isDropped ? '' : (printMiraiCode({ type: 'text', text: toPlainText(segment) }) ?? '')
  })
  return { content: texts.join(''), losses }
}

/** A message in words, as a phone shows it in its list: `[图片]` for a picture. */
export function toText(segments: readonly Segment[]): string {
  return segments.map(toPlainText).join('')
}

function prepare(segments: readonly Segment[], dialect: 'onebot11' | 'mirai', options: PlaceOptions) {
  return prepareSegments([...segments], { dialect, way: 'event', peer: peerOf(options) })
}

function peerOf({ place = 'group' }: PlaceOptions): Peer {
  return place === 'group' ? { kind: 'group', groupId: 0 as GroupId } : { kind: 'friend', userId: 0 as UserId }
}

/** Nobody is known here: names are what the segments say. */
function contextFor(losses: Loss[]): PrintContext {
  const nobody = (): undefined => undefined
  const view = { profile: nobody, friend: nobody, group: nobody, member: nobody, message: nobody }
  return { bot: 0 as UserId, view, now: 0, loss: (loss) => void losses.push(loss) }
}
