// mirai code: text with elements written as [mirai:name:args]. A backslash makes the next character literal.
import type { Segment } from '../../core/segment.ts'
import { toAccount, toInteger, toUserId } from '../../core/read.ts'
import { fromImageId } from './media-id.ts'
import { fromHandName, fromMusicKind } from './words.ts'

const opening = '[mirai:'

/** Codes that are not understood stay in the text as they were written. One pass: no character is looked at twice. */
export function parseMiraiCode(code: string): Segment[] {
  const segments: Segment[] = []
  let text = ''
  let at = 0
  let closable = true
  while (at < code.length) {
    const close =
      closable && code.startsWith(opening, at) ? indexOfUnescaped(code, ']', at + opening.length) : undefined
    if (close === -1) closable = false
    if (close !== undefined && close > 0) {
      const segment = readCode(code.slice(at + opening.length, close))
      if (segment && text !== '') segments.push({ type: 'text', text })
      if (segment) segments.push(segment)
      text = segment ? '' : text + code.slice(at, close + 1)
      at = close + 1
    } else if (code[at] === '\\' && at + 1 < code.length) {
      text += unescapeOne(code[at + 1] as string)
      at += 2
    } else text += code[at++]
  }
  if (text !== '') segments.push({ type: 'text', text })
  return segments
}

function readCode(body: string): Segment | undefined {
  const colon = body.indexOf(':')
  const name = colon < 0 ? body : body.slice(0, colon)
  return readers.get(name)?.(colon < 0 ? '' : body.slice(colon + 1))
}

/** Each takes the raw argument text, still escaped. */
const readers = new Map<string, (raw: string) => Segment | undefined>([
  ['at', readMention],
  ['atall', () => ({ type: 'mentionAll' })],
  ['face', (raw) => readFace(raw, false)],
  ['superface', (raw) => readFace(raw, true)],
  ['image', (raw) => readImage(raw, false)],
  ['flash', (raw) => readImage(raw, true)],
  ['poke', readPoke],
  ['app', (raw) => ({ type: 'card', format: 'app', data: unescape(raw) })],
  ['service', readService],
  ['dice', readDice],
  ['rps', readHand],
  ['musicshare', readMusic],
])

function readMention(raw: string): Segment | undefined {
  const userId = toUserId(raw.split(',', 1)[0])
  return userId && { type: 'mention', userId }
}

function readFace(raw: string, large: boolean): Segment | undefined {
  const id = toInteger(raw.split(',', 1)[0])
  if (id === undefined || id < 0) return undefined
  return large ? { type: 'face', id, large } : { type: 'face', id }
}

function readImage(raw: string, flash: boolean): Segment | undefined {
  const id = fromImageId(unescape(splitArgs(raw)[0] ?? ''))
  if (id === undefined) return undefined
  return flash ? { type: 'image', id, flash } : { type: 'image', id }
}

function readPoke(raw: string): Segment | undefined {
  const [, type, id] = splitArgs(raw)
  const pokeType = toAccount(type)
  const pokeId = toInteger(id)
  return pokeType === undefined || pokeId === undefined ? undefined : { type: 'poke', pokeType, pokeId }
}

/** Service 60 and its like are XML, 1 is JSON. */
function readService(raw: string): Segment | undefined {
  const [id, ...rest] = splitArgs(raw)
  if (id === undefined || rest.length === 0) return undefined
  return { type: 'card', format: id === '1' ? 'json' : 'xml', data: unescape(rest.join(',')) }
}

function readDice(raw: string): Segment | undefined {
  const value = toInteger(raw)
  return value !== undefined && value >= 1 && value <= 6 ? { type: 'dice', value } : undefined
}

function readHand(raw: string): Segment | undefined {
  const value = fromHandName(raw)
  return value && { type: 'rps', value }
}

function readMusic(raw: string): Segment | undefined {
  const [kind, title, summary, jumpUrl, pictureUrl, musicUrl, brief] = splitArgs(raw).map(unescape)
  const platform = fromMusicKind(kind ?? '')
  if (platform === undefined || musicUrl === undefined) return undefined
  return { type: 'music', platform, title, summary, jumpUrl, pictureUrl, musicUrl, brief }
}

function splitArgs(raw: string): string[] {
  const parts: string[] = []
  let start = 0
  for (;;) {
    const comma = indexOfUnescaped(raw, ',', start)
    parts.push(comma < 0 ? raw.slice(start) : raw.slice(start, comma))
    if (comma < 0) return parts
    start = comma + 1
  }
}

function indexOfUnescaped(text: string, wanted: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === wanted) return at
  }
  return -1
}

function unescape(raw: string): string {
  return raw.replace(/\\([\s\S])/g, (_, character: string) => unescapeOne(character))
}

function unescapeOne(character: string): string {
  return character === 'n' ? '\n' : character === 'r' ? '\r' : character
}
