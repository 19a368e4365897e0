// Members of a segment or a sender that the canonical form has no place for: kept beside it, for the other side of this dialect.
import type { Extra } from '../../core/extra.ts'
import type { WireObject } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import { dialectName } from './wire.ts'

const medium = ['file', 'url', 'path', 'name', 'file_name', 'filename', 'file_size', 'size', 'file_id', 'file_unique']
const marketFace = ['emoji_package_id', 'emoji_id', 'key', 'summary', 'url']

/** What is read, printed, or names something that only the backend knows. Types that hold their data whole are not here. */
const held = new Map<string, ReadonlySet<string>>(
  Object.entries({
    text: ['text'],
    at: ['qq', 'target', 'name'],
    face: ['id', 'large', 'type', 'resultId'],
    image: [...medium, ...marketFace, 'type', 'sub_type', 'subType'],
    record: [...medium, 'magic'],
    voice: [...medium, 'magic'],
    video: [...medium, 'thumb', 'cover'],
    file: [...medium, 'busid'],
    reply: ['id'],
    json: ['data'],
    miniapp: ['data'],
    xml: ['data'],
    markdown: ['content'],
    dice: ['result', 'value', 'id'],
    rps: ['result', 'value', 'id'],
    poke: ['type', 'id', 'name'],
    mface: marketFace,
    marketface: marketFace,
    contact: ['type', 'id'],
    location: ['lat', 'lon', 'title', 'content'],
    share: ['url', 'title', 'content', 'image'],
    music: ['type', 'subtype', 'id', 'url', 'title', 'content', 'image', 'audio', 'voice'],
  }).map(([type, names]) => [type, new Set(names)]),
)

/** The segment with what else its data says. The same one when that is nothing. */
export function withSegmentExtra(segment: Segment, type: string, data: WireObject): Segment {
  const names = held.get(type)
  // Some faces are dice, some pictures market faces: what else they say belongs to the form that they came in.
  if (!names || segment.type === 'unknown' || (segment.type !== type && inDisguise.has(type))) return segment
  const extra = collect(data, names)
  return extra ? { ...segment, extra } : segment
}

const inDisguise = new Set(['face', 'image'])

const heldOfSender = new Set([
  ...['user_id', 'nickname', 'card', 'remark', 'role', 'title', 'sex', 'age', 'level', 'area', 'group_id'],
])

export function senderExtra(from: WireObject): Extra | undefined {
  return collect(from, heldOfSender)
}

function collect(data: WireObject, names: ReadonlySet<string>): Extra | undefined {
  let members: WireObject | undefined
  for (const name in data) {
    const value = data[name]
    if (names.has(name) || value === undefined || value === null || name === '__proto__') continue
    members ??= {}
    members[name] = value
  }
  return members && { dialect: dialectName, members }
}

/** The printed members and, behind them, those that came with it and are not among them. */
export function withMembers(extra: Extra | undefined, printed: WireObject): WireObject {
  if (extra?.dialect !== dialectName) return printed
  const out = { ...printed }
  for (const [name, value] of Object.entries(extra.members)) if (!Object.hasOwn(out, name)) out[name] = value
  return out
}
