// Actions that the bridge answers itself.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { InboundHost } from '../../core/ports.ts'
import type { SegmentType } from '../../core/segment.ts'
import type { WireObject } from '../../core/read.ts'
import { onebot11ActionNames, refuseUnknown } from '../../dialect/onebot11/action.ts'
import { invalid, missing, textIn } from '../../dialect/onebot11/params.ts'
import { dialectName } from '../../dialect/onebot11/wire.ts'
import { isOnline } from './bots.ts'
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
    ['get_status', (bot) => ({ online: isOnline(host, bot), good: true, stat: {} })],
    ['can_send_image', (bot) => ({ yes: canSend(host, bot, 'image') })],
    ['can_send_record', (bot) => ({ yes: canSend(host, bot, 'voice') })],
    ['download_file', (_bot, params) => keepFile(host, params)],
    // What the bridge keeps, messages still refer to: only a OneBot backend has a cache to clean.
    ['clean_cache', (bot, params) => host.call(bot, { name: 'raw', params: { ...cleanCache, params } })],
  ])
}

const cleanCache = { dialect: dialectName, name: 'clean_cache' }

/** Bytes get a handle that can be sent as `file`. Addresses are not fetched: they can be sent as they are. */
function keepFile({ media }: InboundHost, params: WireObject): WireObject {
  const base64 = textIn(params, 'base64')
  if (base64 === undefined) {
    if (textIn(params, 'url') === undefined) missing('base64')
    throw new BridgeError(
      'notSupported',
      'the bridge fetches no addresses for clients; send the url itself as the file',
    )
  }
  const bytes = Buffer.from(base64.replace(/^base64:\/\//, ''), 'base64')
  if (bytes.length === 0) invalid('base64', 'bytes in base64')
  return { file: media.put('file', bytes, textIn(params, 'name')).id }
}

function canSend(host: InboundHost, bot: UserId, type: SegmentType): boolean {
  const fidelity = host.capabilities(bot).segments[type]?.fidelity ?? 'exact'
  return fidelity === 'exact' || fidelity === 'lossy'
}
