// Message chains for clients: every field of every element, in mah's order, nulls and defaults included.
import { peerId, type MessageId, type Peer } from '../../core/ids.ts'
import type { WireObject } from '../../core/read.ts'
import type { ForwardNode, Segment, SegmentOf, SegmentType } from '../../core/segment.ts'
import type { PrintContext } from './context.ts'
import { splitName, toImageId, toImageType, toVoiceId } from './media-id.ts'
import { toMusicShare } from './music-card.ts'
import { rpsMarketFaceId, toFaceName, toMusicKind, toPokeName } from './words.ts'

export interface ChainSource {
  /** 0: there is no such message, as with file notices. */
  id: MessageId | 0
  /** Unix seconds. */
  time: number
}

/** Source, then Quote, then the content. Only the first reply counts. */
export function printChain(
  segments: readonly Segment[],
  peer: Peer,
  context: PrintContext,
  source?: ChainSource,
): WireObject[] {
  const chain: WireObject[] = source ? [{ type: 'Source', id: source.id, time: source.time }] : []
  const reply = segments.find((segment) => segment.type === 'reply')
  if (reply) chain.push(printQuote(reply.messageId, peer, context))
  printContent(segments, peer, context, chain)
  return chain
}

function printContent(segments: readonly Segment[], peer: Peer, context: PrintContext, chain: WireObject[]): void {
  for (const segment of segments) {
    if (segment.type === 'reply' || (segment.type === 'text' && segment.text === '')) continue
    const element = printElement(segment, peer, context)
    if (element) chain.push(element)
  }
}

function printQuote(messageId: MessageId, peer: Peer, context: PrintContext): WireObject {
  const message = context.view.message(context.bot, messageId)
  const where = message?.peer ?? peer
  const isGroup = where.kind === 'group'
  const receiver = message?.sender.userId === context.bot || !message ? peerId(where) : context.bot
  const targetId = isGroup ? where.groupId : receiver
  const origin: WireObject[] = []
  if (message) printContent(context.prepare?.(message.segments, where) ?? message.segments, where, context, origin)
  else context.loss({ what: 'quote.unresolved', fidelity: 'lossy', reason: `message ${messageId} was never seen` })
  return {
    type: 'Quote',
    id: messageId,
    senderId: message?.sender.userId ?? 0,
    targetId,
    groupId: isGroup ? where.groupId : 0,
    origin,
  }
}

type Printer<T extends SegmentType> = (
  segment: SegmentOf<T>,
  peer: Peer,
  context: PrintContext,
) => WireObject | undefined

const printers: { [T in SegmentType]: Printer<T> } = {
  text: ({ text }) => ({ type: 'Plain', text }),
  mention: ({ userId }) => ({ type: 'At', target: userId, display: '' }),
  mentionAll: () => ({ type: 'AtAll', target: 0 }),
  face: ({ id, large }) => ({ type: 'Face', faceId: id, name: toFaceName(id), isSuperFace: large ?? false }),
  image: printImage,
  voice: printVoice,
  video: printVideo,
  file: ({ id, name, sizeBytes }) => ({ type: 'File', id: id ?? '', name: name ?? '', size: sizeBytes ?? 0 }),
  reply: () => undefined,
  forward: printForward,
  card: printCard,
  music: printMusic,
  dice: printDice,
  rps: ({ value }) => ({ type: 'MarketFace', id: rpsMarketFaceId, name: (value ?? '').toUpperCase() }),
  poke: (segment) => ({ type: 'Poke', name: toPokeName(segment) }),
  marketFace: ({ packageId, name }) => ({ type: 'MarketFace', id: (packageId ?? 0) | 0, name: name ?? '' }),
  markdown: dropped,
  keyboard: dropped,
  contact: dropped,
  location: dropped,
  link: dropped,
  unknown: (segment, peer, context) =>
    segment.dialect === 'mirai' ? (segment.data as WireObject) : dropped(segment, peer, context),
}

