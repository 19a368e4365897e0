// Traces as the bridge shows them: kept as references, put into words for whoever looks, secrets out.
import type { Config } from './config.ts'
import { BridgeError } from './core/error.ts'
import type { UserId } from './core/ids.ts'
import { createRedact } from './core/redact.ts'
import type { Trace } from './core/trace.ts'
import { doorsOf } from './doors.ts'
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

/** `config`: the one in force; its secrets are not shown. */
export function createTracing(config: () => Config, onError: (error: unknown) => void): Tracing {
  const redactNow = (): ((text: string) => string) => createRedact(secretsOf(config()))
  const ended = createSignal<Trace>(onError)
  const { sample, keep, chars } = config().traces
  const tracer = createTracer({ sample, keep, chars, onEnd: ended.emit })
  return {
    tracer,
    recent() {
      const redact = redactNow()
      return tracer.recent().map((trace) => summarize(trace, redact))
    },
    find(id) {
      const trace = tracer.find(id)
      return trace && viewTrace(trace, redactNow())
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
    on: (listener) => ended.on((trace) => listener(viewTrace(trace, redactNow()))),
  }
}

/** All that the configuration holds: of listeners, of backends, of clients that are connected to. */
export function secretsOf(config: Config): string[] {
  const secrets = doorsOf(config).map(({ secret }) => secret)
  for (const backend of Object.values(config.backends)) {
    if (backend.dialect === 'onebot11') secrets.push(backend.accessToken)
    else if (backend.dialect === 'mirai') secrets.push(backend.verifyKey)
  }
  for (const inbound of Object.values(config.inbounds)) {
    if (inbound.dialect === 'mirai') secrets.push(inbound.verifyKey)
    else {
      secrets.push(inbound.accessToken)
      for (const { accessToken } of inbound.reverse) if (accessToken !== undefined) secrets.push(accessToken)
      for (const { secret } of inbound.webhooks) secrets.push(secret)
    }
  }
  return secrets
}
