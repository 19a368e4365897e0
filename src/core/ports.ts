// The two ports of the bridge and the services that their implementations are given.
// An inbound is what a bot connects to. An outbound is a backend that has accounts.
import type { ActionName, ActionOf, Result } from './action.ts'
import type { Friend, Group, Member, Profile } from './contact.ts'
import type { BridgeEvent } from './event.ts'
import type { Extra } from './extra.ts'
import type { Fidelity, Loss } from './fidelity.ts'
import type { GroupId, MediaId, MessageId, Peer, RequestId, UserId } from './ids.ts'
import type { JsonLimits } from './json.ts'
import type { JsonText } from './json-text.ts'
import type { OnLimit } from './limit.ts'
import type { Message, Sender } from './message.ts'
import type { MediaSegment, Segment, SegmentType } from './segment.ts'
import type { Share } from './share.ts'
import type { Trace } from './trace.ts'

/** Where messages come from and go to: an account of a backend. */
export interface BotStatus {
  bot: UserId
  nickname: string
  online: boolean
  /** What else the backend says of its state. */
  extra?: Extra | undefined
}

/** What a backend can take, as data. Absent entries: exact for segments, supported for actions. */
export interface Capabilities {
  /** Name and version for people and for get_version_info. */
  implementation: string
  version: string
  /** Dialect whose unknown actions can be passed on as `raw`. Absent: none. */
  rawDialect?: string | undefined
  /** Received media are sent again by their handles: their addresses need not be good any more. */
  mediaByHandle?: boolean | undefined
  segments: Partial<Record<SegmentType, { fidelity: Fidelity; reason: string }>>
  actions: Partial<Record<ActionName, { fidelity: Fidelity; reason: string }>>
}

export interface CallOptions {
  /** Asked by an inbound itself, to serve a call: what the client may ask for does not matter here. */
  aside?: boolean
  /** Stands for the client as long as it is connected. Absent: one of many that cannot be told apart. */
  client?: object
  /** Milliseconds until the call fails with `timeout`. Default: the backend's own setting. */
  timeoutMs?: number
  /** The client's socket address is a loopback one: it may name files of this machine to a backend on this machine. */
  loopback?: boolean
  /** What the client's call says beyond the action: for a backend of that dialect only. */
  extra?: Extra | undefined
  /** Told what a backend answered to the action itself, before the call ends: for what the result has no place for. */
  heard?: (answer: HeardAnswer) => void
  /** Takes the pieces before the last of an answer that comes in several. Absent: only the last one counts. */
  piece?: ((answer: HeardAnswer) => void) | undefined
  /** Where what a backend is asked and answers is written down. Default: nowhere. */
  trace?: Trace | undefined
}

/** An answer as it came, with the backend's own ids in it: for clients of the same dialect only. */
export interface HeardAnswer {
  dialect: string
  /** By which name the backend was asked. */
  action: string
  data: unknown
  /** What stands around the data beyond what every answer has. */
  around?: Readonly<Record<string, unknown>> | undefined
}

/** What came from a backend and nobody can use. */
export const droppedKinds = [
  'late', // an answer whose caller has been told that there is none
  'double', // a second answer
  'unasked', // an answer to nothing that was asked here
  'frame', // neither event nor answer
  'event', // an event without what it needs, or of an account that is not the link's
] as const
export type Dropped = (typeof droppedKinds)[number]

/** What an outbound reports to. */
export interface OutboundSink {
  /** `source`: what it was read from, for traces. */
  event(event: BridgeEvent, source?: unknown): void
  /** An account appeared, changed its state or its name. The bridge asks `bots()` again. */
  botsChanged(): void
  /** A conversion on the way in was not exact. */
  loss(bot: UserId | undefined, direction: 'in' | 'out', loss: Loss): void
  /** Something that the backend sent was of no use. To be counted; what an operator should know is logged as well. */
  dropped(what: Dropped): void
  /** Something an operator should read; never contains secrets. */
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void
}

/** A backend. Opened once; reconnects by itself until closed. */
export interface Outbound {
  readonly name: string
  readonly dialect: string
  /** Resolves when the first attempt has ended, connected or not: a backend that is down must not stop the bridge. */
  start(sink: OutboundSink): Promise<void>
  bots(): readonly BotStatus[]
  capabilities(bot: UserId): Capabilities
  /** Rejects with a BridgeError only. */
  call<N extends ActionName>(bot: UserId, action: ActionOf<N>, options?: CallOptions): Promise<Result<N>>
  close(): Promise<void>
}

