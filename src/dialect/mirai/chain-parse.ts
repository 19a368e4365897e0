// Message chains that come in: from clients in requests, from a mah backend in events and answers.
import { BridgeError } from '../../core/error.ts'
import type { Loss } from '../../core/fidelity.ts'
import type { MessageId, Peer, RequestId } from '../../core/ids.ts'
import type { Sender } from '../../core/message.ts'
import type { MediaRecord, RequestRecord } from '../../core/ports.ts'
import { toInteger, toMessageId, toObject, type WireObject } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import { readElements } from './element.ts'
import type { Reading } from './reading.ts'

export interface ParsedChain {
  segments: Segment[]
  losses: Loss[]
}

/** What a client wants to send. Throws `badParameter` for what no mirai knows, `tooLong` beyond the limits. */
export function parseChain(value: unknown): ParsedChain {
  const chain = typeof value === 'string' ? [value] : value
  if (!Array.isArray(chain)) throw new BridgeError('badParameter', 'messageChain must be a list of elements')
  const losses: Loss[] = []
  const reading = createReading({ strict: true, losses, toMessageId, learnMedia: undefined })
  return { segments: readElements(chain, reading), losses }
}

/** Bridge ids for what a backend names. The adapter learns; the grammar only asks. */
export interface WireIds {
  /** `native`: decimal text of mah's number, unique inside `peer` only; '' when mah gave none. `content`: the whole message. */
  message(native: string, peer: Peer, content?: { sender: Sender; time: number; segments: Segment[] }): MessageId
  request(record: RequestRecord): RequestId
  /** `native`: imageId, voiceId or videoId as mah wrote it. */
  media(record: Pick<MediaRecord, 'kind' | 'native' | 'url' | 'name' | 'sizeBytes'>): string
}

export interface ReportedChain extends ParsedChain {
  /** mah's number of this message and its time, from Source. 0: the backend gave none. */
  source: { id: number; time: number } | undefined
}

/** What a backend reports of a conversation. A Quote becomes a leading reply segment. */
export function fromChain(value: unknown, peer: Peer, ids: WireIds): ReportedChain {
  const chain = Array.isArray(value) ? value : []
  const losses: Loss[] = []
  const reading = createReading({
    strict: false,
    losses,
    learnMedia: (kind, record) => ids.media({ ...record, kind }),
    toMessageId: (id) => learnMessage(id, peer, ids),
  })
  const segments = readElements(chain, reading)
  const quoted = learnMessage(findElement(chain, 'Quote')?.['id'], peer, ids)
  if (quoted !== undefined) segments.unshift({ type: 'reply', messageId: quoted })
  return { segments, losses, source: readSource(findElement(chain, 'Source')) }
}

function createReading(given: Pick<Reading, 'strict' | 'losses' | 'toMessageId' | 'learnMedia'>): Reading {
  return { ...given, count: 0, depth: 0, characters: 0, readChain: readElements }
}

function learnMessage(value: unknown, peer: Peer, ids: WireIds): MessageId | undefined {
  const native = toInteger(value)
  return native === undefined || native === 0 || native === -1 ? undefined : ids.message(String(native), peer)
}

function findElement(chain: readonly unknown[], type: string): WireObject | undefined {
  for (const item of chain) {
    const element = toObject(item)
    if (element?.['type'] === type) return element
  }
  return undefined
}

function readSource(source: WireObject | undefined): ReportedChain['source'] {
  return source && { id: toInteger(source['id']) ?? 0, time: toInteger(source['time']) ?? 0 }
}
