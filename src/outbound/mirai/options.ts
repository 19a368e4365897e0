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

export const MiraiOutboundOptions = v.strictObject({
  dialect: v.literal('mirai'),
  /** Address of the ws adapter, `ws://host:port`; `/all` is added. */
  ws: v.pipe(v.string(), v.url(), v.regex(/^wss?:\/\//i, 'expected ws:// or wss://')),
  /** Address of the http adapter, for uploads. Default: the same host and port as `ws`, where mah serves both. */
  http: v.optional(v.pipe(v.string(), v.url(), v.regex(/^https?:\/\//i, 'expected http:// or https://'))),
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
   * Images and voices of more bytes are uploaded over http first: mah works off the frames of a socket one by one, and a
   * large one holds up all others. Default 4 MiB. When the upload fails they travel inside the message.
   */
  uploadAboveBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 4 * 1024 * 1024),
  reconnect: v.optional(Reconnect, {}),
})
export type MiraiOutboundOptions = v.InferOutput<typeof MiraiOutboundOptions>

/** Where uploads go, without a slash at the end. */
export function httpAddress(options: Pick<MiraiOutboundOptions, 'ws' | 'http'>): string {
  const given = options.http ?? trimPath(options.ws).replace(/^ws/i, 'http')
  return given.replace(/\/+$/, '')
}

export interface Handshake {
  url: string
  headers: Record<string, string>
}

/**
 * `/all` carries messages and events. The key goes into a header, so that no proxy logs it; one that no header can carry
 * goes into the query.
 */
export function toHandshake(options: Pick<MiraiOutboundOptions, 'ws' | 'verifyKey'>, bot: UserId): Handshake {
  const { verifyKey } = options
  const url = `${trimPath(options.ws)}/all`
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
