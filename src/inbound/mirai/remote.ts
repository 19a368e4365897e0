// Where a client sits, by its socket address; headers do not count.
import { isLoopbackName } from '../../transport/browser.ts'

/** IPv4 inside IPv6 included. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && isLoopbackName(address.replace(/^::ffff:/i, ''))
}
