// What a mirai-api-http backend can be told: where the server is, its key, and the accounts to use there.
import * as v from 'valibot'
import { UserId } from '../../core/ids.ts'
import { defaultBackoff } from '../../transport/ws-client.ts'

const positive = v.pipe(v.number(), v.integer(), v.minValue(1))

const Reconnect = v.strictObject({
  /** Milliseconds before the first new attempt; doubles each time, ±20 %. Default 1000. */
  firstMs: v.optional(positive, defaultBackoff.firstMs),
  /** Most milliseconds between two attempts. Default 30000. */
  maxMs: v.optional(positive, defaultBackoff.maxMs),
  /** Milliseconds before the next attempt after the server refused key or account. Default 10000. */
  refusedMs: v.optional(positive, defaultBackoff.refusedMs),
})

const Webhook = v.strictObject({
  /** host:port where the server posts its events: an entry of its `destinations`. */
  listen: v.string(),
  /** Path that it posts to. Default `/`. */
  path: v.optional(v.pipe(v.string(), v.startsWith('/')), '/'),
  /**
   * Demanded as `Authorization: Bearer` (an entry of the server's `extraHeaders`) or as `?token=`. Default empty: nothing is
   * checked. Without it 401, a wrong one 403.
   */
  token: v.optional(v.string(), ''),
  /** Bytes of one event: one with a long forward inside has a few. Default 16 MiB; beyond it HTTP 413. */
  eventBytes: v.optional(positive, 16 * 1024 * 1024),
})
export type WebhookOptions = v.InferOutput<typeof Webhook>

const Options = v.strictObject({
  /** What it speaks: mirai-api-http. */
  dialect: v.literal('mirai'),
  /** Address of the ws adapter, `ws://host:port`; `/all` is added. The best way. This, `listen`, or `http` alone. */
  ws: v.optional(v.pipe(v.string(), v.url(), v.regex(/^wss?:\/\//i, 'expected ws:// or wss://'))),
  /** host:port where the server connects to: a destination of its reverse-ws adapter, one for each account. */
  listen: v.optional(v.string()),
  /** Path that belongs to this backend, with `listen`. Default `/`. */
  path: v.optional(v.pipe(v.string(), v.startsWith('/')), '/'),
  /**
   * With `listen`: demanded as `Authorization: Bearer` (the destination's `extraHeaders`) or as `?token=` (its
   * `extraParameters`). Default empty: whoever connects is shown the verifyKey.
   */
  token: v.optional(v.string(), ''),
  /**
   * Address of the http adapter. With `ws` or `listen` for uploads; default then: the same host and port as `ws`, where mah
   * serves both. Alone: for everything, events are asked for every `pollMs`.
   */
  http: v.optional(v.pipe(v.string(), v.url(), v.regex(/^https?:\/\//i, 'expected http:// or https://'))),
  /** Where the server posts its events, with `http` alone. Default: nowhere, they are asked for. */
  webhook: v.optional(Webhook),
  /** Milliseconds between two looks for events, with `http` alone. Default 500. */
  pollMs: v.optional(positive, 500),
  /** mah's verifyKey. Default empty, for servers with enableVerify off. */
  verifyKey: v.optional(v.string(), ''),
  /** Accounts that are logged in at the server. Each gets a session of its own. */
  bots: v.pipe(v.array(UserId), v.minLength(1)),
  /** Milliseconds until a call fails with `timeout`. Default 30000. */
  callTimeoutMs: v.optional(positive, 30_000),
  /** Milliseconds for the upgrade, and again for the first frame. Default 10000; then the next attempt. */
  handshakeTimeoutMs: v.optional(positive, 10_000),
  /** Calls of one account without an answer. Default 1000; further ones fail with `busy`. */
  callsInFlight: v.optional(positive, 1000),
  /**
   * Bytes of one answer or frame: a member list of a large group and a page of history with pictures are several megabytes.
   * Default 64 MiB; beyond it the call fails, or the link closes with 1009. With `listen` frames are bounded by
   * `limits.messageBytes`.
   */
  answerBytes: v.optional(positive, 64 * 1024 * 1024),
  /** Bytes that wait to be sent over one link: a message with a large picture in base64 is one frame. Default 160 MiB; beyond it the link closes with 1013. */
  unsentBytes: v.optional(positive, 160 * 1024 * 1024),
  /**
   * Images and voices of more bytes are uploaded over http first: mah works off the frames of a socket one by one, and a
   * large one holds up all others. Default 4 MiB. When the upload fails they travel inside the message.
   */
  uploadAboveBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 4 * 1024 * 1024),
  /** Milliseconds that a link may be lost until the account counts as off line. Default 5000. */
  graceMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 5000),
  /** How often a lost connection is tried again; it never stops. */
  reconnect: v.optional(Reconnect, {}),
})

export const MiraiOutboundOptions = v.pipe(
  Options,
  v.check(
    ({ ws, listen, http }) => ws !== undefined || listen !== undefined || http !== undefined,
    'one of ws, listen and http is needed: ws or http to connect to the server, listen to let it connect here',
  ),
  v.check(({ ws, listen }) => ws === undefined || listen === undefined, 'ws and listen exclude each other'),
  v.check(
    ({ ws, listen, webhook }) => webhook === undefined || (ws === undefined && listen === undefined),
    'with ws or listen events come by themselves: webhook goes with http alone',
  ),
)
export type MiraiOutboundOptions = v.InferOutput<typeof MiraiOutboundOptions>

/** Where requests and uploads go, without a slash at the end. undefined: nowhere. */
export function httpAddress({ ws, http }: Pick<MiraiOutboundOptions, 'ws' | 'http'>): string | undefined {
  const given = http ?? (ws === undefined ? undefined : trimPath(ws).replace(/^ws/i, 'http'))
  return given?.replace(/\/+$/, '')
}

export interface Handshake {
  url: string
  headers: Record<string, string>
}

/**
 * `/all` carries messages and events. The key goes into a header, so that no proxy logs it; one that no header can carry
 * goes into the query.
 */
export function toHandshake(ws: string, verifyKey: string, bot: UserId): Handshake {
  const url = `${trimPath(ws)}/all`
  const headers = { qq: String(bot) }
  if (verifyKey === '') return { url, headers }
  if (!/^[\u0021-\u007e]+$/.test(verifyKey))
    return { url: `${url}?verifyKey=${encodeURIComponent(verifyKey)}`, headers }
  return { url, headers: { verifyKey, ...headers } }
}

/** People copy the path into the configuration along with the address. */
function trimPath(ws: string): string {
  return ws.replace(/\/+(?:all|message|event)?\/*$/, '')
}
