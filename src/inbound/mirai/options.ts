// What a mirai inbound can be told. Numbers are the limits of one inbound.
import * as v from 'valibot'
import { placeEntries } from '../../transport/place-options.ts'

const positive = v.pipe(v.number(), v.integer(), v.minValue(1))

const MiraiLimits = v.strictObject({
  /** Seconds a session lives between /verify and /bind. Default 180; then code 3. */
  unboundSeconds: v.optional(v.pipe(v.number(), v.minValue(0)), 180),
  /** Seconds a bound session lives without a call or a socket. Default 1800; then code 3. */
  idleSeconds: v.optional(v.pipe(v.number(), v.minValue(0)), 1800),
  /** Sessions in all. Default 2000; beyond it the one that was idle longest goes. */
  sessions: v.optional(positive, 2000),
  /** Events waiting in one HTTP session. Default 1000; beyond it see `queueDrops`. 0: no queue. */
  queueEvents: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 1000),
  /** Bytes waiting in one HTTP session. Default 8 MiB; beyond it see `queueDrops`. */
  queueBytes: v.optional(positive, 8 * 1024 * 1024),
  /** Calls of one WebSocket under way. Default 256; then nothing more is read from it until one has ended. */
  callsPerConnection: v.optional(positive, 256),
  /** Bytes of one JSON body or frame. Default 64 MiB; beyond it HTTP 413. */
  bodyBytes: v.optional(positive, 64 * 1024 * 1024),
  /** Bytes of a body or form that nobody has vouched for by a session or verifyKey. Default 64 KiB; beyond it HTTP 413. */
  strangerBytes: v.optional(positive, 64 * 1024),
  /** Bytes of one uploaded file. Default 100 MiB; beyond it HTTP 413. */
  uploadBytes: v.optional(positive, 100 * 1024 * 1024),
  /** Parts of one form. Default 50; beyond it HTTP 413. */
  formParts: v.optional(positive, 50),
  /** Bytes of the headers of one part. Default 8 KiB; beyond it HTTP 413. */
  partHeaderBytes: v.optional(positive, 8 * 1024),
  /**
   * Seconds that the session of a socket that vanished without a farewell waits for a new one with its sessionKey, and each
   * event with it. Default 120; then it ends. 0: it ends at once, as in mah.
   */
  outboxSeconds: v.optional(v.pipe(v.number(), v.minValue(0)), 120),
  /** Events that wait on each channel of such a session. Default 1000; beyond it the oldest go. */
  outboxEvents: v.optional(positive, 1000),
  /** Bytes of them. Default 8 MiB; beyond it the oldest go. */
  outboxBytes: v.optional(positive, 8 * 1024 * 1024),
  /** Events waiting for one webhook. Default 1000; beyond it the oldest go. */
  webhookEvents: v.optional(positive, 1000),
  /** Bytes waiting for one webhook. Default 8 MiB; beyond it the oldest go. */
  webhookBytes: v.optional(positive, 8 * 1024 * 1024),
  /** Bytes of the answer of a webhook: a command with a picture inside is large. Default 1 MiB; a longer one is dropped. */
  webhookAnswerBytes: v.optional(positive, 1024 * 1024),
  /** Seconds an event waits for one webhook that is slow or away. Default 120; then it goes. */
  webhookSeconds: v.optional(positive, 120),
})

const headers = v.optional(v.record(v.string(), v.string()), {})

const ReverseTarget = v.strictObject({
  /** Address of the client's WebSocket server, parameters included: `ws://host:port/path?name=value`. */
  url: v.pipe(v.string(), v.url(), v.regex(/^wss?:\/\//i, 'expected ws:// or wss://')),
  /** Headers of the upgrade request. Default none. */
  headers,
})

const Webhook = v.strictObject({
  /** Where events are posted: `http://host:port/path`. */
  url: v.pipe(v.string(), v.url(), v.regex(/^https?:\/\//i, 'expected http:// or https://')),
  /** Beside qq, X-qq, bot and X-bot. Default none. */
  headers,
  /** Milliseconds until an answer must be there. Default 10000; then the next event is sent. */
  timeoutMs: v.optional(positive, 10_000),
})

export const MiraiInboundOptions = v.strictObject({
  /** What it speaks: mirai-api-http. */
  dialect: v.literal('mirai'),
  /** Address for HTTP and WebSocket alike, `host:port`. Default 127.0.0.1:8080, mah's own. */
  listen: v.optional(v.string(), '127.0.0.1:8080'),
  ...placeEntries,
  /** What is offered. Default all; `reverse-ws` and `webhook` do nothing without addresses. */
  adapters: v.optional(v.array(v.picklist(['http', 'ws', 'reverse-ws', 'webhook'])), [
    'http',
    'ws',
    'reverse-ws',
    'webhook',
  ]),
  /** Servers of clients that are connected to and kept connected. They verify themselves. Default none. */
  reverse: v.optional(v.array(ReverseTarget), []),
  /** Addresses that get every event of every bot; the answer may carry one command. Default none. */
  webhooks: v.optional(v.array(Webhook), []),
  /** Ask for the verifyKey. Default true. */
  enableVerify: v.optional(v.boolean(), true),
  /** The shared secret. Default empty: as with enableVerify off, nothing is asked for. */
  verifyKey: v.optional(v.string(), ''),
  /** One session for everybody, bound to the first bot; session keys do not matter. Default false. */
  singleMode: v.optional(v.boolean(), false),
  /** What /about says; clients compare it as digits and dots. Default 2.10.0. */
  version: v.optional(
    v.pipe(v.string(), v.regex(/^[0-9]+(\.[0-9]+)*$/, 'expected digits and dots like 2.10.0')),
    '2.10.0',
  ),
  /** syncId of pushed events. Default -1. */
  reservedSyncId: v.optional(v.string(), '-1'),
  /** Understand 1.x clients too: /auth, bare frames, naked lists, old paths. Default true. */
  v1: v.optional(v.boolean(), true),
  /** What stands before a registered command in messages. Default "/", as in mirai's console; empty: nothing. */
  commandPrefix: v.optional(v.string(), '/'),
  /** What goes when a queue is full. Default oldest; newest is what mah does. */
  queueDrops: v.optional(v.picklist(['oldest', 'newest']), 'oldest'),
  /** Limits of this inbound. */
  limits: v.optional(MiraiLimits, {}),
})
export type MiraiInboundOptions = v.InferOutput<typeof MiraiInboundOptions>
export type ReverseTarget = v.InferOutput<typeof ReverseTarget>
export type Webhook = v.InferOutput<typeof Webhook>
export type MiraiLimits = v.InferOutput<typeof MiraiLimits>
