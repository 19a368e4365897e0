// Which network addresses lie outside: everything that a request made for a stranger may reach. What is not known to be
// public is refused: the special-purpose registries of IANA for IPv4, and for IPv6 all but global unicast.
import { BlockList, isIP } from 'node:net'

const special4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // "this" network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, cloud metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
]

/** Inside global unicast, yet not public or with an IPv4 address inside that nobody checked. */
const special6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // protocol assignments, Teredo
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
]

const refused = new BlockList()
for (const [net, prefix] of special4) refused.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of special6) refused.addSubnet(net, prefix, 'ipv6')

const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

/** `address` as `isIP` takes it, no brackets. False for everything else. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4')
    case 6:
      // Mapped and translated IPv4 addresses (::ffff:0:0/96, 64:ff9b::/96) are no global unicast ones.
      return globalUnicast.check(address, 'ipv6') && !refused.check(address, 'ipv6')
    default:
      return false
  }
}

/** Addresses and networks (`10.0.0.0/8`) and host names that may be reached although they are not public. */
export interface Exceptions {
  hasHost(name: string): boolean
  hasAddress(address: string): boolean
}

/** undefined: `entry` is neither an address, a network nor a host name. */
export function readException(entry: string): { net: string; prefix: number } | { host: string } | undefined {
  const [net = '', bits] = entry.split('/')
  const family = isIP(net)
  if (family !== 0) {
    const widest = family === 4 ? 32 : 128
    const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
    return prefix <= widest ? { net, prefix } : undefined
  }
  return /^[\w.-]{1,253}$/.test(entry) ? { host: entry.toLowerCase() } : undefined
}

export function createExceptions(entries: readonly string[]): Exceptions {
  const hosts = new Set<string>()
  const nets = new BlockList()
  for (const entry of entries.map(readException)) {
    if (!entry) continue
    if ('host' in entry) hosts.add(entry.host)
    else nets.addSubnet(entry.net, entry.prefix, familyOf(entry.net))
  }
  return {
    hasHost: (name) => hosts.has(name.toLowerCase()),
    hasAddress: (address) => isIP(address) !== 0 && nets.check(address, familyOf(address)),
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}
