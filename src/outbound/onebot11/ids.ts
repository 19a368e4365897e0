// The bridge's ids for a backend's, and back, as the grammar wants them.
import { BridgeError } from '../../core/error.ts'
import type { MessageId, UserId } from '../../core/ids.ts'
import type { MediaSource, OutboundServices } from '../../core/ports.ts'
import type { MediaSegment } from '../../core/segment.ts'
import type { RequestIds } from '../../dialect/onebot11/action-print.ts'
import type { EventIds } from '../../dialect/onebot11/wire.ts'

export interface IdsOptions {
  services: OutboundServices
  backend: string
  bot: UserId
  /** Whether media can be sent by the name under which they were received. */
  resendByName: () => boolean
}

/** What comes in: made on first sight. */
export function createEventIds({ services, backend, bot }: IdsOptions): EventIds {
  return {
    message: (native, peer) => services.messages.learn(bot, { native, peer }, undefined, true).id,
    media: (medium) => services.media.learn({ ...medium, backend }),
    received: (native, content) => services.messages.learn(bot, native, content, true).id,
    request: (record) => services.requests.learn(bot, record),
  }
}

/** What goes out: must be known. */
export function createSendIds(options: IdsOptions): RequestIds {
  const { services, backend, bot } = options
  return {
    message: (id) => nativeOf(services, bot, id).native,
    source: (segment) => toSource(segment, options),
    request(id) {
      const record = services.requests.get(bot, id)
      if (!record) throw new BridgeError('notFound', `no such request: ${id}`, { backend })
      return record
    },
  }
}

export function nativeOf(services: OutboundServices, bot: UserId, id: MessageId) {
  const native = services.messages.native(bot, id)
  if (!native) throw new BridgeError('notFound', `no such message: ${id}`)
  return native
}

/** A name where that is enough, else an address, else the bytes. */
function toSource(segment: MediaSegment, { services, backend, resendByName }: IdsOptions): MediaSource {
  const source = services.media.source(segment, backend)
  if (source.kind !== 'native') return { kind: source.kind, value: source.value }
  if (resendByName()) return { kind: 'native', value: source.value }
  const url = source.url ?? segment.url ?? (/^https?:\/\//i.test(source.value) ? source.value : undefined)
  // What is kept here does not expire.
  const bytes = segment.id === undefined ? undefined : services.media.get(segment.id)?.bytes
  if (bytes) return { kind: 'base64', value: Buffer.from(bytes).toString('base64') }
  if (url) return { kind: 'url', value: url }
  throw new BridgeError('notFound', `${segment.type} ${segment.id}: neither an address nor its bytes are known`)
}
