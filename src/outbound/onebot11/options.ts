// What a OneBot 11 backend can be told: where the implementation is, or where it shall come to, and its token.
import * as v from 'valibot'

const positive = v.pipe(v.number(), v.integer(), v.minValue(1))
const milliseconds = positive

const Webhook = v.strictObject({
  /** host:port where the implementation posts its events (HTTP POST). */
  listen: v.string(),
  /** Path that it posts to. Default `/`. */
  path: v.optional(v.pipe(v.string(), v.startsWith('/')), '/'),
  /** Key of `X-Signature`. Default empty: nothing is checked. An event without a signature is refused with 401, a wrong one with 403. */
  secret: v.optional(v.string(), ''),
  /** Bytes of one event: one with a long forward inside has a few. Default 16 MiB; beyond it HTTP 413. */
  eventBytes: v.optional(positive, 16 * 1024 * 1024),
})
export type WebhookOptions = v.InferOutput<typeof Webhook>

export const OneBot11OutboundOptions = v.pipe(
  v.strictObject({
    /** What it speaks: OneBot 11. */
    dialect: v.literal('onebot11'),
    /** Address of the implementation's WebSocket server, `ws://127.0.0.1:3001`. This, `listen` or `http`. */
    ws: v.optional(v.pipe(v.string(), v.url(), v.regex(/^wss?:\/\//i, 'expected ws:// or wss://'))),
    /** host:port where the implementation connects to (reverse WebSocket). This, `ws` or `http`. */
    listen: v.optional(v.string()),
    /** Address of the implementation's HTTP API, `http://127.0.0.1:3000`. Without `webhook` and `sse` there are no events. */
    http: v.optional(v.pipe(v.string(), v.url(), v.regex(/^https?:\/\//i, 'expected http:// or https://'))),
    /** Where the implementation posts its events, with `http`. Default: nowhere. */
    webhook: v.optional(Webhook),
    /** Read events from `GET /_events`, with `http`. Default false. */
    sse: v.optional(v.boolean(), false),
    /** Milliseconds between two looks at get_status, with `http`: nothing else tells that it went. 0 never asks. Default 30000. */
    pollMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 30_000),
    /** Path that belongs to this backend, with `listen`. Default: every path, for connections that say whose they are. */
    path: v.optional(v.pipe(v.string(), v.startsWith('/'))),
    /** Sent as `Authorization: Bearer`, or demanded with `listen`. Default empty: nothing is sent, nothing is checked. */
    accessToken: v.optional(v.string(), ''),
    /** Send the token in the address as well, for servers behind proxies that drop the header. Default false. */
    queryToken: v.optional(v.boolean(), false),
    /** Milliseconds for the upgrade of a connection with `ws`, and for the answer to `GET /_events`. Default 10000; then the next attempt. */
    handshakeTimeoutMs: v.optional(milliseconds, 10_000),
    /** Milliseconds until a call fails with `timeout`. Default 30000. */
    callTimeoutMs: v.optional(milliseconds, 30_000),
    /** Milliseconds instead of `callTimeoutMs` for messages with voices, videos or files. Default 300000. */
    transferTimeoutMs: v.optional(milliseconds, 300_000),
    /** Calls without an answer, all accounts together. Default 1000; further ones fail with `busy`. */
    callsInFlight: v.optional(positive, 1000),
    /**
     * Bytes of one answer or frame: a member list of a large group and a file as base64 are several megabytes. Default 64 MiB;
     * beyond it the call fails, or the link closes with 1009. With `listen` frames are bounded by `limits.messageBytes`.
     */
    answerBytes: v.optional(positive, 64 * 1024 * 1024),
    /** Bytes that wait to be sent over one link: a message with a large file in base64 is one frame. Default 160 MiB; beyond it the link closes with 1013. */
    unsentBytes: v.optional(positive, 160 * 1024 * 1024),
    /** Which implementation it is. Default auto: from the app_name of get_version_info. */
    flavour: v.optional(v.picklist(['auto', 'napcat', 'llbot', 'lagrange', 'gocq', 'unknown']), 'auto'),
    /** Milliseconds that a link may be lost until the account counts as off line. Default 5000. */
    graceMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 5000),
    /**
     * Milliseconds of silence after which a link that sends heartbeats is dropped; never less than two and a half of its
     * intervals. Default 60000.
     */
    silenceMs: v.optional(milliseconds, 60_000),
    /** How often a lost connection is tried again; it never stops. */
    reconnect: v.optional(
      v.strictObject({
        /** Milliseconds before the first new attempt; doubles each time, ±20 %. Default 1000. */
        firstMs: v.optional(milliseconds, 1000),
        /** Most milliseconds between two attempts. Default 30000. */
        maxMs: v.optional(milliseconds, 30_000),
        /** Milliseconds before the next attempt after the token was refused. Default 10000. */
        refusedMs: v.optional(milliseconds, 10_000),
      }),
      {},
    ),
  }),
  v.check(
    ({ ws, listen, http }) => [ws, listen, http].filter((place) => place !== undefined).length === 1,
    'exactly one of ws, listen and http is needed: ws or http to connect to the implementation, listen to let it connect here',
  ),
  v.check(
    ({ http, webhook, sse }) => http !== undefined || (webhook === undefined && !sse),
    'webhook and sse bring the events of an HTTP API: they need http',
  ),
  v.check(
    ({ webhook, sse }) => webhook === undefined || !sse,
    'webhook and sse together would bring every event twice: choose one',
  ),
)
export type OneBot11OutboundOptions = v.InferOutput<typeof OneBot11OutboundOptions>
