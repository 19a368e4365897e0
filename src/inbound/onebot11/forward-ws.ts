// WebSocket on the listener: /api for calls, everything else for events and calls. /event answers calls too, as NapCat does.
// Below /bots/<account> the same for one account.
import type { UserId } from '../../core/ids.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { InboundHost } from '../../core/ports.ts'
import { toUserId } from '../../core/read.ts'
import type { FailureDelay } from '../../transport/failures.ts'
import type { Mount, UpgradeDecision, UpgradeRequest } from '../../transport/mount.ts'
import { isLocalPeer } from '../../transport/peer.ts'
import type { Socket, SocketEvents } from '../../transport/socket.ts'
import { announce, reportRefusal } from './announce.ts'
import type { Calls, Caller } from './calls.ts'
import type { Feed } from './feed.ts'
import { createFrameHandler } from './frames.ts'
import type { OneBot11InboundOptions } from './options.ts'
import { clientOf, type Seats } from './seats.ts'
import { settingsOf } from './settings.ts'
import type { TokenCheck } from './token.ts'

export interface ForwardOptions {
  listener: Mount
  options: OneBot11InboundOptions
  calls: Calls
  feed: Feed
  seats: Seats
  check: TokenCheck
  failed: FailureDelay
  host: InboundHost
  log: LimitedLog
}

export function mountForwardWs({
  listener,
  options,
  calls,
  feed,
  seats,
  check,
  failed,
  host,
  log,
}: ForwardOptions): void {
  const settings = settingsOf(options.ws, options)

  listener.onUpgrade((request): UpgradeDecision => {
    const verdict = check(request.headers, request.query)
    if (verdict === 'ok') {
      const place = readPath(request.path)
      return place ? { accept: (socket) => serve(socket, request, place) } : { status: 404 }
    }
    reportRefusal(log, request.remote, verdict)
    const after = failed(request.remote)
    if (options.refuseStyle === 'frame') return { accept: (socket) => turnAway(socket, after), known: false }
    const wait = after && { after }
    if (verdict === 'wrong') return { status: 403, ...wait }
    return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' }, ...wait }
  })

  function serve(socket: Socket, { headers, query }: UpgradeRequest, { only, rest }: Place): SocketEvents {
    const bot = headers['x-self-id'] ?? query.get('self_id') ?? undefined
    const { messageFormat: format } = settings
    const loopback = isLocalPeer(socket.remote, headers)
    const caller: Caller = { way: 'ws', loopback, peer: socket.remote, format, bot, only, client: socket }
    const place = `ws ${rest || '/'}`
    const hearing = { place, bot: only ?? toUserId(bot), settings }
    const client = clientOf(headers, query)
    const leave = rest === '/api' ? () => {} : hear(client, socket, hearing)
    const farewell = announce(host, place, hearing.bot)
    return {
      message: createFrameHandler({ host, calls, socket, caller, most: options.callsPerConnection }),
      close(code) {
        leave(code)
        farewell()
      },
    }
  }

  /** Whoever does not say who he is cannot be known again: what he misses is not kept. */
  function hear(client: string | undefined, socket: Socket, hearing: Hearing): (code: number) => void {
    if (client !== undefined) return seats.take(client, socket, hearing)
    return feed.join({ ...hearing, greets: true, send: (text) => socket.send(text) })
  }
}

type Hearing = Parameters<Seats['take']>[2]

interface Place {
  only: UserId | undefined
  /** Without slashes at its end. */
  rest: string
}

/** undefined: an account that cannot be. */
function readPath(path: string): Place | undefined {
  const [, named, below = ''] = /^\/bots\/([^/]*)(\/.*)?$/.exec(path) ?? []
  const rest = (named === undefined ? path : below).replace(/\/+$/, '')
  if (named === undefined) return { only: undefined, rest }
  const only = toUserId(named)
  return only === undefined ? undefined : { only, rest }
}

/** The frame by which node-napcat-ts knows that trying again is of no use. Nothing from this peer is read. */
const refusal = JSON.stringify({
  status: 'failed',
  retcode: 1403,
  data: null,
  message: 'token验证失败',
  wording: 'token验证失败',
  echo: null,
})

function turnAway(socket: Socket, after: Promise<void> | undefined): SocketEvents {
  const refuse = (): void => {
    socket.send(refusal)
    socket.close(1008, 'wrong access token')
  }
  if (after) void after.then(refuse)
  else refuse()
  return { message: () => {}, close: () => {} }
}
