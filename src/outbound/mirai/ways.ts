// The four ways to a mah server, as the options choose.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { JsonLimits } from '../../core/json.ts'
import type { OnLimit } from '../../core/limit.ts'
import type { Dropped } from '../../core/ports.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { WireObject } from '../../core/read.ts'
import type { Mount } from '../../transport/mount.ts'
import type { SocketLimits } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { dial } from './forward-ws.ts'
import { callOverHttp } from './http-way.ts'
import { httpAddress, type MiraiOutboundOptions } from './options.ts'
import { receiveServers } from './reverse-ws.ts'
import type { OpenWay } from './way.ts'
import { receiveWebhook } from './webhook.ts'

export interface WaysSetup {
  name: string
  options: MiraiOutboundOptions
  listener: Mount | undefined
  turn: Turn
  /** Of connections that the bridge opens. */
  socket: SocketLimits | undefined
  onLimit: OnLimit | undefined
  /** Of what the server sends. */
  json: JsonLimits | undefined
  log: LimitedLog
  dropped: (what: Dropped) => void
  /** What comes without a link of its own. false: no such account. */
  receive: (bot: UserId, wire: WireObject) => boolean
}

export interface Ways {
  openWay(bot: UserId): OpenWay
  close(): void
}

export function createWays(setup: WaysSetup): Ways {
  const { name, options, listener, turn, socket, json, log, dropped, onLimit, receive } = setup
  const { ws, webhook } = options
  const common = { backend: name, options, json }
  if (ws !== undefined) {
    return {
      openWay: (bot) => (reports) => dial({ ...common, bot, url: ws, turn, socket, onLimit }, reports),
      close: () => {},
    }
  }
  if (options.listen !== undefined) {
    return { openWay: receiveServers({ ...common, listener: listener ?? noListener(name), log }), close: () => {} }
  }
  const url = httpAddress(options)
  if (url === undefined) throw new BridgeError('internal', `backend ${name} has no address`)
  return {
    openWay: (bot) => (reports) => callOverHttp({ ...common, bot, url }, reports),
    close: webhook
      ? receiveWebhook({ listener: listener ?? noListener(name), webhook, receive, json, log, dropped })
      : () => {},
  }
}

function noListener(name: string): never {
  throw new BridgeError('internal', `backend ${name} has no listener`)
}
