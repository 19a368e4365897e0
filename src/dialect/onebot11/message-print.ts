// Whole messages on their way out: `print` for clients, `to` for backends.
import type { MessageId } from '../../core/ids.ts'
import type { Message, Sender } from '../../core/message.ts'
import type { WireObject } from '../../core/read.ts'
import type { ForwardNode, MediaSegment, Segment, SegmentOf } from '../../core/segment.ts'
import { printCq } from './cqcode.ts'
import { withEntryMembers, withMembers } from './segment-extra.ts'
import { withoutAbsent } from './segment-parse.ts'
import { printCardTexts, printNodes, printSegments, type Target } from './segment-print.ts'
import { printSource } from './source.ts'
import type { MessageFormat, SendIds, WireSegment } from './wire.ts'

export interface ClientPrint {
  /** The message that the segments belong to: its id serves for forwards that have none. */
  messageId?: MessageId | undefined
  /** Messages that nodes name by id only. */
  find?: (id: MessageId) => Message | undefined
}

/** Segments as a client receives them. */
export function printMessage(segments: readonly Segment[], options: ClientPrint = {}): WireSegment[] {
  return printSegments(segments, clientTarget(options))
}

function clientTarget(options: ClientPrint): Target {
  return {
    toBackend: false,
    message: String,
    medium: describeMedium,
    forward: ({ id, nodes }) =>
      withoutAbsent({
        id: id ?? (options.messageId === undefined ? '' : String(options.messageId)),
        content: nodes && printForwardItems(nodes, options),
      }),
  }
}

/** `file` can be sent back as it is, also after `url` has expired. */
function describeMedium(segment: MediaSegment): WireObject {
  const { type, id, url, path, base64, name, sizeBytes } = segment
  const handle = id ?? (base64 === undefined ? (url ?? path ?? name ?? '') : `base64://${base64}`)
  return {
    file: type === 'file' ? (name ?? handle) : handle,
    ...(type === 'file' && { file_id: id }),
    url: url ?? (type === 'image' ? '' : undefined),
    path: type === 'image' ? undefined : path,
    file_size: sizeBytes === undefined ? undefined : String(sizeBytes),
    ...(type !== 'file' && { name }),
  }
}

/** Segments for a backend, media and ids in its own terms. */
export function toMessage(segments: readonly Segment[], ids: SendIds): WireSegment[] {
  return printSegments(segments, backendTarget(ids))
}

/** Node segments and card texts for a backend's forward actions. */
export function toForward(segment: SegmentOf<'forward'>, ids: SendIds): WireObject {
  return { messages: printNodes(segment.nodes ?? [], backendTarget(ids)), ...printCardTexts(segment) }
}

function backendTarget(ids: SendIds): Target {
  return {
    toBackend: true,
    message: (id) => ids.message(id),
    medium: (segment) => {
      const source = ids.source(segment)
      return { file: printSource(source), url: source.url, name: segment.name }
    },
    forward: ({ id }) => ({ id: id ?? '' }),
  }
}

/**
 * Entries of a forward as get_forward_msg answers them. One shape serves all readers: segments under `message` and
 * `content`, the author under `sender` and beside it.
 */
export function printForwardItems(nodes: readonly ForwardNode[], options: ClientPrint = {}): WireObject[] {
  return nodes.map((node) => {
    const named = node.messageId === undefined ? undefined : options.find?.(node.messageId)
    const message = printMessage(node.segments ?? named?.segments ?? [], options)
    const userId = node.senderId ?? named?.sender.userId ?? 0
    const nickname = node.senderName ?? named?.sender.nickname ?? ''
    return withEntryMembers(node.extra, {
      user_id: userId,
      time: node.time ?? named?.time ?? 0,
      message_id: node.messageId ?? 0,
      message_type: 'group',
      sender: { user_id: userId, nickname, card: '' },
      raw_message: printCq(message).trim(),
      message,
      content: message,
      message_format: 'array',
    })
  })
}

/** The same entries as node segments, the standard's form. */
export function toNodeItems(items: readonly WireObject[]): WireSegment[] {
  return items.map((item) => ({
    type: 'node',
    data: {
      user_id: String(item['user_id'] as number),
      nickname: (item['sender'] as { nickname: string }).nickname,
      content: item['content'],
      time: item['time'],
    },
  }))
}

/** `message`, `message_format` and `raw_message`. */
export function printContent(segments: readonly Segment[], format: MessageFormat, options: ClientPrint): WireObject {
  const message = printMessage(segments, options)
  const text = printCq(message)
  return {
    message: format === 'array' ? message : text,
    message_format: format,
    raw_message: text.trim(),
  }
}

/** Who wrote it. Private senders have no role, title or area. `level` is text: Go clients read it as a string. */
export function printSender(sender: Sender, inGroup: boolean): WireObject {
  const common = {
    user_id: sender.userId,
    nickname: sender.nickname,
    card: sender.card ?? '',
    sex: sender.sex ?? 'unknown',
    age: sender.age ?? 0,
  }
  if (!inGroup) return withMembers(sender.extra, common)
  return withMembers(sender.extra, {
    ...common,
    role: sender.role ?? 'member',
    level: sender.level ?? '',
    title: sender.title ?? '',
    area: '',
  })
}