/** What bots connect to. */
export interface Inbound {
  readonly name: string
  readonly dialect: string
  /** Resolves when it accepts connections. Rejects when its port cannot be had. */
  start(): Promise<void>
  /** An event of a bot that this inbound sees. The directory already knows what its printing needs. `share`: with the other inbounds that get it, when there are any. */
  push(event: BridgeEvent, share?: Share): void
  /** Lines that tell a person where to connect. */
  addresses(): readonly string[]
  stop(): Promise<void>
}

/** How a list is written. */
export interface ListForm<T> {
  /** Names the dialect, the account and the list: one text is kept for each. */
  key: string
  /** What else the text of each row depends on: when it changes, all are printed anew. */
  context?: string
  /** JSON. undefined: the row is left out. */
  print(row: T): string | undefined
  /** Unix milliseconds at which that text changes by itself. Default: never. */
  until?(row: T): number
}

/** Lists as text, kept as long as nothing in them changes. */
export interface ListTexts {
  /** Rows are compared as objects: one that has changed must be another object. Never rejects. */
  print<T extends object>(rows: readonly T[], form: ListForm<T>): JsonText | Promise<JsonText>
}

/** What an inbound may ask of the bridge. */
export interface InboundHost {
  /** Bots this inbound may use. */
  bots(): readonly BotStatus[]
  /** Lists are shared: nobody may change them, and each stays the same array until something in it changes. */
  call<N extends ActionName>(bot: UserId, action: ActionOf<N>, options?: CallOptions): Promise<Result<N>>
  capabilities(bot: UserId): Capabilities
  readonly view: View
  readonly messages: MessageLog
  readonly requests: RequestLog
  readonly media: MediaStore
  readonly lists: ListTexts
  /** Of what clients send. Default: core/json.ts. */
  readonly jsonLimits?: JsonLimits
  /** For what a client asks to be fetched. Sources of messages go to the backend as they are. */
  readonly fetchUrl: UrlFetcher
  loss(bot: UserId | undefined, direction: 'in' | 'out', loss: Loss): void
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void
  /** A client has reached a limit. Default: nobody wants to know. */
  readonly onLimit?: OnLimit
  /** Begins to follow a request: `source` is its text, or what it was read from. Whoever begins ends it with the answer. */
  trace?(source: unknown): Trace | undefined
  /** A client was sent this text about the event that is being pushed; `waits`: it is away, the text is kept for it. */
  delivered?(client: string, text: string, waits?: boolean): void
  /** Resolves when everything learnt so far is durable. Await before an id leaves over HTTP; WebSocket writes wait by themselves. */
  durable(): Promise<void>
}

/** What the bridge knows right now, for printing. Never waits, never calls a backend. */
export interface View {
  profile(bot: UserId, userId: UserId): Profile | undefined
  friend(bot: UserId, userId: UserId): Friend | undefined
  group(bot: UserId, groupId: GroupId): Group | undefined
  member(bot: UserId, groupId: GroupId, userId: UserId): Member | undefined
  message(bot: UserId, messageId: MessageId): Message | undefined
}

/** What a backend calls a message. `native` is its id as text; only that backend's adapter looks inside. */
export interface NativeMessage {
  native: string
  peer: Peer
  /** Whose id it is, where several backends may have the bot: the same number of another one is another message. */
  backend?: string | undefined
}

/** Durable ids and contents of messages, per bot. Everything here is synchronous. */
export interface MessageLog {
  /**
   * The bridge id for a backend's message, made on first sight and the same ever after. Prefers the native id when it is
   * a free non-zero int32 and `keepNative` is set. `fresh` is false when the message was known before.
   */
  learn(
    bot: UserId,
    native: NativeMessage,
    content?: {
      sender: Sender
      time: number
      segments: Segment[]
      seq?: number | undefined
      extra?: Extra | undefined
    },
    keepNative?: boolean,
  ): { id: MessageId; fresh: boolean }
  /** The id when the message was seen before. Never makes one. */
  find(bot: UserId, native: NativeMessage): MessageId | undefined
  native(bot: UserId, id: MessageId): NativeMessage | undefined
  /** undefined when never seen, or seen without its content. */
  get(bot: UserId, id: MessageId): Message | undefined
  markRecalled(bot: UserId, id: MessageId): void
}

