// Addresses of media expire, QQ's after an hour or two. Before one is shown or sent again that was learnt long ago, the backend
// is asked where the medium is now. Bytes that the bridge holds need nobody.
import { LRUCache } from 'lru-cache'
import type { Loss } from '../core/fidelity.ts'
import type { MessageId, UserId } from '../core/ids.ts'
import type { Message } from '../core/message.ts'
import type { MediaRecord, MediaStore, Outbound } from '../core/ports.ts'
import type { ForwardNode, MediaSegment, Segment } from '../core/segment.ts'

export interface FreshenOptions {
  media: MediaStore
  /** The backend of that name, when it has the bot. */
  ownerOf: (backend: string, bot: UserId) => Outbound | undefined
  loss: (bot: UserId, loss: Loss) => void
  /** What a message says that a node of a forward names by its id. */
  contentOf: (bot: UserId, id: MessageId) => readonly Segment[] | undefined
  /** Milliseconds that an address counts as good. */
  goodMs: number
  /** Milliseconds for all media of a message together. Default 3000. */
  deadlineMs?: number
}

export interface Freshen {
  /** Before it is sent to a backend: the media store knows better addresses then. undefined: nothing to wait for. */
  outgoing(segments: readonly Segment[], to: Outbound, bot: UserId): Promise<void> | undefined
  /** As it is now: with addresses of today. The same message when nothing is old. */
  message(message: Message, bot: UserId): Message | Promise<Message>
  nodes(nodes: ForwardNode[], bot: UserId): ForwardNode[] | Promise<ForwardNode[]>
}

/** One message is asked for so many media at most. */
const most = 20
/** In which a backend that could not help is not asked again. */
const failureMs = 60_000

/** What most messages are made of names no media. */
function isPlain({ type }: Segment): boolean {
  return type === 'text' || type === 'mention' || type === 'face' || type === 'reply'
}

