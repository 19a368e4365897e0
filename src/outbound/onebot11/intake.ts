// Events of one account on their way in: ids, origin of own messages, files that are reported twice.
import type { BridgeEvent, MessageEvent } from '../../core/event.ts'
import type { Loss } from '../../core/fidelity.ts'
import { peerKey, type MessageId, type Peer, type UserId } from '../../core/ids.ts'
import type { Dropped, OutboundServices } from '../../core/ports.ts'
import { toUserId, type WireObject } from '../../core/read.ts'
import { createRecent } from '../../state/recent.ts'
import { createMerge } from '../../state/merge.ts'
import { toEventKey } from '../../translate/event-key.ts'
import { withExtra } from '../../dialect/onebot11/event-extra.ts'
import { parseEvent } from '../../dialect/onebot11/event-parse.ts'
import type { EventIds } from '../../dialect/onebot11/wire.ts'
import { createFileTwins } from './file-twins.ts'
import { createOwnSends, type OwnSends } from './own-sends.ts'

export interface IntakeOptions {
  bot: UserId
  services: OutboundServices
  ids: EventIds
  reportsFilesTwice: () => boolean
  /** More than one connection tells of this account. */
  several: () => boolean
  /** `source`: what it was read from. */
  emit(event: BridgeEvent, source?: unknown): void
  loss(loss: Loss): void
  log(level: 'debug' | 'warn', key: string, text: string): void
  dropped(what: Dropped): void
  /** The backend says that the account went or came. */
  reported(online: boolean): void
}

export interface Intake {
  readonly ownSends: OwnSends
  /** Never throws. `link`: by which it came. `text`: what it was read from, which is kept in the place of the object. */
  receive(wire: WireObject, link: unknown, text?: string): void
  /** The backend gave this id since its link stands, and not too long ago: it knows it still. */
  isTold(id: MessageId): boolean
  noteTold(id: MessageId): void
  /** There is a new link: whoever is behind it may have been started anew. */
  begin(): void
  /** The backend's id of the newest message that was seen in a conversation. */
  lastSeen(peer: Peer): string | undefined
  /** Of every conversation. */
  allLastSeen(): string[]
  close(): void
}

const rememberedConversations = 4096
/** NapCat keeps 5000; here it is up to twice as many as this. */
const toldIds = 1250
const usualKeys = 4096

export function createIntake(options: IntakeOptions): Intake {
  const { bot, services, ids, log } = options
  /** What is being read, and what those events were read from that had to wait, by the part of them that is not copied. */
  let reading: { part: object; source: unknown; gone: boolean } | undefined
  const held = new Map<object, unknown>()

  function emit(event: BridgeEvent): void {
    const part = partOf(event)
    if (reading?.part === part) {
      reading.gone = true
      return options.emit(event, reading.source)
    }
    const source = held.get(part)
    held.delete(part)
    options.emit(event, source)
  }

  const newest = new Map<string, MessageId>()
  let told = createRecent<MessageId, true>(toldIds)
  const merge = createMerge({ kept: services.eventKeys ?? usualKeys })
  const ownSends = createOwnSends({
    deliver: emit,
    found: ({ message: { id } }) =>
      options.loss({ what: 'message.send', fidelity: 'lossy', reason: `the answer was lost; it was sent, as ${id}` }),
  })
  const twins = createFileTwins({
    deliver: emit,
    dropped({ file }) {
      if (reading?.part === file) reading.gone = true
      else held.delete(file)
      options.loss({ what: 'file.upload', fidelity: 'dropped', reason: `${file.name} came as a message, too` })
    },
  })

  function receiveMessage(event: MessageEvent): void {
    const key = peerKey(event.message.peer)
    told.set(event.message.id, true)
    newest.delete(key)
    newest.set(key, event.message.id)
    if (newest.size > rememberedConversations) newest.delete(newest.keys().next().value as string)
    if (options.reportsFilesTwice()) twins.saw(event)
    ownSends.place(event)
  }

  function nativeOf(id: MessageId | undefined): string | undefined {
    return id === undefined ? undefined : services.messages.native(bot, id)?.native
  }

  /** Implementations may hold several connections, each with all events. Messages have ids: nothing else is looked at. */
  function isRepeat(event: BridgeEvent, link: unknown): boolean {
    if (!options.several()) return false
    return merge.isRepeat(event.type === 'message' ? String(event.message.id) : toEventKey(event), link)
  }

  function receive(wire: WireObject, link: unknown, source: unknown): void {
    const parsed = parseEvent(wire, ids)
    const event = parsed && withExtra(parsed, wire)
    if (!event) return drop('garbage', 'an event without the members it needs was dropped')
    if (event.bot !== bot) return drop('stranger', `an event of another account, ${event.bot}, was dropped`)
    if (isRepeat(event, link)) return
    const now = { part: partOf(event), source, gone: false }
    reading = now
    take(event)
    reading = undefined
    if (!now.gone && (event.type === 'message' || event.type === 'file.upload')) held.set(now.part, source)
  }

  function drop(key: string, text: string): void {
    options.dropped('event')
    log('warn', key, text)
  }

  function take(event: BridgeEvent): void {
    switch (event.type) {
      case 'message':
        return receiveMessage(event)
      case 'file.upload':
        return options.reportsFilesTwice() ? twins.hold(event) : emit(event)
      case 'message.recall':
        if (event.messageId !== undefined) services.messages.markRecalled(bot, event.messageId)
        return emit(event)
      case 'bot.online':
      case 'bot.offline':
        options.reported(event.type === 'bot.online')
        return emit(event)
      default:
        return emit(event)
    }
  }

  return {
    ownSends,
    receive(wire, link, text) {
      try {
        receive(wire, link, text ?? wire)
      } catch (error) {
        const about = `${String(wire['post_type']).slice(0, 40)} of ${toUserId(wire['self_id']) ?? '?'}`
        reading = undefined
        drop('event', `an event was dropped, ${about}: ${error instanceof Error ? error.message : 'unreadable'}`)
      }
    },
    isTold: (id) => told.get(id) === true,
    noteTold: (id) => told.set(id, true),
    begin() {
      told = createRecent(toldIds)
    },
    lastSeen: (peer) => nativeOf(newest.get(peerKey(peer))),
    allLastSeen: () => [...newest.values()].map(nativeOf).filter((native) => native !== undefined),
    close() {
      held.clear()
      ownSends.close()
      twins.close()
    },
  }
}

function partOf(event: BridgeEvent): object {
  return event.type === 'message' ? event.message : event.type === 'file.upload' ? event.file : event
}
