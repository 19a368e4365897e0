// Reverse WebSocket: implementations dial the bridge, one connection for each account and role.
import type { IncomingHttpHeaders } from 'node:http'
import { toUserId } from '../../core/read.ts'
import { createFailureDelay } from '../../transport/failures.ts'
import type { Mount, UpgradeDecision, UpgradeRequest } from '../../transport/mount.ts'
import { createSecretCheck } from '../../transport/secret.ts'
import type { Socket } from '../../transport/socket.ts'
import type { OpenSocket } from './connection.ts'
import type { Way } from './forward.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { Role } from './link.ts'
import type { OneBot11OutboundOptions } from './options.ts'

export interface ReverseOptions {
  options: OneBot11OutboundOptions
  listener: Mount
  openSocket: OpenSocket
  log: LimitedLog
}

const farewellMs = 500

const roles = new Map<string, Role>([
  ['universal', 'universal'],
  ['api', 'api'],
  ['event', 'event'],
])

export function receive({ options, listener, openSocket, log }: ReverseOptions): Way {
  const checkToken = createTokenCheck(options.accessToken)
  const failed = createFailureDelay(listener.limits, listener.onLimit)
  const current = new Map<string, Socket>()
  let closed = false

  function decide(request: UpgradeRequest): UpgradeDecision {
    if (closed || !isMine(request, options.path)) return undefined
    const verdict = checkToken(request.headers, request.query)
    if (verdict !== 'ok') {
      log('warn', `token ${request.remote}`, `refused a connection from ${request.remote}: ${verdict} access token`)
      const after = failed(request.remote)
      return { status: verdict === 'missing' ? 401 : 403, ...(after && { after }) }
    }
    const selfId = toUserId(request.headers['x-self-id'])
    const role = roles.get(String(request.headers['x-client-role'] ?? 'universal').toLowerCase())
    if (selfId === undefined || !role) {
      log(
        'warn',
        `headers ${request.remote}`,
        `refused a connection from ${request.remote}: X-Self-ID or X-Client-Role`,
      )
      return { status: 400 }
    }
    return {
      limits: { closeBytes: options.unsentBytes },
      accept(socket) {
        const key = `${selfId}/${role}`
        replace(current.get(key))
        current.set(key, socket)
        const { events } = openSocket({ socket, role, selfId, refused: () => {} })
        return {
          message: events.message,
          close(code, reason) {
            if (current.get(key) === socket) current.delete(key)
            events.close(code, reason)
          },
        }
      },
    }
  }

  listener.onUpgrade(decide)
  return {
    started: Promise.resolve(),
    close() {
      closed = true
      for (const socket of current.values()) socket.close(1001, 'going away')
    },
  }
}

/** The old one is often dead: then nobody answers the farewell, and calls on it must not wait for that. */
function replace(old: Socket | undefined): void {
  if (!old) return
  old.close(1000, 'replaced by a newer connection')
  setTimeout(() => old.terminate(), farewellMs).unref()
}

/** Without a path of its own the backend takes whatever says that it is an implementation: bots do not send these. */
function isMine({ path, headers }: UpgradeRequest, wanted: string | undefined): boolean {
  if (wanted !== undefined) return path.replace(/\/+$/, '') === wanted.replace(/\/+$/, '')
  return headers['x-self-id'] !== undefined || headers['x-client-role'] !== undefined
}

/** `Bearer X`, go-cqhttp's `Token X`, any other word, X alone, or one access_token in the query. */
function createTokenCheck(token: string): (headers: IncomingHttpHeaders, query: URLSearchParams) => Verdict {
  if (token === '') return () => 'ok'
  const isRight = createSecretCheck(token)
  return ({ authorization = '' }, query) => {
    const bare = authorization.trim()
    const space = bare.indexOf(' ')
    const asked = query.getAll('access_token')
    const given = [bare, space < 0 ? '' : bare.slice(space + 1).trim(), ...(asked.length === 1 ? asked : [])]
    const shown = given.filter((text) => text !== '')
    if (shown.length === 0 && asked.length < 2) return 'missing'
    // Every one is compared, so that the time does not tell which was right.
    return shown.filter(isRight).length > 0 ? 'ok' : 'wrong'
  }
}

type Verdict = 'ok' | 'missing' | 'wrong'
