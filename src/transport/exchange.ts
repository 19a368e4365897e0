// One HTTP request and its answer as the routes and the short way share them, written straight to the socket: a Response of the
// platform and its stream cost 60 us each.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Spliced, WireText } from '../core/json-text.ts'
import type { HttpContext } from './mount.ts'

export interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** GET for HEAD, too. */
  readonly method: string
  /** The whole one, without the query. */
  readonly path: string
  readonly query: URLSearchParams
}

export type ReplyStatus = 200 | 400 | 401 | 403 | 404 | 413 | 415 | 426 | 500 | 503

export interface Reply {
  status: ReplyStatus
  /** null: no body. */
  text: WireText | null
  /** Beside that of the type, which is JSON. */
  headers?: Record<string, string>
}

export function remoteOf({ incoming }: Pick<Exchange, 'incoming'>): string {
  return incoming.socket.remoteAddress ?? ''
}

export function toExchange(c: HttpContext): Exchange {
  const { incoming, outgoing } = c.env
  return { incoming, outgoing, method: c.req.method, path: c.req.path, query: new URL(c.req.url).searchParams }
}

/** For browsers the usual way, which adds what CORS wants, and for what is no plain answer. */
export function toResponse(c: HttpContext, reply: Reply): Response {
  const { status, text } = reply
  const { incoming, outgoing } = c.env
  if (text === null) return c.body(null, status, headersOf(reply))
  if (status !== 200 || incoming.headers.origin !== undefined) return c.body(String(text), status, headersOf(reply))
  writeReply(outgoing, reply)
  return RESPONSE_ALREADY_SENT
}

function headersOf({ text, headers }: Reply): Record<string, string> {
  return text === null ? { ...headers } : { 'content-type': 'application/json', ...headers }
}

export function writeReply(outgoing: ServerResponse, reply: Reply): void {
  const { status, text } = reply
  if (text === null) return void outgoing.writeHead(status, headersOf(reply)).end()
  if (typeof text !== 'string') return writeSpliced(outgoing, text, reply)
  const length = Buffer.byteLength(text)
  // A list of names and values is passed on as it is.
  if (reply.headers) outgoing.writeHead(status, { ...headersOf(reply), 'content-length': length })
  else outgoing.writeHead(status, ['content-type', 'application/json', 'content-length', String(length)])
  outgoing.end(text)
}

function writeSpliced(outgoing: ServerResponse, { head, body, tail }: Spliced, reply: Reply): void {
  const start = Buffer.from(head)
  const end = Buffer.from(tail)
  const length = start.length + body.bytes.length + end.length
  outgoing.writeHead(reply.status, { ...headersOf(reply), 'content-length': length })
  outgoing.cork()
  outgoing.write(start)
  outgoing.write(body.bytes)
  outgoing.end(end)
  outgoing.uncork()
}
