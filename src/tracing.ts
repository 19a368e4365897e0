// Traces as the bridge shows them: kept as references, put into words for whoever looks, secrets out.
import type { Config } from './config.ts'
import { BridgeError } from './core/error.ts'
import type { UserId } from './core/ids.ts'
import type { Trace } from './core/trace.ts'
import { createSignal } from './route/signal.ts'
import { summarize, viewTrace, type TraceSummary, type TraceView } from './route/trace-view.ts'
import { createTracer, type Tracer } from './route/tracer.ts'

interface Asked {
  bot: UserId
  action: { name: string }
}

export interface Tracing {
  readonly tracer: Tracer
  /** Newest last. */
  recent(): TraceSummary[]
  find(id: string): TraceView | undefined
  /** An action of the program around the bridge. */
  follow<T>(asked: Asked, run: (trace: Trace | undefined) => Promise<T>): Promise<T>
  /** Each one that is kept, once it has ended. */
  on(listener: (trace: TraceView) => void): () => void
}

export interface TracingOptions {
  config: Config['traces']
  /** Takes secrets out of a text. */
  hide: (text: string) => string
  onError: (error: unknown) => void
}

export function createTracing({ config, hide, onError }: TracingOptions): Tracing {
  const ended = createSignal<Trace>(onError)
  const { sample, keep, chars } = config
  const tracer = createTracer({ sample, keep, chars, onEnd: ended.emit })
  return {
    tracer,
    recent: () => tracer.recent().map((trace) => summarize(trace, hide)),
    find(id) {
      const trace = tracer.find(id)
      return trace && viewTrace(trace, hide)
    },
    async follow({ bot, action }, run) {
      const trace = tracer.begin({ kind: 'call', where: 'program', source: action })
      if (trace) {
        trace.bot = bot
        trace.name = action.name
      }
      try {
        const result = await run(trace)
        trace?.end(JSON.stringify(result))
        return result
      } catch (error) {
        if (trace && error instanceof BridgeError) trace.error = error
        trace?.end()
        throw error
      }
    },
    on: (listener) => ended.on((trace) => listener(viewTrace(trace, hide))),
  }
}