export interface RequestRecord {
  kind: 'friend' | 'join' | 'invite'
  /** The backend's own handle, opaque. */
  native: string
  userId: UserId
  groupId?: GroupId | undefined
  /** Unix seconds when it was asked, as the backend says it: later under the same handle, it is another request. */
  time?: number | undefined
}

/** Durable friend and group requests. */
export interface RequestLog {
  learn(bot: UserId, record: RequestRecord): RequestId
  get(bot: UserId, id: RequestId): (RequestRecord & { answered: boolean; expired: boolean }) | undefined
  markAnswered(bot: UserId, id: RequestId): void
}

export interface MediaRecord {
  id: MediaId
  kind: MediaSegment['type']
  /** Backend whose handle `native` is. Absent for uploads. */
  backend?: string | undefined
  /** The backend's handle to send it again or to refresh the url. */
  native?: string | undefined
  url?: string | undefined
  /** Milliseconds: when the backend said that address. */
  at?: number | undefined
  name?: string | undefined
  sizeBytes?: number | undefined
  /** Of an uploaded voice. */
  durationSeconds?: number | undefined
  /** Pixels of an uploaded picture. */
  width?: number | undefined
  height?: number | undefined
  /** Uploaded bytes, while they are kept. May be read from disk at each look. */
  bytes?: Uint8Array | undefined
  /** The file of this process that holds them, when one does. Of no use to clients or backends. */
  path?: string | undefined
}

/** Bytes that came in pieces and lie on disk, known to nobody yet. */
export interface ReceivedBytes {
  readonly sizeBytes: number
  /** As `MediaStore.put`. */
  keep(kind: MediaSegment['type'], name?: string): MediaRecord
  /** Nobody wants them. Nothing after `keep`. */
  discard(): void
}

/** What to hand a backend for a medium. native: its own handle. base64: bare. */
export interface MediaSource {
  kind: 'native' | 'url' | 'base64' | 'path'
  value: string
  /** Beside a native handle: where else the bytes are, for backends that cannot send by handle. */
  url?: string | undefined
}

/** Durable handles of images, voices and videos, and the bytes of uploads. */
export interface MediaStore {
  /** A received medium. The id is made from the MD5 in its file name when there is one, else from the name itself. */
  learn(record: Omit<MediaRecord, 'id' | 'bytes' | 'path' | 'at'>): MediaId
  /** The backend said where it is now. */
  moved(id: string, url: string): void
  /** Bytes given by a client. The id is their MD5. */
  put(kind: MediaSegment['type'], bytes: Uint8Array, name?: string): MediaRecord
  /** Bytes that are too many for memory. Rejects with what the source fails with; then nothing stays. */
  receive(pieces: AsyncIterable<Uint8Array>): Promise<ReceivedBytes>
  /** Ignores case and extension. */
  get(id: string): MediaRecord | undefined
  /** What to hand `backend` for a segment that a client sends. Throws `notFound` for an id that nobody knows. */
  source(segment: MediaSegment, backend: string): MediaSource
  /** Address under which this process serves uploaded bytes, when it has a listener for that. */
  urlOf(id: MediaId): string | undefined
}

/** What stands at an address that a client named. */
export interface FetchedUrl {
  /** Fails with a BridgeError when there are too many or they stop coming. Giving it up closes the connection. */
  pieces: AsyncIterable<Uint8Array>
  /** The last part of the path, unchecked. */
  name?: string | undefined
}

/** Reaches public addresses only, and those that the configuration lists. `headers`: for the server that was named. */
export type UrlFetcher = (url: string, options?: { headers?: Readonly<Record<string, string>> }) => Promise<FetchedUrl>

/** Everything that outbound adapters share. */
export interface OutboundServices {
  fetchUrl: UrlFetcher
  messages: MessageLog
  requests: RequestLog
  media: MediaStore
  view: View
  /** Latest events of each account by which what two links tell is known as one. Default 4096. */
  eventKeys?: number
  /** Of what backends send. Default: core/json.ts. */
  jsonLimits?: JsonLimits
  /** A backend has reached a limit. Default: nobody wants to know. */
  onLimit?: OnLimit
}
