// One element of a message chain, as clients write it and as a mah backend reports it.
import { BridgeError } from '../../core/error.ts'
import { toBoolean, toInteger, toNumber, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import { readForward } from './forward.ts'
import { readImage, readVideo, readVoice } from './media-element.ts'
import { parseMiraiCode } from './mirai-code.ts'
import { chainLimits, type Reading } from './reading.ts'
import {
  fallbackFaceId,
  fromHandName,
  fromMusicKind,
  fromPokeName,
  rpsMarketFaceId,
  toFaceId,
  toFaceName,
} from './words.ts'

type Reader = (element: WireObject, reading: Reading) => Segment | readonly Segment[] | undefined

const nothing: Reader = () => undefined

const readers = new Map<string, Reader>([
  ['Plain', (element, reading) => readText(need(element, 'text', reading), reading)],
  ['At', readMention],
  ['AtAll', () => ({ type: 'mentionAll' })],
  ['Face', readFace],
  ['Image', (element, reading) => readImage(element, reading, false)],
  ['FlashImage', (element, reading) => readImage(element, reading, true)],
  ['Voice', readVoice],
  ['ShortVideo', readVideo],
  ['Xml', (element, reading) => readXml(need(element, 'xml', reading))],
  ['Json', (element, reading) => ({ type: 'card', format: 'json', data: need(element, 'json', reading) })],
  ['App', (element, reading) => ({ type: 'card', format: 'app', data: need(element, 'content', reading) })],
  ['Poke', (element, reading) => ({ type: 'poke', ...fromPokeName(need(element, 'name', reading)) })],
  ['Dice', readDice],
  ['MusicShare', readMusic],
  ['MiraiCode', (element, reading) => parseMiraiCode(need(element, 'code', reading))],
  ['Forward', readForward],
  ['MarketFace', (element, reading) => (reading.strict ? leaveOut('MarketFace', reading) : readMarketFace(element))],
  ['File', (element, reading) => (reading.strict ? leaveOut('File', reading) : readFile(element))],
  ['Source', nothing],
  ['Quote', nothing],
  ['Unknown', nothing],
])

/** The elements of a chain as segments. Throws `badParameter` and `tooLong` when `strict`. */
export function readElements(chain: readonly unknown[], reading: Reading): Segment[] {
  reading.count += chain.length
  if (reading.strict && reading.count > chainLimits.segments) {
    throw new BridgeError('tooLong', `a message holds at most ${chainLimits.segments} elements`, { limit: 'segments' })
  }
  const segments: Segment[] = []
  for (const item of chain) {
    const read = readElement(item, reading)
    if (read === undefined) continue
    if ('type' in read) segments.push(read)
    else segments.push(...read)
  }
  return segments
}

function readElement(item: unknown, reading: Reading): ReturnType<Reader> {
  if (typeof item === 'string') return readText(item, reading)
  const element = toObject(item)
  const type = element?.['type']
  const reader = typeof type === 'string' ? readers.get(type) : undefined
  if (element && reader) return reader(element, reading)
  if (reading.strict) throw new BridgeError('badParameter', `Illegal input: no such message element: ${describe(type)}`)
  return typeof type === 'string' ? { type: 'unknown', dialect: 'mirai', name: type, data: element } : undefined
}

function describe(type: unknown): string {
  return typeof type === 'string' ? type.slice(0, 40) : 'an element needs a type'
}

/** A member that must be there as text. Backends may leave it out. */
function need(element: WireObject, name: string, reading: Reading): string {
  const text = toText(element[name])
  if (text !== undefined) return text
  if (reading.strict) throw new BridgeError('badParameter', `${String(element['type'])}.${name} must be text`)
  return ''
}

function readText(text: string, reading: Reading): Segment | undefined {
  reading.characters += text.length
  if (reading.strict && reading.characters > chainLimits.characters) {
    throw new BridgeError('tooLong', `a message holds at most ${chainLimits.characters} characters`, {
      limit: 'characters',
    })
  }
  return text === '' ? undefined : { type: 'text', text }
}

function readMention(element: WireObject, reading: Reading): Segment | undefined {
  const userId = toUserId(element['target'])
  if (userId !== undefined) return { type: 'mention', userId }
  if (reading.strict) throw new BridgeError('badParameter', 'At.target must be the number of an account')
  return undefined
}

/** An id from 0 wins over the name; neither known: face 255, as mah has it. */
function readFace(element: WireObject): Segment {
  const given = toInteger(element['faceId']) ?? -1
  const named = toText(element['name']) ?? ''
  const id = given >= 0 ? given : (toFaceId(named) ?? fallbackFaceId)
  const large = toBoolean(element['isSuperFace'] ?? element['superFace']) === true
  return { type: 'face', id, name: toFaceName(id), ...(large && { large }) }
}

function readDice(element: WireObject, reading: Reading): Segment | undefined {
  const value = toInteger(element['value'])
  if (value !== undefined && value >= 1 && value <= 6) return { type: 'dice', value }
  if (reading.strict) throw new BridgeError('badParameter', 'Dice.value must be 1 to 6')
  return { type: 'dice' }
}

function readMusic(element: WireObject, reading: Reading): Segment | undefined {
  const kind = need(element, 'kind', reading)
  const platform = fromMusicKind(kind)
  if (platform === undefined && reading.strict) {
    throw new BridgeError('badParameter', `MusicShare.kind: no such kind: ${kind.slice(0, 40)}`)
  }
  return {
    type: 'music',
    platform: platform ?? 'custom',
    title: need(element, 'title', reading),
    summary: toText(element['summary']) ?? '',
    jumpUrl: toText(element['jumpUrl']) ?? '',
    pictureUrl: toText(element['pictureUrl']) ?? '',
    musicUrl: toText(element['musicUrl']) ?? '',
    brief: toText(element['brief']) ?? '',
  }
}

/** mah reports JSON service messages as Xml too. */
function readXml(text: string): Segment {
  return { type: 'card', format: text.trimStart().startsWith('{') ? 'json' : 'xml', data: text }
}

/** What mah shows but does not send. */
function leaveOut(what: string, { losses }: Reading): undefined {
  losses.push({ what, fidelity: 'dropped', reason: 'mirai receives this element only' })
}

/** Rock-paper-scissors comes as a market face too. */
function readMarketFace(element: WireObject): Segment {
  const packageId = toInteger(element['id'])
  const name = toText(element['name']) ?? ''
  const hand = packageId === rpsMarketFaceId ? fromHandName(name) : undefined
  return hand ? { type: 'rps', value: hand } : { type: 'marketFace', packageId, name }
}

function readFile(element: WireObject): Segment {
  return {
    type: 'file',
    id: toText(element['id']) ?? '',
    name: toText(element['name']) ?? '',
    sizeBytes: toNumber(element['size']) ?? 0,
  }
}
