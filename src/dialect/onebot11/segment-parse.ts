// Wire segments into canonical ones, forwards and nodes excepted. `Side` holds what differs between a client's segments and a backend's.
import { pokes, rpsResults } from '../../../mappings/faces.ts'
import { BridgeError } from '../../core/error.ts'
import type { MessageId } from '../../core/ids.ts'
import { parseJson } from '../../core/json.ts'
import { toBoolean, toInteger, toNumber, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import type { MediaSegment, Segment, SegmentOf } from '../../core/segment.ts'
import type { SourceFields } from './source.ts'
import { dialectName } from './wire.ts'

export interface Side {
  /** What cannot be read fails the call; otherwise it becomes an `unknown` segment. */
  strict: boolean
  message(id: unknown): MessageId | undefined
  /** undefined: no source is given. */
  source(
    kind: MediaSegment['type'],
    data: WireObject,
  ): (SourceFields & { name?: string; sizeBytes?: number }) | undefined
}

/** null: nothing to keep. undefined: its data cannot be read. */
type Parsed = Segment | null | undefined
type Parser = (data: WireObject, side: Side) => Parsed

export function parseSegment(type: string, data: WireObject, side: Side): Segment | null {
  const parse = parsers.get(type)
  const parsed = parse ? parse(data, side) : toUnknown(type, data)
  if (parsed !== undefined) return parsed
  if (side.strict) throw new BridgeError('badParameter', `a ${type} segment needs ${needs.get(type) ?? 'other data'}`)
  return toUnknown(type, data)
}

function toUnknown(name: string, data: WireObject): Segment {
  return { type: 'unknown', dialect: dialectName, name, data }
}

function parseText(data: WireObject): Segment | null {
  const text = toText(data['text']) ?? ''
  return text === '' ? null : { type: 'text', text }
}

const parsers = new Map<string, Parser>([
  ['text', parseText],
  ['at', parseAt],
  ['face', parseFace],
  ['image', parseImage],
  ['record', parseVoice],
  ['voice', parseVoice],
  ['video', parseVideo],
  ['file', parseFile],
  ['reply', parseReply],
  ['json', parseCard],
  ['miniapp', parseCard],
  ['xml', (data) => cardOf('xml', toText(data['data']))],
  [
    'markdown',
    (data) => (typeof data['content'] === 'string' ? { type: 'markdown', content: data['content'] } : undefined),
  ],
  ['keyboard', (data) => ({ type: 'keyboard', content: data })],
  ['inline_keyboard', (data) => ({ type: 'keyboard', content: data })],
  ['dice', (data) => withoutAbsent({ type: 'dice', value: toDice(data['result'] ?? data['value'] ?? data['id']) })],
  ['rps', parseRps],
  ['poke', parsePoke],
  ['shake', () => ({ type: 'poke', pokeType: 1, pokeId: -1 })],
  ['mface', parseMarketFace],
  ['marketface', parseMarketFace],
  ['contact', parseContact],
  ['location', parseLocation],
  ['share', parseLink],
  ['music', parseMusic],
])

const source = 'file, url or path'
const needs = new Map<string, string>([
  ['at', 'qq: an account number or "all"'],
  ['face', 'id: a face number'],
  ['image', source],
  ['record', source],
  ['voice', source],
  ['video', source],
  ['file', source],
  ['reply', 'id: the message_id of a message'],
  ['json', 'data: JSON text or an object'],
  ['xml', 'data: text'],
  ['markdown', 'content: text'],
  ['poke', 'type and id'],
  ['mface', 'emoji_id'],
  ['contact', 'type qq or group, and id'],
  ['location', 'lat and lon'],
  ['share', 'url'],
  ['music', 'type qq, 163, kugou, kuwo, migu, xm or custom, and id or url'],
])

function parseAt(data: WireObject): Parsed {
  const target = data['qq'] ?? data['target']
  if (typeof target === 'string' && target.toLowerCase() === 'all') return { type: 'mentionAll' }
  const userId = toUserId(target)
  return userId === undefined ? undefined : withoutAbsent({ type: 'mention', userId, name: textOf(data['name']) })
}

/** NT backends report dice and rock-paper-scissors as faces 358 and 359 with a result. */
function parseFace(data: WireObject): Parsed {
  const id = toInteger(data['id'])
  if (id === undefined || id < 0) return undefined
  const result = textOf(data['resultId'])
  if (id === 358 && result !== undefined) return withoutAbsent({ type: 'dice', value: toDice(result) })
  if (id === 359 && result !== undefined) return withoutAbsent({ type: 'rps', value: handOf('nt', result) })
  const large = toBoolean(data['large']) === true || data['type'] === 'sticker'
  return withoutAbsent({ type: 'face', id, large: large || undefined })
}

function parseImage(data: WireObject, side: Side): Parsed {
  if (textOf(data['emoji_id']) !== undefined) return parseMarketFace(data)
  const fields = side.source('image', data)
  if (!fields) return undefined
  const image: SegmentOf<'image'> = { type: 'image', ...fields }
  if (data['type'] === 'flash') image.flash = true
  if (toInteger(data['sub_type'] ?? data['subType']) === 1) image.emoji = true
  const summary = textOf(data['summary'])
  if (summary !== undefined) image.summary = summary
  return image
}

function parseVoice(data: WireObject, side: Side): Parsed {
  const fields = side.source('voice', data)
  return fields && withoutAbsent({ type: 'voice', ...fields, magic: toBoolean(data['magic']) || undefined })
}

function parseVideo(data: WireObject, side: Side): Parsed {
  const fields = side.source('video', data)
  return fields && withoutAbsent({ type: 'video', ...fields, thumb: textOf(data['thumb']) ?? textOf(data['cover']) })
}

function parseFile(data: WireObject, side: Side): Parsed {
  const fields = side.source('file', data)
  return fields && withoutAbsent({ type: 'file', ...fields, busId: toInteger(data['busid']) })
}

/** A backend's quote of a message that it cannot find has no id: left out. */
function parseReply(data: WireObject, side: Side): Parsed {
  const messageId = side.message(data['id'])
  if (messageId === undefined) return side.strict ? undefined : null
  return { type: 'reply', messageId }
}

function parseCard(data: WireObject, side: Side): Parsed {
  const given = data['data']
  const object = typeof given === 'string' ? tryObject(given) : toObject(given)
  const text = typeof given === 'string' ? given : object && JSON.stringify(object)
  const forward = side.strict || !object || !text ? undefined : fromForwardCard(object, text)
  if (forward) return forward
  return cardOf(typeof object?.['app'] === 'string' ? 'app' : 'json', text)
}

/** Some backends report a merged forward as the light app that QQ draws it with. Without its id it stays one. */
function fromForwardCard({ app, meta, prompt }: WireObject, card: string): Segment | undefined {
  const detail = app === 'com.tencent.multimsg' ? toObject(toObject(meta)?.['detail']) : undefined
  const id = textOf(detail?.['resid'])
  if (!detail || id === undefined) return undefined
  return { type: 'forward', id, ...readCardTexts({ ...detail, prompt }), card }
}

/** What is written on the outside of a forward: title, notification, bottom line and preview lines. */
export function readCardTexts(data: WireObject): Partial<SegmentOf<'forward'>> {
  const news = Array.isArray(data['news']) ? data['news'] : undefined
  return withoutAbsent({
    title: textOf(data['source']),
    brief: textOf(data['prompt']),
    summary: textOf(data['summary']),
    preview: news?.map((line) => textOf(toObject(line)?.['text']) ?? textOf(line) ?? '').filter((line) => line !== ''),
  })
}

function cardOf(format: SegmentOf<'card'>['format'], data: string | undefined): Parsed {
  return data ? { type: 'card', format, data } : undefined
}

function tryObject(text: string): WireObject | undefined {
  try {
    return toObject(parseJson(text))
  } catch {
    return undefined
  }
}

function toDice(value: unknown): number | undefined {
  const number = toInteger(value)
  return number !== undefined && number >= 1 && number <= 6 ? number : undefined
}

/** `result` counts like NT backends, `value` like go-cqhttp. */
function parseRps(data: WireObject): Parsed {
  const value = handOf('nt', data['result']) ?? handOf('gocq', data['value'] ?? data['id'])
  return withoutAbsent({ type: 'rps', value })
}

function handOf(numbering: keyof typeof rpsResults, value: unknown): SegmentOf<'rps'>['value'] {
  const number = toInteger(value)
  const table = rpsResults[numbering]
  return (['rock', 'scissors', 'paper'] as const).find((hand) => table[hand] === number)
}

function parsePoke(data: WireObject): Parsed {
  const pokeType = toInteger(data['type'])
  if (pokeType === undefined) return data['qq'] === undefined ? undefined : toUnknown('poke', data)
  const known = pokes.find(([, type]) => type === pokeType)
  return { type: 'poke', pokeType, pokeId: toInteger(data['id']) ?? known?.[2] ?? -1 }
}

function parseMarketFace(data: WireObject): Parsed {
  const faceId = textOf(data['emoji_id'])
  if (faceId === undefined) return undefined
  return withoutAbsent({
    type: 'marketFace',
    packageId: toInteger(data['emoji_package_id']),
    faceId,
    key: textOf(data['key']),
    name: textOf(data['summary']),
    url: textOf(data['url']),
  })
}

function parseContact(data: WireObject): Parsed {
  const id = toUserId(data['id'])
  const kind = data['type'] === 'group' ? 'group' : (data['type'] ?? 'qq') === 'qq' ? 'friend' : undefined
  return id === undefined || kind === undefined ? undefined : { type: 'contact', kind, id }
}

function parseLocation(data: WireObject): Parsed {
  const lat = toNumber(data['lat'])
  const lon = toNumber(data['lon'])
  if (lat === undefined || lon === undefined) return undefined
  return withoutAbsent({ type: 'location', lat, lon, title: textOf(data['title']), content: textOf(data['content']) })
}

function parseLink(data: WireObject): Parsed {
  const url = textOf(data['url'])
  if (url === undefined) return undefined
  return withoutAbsent({
    type: 'link',
    url,
    title: textOf(data['title']) ?? '',
    content: textOf(data['content']),
    image: textOf(data['image']),
  })
}

const platforms = new Set<unknown>(['qq', '163', 'kugou', 'kuwo', 'migu', 'xm', 'custom'])

/** A custom card may name the platform whose look it has. */
function parseMusic(data: WireObject): Parsed {
  const type = toText(data['type'])
  const platform = type === 'custom' && platforms.has(data['subtype']) ? data['subtype'] : type
  const id = textOf(data['id'])
  const jumpUrl = textOf(data['url'])
  if (!platforms.has(platform) || (id === undefined && jumpUrl === undefined)) return undefined
  return withoutAbsent({
    type: 'music',
    platform: platform as SegmentOf<'music'>['platform'],
    id,
    title: textOf(data['title']),
    summary: textOf(data['content']),
    jumpUrl,
    pictureUrl: textOf(data['image']),
    musicUrl: textOf(data['audio']) ?? textOf(data['voice']),
  })
}

/** Text that says something; clients send null and "" for what they leave out. */
export function textOf(value: unknown): string | undefined {
  const text = toText(value)
  return text === '' ? undefined : text
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Members that are undefined leave, so that segments compare and print alike however they came in. */
export function withoutAbsent<T extends object>(object: T): Present<T> {
  for (const key in object) if (object[key] === undefined) return copyPresent(object)
  return object as Present<T>
}

/** A copy, since deleting members makes objects slow. */
function copyPresent<T extends object>(object: T): Present<T> {
  const out: Partial<T> = {}
  for (const key in object) if (object[key] !== undefined) out[key] = object[key]
  return out as Present<T>
}
