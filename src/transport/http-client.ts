// HTTP requests to servers of others: one deadline for everything, answers bounded, connections kept.
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { BridgeError } from '../core/error.ts'

export interface PostOptions {
  /** Beside `content-type: application/json; charset=UTF-8`, which they may replace. */
  headers?: Readonly<Record<string, string>> | undefined
  /** Milliseconds until the whole answer must be here. */
  timeoutMs: number
  /** Bytes of answer that are read; a longer one fails. */
  maxBytes: number
  /** Gives the request up. */
  signal?: AbortSignal | undefined
  /** Never written twice, not even when the server seems to have closed a kept connection just before. Default false. */
  once?: boolean | undefined
}

export interface HttpAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Redirects, and what is the request's fault: it was not carried out. Of any other status that cannot be told. */
export function isTurnedAway(status: number): boolean {
  return status >= 300 && status < 500
}

const kept = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 16, scheduling: 'lifo' } as const
const agents = { http: new HttpAgent(kept), https: new HttpsAgent(kept) }

/**
 * Sends the text as it is; a redirect is an answer like any other and is not followed. Throws `timeout` and `offline`
 * (uncertain once the connection stood), `backend` for an answer that is too long, `badParameter` for a url that is none.
 */
export function postJson(url: string, body: string, options: PostOptions): Promise<HttpAnswer> {
  return ask(url, Buffer.from(body), options)
}

/** A GET, as `postJson` otherwise. */
export function getText(url: string, options: PostOptions): Promise<HttpAnswer> {
  return ask(url, undefined, options)
}

async function ask(url: string, bytes: Buffer | undefined, options: PostOptions): Promise<HttpAnswer> {
  const target = toHttpUrl(url)
  try {
    return await send(target, bytes, options)
  } catch (thrown) {
    // The server closed a kept connection just when we wrote: it never saw the request.
    if (!(thrown instanceof StaleConnection)) throw thrown
    return send(target, bytes, { ...options, fresh: true })
  }
}

function toHttpUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed
  throw new BridgeError('badParameter', 'the url must start with http:// or https://')
}

class StaleConnection extends Error {}

type Sending = PostOptions & { fresh?: boolean }

function send(target: URL, bytes: Buffer | undefined, options: Sending): Promise<HttpAnswer> {
  const { host } = target
  const deadline = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline
  const secure = target.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(target, {
      method: bytes ? 'POST' : 'GET',
      agent: options.fresh ? false : secure ? agents.https : agents.http,
      headers: {
        'accept-encoding': 'identity',
        ...(bytes && { 'content-type': 'application/json; charset=UTF-8', 'content-length': bytes.length }),
        ...options.headers,
      },
      signal,
    })
    let answered = false
    function fail(error: Error & { code?: string }): void {
      const stale = !options.once && request.reusedSocket && error.code === 'ECONNRESET' && !answered
      if (stale) reject(new StaleConnection())
      else reject(toFailure(error, host, deadline.aborted ? options.timeoutMs : undefined))
    }
    request.once('error', fail)
    request.once('response', (response) => {
      answered = true
      readText(response, options.maxBytes).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        fail,
      )
    })
    request.end(bytes)
  })
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) {
      response.destroy()
      throw new BridgeError('backend', `the answer is longer than ${maxBytes} bytes`, {
        certain: false,
        limit: 'answerBytes',
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Codes that mean: no connection ever stood. */
const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Names host and port only: paths and queries may hold secrets. */
function toFailure(error: Error & { code?: string }, host: string, deadlineMs: number | undefined): BridgeError {
  if (error instanceof BridgeError) return error
  if (deadlineMs !== undefined) {
    const text = `${host} did not answer within ${deadlineMs} ms`
    return new BridgeError('timeout', text, { certain: false, limit: 'callTimeoutMs' })
  }
  const certain = neverConnected.has(error.code ?? '')
  return new BridgeError('offline', `${host}: ${error.code ?? error.message}`, { certain, cause: error })
}
