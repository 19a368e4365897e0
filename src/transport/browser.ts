// Web pages must not drive a bot: which requests of browsers are let in, and which may read the answer.
import type { IncomingHttpHeaders } from 'node:http'

export interface BrowserPolicy {
  /** Origins that may connect, exactly as browsers send them: `https://example.org`. */
  origins: readonly string[]
  /** Names under which this listener may be addressed besides loopback ones. */
  hosts: readonly string[]
  /** Every request must show a secret anyway; then foreign origins and hosts are harmless. */
  secretRequired: boolean
}

/** The reason to refuse, undefined to go on. Origin is never compared with Host: DNS rebinding makes them equal. */
export function checkBrowser(headers: IncomingHttpHeaders, policy: BrowserPolicy): string | undefined {
  if (policy.secretRequired) return undefined
  const { origin } = headers
  if (origin !== undefined && policy.origins.includes(origin)) return undefined
  if (origin !== undefined) return 'this origin is not listed in origins'
  if (headers['sec-fetch-site'] === 'cross-site') return 'cross-site requests are refused'
  const host = toHostName(headers.host ?? '')
  if (!isLoopbackName(host) && !policy.hosts.includes(host)) return 'this host name is not listed in hosts'
  return undefined
}

/** CORS answer headers for a listed origin, nothing for others. */
export function corsHeaders(headers: IncomingHttpHeaders, policy: BrowserPolicy): Record<string, string> | undefined {
  const { origin } = headers
  if (origin === undefined || !policy.origins.includes(origin)) return undefined
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, HEAD, OPTIONS',
    'access-control-allow-headers': 'accept, authorization, content-type, sessionkey',
    'access-control-max-age': '86400',
    vary: 'origin',
  }
}

/** Of a `Host` header: without the port, in lower case. */
export function toHostName(host: string): string {
  const bracket = host.startsWith('[') ? host.indexOf(']') : -1
  return (bracket > 0 ? host.slice(1, bracket) : (host.split(':', 1)[0] as string)).toLowerCase()
}

export function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host)
}
