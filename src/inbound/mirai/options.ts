// What a mirai inbound can be told. Numbers are the limits of one inbound.
import * as v from 'valibot'

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
  /** Calls of one WebSocket under way. Default 256; further ones are answered with code 500. */
  callsPerConnection: v.optional(positive, 256),
  /** Bytes of one JSON body or frame. Default 64 MiB; beyond it HTTP 413. */
  bodyBytes: v.optional(positive, 64 * 1024 * 1024),
  /** Bytes of one uploaded file. Default 100 MiB; beyond it HTTP 413. */
  uploadBytes: v.optional(positive, 100 * 1024 * 1024),
})

export const MiraiInboundOptions = v.strictObject({
  dialect: v.literal('mirai'),
  /** Address for HTTP and WebSocket alike, `host:port`. Default 127.0.0.1:8080, mah's own. */
  listen: v.optional(v.string(), '127.0.0.1:8080'),
  /** What is offered. Default both. */
  adapters: v.optional(v.array(v.picklist(['http', 'ws'])), ['http', 'ws']),
  /** Ask for the verifyKey. Default true. */
  enableVerify: v.optional(v.boolean(), true),
  /** The shared secret. Default empty: as with enableVerify off, nothing is asked for. */
  verifyKey: v.optional(v.string(), ''),
  /** One session for everybody, bound to the first bot; session keys do not matter. Default false. */
  singleMode: v.optional(v.boolean(), false),
  /** What /about says; clients compare it as digits and dots. Default 2.10.0. */
  version: v.optional(v.pipe(v.string(), v.regex(/^[0-9]+(\.[0-9]+)*$/)), '2.10.0'),
  /** syncId of pushed events. Default -1. */
  reservedSyncId: v.optional(v.string(), '-1'),
  /** What goes when a queue is full. Default oldest; newest is what mah does. */
  queueDrops: v.optional(v.picklist(['oldest', 'newest']), 'oldest'),
  limits: v.optional(MiraiLimits, {}),
})
export type MiraiInboundOptions = v.InferOutput<typeof MiraiInboundOptions>
export type MiraiLimits = v.InferOutput<typeof MiraiLimits>
