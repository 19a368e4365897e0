// HTTP requests to servers of others: one deadline for everything, answers bounded, connections kept.
import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
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

/** An own timer and plain listeners: signals that are made of others and iterated streams took half the time of a request. */
function send(target: URL, bytes: Buffer | undefined, options: Sending): Promise<HttpAnswer> {
  const { host } = target
  const { timeoutMs, maxBytes, signal } = options
  return new Promise((resolve, reject) => {
    const request = begin(target, bytes, options)
    let answered = false
    function fail(thrown: Error & { code?: string }): void {
      end()
      const stale = !options.once && request.reusedSocket && thrown.code === 'ECONNRESET' && !answered
      reject(stale ? new StaleConnection() : toFailure(thrown, host))
    }
    function giveUp(reason: Error): void {
      fail(reason)
      request.destroy()
    }
    const onAbort = (): void => giveUp(new Error('given up'))
    const timer = setTimeout(() => giveUp(toTimeout(host, timeoutMs)), timeoutMs)
    function end(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    request.on('error', fail)
    request.once('response', (response) => {
      answered = true
      readText(response, maxBytes, (text) => {
        if (text instanceof Error) return giveUp(text)
        end()
        return resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort)
    return void request.end(bytes)
  })
}

function begin(target: URL, bytes: Buffer | undefined, { fresh, headers }: Sending): ClientRequest {
  const secure = target.protocol === 'https:'
  return (secure ? httpsRequest : httpRequest)(target, {
    method: bytes ? 'POST' : 'GET',
    agent: fresh ? false : secure ? agents.https : agents.http,
    headers: {
      'accept-encoding': 'identity',
      ...(bytes && { 'content-type': 'application/json; charset=UTF-8', 'content-length': bytes.length }),
      ...headers,
    },
  })
}

function readText(response: IncomingMessage, maxBytes: number, done: (text: string | Error) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBytes) return done(tooLong(maxBytes))
    chunks.push(chunk)
  })
  response.once('end', () =>
    done((chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString('utf8')),
  )
  response.on('error', done)
}

function tooLong(maxBytes: number): BridgeError {
  const text = `the answer is longer than ${maxBytes} bytes`
  return new BridgeError('backend', text, { certain: false, limit: 'answerBytes' })
}

function toTimeout(host: string, timeoutMs: number): BridgeError {
  const text = `${host} did not answer within ${timeoutMs} ms`
  return new BridgeError('timeout', text, { certain: false, limit: 'callTimeoutMs' })
}

/** Codes that mean: no connection ever stood. */
const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Names host and port only: paths and queries may hold secrets. */
function toFailure(error: Error & { code?: string }, host: string): BridgeError {
  if (error instanceof BridgeError) return error
  const certain = neverConnected.has(error.code ?? '')
  return new BridgeError('offline', `${host}: ${error.code ?? error.message}`, { certain, cause: error })
}
