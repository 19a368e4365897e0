// Whether a peer showed the access token: in a header under any scheme word or none, or in the query.
import type { IncomingHttpHeaders } from 'node:http'
import { createSecretCheck } from '../../transport/secret.ts'

/** missing: 401. wrong: 403. */
type Verdict = 'ok' | 'missing' | 'wrong'
export type TokenCheck = (headers: IncomingHttpHeaders, query: URLSearchParams) => Verdict

/** Every candidate is compared; a right one of several decides. An empty token lets everybody in. */
export function createTokenCheck(token: string): TokenCheck {
  if (token === '') return () => 'ok'
  const isRight = createSecretCheck(token)
  return (headers, query) => {
    const given = [...fromHeader(headers.authorization), ...query.getAll('access_token')].filter((text) => text !== '')
    if (given.length === 0) return 'missing'
    return given.filter(isRight).length > 0 ? 'ok' : 'wrong'
  }
}

/** `Bearer X`, `Token X`, `x X`, or X alone. */
function fromHeader(value: string | undefined): string[] {
  if (value === undefined) return []
  const text = value.trim()
  const space = text.indexOf(' ')
  return space < 0 ? [text] : [text, text.slice(space + 1).trim()]
}

interface Failures {
  count: number
  /** Milliseconds since the epoch when counting began. */
  since: number
}

/** Slows guessing down: after ten failures within a minute a peer waits 200 ms for each further refusal. */
export function createRefusalDelay(): (remote: string) => Promise<void> {
  const peers = new Map<string, Failures>()
  return async (remote) => {
    const now = Date.now()
    const known = peers.get(remote)
    const failures = known && now - known.since < 60_000 ? known : { count: 0, since: now }
    failures.count++
    if (peers.size > 1000) peers.clear()
    peers.set(remote, failures)
    if (failures.count > 10) await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** The peer's own address, IPv4 also in its IPv6 form. */
export function isLoopback(remote: string): boolean {
  return remote === '::1' || /^(::ffff:)?127\./.test(remote)
}
