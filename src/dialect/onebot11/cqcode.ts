// CQ codes: messages as text. Linear in the length of the text; what is not a well-formed code stays text.
// Rules and edge cases: OneBot 11 message/string.md, and NapCat where the standard says nothing.
import { toText, type WireObject } from '../../core/read.ts'
import type { WireSegment } from './wire.ts'

const opening = '[CQ:'
const word = /^[A-Za-z0-9_]+$/

export function parseCq(text: string): WireSegment[] {
  const out: WireSegment[] = []
  let plainFrom = 0
  let end = -1
  let at = text.indexOf(opening)
  while (at >= 0) {
    if (end < at) end = text.indexOf(']', at)
    // No bracket from here on: nothing further can be a code.
    if (end < 0) break
    const code = parseCode(text, at + opening.length, end)
    if (typeof code === 'number') {
      at = text.indexOf(opening, code)
      continue
    }
    pushText(out, text.slice(plainFrom, at))
    out.push(code)
    plainFrom = end + 1
    at = text.indexOf(opening, plainFrom)
  }
  pushText(out, text.slice(plainFrom))
  return out
}

function pushText(out: WireSegment[], raw: string): void {
  if (raw !== '') out.push({ type: 'text', data: { text: unescapeCq(raw) } })
}

/**
 * `at,qq=1` from `start` to the bracket at `end`. A number: it is broken, go on looking there. A code that opens before a
 * broken parameter would hold it as well, so everything up to it is passed over and no character is looked at twice.
 */
function parseCode(text: string, start: number, end: number): WireSegment | number {
  let at = start
  while (isWordCode(text.charCodeAt(at))) at++
  if (at === start || (at !== end && text[at] !== ',')) return start
  const type = text.slice(start, at)
  const data: WireObject = {}
  while (at < end) {
    const from = at + 1
    const comma = text.indexOf(',', from)
    at = comma < 0 || comma > end ? end : comma
    const part = text.slice(from, at)
    const equals = part.indexOf('=')
    const key = part.slice(0, Math.max(equals, 0))
    if (!word.test(key)) return from
    if (key !== '__proto__') data[key] = unescapeCq(part.slice(equals + 1))
  }
  return { type, data }
}

function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
}

const entities: Record<string, string> = { '&amp;': '&', '&#91;': '[', '&#93;': ']', '&#44;': ',' }

/** One pass, so that `&amp;#91;` becomes `&#91;` and no more. */
function unescapeCq(text: string): string {
  return text.includes('&') ? text.replace(/&(?:amp|#91|#93|#44);/g, (entity) => entities[entity] as string) : text
}

const textEscapes: Record<string, string> = { '&': '&amp;', '[': '&#91;', ']': '&#93;', ',': '&#44;' }

function escapeCqText(text: string): string {
  return text.replace(/[&[\]]/g, (character) => textEscapes[character] as string)
}

function escapeCqValue(text: string): string {
  return text.replace(/[&[\],]/g, (character) => textEscapes[character] as string)
}

/** The text form of wire segments. Absent, null and empty values are left out, objects become their JSON text. */
export function printCq(segments: readonly WireSegment[]): string {
  let out = ''
  for (const { type, data } of segments) {
    if (type === 'text') {
      out += escapeCqText(printValue(data['text']))
      continue
    }
    out += opening + type
    for (const key in data) {
      const value = printValue(data[key])
      if (value !== '') out += `,${key}=${escapeCqValue(value)}`
    }
    out += ']'
  }
  return out
}

function printValue(value: unknown): string {
  return value === undefined || value === null ? '' : (toText(value) ?? JSON.stringify(value))
}
