// The latest traces: a ring bounded by number and size, filled with references. What went wrong is always kept.
import { Trace, type TraceOrigin } from '../core/trace.ts'

export interface TracerOptions {
  /** Share from 0 to 1 of what goes well that is kept. */
  sample: number
  /** Traces in the ring; 0: nothing is traced. */
  keep: number
  /** Characters that all of them together may hold. */
  chars: number
  /** Told of each one that ended and is kept. */
  onEnd: (trace: Trace) => void
}

export interface Tracer {
  /** undefined: nothing is traced. */
  begin(origin: TraceOrigin): Trace | undefined
  /** Oldest first, those under way too. */
  recent(): Trace[]
  find(id: string): Trace | undefined
}

export function createTracer({ sample, keep, chars, onEnd }: TracerOptions): Tracer {
  const ring: (Trace | undefined)[] = Array.from({ length: keep })
  /** How many were ever put in and taken out. */
  let put = 0
  let taken = 0
  let held = 0
  let last = 0

  function add(trace: Trace): void {
    if (put - taken === keep) dropOldest()
    trace.kept = true
    ring[put++ % keep] = trace
  }

  function dropOldest(): void {
    const place = taken++ % keep
    const trace = ring[place] as Trace
    ring[place] = undefined
    trace.kept = false
    if (trace.ended !== 0) held -= trace.size
  }

  const owner = {
    ended(trace: Trace): void {
      if (!trace.kept) {
        if (!trace.error && !trace.losses) return
        add(trace)
      }
      if (trace.size > largest) shorten(trace)
      held += trace.size
      while (held > chars && put - taken > 1) dropOldest()
      onEnd(trace)
    },
  }

  return {
    begin(origin) {
      if (keep === 0) return undefined
      const trace = new Trace(++last, origin, owner)
      if (sample >= 1 || Math.random() < sample) add(trace)
      return trace
    },
    recent: () => Array.from({ length: put - taken }, (_, at) => ring[(taken + at) % keep] as Trace),
    find: (id) => ring.find((trace) => trace?.id === id),
  }
}

/** Characters of one trace; of larger ones only the beginnings of their texts stay. */
const largest = 1024 * 1024
const beginning = 4096

function shorten(trace: Trace): void {
  trace.source = cut(trace.source)
  trace.answer = trace.answer === undefined ? undefined : (cut(trace.answer) as string)
  for (const step of trace.steps) {
    step.value = cut(step.value)
    step.answer = cut(step.answer)
  }
  trace.size = (trace.steps.length * 2 + 2) * beginning
}

/** A part of a long text would keep all of it in memory: it is copied. Nobody knows how large an object is. */
function cut(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return 'too large to keep'
  if (typeof value !== 'string' || value.length <= beginning) return value
  return `${Buffer.from(value.slice(0, beginning)).toString()}… (${value.length} characters)`
}
