// Actions that the bridge answers itself.
import type { UserId } from '../../core/ids.ts'
import type { InboundHost } from '../../core/ports.ts'
import type { SegmentType } from '../../core/segment.ts'
import type { WireObject } from '../../core/read.ts'
import { onebot11ActionNames } from '../../dialect/onebot11/action.ts'
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
    // No account here has guilds; clients ask while they connect and give up on a failure.
    ['get_guild_service_profile', () => null],
  ])
}

export function createBotActions(host: InboundHost): ReadonlyMap<string, (bot: UserId) => WireObject> {
  return new Map([
    ['get_status', (bot: UserId): WireObject => ({ online: isOnline(host, bot), good: true, stat: {} })],
    ['can_send_image', (bot: UserId): WireObject => ({ yes: canSend(host, bot, 'image') })],
    ['can_send_record', (bot: UserId): WireObject => ({ yes: canSend(host, bot, 'voice') })],
  ])
}

function canSend(host: InboundHost, bot: UserId, type: SegmentType): boolean {
  const fidelity = host.capabilities(bot).segments[type]?.fidelity ?? 'exact'
  return fidelity === 'exact' || fidelity === 'lossy'
}
