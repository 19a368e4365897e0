// WebSocket on the listener: /api for calls, everything else for events and calls. /event answers calls too, as NapCat does.
import { toUserId } from '../../core/read.ts'
import type { Listener, UpgradeDecision, UpgradeRequest } from '../../transport/http-server.ts'
import type { Socket, SocketEvents } from '../../transport/socket.ts'
import type { Calls } from './calls.ts'
import type { Feed } from './feed.ts'
import { createFrameHandler } from './frames.ts'
import type { OneBot11InboundOptions } from './options.ts'
import { isLoopback, type TokenCheck } from './token.ts'

export interface ForwardOptions {
  listener: Listener
  options: OneBot11InboundOptions
  calls: Calls
  feed: Feed
  check: TokenCheck
}

export function mountForwardWs({ listener, options, calls, feed, check }: ForwardOptions): void {
  listener.onUpgrade((request): UpgradeDecision => {
    const verdict = check(request.headers, request.query)
    if (verdict === 'ok') return { accept: (socket) => serve(socket, request) }
    if (options.refuseStyle === 'frame') return { accept: turnAway }
    return verdict === 'missing' ? { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } } : { status: 403 }
  })

  function serve(socket: Socket, request: UpgradeRequest): SocketEvents {
    const path = request.path.replace(/\/+$/, '')
    const named = request.headers['x-self-id'] ?? request.query.get('self_id') ?? undefined
    const caller = { way: 'ws' as const, loopback: isLoopback(socket.remote), bot: named }
    const leave = path === '/api' ? () => {} : feed.join(socket, toUserId(named))
    return { message: createFrameHandler(calls, socket, caller), close: leave }
  }
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

function turnAway(socket: Socket): SocketEvents {
  socket.send(refusal)
  socket.close(1008, 'wrong access token')
  return { message: () => {}, close: () => {} }
}
