// A trace as people and programs read it: plain JSON, secrets out, long texts cut.
import type { Loss } from '../core/fidelity.ts'
import type { Step, StepKind, Trace, TraceKind } from '../core/trace.ts'

export interface TraceSummary {
  id: string
  /** Unix milliseconds. */
  at: number
  kind: TraceKind
  /** Name of the inbound of a call, of the backend of an event. */
  where: string
  bot?: number
  /** The canonical action or event; empty when it did not get that far. */
  name: string
  state: 'running' | 'ok' | 'failed'
  /** Milliseconds from the first byte to the answer, or so far. */
  ms: number
  error?: { kind: string; message: string }
  losses: readonly Loss[]
}

export interface TraceView extends TraceSummary {
  /** As it came. */
  source: string
  /** In the order in which they began. */
  steps: StepView[]
  /** What the client was answered. */
  answer?: string
}

export interface StepView {
  kind: StepKind
  place: string
  /** Milliseconds since the trace began. */
  ms: number
  /** Text as it went out; canonical actions as JSON. */
  value: string
  answer?: string
  /** Milliseconds that the answer took. */
  took?: number
  /** How many clients there were sent this, when more than one. */
  times?: number
}

/** Characters of one text that are shown. */
const longest = 16_384

export function summarize(trace: Trace, redact: (text: string) => string): TraceSummary {
  const { id, kind, where, bot, name, error, losses, began, ended } = trace
  return {
    id,
    at: Math.round(performance.timeOrigin + began),
    kind,
    where,
    ...(bot !== undefined && { bot }),
    name,
    state: error ? 'failed' : ended === 0 ? 'running' : 'ok',
    ms: toMs((ended === 0 ? performance.now() : ended) - began),
    ...(error && { error: { kind: error.kind, message: redact(error.message) } }),
    losses: losses ?? [],
  }
}

export function viewTrace(trace: Trace, redact: (text: string) => string): TraceView {
  const { source, steps, answer, began } = trace
  const print = (value: unknown): string => redact(toText(value))
  return {
    ...summarize(trace, redact),
    source: print(source),
    steps: steps.map((step) => viewStep(step, began, print)),
    ...(answer !== undefined && { answer: print(answer) }),
  }
}

function viewStep(step: Step, began: number, print: (value: unknown) => string) {
  const { kind, place, value, at, answer, until, times } = step
  const view: StepView = { kind, place, ms: toMs(at - began), value: print(value), ...(times > 1 && { times }) }
  return until === 0 ? view : { ...view, answer: print(answer), took: toMs(until - at) }
}

function toText(value: unknown): string {
  const text = typeof value === 'string' ? value : print(value)
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text
}

/** Bytes have no use for readers. */
function print(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    inner instanceof Uint8Array ? `${inner.length} bytes` : inner,
  ) as string | undefined
  return text ?? ''
}

function toMs(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
