// Message ids and contents: bridge id <-> backend id, per bot, durable. The latest in memory; what a turn learnt goes into a
// journal, and from there into the database in full rows.
//
// A message's bridge id follows from its backend id: the id itself where that is a free int32, else a hash of conversation
// and id; on a collision the next hash. So one look-up finds a message from either side and no second index is kept.
import { whatFailed } from './patience.ts'
import type { DatabaseSync } from 'node:sqlite'
import { peerKey, type MessageId, type UserId } from '../core/ids.ts'
import type { Message } from '../core/message.ts'
import type { MessageLog, NativeMessage } from '../core/ports.ts'
import { toMessageId } from '../core/read.ts'
import type { Segment } from '../core/segment.ts'
import { createBatches, type Retention } from './batches.ts'
import type { Durability } from './database.ts'
import { openJournal, type JournalOptions } from './journal.ts'
import { createSharedRecent } from './recent.ts'
import { readRecords } from './read-record.ts'
import { createRecordPages } from './record-pages.ts'
import { printRecord, type Content, type MessageRecord, type PrintedRecord } from './record.ts'

interface Entry extends NativeMessage {
  bot: UserId
  id: MessageId
  content: Content | undefined
  recalled: boolean
  queued: boolean
}

export interface DurableMessageLog extends MessageLog {
  /** Writes what was learnt since the last call. Cheap when there is nothing. */
  commit(): void
  /** Called before the disk is asked for the log of the database; what it returns, when the disk has it. */
  settle(): () => void
  /** Commits, and brings all of it into the database. */
  close(): void
}

export interface MessageLogOptions {
  db: DatabaseSync
  /** Data folder. Absent: nothing has to survive. */
  folder?: string | undefined
  durability?: Durability | undefined
  onDamage?: ((text: string) => void) | undefined
  /** The latest messages kept in memory, all bots together; up to twice as many, half a kilobyte each. Default 10000. */
  cached?: number
  /** How long messages stay on disk. */
  keep?: Retention | undefined
  /** Where the bytes of a medium that a client sent can be fetched. */
  urlOf?: (id: string) => string | undefined
  /** Told when the first row waits for a commit. */
  onPending: () => void
  /** The log of the database is being emptied, which ends when nobody writes to it for a moment. */
  isMoving?: (() => boolean) | undefined
  /** Writes to the journal. */
  write?: JournalOptions['write']
}

export const defaultCachedMessages = 10_000

/** Four full rows. More would be written in one go that others wait for, a millisecond for 256. */
const mostUnsaved = 64
/** Records written in one commit when more have waited, at least. */
const savedAtOnce = 2 * mostUnsaved
/** Messages of one turn that wait for its end. */
const mostPending = 256
/** Of one record, in the half of the cache that is filled. */
const usualBytes = 256
/** Of so many cached messages one is kept as objects, too: the latest that were asked for. */
const askedShare = 16

