// Counters for Prometheus in its text form. Labels are names of the configuration and of the canonical model only: nothing
// that a client or a stranger makes up, so that there is a bounded number of series and nobody's data among them.
import { actionTable } from '../../mappings/actions.ts'
import { events as eventTable } from '../../mappings/events.ts'
import { segments as segmentTable } from '../../mappings/segments.ts'
import { errorKinds } from '../core/error.ts'
import type { LossRecord } from '../core/fidelity.ts'

export interface CallRecord {
  inbound: string
  action: string
  /** `ok`, or the kind of the error. */
  outcome: string
  seconds: number
}

export interface BackendGauge {
  backend: string
  bots: number
  online: number
}

export interface Metrics {
  event(backend: string, type: string): void
  call(record: CallRecord): void
  loss(record: LossRecord): void
  print(backends: readonly BackendGauge[]): string
}

/** Upper bounds of the latency buckets, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const known = new Set([actionTable, eventTable, segmentTable].flatMap((table) => Object.keys(table)))
const outcomes = new Set<string>(['ok', ...errorKinds])

export function createMetrics(): Metrics {
  const events = createCounter({
    name: 'bridge_events_total',
    help: 'Events of backends that were delivered.',
    labels: ['backend', 'type'],
  })
  const calls = createCounter({
    name: 'bridge_calls_total',
    help: 'Actions of clients by outcome.',
    labels: ['inbound', 'action', 'outcome'],
  })
  const losses = createCounter({
    name: 'bridge_losses_total',
    help: 'Conversions that were not exact.',
    labels: ['where', 'direction', 'what', 'fidelity'],
  })
  const latency = createHistogram('bridge_call_seconds', 'Time from the action of a client to its result.')
  return {
    event: (backend, type) => events.add([backend, type]),
    call({ inbound, action, outcome, seconds }) {
      calls.add([inbound, action, outcomes.has(outcome) ? outcome : 'internal'])
      latency.observe(inbound, seconds)
    },
    loss: ({ where, direction, what, fidelity }) =>
      losses.add([where, direction, known.has(what) ? what : 'other', fidelity]),
    print(backends) {
      const bots = createCounter({
        name: 'bridge_bots',
        help: 'Accounts by backend and whether they are on line.',
        labels: ['backend', 'online'],
        type: 'gauge',
      })
      for (const { backend, bots: all, online } of backends) {
        bots.add([backend, 'true'], online)
        bots.add([backend, 'false'], all - online)
      }
      return [events, calls, losses, latency, bots].map((metric) => metric.print()).join('')
    },
  }
}

interface CounterOptions {
  name: string
  help: string
  labels: readonly string[]
  type?: 'counter' | 'gauge'
}

function createCounter({ name, help, labels, type = 'counter' }: CounterOptions) {
  const series = new Map<string, { values: readonly string[]; count: number }>()
  return {
    /** `values` in the order of the labels. */
    add(values: readonly string[], by = 1) {
      const key = values.join('\n')
      const one = series.get(key)
      if (one) one.count += by
      else series.set(key, { values, count: by })
    },
    print: () =>
      head(name, help, type) +
      [...series.values()].map(({ values, count }) => `${name}${printLabels(labels, values)} ${count}\n`).join(''),
  }
}

function createHistogram(name: string, help: string) {
  const series = new Map<string, { counts: number[]; sum: number; count: number }>()
  return {
    observe(inbound: string, seconds: number) {
      let one = series.get(inbound)
      if (!one) series.set(inbound, (one = { counts: bounds.map(() => 0), sum: 0, count: 0 }))
      const at = bounds.findIndex((bound) => seconds <= bound)
      if (at >= 0) one.counts[at] = (one.counts[at] as number) + 1
      one.sum += seconds
      one.count++
    },
    print() {
      const lines = [...series].flatMap(([inbound, { counts, sum, count }]) => {
        let below = 0
        const buckets = bounds.map((bound, at) => [String(bound), (below += counts[at] as number)] as const)
        return [
          ...[...buckets, ['+Inf', count] as const].map(
            ([le, value]) => `${name}_bucket${printLabels(['inbound', 'le'], [inbound, le])} ${value}\n`,
          ),
          `${name}_sum${printLabels(['inbound'], [inbound])} ${sum}\n`,
          `${name}_count${printLabels(['inbound'], [inbound])} ${count}\n`,
        ]
      })
      return head(name, help, 'histogram') + lines.join('')
    },
  }
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function printLabels(names: readonly string[], values: readonly string[]): string {
  return `{${names.map((name, at) => `${name}="${escapeLabel(values[at] ?? '')}"`).join(',')}}`
}

/** Names of the configuration may hold anything. */
function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