export function createFreshen(options: FreshenOptions): Freshen {
  const { media, goodMs, deadlineMs = 3000 } = options
  const running = new Map<string, Promise<boolean>>()
  const failed = new LRUCache<string, true>({ max: 10_000, ttl: failureMs })

  function isOld({ backend, bytes, at = 0 }: MediaRecord): boolean {
    return backend !== undefined && Date.now() - at >= goodMs && bytes === undefined
  }

  function oldIn(segments: readonly Segment[], fits: (record: MediaRecord) => boolean): MediaRecord[] {
    const records = new Map<string, MediaRecord>()
    eachMedium(segments, ({ id, base64 }) => {
      const record = id === undefined || base64 !== undefined ? undefined : media.get(id)
      if (record && isOld(record) && fits(record)) records.set(record.id, record)
    })
    return [...records.values()].slice(0, most)
  }

  /** And what the nodes name: backends that have forgotten a message get what it said. */
  function withNamed(segments: readonly Segment[], bot: UserId): readonly Segment[] {
    const named = segments.flatMap((segment) => {
      const nodes = segment.type === 'forward' ? (segment.nodes ?? []) : []
      return nodes.flatMap(({ messageId, segments: own }) =>
        messageId === undefined || own ? [] : (options.contentOf(bot, messageId) ?? []),
      )
    })
    return named.length === 0 ? segments : [...segments, ...named]
  }

  /** Whether there is another address now. */
  function refresh(record: MediaRecord, bot: UserId): Promise<boolean> {
    if (failed.has(record.id)) return Promise.resolve(false)
    const known = running.get(record.id)
    if (known) return known
    const asked = ask(record, bot).finally(() => running.delete(record.id))
    running.set(record.id, asked)
    return asked
  }

  async function ask({ id, kind, backend = '', url }: MediaRecord, bot: UserId): Promise<boolean> {
    const owner = options.ownerOf(backend, bot)
    try {
      if (!owner) throw new Error(`${backend} is not there`)
      const found = await owner.call(bot, { name: 'media.get', params: { kind, id } }, { timeoutMs: deadlineMs })
      if (found.url === undefined) throw new Error(`${backend} tells no address`)
      media.moved(id, found.url)
      return found.url !== url
    } catch (error) {
      failed.set(id, true)
      if (url === undefined) return false
      const reason = `its address may have expired: ${error instanceof Error ? error.message : 'nobody knows'}`
      options.loss(bot, { what: kind, fidelity: 'lossy', reason })
      return false
    }
  }

  async function all(records: readonly MediaRecord[], bot: UserId): Promise<boolean> {
    const refreshed = await Promise.all(records.map((record) => refresh(record, bot)))
    return refreshed.every(Boolean)
  }

  /** mah and some others tell new addresses with the whole message only. What it says is learnt on the way. */
  async function readAgain({ id }: Message, { backend = '' }: MediaRecord, bot: UserId): Promise<void> {
    const again = { name: 'message.get', params: { messageId: id } } as const
    await options
      .ownerOf(backend, bot)
      ?.call(bot, again, { timeoutMs: deadlineMs })
      .catch(() => undefined)
  }

  function withAddresses(segments: Segment[]): Segment[] {
    return mapMedia(segments, (segment) => {
      const record = segment.id === undefined || segment.url === undefined ? undefined : media.get(segment.id)
      const url = record && addressOf(record, segment.url ?? '')
      return url === undefined || url === segment.url ? segment : { ...segment, url }
    })
  }

  /** Of bytes that are served here: under which port of which start does not count. */
  function addressOf({ id, backend, url }: MediaRecord, shown: string): string | undefined {
    return backend === undefined && shown.endsWith(id) ? media.urlOf(id) : url
  }

  return {
    outgoing(segments, to, bot) {
      if (segments.every(isPlain)) return undefined
      const old = oldIn(
        withNamed(segments, bot),
        ({ backend }) => backend !== to.name || !to.capabilities(bot).mediaByHandle,
      )
      return old.length === 0 ? undefined : all(old, bot).then(() => {})
    },
    message(message, bot) {
      const show = (): Message => {
        const segments = withAddresses(message.segments)
        return segments === message.segments ? message : { ...message, segments }
      }
      const old = oldIn(message.segments, () => true)
      const [first] = old
      if (!first) return show()
      return all(old, bot).then(async (isNew) => {
        if (!isNew) await readAgain(message, first, bot)
        return show()
      })
    },
    nodes(nodes, bot) {
      const show = (): ForwardNode[] => mapNodes(nodes, withAddresses)
      const old = nodes.flatMap(({ segments = [] }) => oldIn(segments, () => true)).slice(0, most)
      return old.length === 0 ? show() : all(old, bot).then(show)
    },
  }
}

function isMedium(segment: Segment): segment is MediaSegment {
  const { type } = segment
  return type === 'image' || type === 'voice' || type === 'video' || type === 'file'
}

function eachMedium(segments: readonly Segment[], visit: (segment: MediaSegment) => void): void {
  for (const segment of segments) {
    if (isMedium(segment)) visit(segment)
    else if (segment.type === 'forward') segment.nodes?.forEach((node) => eachMedium(node.segments ?? [], visit))
  }
}

/** The same list when nothing changes. */
function mapMedia(segments: Segment[], change: (segment: MediaSegment) => MediaSegment): Segment[] {
  let changed: Segment[] | undefined
  for (const [at, segment] of segments.entries()) {
    const next = changeOne(segment, change)
    if (next !== segment) (changed ??= [...segments])[at] = next
  }
  return changed ?? segments
}

function changeOne(segment: Segment, change: (segment: MediaSegment) => MediaSegment): Segment {
  if (isMedium(segment)) return change(segment)
  if (segment.type !== 'forward' || !segment.nodes) return segment
  const nodes = mapNodes(segment.nodes, (inner) => mapMedia(inner, change))
  return nodes === segment.nodes ? segment : { ...segment, nodes }
}

function mapNodes(nodes: ForwardNode[], change: (segments: Segment[]) => Segment[]): ForwardNode[] {
  const mapped = nodes.map((node) => {
    const segments = node.segments && change(node.segments)
    return segments === node.segments ? node : { ...node, segments }
  })
  return mapped.some((node, at) => node !== nodes[at]) ? mapped : nodes
}