function printElement(segment: Segment, peer: Peer, context: PrintContext): WireObject | undefined {
  return (printers[segment.type] as Printer<SegmentType>)(segment, peer, context)
}

function dropped(segment: Segment, _peer: Peer, context: PrintContext): undefined {
  context.loss({ what: segment.type, fidelity: 'dropped', reason: 'mirai has no such element' })
}

function printImage(segment: SegmentOf<'image'>): WireObject {
  const { id } = segment
  return {
    type: segment.flash ? 'FlashImage' : 'Image',
    imageId: id === undefined ? null : toImageId(id),
    url: segment.url ?? null,
    path: null,
    base64: null,
    width: segment.width ?? 0,
    height: segment.height ?? 0,
    size: segment.sizeBytes ?? 0,
    imageType: toImageType(id),
    isEmoji: segment.emoji ?? false,
  }
}

function printVoice({ id, url, durationSeconds }: SegmentOf<'voice'>): WireObject {
  return {
    type: 'Voice',
    voiceId: id === undefined ? null : toVoiceId(id),
    url: url ?? null,
    path: null,
    base64: null,
    length: Math.round(durationSeconds ?? 0),
  }
}

/** mah has no dice that shows nothing. */
function printDice({ value }: SegmentOf<'dice'>, _peer: Peer, context: PrintContext): WireObject {
  if (value === undefined)
    context.loss({ what: 'dice', fidelity: 'lossy', reason: 'the number is not known, shown as 1' })
  return { type: 'Dice', value: value ?? 1 }
}

/** The five required fields are always there. */
function printVideo({ id = '', md5, name, sizeBytes, url, thumb }: SegmentOf<'video'>): WireObject {
  const { stem, extension } = splitName(name ?? id)
  return {
    type: 'ShortVideo',
    videoId: id,
    fileMd5: (md5 ?? splitName(id).stem).toUpperCase(),
    fileSize: sizeBytes ?? 0,
    fileFormat: extension || 'mp4',
    filename: stem,
    videoUrl: url ?? null,
    thumbnailUrl: thumb ?? null,
  }
}

function printCard({ format, data }: SegmentOf<'card'>): WireObject {
  if (format === 'xml') return { type: 'Xml', xml: data }
  return format === 'app' ? (toMusicShare(data) ?? { type: 'App', content: data }) : { type: 'Json', json: data }
}

function printMusic(segment: SegmentOf<'music'>, _peer: Peer, context: PrintContext): WireObject {
  const kind = toMusicKind(segment.platform)
  if (kind === undefined) {
    const reason = `mirai has no platform "${segment.platform}", shown as QQMusic`
    context.loss({ what: 'music', fidelity: 'lossy', reason })
  }
  const title = segment.title ?? ''
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

function printForward(segment: SegmentOf<'forward'>, peer: Peer, context: PrintContext): WireObject {
  if (!segment.nodes && segment.card !== undefined) return { type: 'App', content: segment.card }
  if (!segment.nodes) {
    context.loss({ what: 'forward.unresolved', fidelity: 'lossy', reason: 'the content of the forward is not known' })
  }
  const nodeList = (segment.nodes ?? []).map((node) => printNode(node, peer, context))
  return { type: 'Forward', display: null, nodeList }
}

/** A node that only names a message is shown with that message's content. */
function printNode(node: ForwardNode, peer: Peer, context: PrintContext): WireObject {
  const known = node.messageId === undefined ? undefined : context.view.message(context.bot, node.messageId)
  const segments = node.segments ?? known?.segments ?? []
  const messageChain: WireObject[] = []
  printContent(context.prepare?.(segments, peer) ?? segments, peer, context, messageChain)
  return {
    senderId: node.senderId ?? known?.sender.userId ?? 0,
    time: node.time ?? known?.time ?? 0,
    senderName: node.senderName ?? known?.sender.nickname ?? 'QQ用户',
    messageChain,
    messageId: null,
    messageRef: null,
  }
}
