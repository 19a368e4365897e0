// Fetches an address that a client named, without becoming its arm into the network behind: each name is resolved once,
// the address is checked, and the connection goes to the checked address and nowhere else; so does each redirect.
import { lookup as resolveName } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { BridgeError } from '../core/error.ts'
import type { FetchedUrl, UrlFetcher } from '../core/ports.ts'
import { createExceptions, isPublicAddress, type Exceptions } from './public-address.ts'

export interface FetchLimits {
  /** Milliseconds until the last byte must be here. */
  timeoutMs: number
  /** Bytes after decompression. */
  maxBytes: number
  redirects: number
}

export const defaultFetchLimits: FetchLimits = { timeoutMs: 15_000, maxBytes: 32 * 1024 * 1024, redirects: 3 }

export interface FetcherOptions extends FetchLimits {
  /** As `readException` reads them. */
  allow: readonly string[]
  /** All addresses of a name. Default: the system's resolver. */
  resolve?: (name: string) => Promise<readonly { address: string }[]>
}

/**
 * Throws `badParameter` for what is no http address or lies inside, `timeout`, `tooLong`, and `notFound` for all that
 * the server there does or does not do: the answers tell nothing about the network behind.
 */
export function createUrlFetcher({ allow, resolve = resolveAll, ...limits }: FetcherOptions): UrlFetcher {
  const exceptions = createExceptions(allow)
  return async (url, { headers = {} } = {}) => {
    const deadline = AbortSignal.timeout(limits.timeoutMs)
    let target = toTarget(url)
    for (let hops = 0; ; hops++) {
      const address = await checkedAddress(target, exceptions, resolve)
      // Headers are for the server that the client named, not for where it sends us.
      const answer = await open(target, address, hops === 0 ? sendable(headers) : {}, deadline)
      const next = redirectOf(answer, target)
      if (next === undefined) return toFetched(answer, target, limits, deadline)
      answer.destroy()
      if (hops === limits.redirects)
        throw new BridgeError('notFound', `the url leads on more than ${hops} times`, { limit: 'fetchRedirects' })
      target = toTarget(next)
    }
  }
}

function resolveAll(name: string): Promise<readonly { address: string }[]> {
  return resolveName(name, { all: true })
}

function toTarget(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (!target || !/^https?:$/.test(target.protocol)) {
    throw new BridgeError('badParameter', 'url must start with http:// or https://')
  }
  if (target.username !== '' || target.password !== '') {
    throw new BridgeError('badParameter', 'url must not carry a user name or a password')
  }
  return target
}

/** A name all of whose addresses are not public is refused like one that lies inside by its spelling. */
async function checkedAddress(
  target: URL,
  exceptions: Exceptions,
  resolve: NonNullable<FetcherOptions['resolve']>,
): Promise<string> {
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host) ? [{ address: host }] : await resolve(host).catch(() => [])
  if (found.length === 0) throw new BridgeError('notFound', `the host of the url is not known: ${host}`)
  const named = exceptions.hasHost(host)
  const usable = found.find(({ address }) => named || isPublicAddress(address) || exceptions.hasAddress(address))
  if (usable) return usable.address
  throw new BridgeError(
    'badParameter',
    `url: ${host} is not a public address; fetch.allow in the configuration may list it`,
  )
}

/** Framing and routing of the request are ours. */
const reserved = /^(?:host|connection|content-length|transfer-encoding|upgrade|expect|te|trailer|keep-alive|proxy-.*)$/i

function sendable(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !reserved.test(name)))
}

function open(
  target: URL,
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(toFetchError(error, signal))
    try {
      request(
        {
          host: address,
          // Certificates are for the name.
          servername: isIP(target.hostname.replace(/^\[|\]$/g, '')) ? '' : target.hostname,
          port: target.port,
          path: target.pathname + target.search,
          headers: { ...headers, host: target.host, 'accept-encoding': 'identity' },
          agent: false,
          signal,
        },
        resolve,
      )
        .on('error', fail)
        .end()
    } catch {
      reject(new BridgeError('badParameter', 'headers: names and values must be ones that HTTP can carry'))
    }
  })
}

function redirectOf(answer: IncomingMessage, target: URL): string | undefined {
  const { location } = answer.headers
  if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0)) return undefined
  return URL.canParse(location, target.href) ? new URL(location, target).href : location
}

function toFetched(answer: IncomingMessage, target: URL, limits: FetchLimits, signal: AbortSignal): FetchedUrl {
  const { statusCode = 0, headers } = answer
  if (statusCode < 200 || statusCode > 299) {
    answer.destroy()
    throw new BridgeError('notFound', `the url answered HTTP ${statusCode}`)
  }
  if (Number(headers['content-length'] ?? 0) > limits.maxBytes) {
    answer.destroy()
    throw tooLarge(limits)
  }
  return { pieces: readBounded(answer, limits, signal), name: nameIn(target) }
}

/** The last part of the path, when it can be a file name. */
function nameIn({ pathname }: URL): string | undefined {
  const part = pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(part) || undefined
  } catch {
    return undefined
  }
}

async function* readBounded(
  answer: IncomingMessage,
  limits: FetchLimits,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let size = 0
  try {
    for await (const piece of decompressed(answer)) {
      size += piece.length
      if (size > limits.maxBytes) throw tooLarge(limits)
      yield piece
    }
  } catch (error) {
    throw toFetchError(error, signal)
  } finally {
    answer.destroy()
  }
}

/** Servers may compress although they were asked not to. */
function decompressed(answer: IncomingMessage): AsyncIterable<Buffer> {
  const decoder = decoderOf(answer.headers['content-encoding'])
  return decoder ? pipeline(answer, decoder, () => {}) : answer
}

function decoderOf(encoding: string | undefined) {
  switch (encoding?.toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      return undefined
  }
}

function tooLarge({ maxBytes }: FetchLimits): BridgeError {
  return new BridgeError('tooLong', `the url answers more than ${maxBytes} bytes`, { limit: 'fetchBytes' })
}

function toFetchError(error: unknown, signal: AbortSignal): BridgeError {
  if (error instanceof BridgeError) return error
  if (signal.aborted) return new BridgeError('timeout', 'the url did not answer in time', { limit: 'fetchTimeoutMs' })
  return new BridgeError('notFound', 'the url cannot be fetched')
}
