// Who may connect or post to us: mah sends what its extraHeaders and extraParameters say, so a token can come in either.
import type { IncomingHttpHeaders } from 'node:http'
import type { LimitedLog } from '../../core/limited-log.ts'
import { createFailureDelay } from '../../transport/failures.ts'
import type { Mount } from '../../transport/mount.ts'
import { createSecretCheck } from '../../transport/secret.ts'

export interface Refusal {
  status: 401 | 403
  after?: Promise<void>
}

export interface FrontDoor {
  /** undefined: come in. */
  check(headers: IncomingHttpHeaders, query: URLSearchParams, remote: string): Refusal | undefined
}

type Guarded = Pick<Mount, 'limits' | 'onLimit'>

/** An empty token lets everybody in. */
export function createFrontDoor(token: string, log: LimitedLog, { limits, onLimit }: Guarded): FrontDoor {
  if (token === '') return { check: () => undefined }
  const isRight = createSecretCheck(token)
  const failed = createFailureDelay(limits, onLimit)
  return {
    check({ authorization = '' }, query, remote) {
      const asked = query.getAll('token')
      const bare = authorization.replace(/^Bearer\s+/i, '').trim()
      const shown = [bare, ...(asked.length === 1 ? asked : [])].filter((text) => text !== '')
      // Every one is compared, so that the time does not tell which was right.
      if (shown.filter(isRight).length > 0) return undefined
      const isMissing = shown.length === 0 && asked.length < 2
      log('warn', `token ${remote}`, `refused a server from ${remote}: ${isMissing ? 'no' : 'a wrong'} token`)
      const after = failed(remote)
      return { status: isMissing ? 401 : 403, ...(after && { after }) }
    },
  }
}
