// Message chains for a mah backend. What quotes goes out as the `quote` parameter of the send command, not as an element.
import { BridgeError } from '../../core/error.ts'
import type { Loss } from '../../core/fidelity.ts'
import { peerId, peerKey, type MessageId, type Peer } from '../../core/ids.ts'
import type { MediaSource, NativeMessage } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import type { ForwardNode, MediaSegment, Segment, SegmentOf, SegmentType } from '../../core/segment.ts'
import { splitName } from './media-id.ts'
import { toFaceName, toMusicKind, toPokeName } from './words.ts'

export interface SendContext {
  peer: Peer
  /** What to hand this backend for a medium. Throws `notFound`. */
  media(segment: MediaSegment): MediaSource
  /** What this backend calls a message. */
  message(id: MessageId): NativeMessage | undefined
  loss(loss: Loss): void
}

export interface OutgoingChain {
  messageChain: WireObject[]
  /** mah's number of the quoted message. */
  quote: number | undefined
}

/** Throws `notFound` for an unknown quoted message, `notSupported` for content that mah cannot send. */
export function toChain(segments: readonly Segment[], context: SendContext): OutgoingChain {
  const reply = segments.find((segment) => segment.type === 'reply')
  return {
    messageChain: toElements(segments, context),
    quote: reply && Number(toNative(reply.messageId, context).native),
  }
}

function toNative(id: MessageId, context: SendContext): NativeMessage {
  const native = context.message(id)
  if (!native) throw new BridgeError('notFound', `no such message: ${id}`)
  return native
}

function toElements(segments: readonly Segment[], context: SendContext): WireObject[] {
  return segments.map((segment) => toElement(segment, context)).filter((element) => element !== undefined)
}

function toElement(segment: Segment, context: SendContext): WireObject | undefined {
  return (printers[segment.type] as Printer<SegmentType>)(segment, context)
}

type Printer<T extends SegmentType> = (segment: SegmentOf<T>, context: SendContext) => WireObject | undefined

const printers: { [T in SegmentType]: Printer<T> } = {
  text: ({ text }) => (text === '' ? undefined : { type: 'Plain', text }),
  mention: toMention,
  mentionAll: (_, { peer }) => (peer.kind === 'group' ? { type: 'AtAll' } : { type: 'Plain', text: '@全体成员' }),
  face: ({ id, large }) => ({ type: 'Face', faceId: id, name: toFaceName(id), isSuperFace: large ?? false }),
  image: (segment, context) => ({
    type: segment.flash ? 'FlashImage' : 'Image',
    ...toCarrier('imageId', segment, context),
    ...(segment.emoji && { isEmoji: true }),
  }),
  voice: (segment, context) => ({ type: 'Voice', ...toCarrier('voiceId', segment, context) }),
  video: toVideo,
  file: refused,
  reply: () => undefined,
  forward: toForward,
  card: toCard,
  music: toMusic,
  dice: ({ value }) => ({ type: 'Dice', value: value ?? 1 + Math.floor(Math.random() * 6) }),
  rps: ({ value }) => ({ type: 'MiraiCode', code: `[mirai:rps:${value ?? randomHand()}]` }),
  poke: (segment) => ({ type: 'Poke', name: toPokeName(segment) }),
  marketFace: refused,
  markdown: refused,
  keyboard: refused,
  contact: refused,
  location: refused,
  link: refused,
  unknown: (segment) => {
    if (segment.dialect !== 'mirai') return refused(segment)
    return segment.data as WireObject
  },
}

function randomHand(): string {
  return ['rock', 'scissors', 'paper'][Math.floor(Math.random() * 3)] as string
}

function refused(segment: Segment): never {
  throw new BridgeError('notSupported', `mirai-api-http cannot send ${segment.type}`)
}

/** mah fails a whole private message for an At. */
function toMention({ userId, name }: SegmentOf<'mention'>, { peer, loss }: SendContext): WireObject {
  if (peer.kind === 'group') return { type: 'At', target: userId }
  loss({ what: 'mention', fidelity: 'asText', reason: 'mirai mentions in groups only' })
  return { type: 'Plain', text: `@${name ?? userId}` }
}

function toCarrier(idName: 'imageId' | 'voiceId', segment: MediaSegment, context: SendContext): WireObject {
  const { kind, value } = context.media(segment)
  return { [kind === 'native' ? idName : kind]: value }
}

/** All five describing fields must be there; with both addresses they are not used. */
function toVideo(segment: SegmentOf<'video'>, context: SendContext): WireObject {
  const { kind, value } = context.media(segment)
  const { stem, extension } = splitName(segment.name ?? segment.id ?? 'video.mp4')
  if (kind !== 'native' && (kind !== 'url' || segment.thumb === undefined)) {
    throw new BridgeError(
      'notSupported',
      'mirai-api-http sends a video only with the addresses of it and its thumbnail',
    )
  }
  return {
    type: 'ShortVideo',
    videoId: kind === 'native' ? value : '',
    fileMd5: segment.md5 ?? '',
    fileSize: segment.sizeBytes ?? 0,
    fileFormat: extension || 'mp4',
    filename: stem,
    ...(kind === 'url' && { videoUrl: value, thumbnailUrl: segment.thumb }),
  }
}

function toCard({ format, data }: SegmentOf<'card'>): WireObject {
  if (format === 'xml') return { type: 'Xml', xml: data }
  return format === 'app' ? { type: 'App', content: data } : { type: 'Json', json: data }
}

function toMusic(segment: SegmentOf<'music'>, context: SendContext): WireObject {
  const { title, platform } = segment
  if (title === undefined) {
    throw new BridgeError('notSupported', 'mirai-api-http needs title and addresses of a song, not only its id')
  }
  const kind = toMusicKind(platform)
  if (kind === undefined) context.loss({ what: 'music', fidelity: 'lossy', reason: `sent as QQMusic, not ${platform}` })
  return {
    type: 'MusicShare',
    kind: kind ?? 'QQMusic',
    title,
    summary: segment.summary ?? '',
    jumpUrl: segment.jumpUrl ?? '',
    pictureUrl: segment.pictureUrl ?? '',
    musicUrl: segment.musicUrl ?? '',
    brief: segment.brief ?? `[分享]${title}`,
  }
}

/** mah 2.8 and 2.9 want `display` with all five members, null where there is no text. */
function toForward(segment: SegmentOf<'forward'>, context: SendContext): WireObject {
  if (!segment.nodes) throw new BridgeError('notSupported', 'mirai-api-http cannot send a forward by its id')
  return {
    type: 'Forward',
    display: {
      brief: segment.brief ?? null,
      preview: segment.preview ?? null,
      source: segment.source ?? null,
      summary: segment.summary ?? null,
      title: segment.title ?? null,
    },
    nodeList: segment.nodes.map((node) => toNode(node, context)),
  }
}

/** By number inside the same conversation, by reference across conversations. A missed number would vanish silently. */
function toNode(node: ForwardNode, context: SendContext): WireObject {
  if (node.messageId !== undefined && !node.segments) {
    const { native, peer } = toNative(node.messageId, context)
    const messageId = Number(native)
    if (peerKey(peer) === peerKey(context.peer)) return { messageId }
    return { messageRef: { target: peerId(peer), messageId } }
  }
  return {
    senderId: node.senderId ?? 0,
    time: node.time ?? -1,
    senderName: node.senderName ?? '',
    messageChain: toElements(node.segments ?? [], context),
  }
}
