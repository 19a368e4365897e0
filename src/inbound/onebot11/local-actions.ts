// Actions that the bridge answers itself.
import type { UserId } from '../../core/ids.ts'
import type { BotStatus, InboundHost } from '../../core/ports.ts'
import type { SegmentType } from '../../core/segment.ts'
import type { WireObject } from '../../core/read.ts'
import { onebot11ActionNames, refuseUnknown } from '../../dialect/onebot11/action.ts'
import { invalid, missing, textIn } from '../../dialect/onebot11/params.ts'
import { dialectName } from '../../dialect/onebot11/wire.ts'
import { statusOf } from './bots.ts'
import type { OneBot11InboundOptions } from './options.ts'

/** They need no account. */
export function createBotlessActions(options: OneBot11InboundOptions): ReadonlyMap<string, () => unknown> {
  const version = {
    app_name: options.appName,
    app_version: options.appVersion,
    protocol_version: 'v11',
  }
  return new Map<string, () => unknown>([
    ['get_version_info', () => version],
    ['get_supported_actions', () => onebot11ActionNames],
    // A placeholder in NapCat's reference; NapCat itself answers it like any name that it does not know.
    ['unknown', () => refuseUnknown('unknown')],
  ])
}

export type BotAction = (bot: UserId, params: WireObject) => unknown

export function createBotActions(host: InboundHost): ReadonlyMap<string, BotAction> {
  return new Map<string, BotAction>([
    ['get_status', (bot) => printStatus(statusOf(host, bot))],
    ['can_send_image', (bot) => ({ yes: canSend(host, bot, 'image') })],
    ['can_send_record', (bot) => ({ yes: canSend(host, bot, 'voice') })],
    ['download_file', (_bot, params) => keepFile(host, params)],
    // What the bridge keeps, messages still refer to: only a OneBot backend has a cache to clean.
    ['clean_cache', (bot, params) => host.call(bot, { name: 'raw', params: { ...cleanCache, params } })],
  ])
}

const cleanCache = { dialect: dialectName, name: 'clean_cache' }

/** Bytes get a handle that can be sent as `file`: NapCat answers a path of its own machine. */
async function keepFile({ media, fetchUrl }: InboundHost, params: WireObject): Promise<WireObject> {
  const base64 = textIn(params, 'base64')
  const name = textIn(params, 'name')
  if (base64 !== undefined) {
    const bytes = Buffer.from(base64.replace(/^base64:\/\//, ''), 'base64')
    if (bytes.length === 0) invalid('base64', 'bytes in base64')
    return { file: media.put('file', bytes, name).id }
  }
  const url = textIn(params, 'url') ?? missing('url')
  const fetched = await fetchUrl(url, { headers: headersIn(params) })
  const received = await media.receive(fetched.pieces)
  return { file: received.keep('file', name ?? fetched.name).id }
}

/** A list of `Name=value`, or one text of such lines; the first `=` divides. Source: go-cqhttp, NapCat. */
function headersIn({ headers }: WireObject): Record<string, string> {
  const lines = Array.isArray(headers) ? headers : typeof headers === 'string' ? headers.split(/\r?\n/) : []
  const pairs = lines.flatMap((line): [string, string][] => {
    if (typeof line !== 'string' || line.trim() === '') return []
    const at = line.indexOf('=')
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : invalid('headers', 'lines of Name=value')
  })
  return Object.fromEntries(pairs)
}

function canSend(host: InboundHost, bot: UserId, type: SegmentType): boolean {
  const fidelity = host.capabilities(bot).segments[type]?.fidelity ?? 'exact'
  return fidelity === 'exact' || fidelity === 'lossy'
}

/** `stat` as the backend counts, where it does. */
function printStatus(status: BotStatus | undefined): WireObject {
  const { stat = {}, ...others } = status?.extra?.dialect === dialectName ? status.extra.members : {}
  return { online: status?.online ?? false, good: true, stat, ...others }
}
