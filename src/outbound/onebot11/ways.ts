// The four ways to an implementation, as the options choose.
import { BridgeError } from '../../core/error.ts'
import type { JsonLimits } from '../../core/json.ts'
import type { OnLimit } from '../../core/limit.ts'
import type { Dropped } from '../../core/ports.ts'
import type { Mount } from '../../transport/mount.ts'
import type { SocketLimits } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import type { Accounts } from './accounts.ts'
import { createSocketLinks } from './connection.ts'
import { followStream } from './events-stream.ts'
import { dial, type Way } from './forward.ts'
import { callOverHttp } from './http-way.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { OneBot11OutboundOptions } from './options.ts'
import { createPending } from './pending.ts'
import { receive } from './reverse.ts'
import { receiveWebhook } from './webhook.ts'

export interface WayOptions {
  name: string
  options: OneBot11OutboundOptions
  accounts: Accounts
  listener: Mount | undefined
  turn: Turn
  json: JsonLimits | undefined
  log: LimitedLog
  dropped: (what: Dropped) => void
  /** Of connections that the bridge opens. */
  socket?: SocketLimits | undefined
  onLimit?: OnLimit | undefined
}

export function openWay(given: WayOptions): Way {
  const { name, options, accounts, listener, turn, json, log, dropped, socket, onLimit } = given
  if (options.http !== undefined) return openHttp(options.http, given)
  const pending = createPending({ backend: name, limit: options.callsInFlight, log, dropped })
  const openSocket = createSocketLinks({ accounts, pending, silenceMs: options.silenceMs, json, log, dropped })
  if (options.ws !== undefined) return dial({ url: options.ws, options, openSocket, turn, log, socket, onLimit })
  return receive({ options, listener: listener ?? noListener(name), openSocket, log })
}

function openHttp(url: string, { name, options, accounts, listener, json, log, dropped }: WayOptions): Way {
  const way = callOverHttp({ backend: name, url, options, accounts, json, log, dropped })
  const stopWebhook = options.webhook
    ? receiveWebhook({ listener: listener ?? noListener(name), webhook: options.webhook, way, json, log, dropped })
    : () => {}
  const stream = options.sse ? followStream({ url, options, way, json, log, dropped }) : undefined
  return {
    started: Promise.all([way.started, stream?.firstAttempt]).then(() => {}),
    close() {
      stopWebhook()
      stream?.close()
      way.close()
    },
  }
}

function noListener(name: string): never {
  throw new BridgeError('internal', `backend ${name} has no listener`)
}
