// Plain requests for known paths go past the router: it makes a Request, its URL and a chain of promises for each, which costs as
// much as carrying a short command out. Whatever is in any way unusual is left to it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkBrowser, toHostName } from './browser.ts'
import { writeReply, type Exchange, type Reply } from './exchange.ts'
import type { Places } from './places.ts'

/** `below`: the path below the place, or the whole one. undefined: left to the routes, before anything was done. */
export type ShortWay = (exchange: Exchange, below: string) => Promise<Reply> | undefined

/** Bytes of a longest body. Larger ones are worth the price. */
const longest = 64 * 1024

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const name = '(?:[a-z0-9_-]+\\.)*[a-z][a-z0-9_-]*'
const port = '(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}))?'
/** What a URL would write in another way, or refuse, is not among them. */
const plainHost = new RegExp(`^(?:${octet}(?:\\.${octet}){3}|${name})${port}$`)
const plainTarget = /^\/[!$&-;=?-[\]_a-z~%]*$/

const noQuery = new URLSearchParams()

export interface ShortWayOptions {
  places: Pick<Places, 'find'>
  onError: (error: unknown) => void
}

/** false: nothing was done. */
export function takeShortWay(incoming: IncomingMessage, outgoing: ServerResponse, options: ShortWayOptions): boolean {
  if (!isPlain(incoming)) return false
  const { method = '', url = '', headers } = incoming
  const at = url.indexOf('?')
  const path = at < 0 ? url : url.slice(0, at)
  const group = options.places.find(toHostName(headers.host ?? ''), path)
  if (!group || checkBrowser(headers, group.browser)) return false
  const query = at < 0 ? noQuery : new URLSearchParams(url.slice(at))
  const exchange: Exchange = { incoming, outgoing, method, path, query }
  const below = path.slice(group.path.length)
  for (const { shortWay, options: own } of group.mounted) {
    // Its routes come first, and nobody knows which.
    if (!shortWay) return false
    const answer = shortWay(exchange, own.wholePath ? path : below)
    if (!answer) continue
    void finish(answer, outgoing, options)
    return true
  }
  return false
}

function isPlain({ method, url = '', headers }: IncomingMessage): boolean {
  if (method !== 'POST' && method !== 'GET') return false
  if (headers.origin !== undefined || headers['content-encoding'] !== undefined || headers.expect !== undefined) {
    return false
  }
  if (headers['transfer-encoding'] !== undefined || !(Number(headers['content-length'] ?? 0) <= longest)) return false
  return plainTarget.test(url) && plainHost.test(headers.host ?? '')
}

async function finish(
  answer: Promise<Reply>,
  outgoing: ServerResponse,
  { onError }: Pick<ShortWayOptions, 'onError'>,
): Promise<void> {
  try {
    writeReply(outgoing, await answer)
  } catch (error) {
    // Whoever serves answers his own failures; this is for those that got past him.
    onError(error)
    if (!outgoing.headersSent) writeReply(outgoing, { status: 503, text: null })
  }
}
