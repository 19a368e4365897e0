// Whole messages: a string with CQ codes, an array of segments, or one segment object.
// `parse` and `print` speak with clients, `from` and `to` with backends.
import { BridgeError } from '../../core/error.ts'
import type { Peer } from '../../core/ids.ts'
import { toBoolean, toInteger, toMessageId, toObject, toText, type WireObject } from '../../core/read.ts'
import type { MediaSegment, Segment } from '../../core/segment.ts'
import { parseForward, parseParts } from './content-parse.ts'
import { readCardTexts, textOf, withoutAbsent, type Side } from './segment-parse.ts'
import { readSource, type SourceFields } from './source.ts'
import type { ReceiveIds } from './wire.ts'

export interface ParseOptions {
  /** A string is plain text, without CQ codes. */
  autoEscape?: boolean
}

const clientSide: Side = {
  strict: true,
  message: toMessageId,
  source: (_kind, data) => {
    const found = readSource(data)
    return found && withoutAbsent({ ...found, name: textOf(data['name']) })
  },
}

/** What a client wants to send. Throws `badParameter`; `tooLong` for forwards nested too deeply. */
export function parseMessage(value: unknown, options: ParseOptions = {}): Segment[] {
  if (options.autoEscape && typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }]
  return parseParts(value, clientSide, 0)
}

/** The nodes of a client's forward action, with what is written on the outside. */
export function parseForwardMessage(nodes: unknown, card: WireObject): Segment[] {
  const items = Array.isArray(nodes) ? nodes : toObject(nodes) ? [nodes] : undefined
  if (!items?.length) throw new BridgeError('badParameter', 'messages must be a list of node segments')
  return [{ type: 'forward', nodes: parseForward(items, clientSide, 0), ...readCardTexts(card) }]
}

/** What a backend received. Never throws for content that cannot be read. */
export function fromMessage(value: unknown, peer: Peer, ids: ReceiveIds): Segment[] {
  return parseParts(value, backendSide(peer, ids), 0)
}

/** The entries of a backend's forward: `messages` or `message` of its answer, in any of the known shapes. */
export function fromForward(items: readonly unknown[], peer: Peer, ids: ReceiveIds) {
  return parseForward(items, backendSide(peer, ids), 0)
}

function backendSide(peer: Peer, ids: ReceiveIds): Side {
  return {
    strict: false,
    message: (id) => {
      const native = textOf(id)
      return native === undefined || native === '0' ? undefined : ids.message(native, peer)
    },
    source: (kind, data) => learnMedium(kind, data, ids),
  }
}

function learnMedium(kind: MediaSegment['type'], data: WireObject, ids: ReceiveIds): ReturnType<Side['source']> {
  const file = textOf(data['file'])
  const url = addressOf(textOf(data['url'])) ?? addressOf(file)
  const native = (kind === 'file' ? textOf(data['file_id']) : undefined) ?? file ?? url
  if (native === undefined) return undefined
  const named = textOf(data['name']) ?? textOf(data['file_name']) ?? textOf(data['filename'])
  const name = named ?? (file === undefined || file === url ? undefined : file)
  const sizeBytes = toInteger(data['file_size'] ?? data['size'])
  const id = ids.media({ kind, native, url, name, sizeBytes })
  const medium: SourceFields & { name?: string; sizeBytes?: number } = { id }
  if (url !== undefined) medium.url = url
  // A name that is the handle itself says nothing.
  if (name !== undefined && name !== id) medium.name = name
  if (sizeBytes !== undefined) medium.sizeBytes = sizeBytes
  return medium
}

function addressOf(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//i.test(text) ? text : undefined
}

/** `auto_escape` as clients send it. */
export function isAutoEscape(value: unknown): boolean {
  return toBoolean(toText(value)) === true
}
