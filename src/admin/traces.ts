// Traces over HTTP: the latest as a list, one in full, and live for whoever asks for a stream of events.
import { toInteger } from '../core/read.ts'
import type { HttpApp, HttpContext } from '../transport/mount.ts'
import type { Feed, Streams } from './stream.ts'

/** What a list is filtered by; the rest of a trace is only passed on. */
export interface TraceLine {
  bot?: number
  name: string
  where: string
  kind: string
  state: string
  losses: readonly unknown[]
}

export interface TraceSource {
  /** Newest last. */
  recent(): readonly TraceLine[]
  find(id: string): object | undefined
  on: Feed
}

const usualCount = 100

export function mountTraces(app: HttpApp, traces: TraceSource, streams: Streams): void {
  app.get('/traces', (c) => {
    if (c.req.header('accept')?.includes('text/event-stream')) return streams.feed(c, traces.on)
    const found = traces.recent().filter(toFilter(c))
    const limit = toInteger(c.req.query('limit')) ?? usualCount
    return c.json({ traces: found.slice(Math.max(0, found.length - Math.max(0, limit))).toReversed() })
  })
  app.get('/traces/:id', (c) => {
    const trace = traces.find(c.req.param('id'))
    return trace ? c.json(trace) : c.json({ error: 'no such trace: it is not kept any more, or never was' }, 404)
  })
}

/** `?lossy` and `?lossy=1`: only where something was lost. */
function toFilter(c: HttpContext): (trace: TraceLine) => boolean {
  const { bot, name, where, kind, state, lossy } = c.req.query()
  return (trace) =>
    (bot === undefined || String(trace.bot) === bot) &&
    (name === undefined || trace.name === name) &&
    (where === undefined || trace.where === where) &&
    (kind === undefined || trace.kind === kind) &&
    (state === undefined || trace.state === state) &&
    (lossy === undefined || trace.losses.length > 0)
}
