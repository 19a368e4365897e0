// Canonical segments as wire segments. `Target` holds what differs between printing for a client and for a backend.
// Values that the standard calls strings are strings; members follow NapCat's names, further names for other readers.
import { pokes, rpsResults } from '../../../mappings/faces.ts'
import type { MessageId } from '../../core/ids.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import {
  briefOf,
  type ForwardNode,
  type MediaSegment,
  type Segment,
  type SegmentOf,
  type SegmentType,
} from '../../core/segment.ts'
import { dialectName, type WireSegment } from './wire.ts'
import { withMembers, withNodeMembers } from './segment-extra.ts'
import { withoutAbsent } from './segment-parse.ts'

export interface Target {
  toBackend: boolean
  message(id: MessageId): string
  /** file, url and whatever else names the medium. */
  medium(segment: MediaSegment): WireObject
  forward(segment: SegmentOf<'forward'>): WireObject
}

export function printSegments(segments: readonly Segment[], target: Target): WireSegment[] {
  const out: WireSegment[] = []
  for (const segment of segments) {
    const wire = printSegment(segment, target)
    if (wire) out.push(wire)
  }
  return out
}

function printSegment(segment: Segment, target: Target): WireSegment | undefined {
  if (segment.type === 'text' && !segment.extra) return { type: 'text', data: { text: segment.text } }
  const print = printers[segment.type] as (segment: Segment, target: Target) => WireSegment | undefined
  const wire = print(segment, target)
  return wire && segment.extra ? { type: wire.type, data: withBeside(segment, wire.data, target) } : wire
}

/** Backends read `path` as a source: that of a received medium leads nowhere on another machine. */
function withBeside({ type, extra }: Segment, data: WireObject, { toBackend }: Target): WireObject {
  const whole = withMembers(extra, data)
  if (!toBackend || !media.has(type) || !Object.hasOwn(whole, 'path')) return whole
  const { path: _path, ...others } = whole
  return others
}

const media: ReadonlySet<SegmentType> = new Set(['image', 'voice', 'video', 'file'])

type Printers = { [T in SegmentType]: (segment: SegmentOf<T>, target: Target) => WireSegment | undefined }

function wire(type: string, data: WireObject): WireSegment {
  return { type, data: withoutAbsent(data) }
}

const printers: Printers = {
  text: ({ text }) => wire('text', { text }),
  mention: ({ userId, name }) => wire('at', { qq: String(userId), name: name || undefined }),
  mentionAll: () => wire('at', { qq: 'all' }),
  face: ({ id, large }) => wire('face', { id: String(id), large: large || undefined }),
  image: printImage,
  voice: (segment, target) => wire('record', { ...target.medium(segment), magic: segment.magic ? '1' : undefined }),
  video: (segment, target) => wire('video', { ...target.medium(segment), thumb: segment.thumb, cover: segment.thumb }),
  file: (segment, target) =>
    wire('file', { ...target.medium(segment), busid: segment.busId === undefined ? undefined : String(segment.busId) }),
  reply: ({ messageId }, target) => wire('reply', { id: target.message(messageId) }),
  forward: (segment, target) =>
    segment.card === undefined ? wire('forward', target.forward(segment)) : wire('json', { data: segment.card }),
  card: ({ format, data }) => wire(format === 'xml' ? 'xml' : 'json', { data }),
  music: printMusic,
  dice: ({ value }) => wire('dice', value === undefined ? {} : { result: String(value), value: String(value) }),
  rps: ({ value }) => wire('rps', value === undefined ? {} : printHand(value)),
  poke: printPoke,
  marketFace: ({ packageId, faceId, key, name, url }) =>
    wire('mface', { emoji_package_id: packageId, emoji_id: faceId, key, summary: name, url }),
  markdown: ({ content }) => wire('markdown', { content }),
  keyboard: ({ content }) => wire('keyboard', toObject(content) ?? { content }),
  contact: ({ kind, id }) => wire('contact', { type: kind === 'group' ? 'group' : 'qq', id: String(id) }),
  location: ({ lat, lon, title, content }) => wire('location', { lat: String(lat), lon: String(lon), title, content }),
  link: ({ url, title, content, image }) => wire('share', { url, title, content, image }),
  unknown: ({ dialect, name, data }) =>
    dialect === dialectName ? { type: name, data: toObject(data) ?? {} } : undefined,
}

function printImage(segment: SegmentOf<'image'>, target: Target): WireSegment {
  return wire('image', {
    summary: segment.summary,
    ...target.medium(segment),
    sub_type: segment.emoji ? 1 : 0,
    type: segment.flash ? 'flash' : undefined,
  })
}

/** Both numberings: readers of `result` count like NT backends, readers of `value` like go-cqhttp. */
function printHand(hand: NonNullable<SegmentOf<'rps'>['value']>): WireObject {
  return { result: String(rpsResults.nt[hand]), value: String(rpsResults.gocq[hand]) }
}

function printPoke({ pokeType, pokeId }: SegmentOf<'poke'>): WireSegment {
  const known = pokes.find(([, type, id]) => type === pokeType && id === pokeId)
  return wire('poke', { type: String(pokeType), id: String(pokeId), name: known?.[3] })
}

/** A song id alone is enough where there is one and no card was written out. */
function printMusic(segment: SegmentOf<'music'>): WireSegment {
  const { platform, id, jumpUrl, musicUrl, title, summary, pictureUrl } = segment
  if (id !== undefined && jumpUrl === undefined) return wire('music', { type: platform, id })
  return wire('music', {
    type: 'custom',
    subtype: platform === 'custom' ? undefined : platform,
    url: jumpUrl,
    audio: musicUrl,
    voice: musicUrl,
    title,
    content: summary || (briefOf(segment) ?? summary),
    image: pictureUrl,
  })
}

/** Node segments, the form in which forwards are sent. */
export function printNodes(nodes: readonly ForwardNode[], target: Target): WireSegment[] {
  return nodes.map((node) => printNode(node, target))
}

function printNode(node: ForwardNode, target: Target): WireSegment {
  if (node.messageId !== undefined && node.segments === undefined) {
    return wire('node', { id: target.message(node.messageId) })
  }
  const [inner, ...others] = node.segments ?? []
  const nested = inner?.type === 'forward' && inner.nodes && others.length === 0 ? inner : undefined
  const author = String(node.senderId ?? '')
  const name = node.senderName ?? author
  const printed = wire('node', {
    user_id: author,
    nickname: name,
    uin: author,
    name,
    content: nested ? printNodes(nested.nodes ?? [], target) : printSegments(node.segments ?? [], target),
    time: node.time,
    ...(nested && printCardTexts(nested)),
  })
  return node.extra ? { type: 'node', data: withNodeMembers(node.extra, printed.data) } : printed
}

/** What is written on the outside of a forward. */
export function printCardTexts({ title, brief, summary, preview }: SegmentOf<'forward'>): WireObject {
  return withoutAbsent({ source: title, prompt: brief, summary, news: preview?.map((text) => ({ text })) })
}
