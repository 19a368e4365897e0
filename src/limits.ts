// The limits of the bridge as a whole; those of one inbound or backend stand in its own options.
import * as v from 'valibot'
import { defaultJsonLimits, type JsonLimits } from './core/json.ts'
import { defaultRetention } from './state/batches.ts'
import { defaultMembers } from './state/directory.ts'
import { defaultListTextBytes } from './state/list-texts.ts'
import { defaultCachedMessages } from './state/messages.ts'
import { defaultRequestDays } from './state/requests.ts'
import { defaultContentLimits, type ContentLimits } from './route/outgoing.ts'
import { defaultHttpLimits, type HttpLimits } from './transport/mount.ts'
import { defaultQueueMemoryBytes } from './transport/queue-memory.ts'
import { defaultSocketLimits, type SocketLimits } from './transport/socket.ts'

const positive = v.pipe(v.number(), v.integer(), v.minValue(1))
const natural = v.pipe(v.number(), v.integer(), v.minValue(0))

export const Limits = v.strictObject({
  /** Bytes of one WebSocket message or OneBot JSON body. Default 64 MiB; beyond it HTTP 413 or close 1009. */
  messageBytes: v.optional(positive, defaultHttpLimits.maxBodyBytes),
  /** Bytes of unread request bodies and WebSocket messages that all clients together may have in memory. Default 256 MiB; beyond it HTTP 503 or close 1013. */
  bodyMemoryBytes: v.optional(positive, defaultHttpLimits.bodyMemoryBytes),
  /**
   * Bytes of events and answers that may wait for all clients together. Default
   * 256 MiB; beyond it the fullest queues lose their oldest, and WebSockets that take nothing are cut.
   */
  queueMemoryBytes: v.optional(positive, defaultQueueMemoryBytes),
  /** Levels of nesting in JSON of clients. Default 100; deeper is malformed. */
  jsonDepth: v.optional(v.pipe(positive, v.maxValue(2000)), defaultJsonLimits.depth),
  /** Members and items in all in JSON of clients. Default 200000; more are malformed. */
  jsonValues: v.optional(positive, defaultJsonLimits.values),
  /** Connections of one listener. Default 1024; beyond it the newest are refused. */
  connections: v.optional(positive, defaultHttpLimits.connections),
  /** Of these, how many that were let in to nothing yet. Default 256; beyond it the newest are refused. */
  strangers: v.optional(positive, defaultHttpLimits.strangers),
  /** Bytes of request line and headers. Default 16 KiB; beyond it HTTP 431. */
  headerBytes: v.optional(positive, defaultHttpLimits.headerBytes),
  /** Milliseconds for the headers of a request. Default 10000; then HTTP 408. */
  headersMs: v.optional(positive, defaultHttpLimits.headersMs),
  /** Milliseconds for a whole request. Default 60000; then HTTP 408. */
  bodyMs: v.optional(positive, defaultHttpLimits.bodyMs),
  /** Milliseconds without a byte of an upload by somebody who has a session; the whole may take longer. Default 30000; then HTTP 408. */
  uploadIdleMs: v.optional(positive, defaultHttpLimits.uploadIdleMs),
  /** Milliseconds between two looks for requests whose headers are late. Default 5000. */
  checkMs: v.optional(positive, defaultHttpLimits.checkMs),
  /** Milliseconds that a connection without a request is kept for the next one. Default 65000; then it is closed. */
  keepAliveMs: v.optional(positive, defaultHttpLimits.keepAliveMs),
  /** Wrong secrets of one address in one minute that are answered at once. Default 10; further ones wait. The right one never does. */
  freeFailures: v.optional(natural, defaultHttpLimits.freeFailures),
  /** Milliseconds that they wait. Default 200. */
  failureDelayMs: v.optional(natural, defaultHttpLimits.failureDelayMs),
  /** Frames of one WebSocket message. Default 16384; beyond it close 1008. */
  framesPerMessage: v.optional(positive, defaultSocketLimits.framesPerMessage),
  /** Unsent bytes of a WebSocket at which it is not read any more. Default 1 MiB. */
  pauseBytes: v.optional(positive, defaultSocketLimits.pauseBytes),
  /** Unsent bytes of a WebSocket. Default 16 MiB; beyond it close 1013. */
  closeBytes: v.optional(positive, defaultSocketLimits.closeBytes),
  /** Milliseconds that a client may take nothing of what waits for it, over WebSocket or as server-sent events. Default 30000; then it is cut. */
  stalledMs: v.optional(positive, defaultSocketLimits.stalledMs),
  /** Milliseconds between pings of a WebSocket. Default 10000: a dead link is found within 30 s. */
  pingMs: v.optional(positive, defaultSocketLimits.pingMs),
  /** Pings without an answer until a WebSocket counts as dead. Default 2. */
  missedPings: v.optional(positive, defaultSocketLimits.missedPings),
  /** Segments of one message. Default 2000; more are too long. */
  segments: v.optional(positive, defaultContentLimits.segments),
  /** Characters of one message. Default 65536; more are too long. */
  characters: v.optional(positive, defaultContentLimits.characters),
  /** Nodes of one forward. Default 200; more are too long. */
  forwardNodes: v.optional(positive, defaultContentLimits.nodes),
  /** Forwards inside forwards. Default 10; more are too long. */
  forwardDepth: v.optional(positive, defaultContentLimits.depth),
  /** Bytes of a local file that is read for a client. Default 100 MiB; larger ones are refused. */
  fileBytes: v.optional(positive, defaultContentLimits.fileBytes),
  /** Bytes of uploads that are kept. Default 256 MiB; beyond it the least recently used go. */
  mediaBytes: v.optional(positive, 256 * 1024 * 1024),
  /** Members of groups that are known at a time, about 200 bytes each. Default 1000000; beyond it the lists used least are asked for anew. */
  members: v.optional(positive, defaultMembers),
  /** Bytes of lists of members, groups and friends that are kept as text, about 200 each member and dialect. Default 64 MiB; beyond it those used least are printed anew. */
  listTextBytes: v.optional(positive, defaultListTextBytes),
  /** Seconds that the address of a received medium counts as good. Default 1800; then the backend is asked for another one. */
  mediaUrlSeconds: v.optional(positive, 1800),
  /** Latest messages in memory, all bots together, about half a kilobyte each; up to twice as many. Default 10000; older ones are read from the disk. */
  cachedMessages: v.optional(v.pipe(positive, v.minValue(16)), defaultCachedMessages),
  /** Messages whose ids and contents are kept, all bots together. Default 1000000; beyond it the oldest are unknown. */
  messages: v.optional(positive, defaultRetention.messages),
  /** Days that they are kept. Default 30; then they are unknown. */
  messageDays: v.optional(positive, defaultRetention.days),
  /** Days that a friend or group request can be answered. Default 7; then answering it is an error. */
  requestDays: v.optional(positive, defaultRequestDays),
  /** Latest events of each account that are remembered, so that two links tell them once. Default 4096; older ones come again. */
  eventKeys: v.optional(positive, 4096),
  /** Milliseconds that calls under way have to end when the bridge stops. Default 10000; then they are cut. */
  drainMs: v.optional(v.pipe(v.number(), v.minValue(0)), 10_000),
})
export type Limits = v.InferOutput<typeof Limits>

export function jsonLimitsOf({ jsonDepth, jsonValues }: Limits): JsonLimits {
  return { depth: jsonDepth, values: jsonValues }
}

export function httpLimitsOf(limits: Limits): HttpLimits {
  return { ...pick(limits, defaultHttpLimits), maxBodyBytes: limits.messageBytes }
}

export function socketLimitsOf(limits: Limits): SocketLimits {
  return pick(limits, defaultSocketLimits)
}

/** What is called the same on both sides. */
function pick<Wanted extends object>(limits: Limits, wanted: Wanted): Wanted {
  const given = Object.keys(wanted).map((key) => [key, limits[key as keyof Limits]])
  return Object.fromEntries(given) as Wanted
}

export function contentLimitsOf({
  segments,
  characters,
  forwardNodes,
  forwardDepth,
  fileBytes,
}: Limits): ContentLimits {
  return { segments, characters, nodes: forwardNodes, depth: forwardDepth, fileBytes }
}
