// Configuration of a place where OneBot 11 clients connect.
import * as v from 'valibot'
import { defaultBacklogLimits } from '../../transport/backlog.ts'
import { placeEntries } from '../../transport/place-options.ts'

const milliseconds = v.pipe(v.number(), v.minValue(0))

/** What each connection may have of its own. Default of each: the inbound's. */
const connection = {
  /** How `message` is written: segments, or text with CQ codes. */
  messageFormat: v.optional(v.picklist(['array', 'string'])),
  /** Report what clients of the bridge send as message_sent events. */
  reportSelf: v.optional(v.boolean()),
  /** Milliseconds between heartbeats; 0 sends none. */
  heartbeatMs: v.optional(milliseconds),
}
const Connection = v.strictObject(connection)
export type ConnectionOptions = v.InferOutput<typeof Connection>

const Reverse = v.strictObject({
  ...connection,
  /** Address of the client's server, `ws://127.0.0.1:8080/onebot/v11/ws`. */
  url: v.pipe(v.string(), v.regex(/^wss?:\/\//, 'must begin with ws:// or wss://')),
  /** Account whose connection this is. Default: one connection for each account. */
  bot: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** Sent as `Authorization: Bearer`. Default: the inbound's accessToken; nothing is sent when that is empty too. */
  accessToken: v.optional(v.string()),
  /** Calls and events, calls only, or events only. Default Universal. */
  role: v.optional(v.picklist(['Universal', 'API', 'Event']), 'Universal'),
})

const Webhook = v.strictObject({
  ...connection,
  /** Where events are posted, `http://127.0.0.1:8080/onebot`. */
  url: v.pipe(v.string(), v.url(), v.regex(/^https?:\/\//i, 'must begin with http:// or https://')),
  /** Account whose events are posted. Default: all. */
  bot: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** Key of `X-Signature`, HMAC-SHA1 over the body. Default: none, no signature is sent. */
  secret: v.optional(v.string(), ''),
  /** Milliseconds between heartbeats; 0 sends none. Default 0, as NapCat does. */
  heartbeatMs: v.optional(milliseconds, 0),
  /** Milliseconds until an answer must be here; then the event counts as delivered, since it was sent. Default 10000. */
  timeoutMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 10_000),
  /** Bytes of an answer: a quick reply may hold pictures as base64. Default 64 MiB; then the event counts as not taken, and is not posted again. */
  answerBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 64 * 1024 * 1024),
  /** How often an event is posted again when the server answers 408, 429 or 5xx. Default 3; then it is dropped. While nobody is there it waits as `outbox` says. */
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 3),
  /** Milliseconds before the first of them; doubles each time, ±20 %. Default 1000. */
  retryMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1000),
})

const positive = v.pipe(v.number(), v.integer(), v.minValue(1))

const Outbox = v.strictObject({
  /** Default 1000; beyond it the oldest go. */
  events: v.optional(positive, defaultBacklogLimits.items),
  /** Bytes of their texts. Default 8 MiB; beyond it the oldest go. */
  bytes: v.optional(positive, defaultBacklogLimits.bytes),
  /** Clients of the listener that are away and waited for. Default 100; beyond it the one that left first is given up. */
  clients: v.optional(positive, 100),
  /** Milliseconds that each one waits. Default 120000; then it goes. 0: nothing is kept. */
  ms: v.optional(milliseconds, defaultBacklogLimits.ageMs),
})

export const OneBot11InboundOptions = v.strictObject({
  /** What it speaks: OneBot 11. */
  dialect: v.literal('onebot11'),
  /** host:port of HTTP API, server-sent events and WebSocket. Default: none, only `reverse` and `webhooks`. */
  listen: v.optional(v.string()),
  ...placeEntries,
  /** Account of calls that name none. Default: the only one; with several to choose from such calls are refused. */
  bot: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** What clients must show, in `Authorization` or as `access_token`. Default: empty, nothing is checked. */
  accessToken: v.optional(v.string(), ''),
  /** Servers of clients that are connected to. Default: none. */
  reverse: v.optional(v.array(Reverse), []),
  /** Servers of clients that events are posted to (HTTP POST). Default: none. */
  webhooks: v.optional(v.array(Webhook), []),
  /** What WebSockets on the listener have of their own. */
  ws: v.optional(Connection, {}),
  /** What server-sent events, `GET /_events` of the listener, have of their own. */
  sse: v.optional(Connection, {}),
  /**
   * What is kept of events for each client that is away or slow: servers that are connected to, webhooks, and
   * WebSockets and readers of server-sent events that say who they are by `X-Client-ID` or `client_id`.
   */
  outbox: v.optional(Outbox, {}),
  /** Calls of one WebSocket under way. Default 256; then nothing more is read from it until one has ended. */
  callsPerConnection: v.optional(positive, 256),
  /** How `message` is written in events and answers: segments, or text with CQ codes. Default array. */
  messageFormat: v.optional(v.picklist(['array', 'string']), 'array'),
  /** Milliseconds between heartbeats; 0 sends none. Default 30000. */
  heartbeatMs: v.optional(milliseconds, 30_000),
  /** Report what clients of the bridge send as message_sent events. Default false. */
  reportSelf: v.optional(v.boolean(), false),
  /** `app_name` of get_version_info; some bots look for NapCat.Onebot, go-cqhttp, Lagrange.OneBot or LLOneBot. */
  appName: v.optional(v.string(), 'onebot-mirai-bridge'),
  /** `app_version` of get_version_info. Default 0.1.0. */
  appVersion: v.optional(v.string(), '0.1.0'),
  /** How a WebSocket without the right token is turned away: a frame with retcode 1403, then close 1008; or HTTP 401 and 403. Default frame. */
  refuseStyle: v.optional(v.picklist(['frame', 'http']), 'frame'),
  /** HTTP status of an answer to an action that does not exist. Default 200. */
  unknownActionStatus: v.optional(v.picklist([200, 404]), 200),
})
export type OneBot11InboundOptions = v.InferOutput<typeof OneBot11InboundOptions>
export type ReverseOptions = v.InferOutput<typeof Reverse>
export type WebhookOptions = v.InferOutput<typeof Webhook>
