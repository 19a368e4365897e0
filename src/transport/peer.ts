// Where a client sits. Its socket address decides; headers can only say that it came through a proxy from elsewhere.
import type { IncomingHttpHeaders } from 'node:http'
import { isLoopbackName } from './browser.ts'

const ofProxies = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const

/** On this machine. IPv4 inside IPv6 included. */
export function isLocalPeer(remote: string | undefined, headers: IncomingHttpHeaders): boolean {
  if (remote === undefined || !isLoopbackName(remote.replace(/^::ffff:/i, ''))) return false
  return ofProxies.every((name) => headers[name] === undefined)
}
