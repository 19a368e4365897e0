// Ids and media of a world, kept by the bridge's own stores.
import { createHash } from 'node:crypto'
import { BridgeError } from '../../core/error.ts'
import type { MediaId, MessageId, Peer, RequestId, UserId } from '../../core/ids.ts'
import type { MediaRecord, MessageLog, OutboundServices } from '../../core/ports.ts'
import type { MediaSegment, Segment } from '../../core/segment.ts'
import { peerFor } from '../../world/look.ts'
import { rewriteIds } from '../../world/rewrite.ts'
import type { WorldMessage } from '../../world/state.ts'
import { toSender } from '../../world/views.ts'
import type { World, WorldHost } from '../../world/index.ts'
import { freshen } from './addresses.ts'
import { type ByteHost, createByteHost } from './bytes.ts'

export interface EmbeddedHost extends WorldHost {
  /** For an id of the world. */
  idOf(bot: UserId, worldId: number): MessageId
  toRequestId(bot: UserId, flag: string): RequestId
  /** Content of the world with the ids that this bot knows. */
  toSegments(bot: UserId, segments: Segment[]): Segment[]
  readonly bytes: ByteHost
  /** Where a file of a group can be fetched. */
  fileUrl(peer: Peer, id: string): string | undefined
}

/** `backend`: under which name the world is known. */
export function createHost(world: World, services: OutboundServices, backend: string): EmbeddedHost {
  const { messages, requests, media } = services

  const bytes = createByteHost(media)

  // Ids that were looked up before, so that the log is asked once for each message and bot.
  const given = new WeakMap<WorldMessage, Map<UserId, MessageId>>()

  function toMessageId(bot: UserId, message: WorldMessage): MessageId {
    const ids = given.get(message) ?? new Map<UserId, MessageId>()
    const known = ids.get(bot)
    if (known !== undefined) return known
    const native = { native: String(message.id), peer: peerFor(message.chat, bot) }
    const { id } = messages.learn(bot, native, toContent(bot, message), true)
    given.set(message, ids.set(bot, id))
    return id
  }

  function toContent(bot: UserId, message: WorldMessage): Parameters<MessageLog['learn']>[2] {
    const { time, seq } = message
    return { sender: toSender(world.state, message, bot), time, seq, segments: toSegments(bot, message.segments) }
  }

  function toSegments(bot: UserId, segments: Segment[]): Segment[] {
    return freshen(
      media,
      rewriteIds(segments, (id) => idOf(bot, id)),
    )
  }

  function idOf(bot: UserId, worldId: number): MessageId {
    const message = world.state.messages.get(worldId)
    return message ? toMessageId(bot, message) : (worldId as MessageId)
  }

  function toRequestId(bot: UserId, flag: string): RequestId {
    const request = world.state.requests.get(flag)
    if (!request) throw new BridgeError('notFound', `there is no request ${flag}`)
    const { kind, userId, groupId } = request
    return requests.learn(bot, { kind, native: flag, userId, groupId })
  }

  return {
    idOf,
    toMessageId,
    toSegments,
    freshen: (segments) => freshen(media, segments),
    bytes,
    fileUrl(peer, id) {
      const file = peer.kind === 'group' ? world.state.groups.get(peer.groupId)?.files.get(id) : undefined
      return file && bytes.urlOf(file)
    },
    toWorldId(bot, id) {
      const native = messages.native(bot, id)
      return native && Number(native.native)
    },
    toRequestId,
    toFlag: (bot, flag) => String(toRequestId(bot, flag)),
    keepMedia: (segment) => keepMedia(segment, media, backend),
  }
}

/** Receivers see a handle, and an address where there is one. The order is that of every send: id, url, path, base64. */
function keepMedia(segment: MediaSegment, media: OutboundServices['media'], backend: string): MediaSegment {
  const { path: _, base64, ...shown } = segment
  const known = segment.id ? media.get(segment.id) : undefined
  if (known) return withRecord(shown, known, media)
  if (segment.url) return { ...shown, id: learnUrl(segment, segment.url, media, backend) }
  if (segment.path) throw new BridgeError('forbiddenSource', 'the embedded world opens no local files')
  if (base64) return withRecord(shown, media.put(segment.type, Buffer.from(base64, 'base64'), segment.name), media)
  if (segment.id) throw new BridgeError('notFound', `there is no ${segment.type} ${segment.id}`)
  throw new BridgeError('badParameter', `${segment.type}: one of id, url and base64 is needed`)
}

function withRecord(segment: MediaSegment, record: MediaRecord, media: OutboundServices['media']): MediaSegment {
  // Only bytes that came in here are served from here.
  const served = record.backend === undefined ? media.urlOf(record.id) : undefined
  const url = record.url ?? served ?? segment.url
  const sizeBytes = segment.sizeBytes ?? record.sizeBytes
  const shown = { ...segment, id: record.id, ...(url && { url }), ...(sizeBytes !== undefined && { sizeBytes }) }
  if (shown.type === 'voice' && shown.durationSeconds === undefined && record.durationSeconds !== undefined) {
    return { ...shown, durationSeconds: record.durationSeconds }
  }
  if (shown.type !== 'image' || shown.width !== undefined || record.width === undefined) return shown
  return { ...shown, width: record.width, height: record.height }
}

/** Named after the whole address: two pictures called a.png are not the same. */
function learnUrl(segment: MediaSegment, url: string, media: OutboundServices['media'], backend: string): MediaId {
  const hash = createHash('md5').update(url).digest('hex').toUpperCase()
  const extension = /\.([A-Za-z0-9]{1,8})$/.exec(segment.name ?? url.split(/[?#]/, 1)[0] ?? '')?.[1]
  const name = extension === undefined ? hash : `${hash}.${extension.toLowerCase()}`
  return media.learn({ kind: segment.type, backend, native: url, url, name, sizeBytes: segment.sizeBytes })
}
