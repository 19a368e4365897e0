// Health for machines; metrics, control of embedded worlds and live events and traces for whoever has the token.
import { toBridgeError } from '../core/error.ts'
import { BodyRefused } from '../transport/body.ts'
import { createFailureDelay, type FailureDelay } from '../transport/failures.ts'
import type { HttpContext, Mount } from '../transport/mount.ts'
import { createSecretCheck } from '../transport/secret.ts'
import { letIn } from '../transport/strangers.ts'
import type { World } from '../world/index.ts'
import { createStreams, type Feed } from './stream.ts'
import { mountTraces, type TraceSource } from './traces.ts'
import { mountWorld } from './world.ts'

export interface AdminOptions {
  listener: Mount
  /** Bearer token of everything but /healthz and /readyz. */
  token: string
  /** Of what waits for a reader of live events or traces. */
  waiting: { events: number; bytes: number }
  /** By name of their backend. The first one is meant where `?world=` names none. */
  worlds: ReadonlyMap<string, World>
  /** Why bots cannot be served, one line each, for everybody to read. None: they can. */
  unready: () => readonly string[]
  /** Live, as server-sent events of JSON, at `/events`. Default: not there. */
  events?: Feed
  /** At `/traces`. Default: not there. */
  traces?: TraceSource
  /** Counters in the text form of Prometheus, at `/metrics`. Default: not there. */
  metrics?: () => Promise<string>
  /** Resolves when every change so far is kept. Default: at once. */
  durable?: () => Promise<void>
  /** Told of our own defects with the number under which the answer names them. */
  onDefect?: (error: unknown, trace: string) => void
}

export interface Admin {
  /** Ends the streams that are open, and those that are asked for from now on. */
  close(): void
}

/** Mounts its routes at once; the owner of the listener opens it. */
export function createAdmin(options: AdminOptions): Admin {
  const { listener, token, waiting, worlds, unready, events, traces, metrics } = options
  const { durable = () => Promise.resolve(), onDefect = () => {} } = options
  const { app } = listener
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', (c) => {
    const reasons = unready()
    return reasons.length === 0 ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', reasons }, 503)
  })
  const { onLimit, limits } = listener
  const onSlow = (c: HttpContext): void => {
    onLimit('adminStream', c.env.incoming.socket.remoteAddress ?? '', 'it reads events or traces too slowly: it is cut')
    c.env.outgoing.destroy()
  }
  const streams = createStreams({ ...waiting, onSlow })
  const guard = requireToken(token, createFailureDelay(limits, onLimit))
  app.use('/world', guard)
  app.use('/world/*', guard)
  if (events) app.get('/events', guard, (c) => streams.feed(c, events))
  if (traces) {
    app.use('/traces', guard)
    app.use('/traces/*', guard)
    mountTraces(app, traces, streams)
  }
  if (metrics) {
    const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }
    app.get('/metrics', guard, async (c) => c.body(await metrics(), 200, headers))
  }
  const refuse = (c: HttpContext, thrown: unknown): Response => {
    const status = thrown instanceof BodyRefused ? thrown.status : 400
    const peer = c.env.incoming.socket.remoteAddress ?? ''
    if (thrown instanceof BodyRefused) c.header('connection', 'close')
    const { kind, message, limit } = toBridgeError(thrown, onDefect)
    if (limit) onLimit(limit, peer, message)
    return c.json({ error: message }, kind === 'internal' ? 503 : status)
  }
  const { maxBodyBytes: maxBytes, bodyMemoryBytes: memoryBytes } = limits
  mountWorld(app, worlds, { refuse, body: { maxBytes, memoryBytes }, durable, streams })
  return streams
}

/** 401 without a token, 403 with a wrong one; before anything else of the request is looked at. */
function requireToken(token: string, failed: FailureDelay) {
  const isRight = createSecretCheck(token)
  return async (c: HttpContext, next: () => Promise<void>): Promise<Response | undefined> => {
    const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    if (given === undefined || !isRight(given)) await failed(c.env.incoming.socket.remoteAddress ?? '')
    if (given === undefined) return c.json({ error: 'no token' }, 401, { 'www-authenticate': 'Bearer' })
    if (!isRight(given)) return c.json({ error: 'wrong token' }, 403)
    letIn(c.env.incoming.socket)
    await next()
    return undefined
  }
}
