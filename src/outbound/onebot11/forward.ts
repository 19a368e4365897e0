// Forward WebSocket: the bridge dials the implementation and keeps the connection.
import type { OnLimit } from '../../core/limit.ts'
import { defaultSocketLimits, type SocketLimits } from '../../transport/socket.ts'
import { keepConnected, type Link } from '../../transport/ws-client.ts'
import type { Turn } from '../../transport/turn.ts'
import type { OpenSocket } from './connection.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { OneBot11OutboundOptions } from './options.ts'

export interface Way {
  /** Resolves when the first attempt has ended, greeting included. */
  readonly started: Promise<void>
  close(): void
}

export interface ForwardOptions {
  url: string
  options: OneBot11OutboundOptions
  openSocket: OpenSocket
  turn: Turn
  log: LimitedLog
  /** The unsent bytes stand in the options. */
  socket?: SocketLimits | undefined
  onLimit?: OnLimit | undefined
}

export function dial(given: ForwardOptions): Way {
  const { url, options, openSocket, turn, log, socket = defaultSocketLimits, onLimit } = given
  let greeted: Promise<void> = Promise.resolve()
  const { accessToken, queryToken } = options
  const link: Link = keepConnected({
    url: queryToken && accessToken !== '' ? withToken(url, accessToken) : url,
    headers: accessToken === '' ? {} : { authorization: `Bearer ${accessToken}` },
    handshakeTimeoutMs: options.handshakeTimeoutMs,
    backoff: options.reconnect,
    limits: { ...socket, closeBytes: options.unsentBytes },
    maxMessageBytes: options.answerBytes,
    turn,
    onLimit,
    onOpen(socket) {
      const refused = (): void => link.refused()
      const opened = openSocket({ socket, role: 'universal', selfId: undefined, refused })
      greeted = opened.greeted
      return opened.events
    },
    onDown: (reason, retryInMs) =>
      log('warn', `down ${reason}`, `not connected: ${reason}; next try in ${retryInMs} ms`),
  })
  return {
    started: link.firstAttempt.then(() => greeted),
    close: () => link.close(1000),
  }
}

function withToken(url: string, token: string): string {
  const address = new URL(url)
  address.searchParams.set('access_token', token)
  return address.href
}
