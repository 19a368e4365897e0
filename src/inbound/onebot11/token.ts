// Whether a peer showed the access token: in a header under any scheme word or none, or in the query.
import type { IncomingHttpHeaders } from 'node:http'
import { createSecretCheck } from '../../transport/secret.ts'

/** missing: 401. wrong: 403. */
type Verdict = 'ok' | 'missing' | 'wrong'
export type TokenCheck = (headers: IncomingHttpHeaders, query: URLSearchParams) => Verdict

/** A right header or query decides, a query that names it twice is wrong. An empty token lets everybody in. */
export function createTokenCheck(token: string): TokenCheck {
  if (token === '') return () => 'ok'
  const isRight = createSecretCheck(token)
  return (headers, query) => {
    const inQuery = query.getAll('access_token')
    const given = [...fromHeader(headers.authorization), ...inQuery].filter((text) => text !== '')
    if (given.length === 0) return 'missing'
    const counting = inQuery.length > 1 ? fromHeader(headers.authorization) : given
    return counting.some(isRight) ? 'ok' : 'wrong'
  }
}

/** `Bearer X`, `Token X`, `x X`, or X alone. What is right most often comes first. */
function fromHeader(value: string | undefined): string[] {
  if (value === undefined) return []
  const text = value.trim()
  const space = text.indexOf(' ')
  return space < 0 ? [text] : [text.slice(space + 1).trim(), text]
}
