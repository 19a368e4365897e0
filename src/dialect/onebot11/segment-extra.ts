// Members of a segment or a sender that the canonical form has no place for: kept beside it, for the other side of this dialect.
import { restOf, type Extra } from '../../core/extra.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import { dialectName } from './wire.ts'

const file = ['file', 'url', 'path', 'file_size', 'file_id', 'file_unique']
const medium = [...file, 'name']
const marketFace = ['emoji_package_id', 'emoji_id', 'key', 'summary', 'url']

/** What is read, printed, or names something that only the backend knows. Types that hold their data whole are not here. */
const held = new Map<string, ReadonlySet<string>>(
  Object.entries({
    text: ['text'],
    at: ['qq', 'target', 'name'],
    face: ['id', 'large'],
    image: [...medium, ...marketFace, 'type', 'sub_type'],
    record: [...medium, 'magic'],
    voice: [...medium, 'magic'],
    video: [...medium, 'thumb', 'cover'],
    file: [...file, 'busid'],
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
    forward: ['id', 'content'],
    music: ['type', 'subtype', 'id', 'url', 'title', 'content', 'image', 'audio', 'voice'],
  }).map(([type, names]) => [type, new Set(names)]),
)

/**
 * The segment with what else its data says. The same one when that is nothing. `received`: from a backend, whose `path` is
 * a place on its own machine; in a client's segment it is a source.
 */
export function withSegmentExtra(segment: Segment, type: string, data: WireObject, received: boolean): Segment {
  const names = held.get(type)
  // Some faces are dice, some pictures market faces: what else they say belongs to the form that they came in.
  if (!names || segment.type === 'unknown' || (segment.type !== type && inDisguise.has(type))) return segment
  const extra = collect(data, received && names.has('path') ? withoutPath(names) : names)
  return extra ? { ...segment, extra } : segment
}

const pathless = new Map<ReadonlySet<string>, ReadonlySet<string>>()

function withoutPath(names: ReadonlySet<string>): ReadonlySet<string> {
  const known = pathless.get(names)
  if (known) return known
  const made = new Set([...names].filter((name) => name !== 'path'))
  pathless.set(names, made)
  return made
}

const inDisguise = new Set(['face', 'image'])

const heldOfSender = new Set([
  ...['user_id', 'nickname', 'card', 'remark', 'role', 'title', 'sex', 'age', 'level', 'area', 'group_id'],
])

export function senderExtra(from: WireObject): Extra | undefined {
  return collect(from, heldOfSender)
}

const heldOfNode = new Set([
  ...[
    'id',
    'user_id',
    'uin',
    'nickname',
    'name',
    'time',
    'content',
    'message',
    'sender',
    'source',
    'prompt',
    'summary',
  ],
  ...[
    'news',
    'type',
    'self_id',
    'message_id',
    'message_seq',
    'real_id',
    'real_seq',
    'message_type',
    'sub_type',
    'font',
  ],
  ...['raw_message', 'message_format', 'post_type', 'group_id', 'group_name', 'target_id', 'temp_source'],
])

/** Of a node segment, or of an entry of a forward. Its `sender` stands for what that says of the author beyond the canonical form. */
export function nodeExtra(data: WireObject): Extra | undefined {
  const extra = collect(data, heldOfNode)
  const sender = toObject(data['sender'])
  const author = sender && collect(sender, heldOfSender)
  if (!author) return extra
  return { dialect: dialectName, members: { ...extra?.members, sender: author.members } }
}

/** An entry of a forward with what came with it, its author's members inside `sender`. */
export function withEntryMembers(extra: Extra | undefined, printed: WireObject): WireObject {
  const author = toObject(extra?.members['sender'])
  const whole = withMembers(extra, printed)
  if (!author || extra?.dialect !== dialectName) return whole
  return { ...whole, sender: { ...author, ...toObject(printed['sender']) } }
}

/** A node segment names its author without a `sender`. */
export function withNodeMembers(extra: Extra, printed: WireObject): WireObject {
  const { sender: _sender, ...members } = extra.members
  return withMembers({ ...extra, members }, printed)
}

const heldOfMessage = new Set([
  ...['time', 'self_id', 'post_type', 'message_type', 'sub_type', 'message_id', 'message_seq', 'real_id', 'real_seq'],
  ...['message', 'raw_message', 'message_format', 'font', 'message_sent_type', 'user_id', 'group_id', 'group_name'],
  ...['sender', 'anonymous', 'temp_source', 'echo'],
])

/** Of a message in an event, in an answer of get_msg or in a history. */
export function messageExtra(wire: WireObject): Extra | undefined {
  const isPrivate = wire['message_type'] === 'private'
  const members = restOf(wire, (name) => heldOfMessage.has(name) || (name === 'target_id' && isPrivate))
  return members && { dialect: dialectName, members }
}

/** null is how clients leave something out. */
function collect(data: WireObject, names: ReadonlySet<string>): Extra | undefined {
  const members = restOf(data, (name) => names.has(name) || data[name] === null)
  return members && { dialect: dialectName, members }
}

/** The printed members and, behind them, those that came with it and are not among them. */
export function withMembers(extra: Extra | undefined, printed: WireObject): WireObject {
  if (extra?.dialect !== dialectName) return printed
  const out = { ...printed }
  for (const [name, value] of Object.entries(extra.members)) if (!Object.hasOwn(out, name)) out[name] = value
  return out
}