export function createMessageLog(options: MessageLogOptions): DurableMessageLog {
  const { db, folder, durability = 'normal', cached = defaultCachedMessages, onPending } = options
  const { onDamage = () => {}, urlOf = () => undefined, isMoving = () => false, write } = options
  /** Those that were asked for, and those whose content may still change. */
  const asked = createSharedRecent<UserId, MessageId, Entry>(cached / askedShare)
  const pages = createRecordPages(cached * usualBytes, saveBeforeDrop)
  const batches = createBatches(db, { keep: options.keep, onDamage })
  /** Few: looked through. */
  let pending: Entry[] = []
  /** Committed, but not in the database yet. */
  let unsaved: PrintedRecord[] = []
  /** Some of these may not be in the pages any more. */
  let isThin = false
  /** Lines that the journal does not have: new ones, and when the disk was full, older ones. */
  let unwritten: Uint8Array[] = []
  /** Written to in vain the last time. Tried with a little then: all that waits would be written in vain every turn. */
  const failing = { journal: false, database: false }
  const saveAt = Math.min(mostUnsaved, cached / 4)
  const journal = folder === undefined ? undefined : openJournal({ folder, durability, restore, onDamage, write })
  save(unsaved.length)

  /** Earlier versions wrote a list of records in each line. */
  function restore(line: string): boolean {
    try {
      for (const record of readRecords(line)) unsaved.push(printRecord(record))
      return true
    } catch {
      return false
    }
  }

  function load(bot: UserId, id: MessageId): Entry | undefined {
    const hit = pending.find((entry) => entry.id === id && entry.bot === bot) ?? asked.get(bot, id)
    if (hit) return hit
    const json = pages.find(bot, id) ?? (isThin ? findUnsaved(bot, id) : undefined)
    const record = json === undefined ? batches.find(bot, id) : (JSON.parse(json) as MessageRecord)
    if (!record) return undefined
    const entry = toEntry(record)
    asked.set(bot, id, entry)
    return entry
  }

  function findUnsaved(bot: UserId, id: MessageId): string | undefined {
    return unsaved.findLast((record) => record.id === id && record.bot === bot)?.json
  }

  function queue(entry: Entry): void {
    if (entry.queued) return
    entry.queued = true
    pending.push(entry)
    if (pending.length === 1) onPending()
    if (pending.length >= mostPending) commit()
  }

  function commit(): void {
    if (pending.length === 0 && unwritten.length === 0) return
    const came = pending.length
    for (const entry of pending) keep(entry)
    pending = []
    for (const lines of pages.takeLines()) unwritten.push(lines)
    const isWritten = attempt('journal', writeJournal)
    const isSaved = attempt('database', () => saveWhenDue(came))
    if (!isWritten || !isSaved) drop()
  }

  function keep(entry: Entry): void {
    const { bot, id, native, peer, backend, recalled, content = null } = entry
    const record = printRecord({ bot, id, native, peer, backend, recalled, content })
    pages.add(record)
    unsaved.push(record)
    entry.queued = false
    // The nodes of a forward may still be fetched.
    if (content?.segments.some(isForward)) asked.set(bot, id, entry)
  }

  function writeJournal(): void {
    const [first] = unwritten
    if (!first) return
    if (failing.journal) {
      journal?.append(first)
      unwritten = unwritten.slice(1)
    }
    if (unwritten.length > 0)
      journal?.append(unwritten.length === 1 ? (unwritten[0] as Uint8Array) : Buffer.concat(unwritten))
    unwritten = []
  }

  /** What goes from the pages must be in the database; a disk that takes nothing leaves it among the unsaved, to be looked through. */
  function saveBeforeDrop(): void {
    if (!attempt('database', () => save(unsaved.length))) isThin = true
  }

  /** Twice as many as came, so that what waits gets less. */
  function saveWhenDue(came: number): void {
    if (unsaved.length < saveAt || (isMoving() && unsaved.length < cached / 4)) return
    if (failing.database) save(1)
    save(Math.max(savedAtOnce, 2 * came))
  }

  function save(most: number): void {
    if (unsaved.length === 0) return
    batches.append(unsaved.slice(0, most))
    unsaved = unsaved.slice(most)
    if (unsaved.length > 0) return
    isThin = false
    unwritten = []
    journal?.saved()
  }

  /** A disk that is full is told once, and tried again with every commit. */
  function attempt(where: keyof typeof failing, task: () => void): boolean {
    try {
      task()
      failing[where] = false
      return true
    } catch (error) {
      if (!failing.journal && !failing.database) onDamage(whatFailed(error))
      failing[where] = true
      return false
    }
  }

  /** The latest wait for the disk in memory, no more than it keeps anyway. */
  function drop(): void {
    if (unsaved.length > cached) unsaved = unsaved.slice(-cached)
    let bytes = 0
    const from = unwritten.findLastIndex((lines) => (bytes += lines.length) > cached * usualBytes)
    unwritten = unwritten.slice(from + 1)
  }

  /** Where this message is, or the free id that it would get. */
  function locate(
    bot: UserId,
    native: NativeMessage,
    keepNative: boolean,
  ): { id: MessageId; entry: Entry | undefined } {
    let id = (keepNative && toMessageId(native.native)) || hashId(native, 0)
    for (let round = 1; ; round++) {
      const entry = load(bot, id)
      if (!entry || isSame(entry, native)) return { id, entry }
      id = hashId(native, round)
    }
  }

  return {
    learn(bot, native, content, keepNative = false) {
      const { id, entry } = locate(bot, native, keepNative)
      if (entry) {
        if (content && !entry.content) {
          entry.content = withoutBytes(content, urlOf)
          queue(entry)
        }
        return { id, fresh: false }
      }
      const { peer } = native
      const made: Entry = {
        bot,
        id,
        native: native.native,
        peer,
        backend: native.backend,
        content: content && withoutBytes(content, urlOf),
        recalled: false,
        queued: false,
      }
      queue(made)
      return { id, fresh: true }
    },
    find: (bot, native) => {
      const kept = locate(bot, native, true).entry ?? locate(bot, native, false).entry
      return kept?.id
    },
    native(bot, id) {
      const entry = load(bot, id)
      return entry && { native: entry.native, peer: entry.peer, backend: entry.backend }
    },
    get(bot, id) {
      const entry = load(bot, id)
      return entry?.content && toMessage(entry, entry.content)
    },
    markRecalled(bot, id) {
      const entry = load(bot, id)
      if (!entry) return
      entry.recalled = true
      queue(entry)
    },
    commit,
    settle: () => journal?.settle() ?? (() => {}),
    close() {
      commit()
      const isSaved = attempt('database', () => save(unsaved.length))
      journal?.close(isSaved)
    },
  }
}

/** Whose id it is is not known of messages from before there were several backends. */
function isSame(entry: Entry, { native, peer, backend = entry.backend }: NativeMessage): boolean {
  if (entry.native !== native || (entry.backend ?? backend) !== backend) return false
  return peerKey(entry.peer) === peerKey(peer)
}

type UrlOf = NonNullable<MessageLogOptions['urlOf']>

function toMessage({ id, peer }: Entry, { sender, time, segments, seq, extra }: Content): Message {
  const message: Message = { id, peer, time, sender, segments }
  if (seq !== undefined) message.seq = seq
  if (extra) message.extra = extra
  return message
}

/** Bytes belong to the media store; the log keeps the handle that stands beside them, and the address it has there. */
function withoutBytes(content: Content, urlOf: UrlOf): Content {
  if (!content.segments.some(hasBytes)) return content
  const segments = content.segments.map((segment) => {
    if (!('base64' in segment) || !segment.base64) return segment
    const url = segment.url ?? (segment.id === undefined ? undefined : urlOf(segment.id))
    return { ...segment, base64: undefined, url }
  })
  return { ...content, segments }
}

function hasBytes(segment: Segment): boolean {
  return 'base64' in segment && Boolean(segment.base64)
}

function isForward({ type }: Segment): boolean {
  return type === 'forward'
}

function toEntry({ bot, id, native, peer, backend, recalled, content }: MessageRecord): Entry {
  return { bot, id, native, peer, backend, content: content ?? undefined, recalled, queued: false }
}

/** FNV-1a, folded to a positive int32. */
function hashId({ native, peer }: NativeMessage, round: number): MessageId {
  const conversation = peerKey(peer)
  const text = round === 0 ? `${conversation}:${native}` : `${conversation}:${native}:${round}`
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 1 || 1) as MessageId
}
