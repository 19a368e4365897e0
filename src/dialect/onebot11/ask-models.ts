// Answers that only Tencent's servers can give. Implementations shape them differently; NapCat's shape is the one passed on.
import type { Params } from '../../core/action.ts'
import { toInteger, toObject, toText, type WireObject } from '../../core/read.ts'
import { readList } from './models.ts'

type Kind = Params<'server.ask'>['kind']

const readers: Partial<Record<Kind, (data: unknown) => unknown>> = {
  credentials: (data) => ({ ...toObject(data), token: tokenOf(data) }),
  rkey: readRkeys,
  ocr: readOcr,
  translate: (data) => ({ words: toObject(data)?.['words'] ?? data }),
  'guild.list': (data) => (Array.isArray(data) ? data : null),
}

/** A backend's answer in one shape. What is not known to differ stays as it came. */
export function readAsked(kind: Kind, data: unknown): unknown {
  return (readers[kind] ?? ((given: unknown) => given))(data ?? null)
}

/** The standard names the number csrf_token, NapCat token: both are given. */
export function printCredentials(data: unknown): WireObject {
  const token = tokenOf(data)
  return { cookies: toText(toObject(data)?.['cookies']) ?? '', token, csrf_token: token }
}

export function printCookies(data: unknown): WireObject {
  const wire = toObject(data)
  return { cookies: toText(wire?.['cookies']) ?? '', bkn: toText(wire?.['bkn']) ?? '' }
}

function tokenOf(data: unknown): number {
  const wire = toObject(data)
  return toInteger(wire?.['token'] ?? wire?.['csrf_token']) ?? 0
}

interface Rkey {
  type: 'private' | 'group'
  rkey: string
  created_at: number
  ttl: number
}

/** QQ's numbers of the two kinds. */
const rkeyTypes = { private: 10, group: 20 } as const

/** NapCat: a list, with names or with numbers. Lagrange: {rkeys: list}. LuckyLilliaBot: both keys in one object. */
function readRkeys(data: unknown): Rkey[] {
  const wire = toObject(data)
  const keys = [wire?.['private_key'], wire?.['group_key']].map(toText)
  if (wire && keys.some((key) => key !== undefined)) {
    const created = toInteger(wire['updated_time']) ?? 0
    const expires = toInteger(wire['expired_time']) ?? 0
    const ttl = Math.max(0, expires - created)
    const both = [
      { type: 'private' as const, rkey: keys[0] ?? '', created_at: created, ttl },
      { type: 'group' as const, rkey: keys[1] ?? '', created_at: created, ttl },
    ]
    return both.filter(({ rkey }) => rkey !== '')
  }
  return readList(wire?.['rkeys'] ?? data, (entry) => {
    const one = toObject(entry)
    const rkey = toText(one?.['rkey'])
    if (!one || rkey === undefined) return undefined
    const group = one['type'] === 'group' || toInteger(one['type']) === rkeyTypes.group
    const created = toInteger(one['created_at'] ?? one['time']) ?? 0
    return { type: group ? 'group' : 'private', rkey, created_at: created, ttl: toInteger(one['ttl']) ?? 0 }
  })
}

/** nc_get_rkey numbers the kinds and writes the ttl as text. */
export function printNumberedRkeys(data: unknown): WireObject[] {
  return readRkeys(data).map(({ type, rkey, created_at: time, ttl }) => ({
    rkey,
    ttl: String(ttl),
    time,
    type: rkeyTypes[type],
  }))
}

/** go-cqhttp: {texts: [{text, confidence, coordinates}], language}. */
function readOcr(data: unknown): unknown {
  const texts = toObject(data)?.['texts']
  if (!Array.isArray(texts)) return data
  return readList(texts, (entry) => {
    const wire = toObject(entry)
    if (!wire) return undefined
    const [pt1, pt2, pt3, pt4] = readList(wire['coordinates'], readPoint)
    const text = toText(wire['text']) ?? ''
    return { text, pt1, pt2, pt3, pt4, charBox: [], score: toText(wire['confidence']) ?? '' }
  })
}

function readPoint(value: unknown): { x: string; y: string } | undefined {
  const wire = toObject(value)
  return wire && { x: toText(wire['x']) ?? '0', y: toText(wire['y']) ?? '0' }
}
