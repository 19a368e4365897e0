// Counters for Prometheus. What happens often is counted here by cheap means; the library takes it over when somebody looks.
// Labels are names of the configuration and of the canonical model only: nothing that a client or a stranger makes up, so that
// there is a bounded number of series and nobody's data among them.
import type { Registry } from 'prom-client'
import { actionTable } from '../../mappings/actions.ts'
import { events as eventTable } from '../../mappings/events.ts'
import { segments as segmentTable } from '../../mappings/segments.ts'
import { errorKinds } from '../core/error.ts'
import type { LossRecord } from '../core/fidelity.ts'
import type { Dropped } from '../core/ports.ts'
import { limitNames, type LimitName } from '../core/limit.ts'
import { gauge, processGauges, type Register } from './gauge.ts'

export interface CallRecord {
  inbound: string
  action: string
  /** `ok`, or the kind of the error. */
  outcome: string
  seconds: number
}

/** What is asked for when somebody looks. */
export interface Gauges {
  backends(): Iterable<{ backend: string; bots: number; online: number }>
  /** Open WebSockets by the place in the configuration that they came to. */
  connections(): Iterable<{ place: string; open: number }>
  /** What waits for clients. */
  queues(): Iterable<{ kind: string; entries: number; bytes: number }>
  /** Bytes of requests and messages that are being read. */
  heldBodies(): number
}

export interface Metrics {
  event(backend: string, type: string): void
  call(record: CallRecord): void
  loss(record: LossRecord): void
  dropped(backend: string, what: Dropped): void
  limit(name: LimitName): void
  /** In the text form of Prometheus. */
  print(): Promise<string>
}

/** Upper bounds of the latency buckets, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const known = new Set([actionTable, eventTable, segmentTable].flatMap((table) => Object.keys(table)))
const outcomes = new Set<string>(['ok', ...errorKinds])

export function createMetrics({ backends, connections, queues, heldBodies }: Gauges): Metrics {
  const all: Register[] = []
  const counter = (name: string, help: string, labels: readonly string[]): Counting => {
    const counting = createCounting({ name, help, labels })
    all.push(counting.register)
    return counting
  }
  const events = counter('bridge_events_total', 'Events of backends that were delivered.', ['backend', 'type'])
  const calls = counter('bridge_calls_total', 'Actions of clients by outcome.', ['inbound', 'action', 'outcome'])
  const losses = counter('bridge_losses_total', 'Conversions that were not exact.', [
    'where',
    'direction',
    'what',
    'fidelity',
  ])
  const dropped = counter('bridge_dropped_total', 'What backends sent and nobody could use.', ['backend', 'what'])
  const limits = counter('bridge_limits_total', 'Limits that were reached.', ['limit'])
  const limitSeries = new Map(limitNames.map((name) => [name, limits.series([name])]))
  const latency = createLatency('bridge_call_seconds', 'Time from the action of a client to its result.')
  all.push(latency.register)
  all.push(
    gauge({
      name: 'bridge_bots',
      help: 'Accounts by backend and whether they are on line.',
      labelNames: ['backend', 'online'],
      *read() {
        for (const { backend, bots, online } of backends()) {
          yield [{ backend, online: 'true' }, online]
          yield [{ backend, online: 'false' }, bots - online]
        }
      },
    }),
    gauge({
      name: 'bridge_connections',
      help: 'Open WebSockets of clients and backends that came to the bridge.',
      labelNames: ['place'],
      *read() {
        for (const { place, open } of connections()) yield [{ place }, open]
      },
    }),
    gauge({
      name: 'bridge_queue_entries',
      help: 'What waits for clients, by kind of queue.',
      labelNames: ['queue'],
      *read() {
        for (const { kind, entries } of queues()) yield [{ queue: kind }, entries]
      },
    }),
    gauge({
      name: 'bridge_queue_bytes',
      help: 'Bytes of what waits for clients.',
      labelNames: ['queue'],
      *read() {
        for (const { kind, bytes } of queues()) yield [{ queue: kind }, bytes]
      },
    }),
    gauge({
      name: 'bridge_body_bytes',
      help: 'Bytes of requests and messages that are being read.',
      labelNames: [],
      read: () => [[{}, heldBodies()]],
    }),
    ...processGauges(),
  )
  let registry: Promise<Registry> | undefined
  return {
    event: createEventCount(events),
    call({ inbound, action, outcome, seconds }) {
      calls.add([inbound, action, outcomes.has(outcome) ? outcome : 'internal'])
      latency.add(inbound, seconds)
    },
    loss: ({ where, direction, what, fidelity }) =>
      losses.add([where, direction, known.has(what) ? what : 'other', fidelity]),
    dropped: (backend, what) => dropped.add([backend, what]),
    limit(name) {
      const one = limitSeries.get(name)
      if (one) one.count++
    },
    print: async () => (await (registry ??= registerAll(all))).metrics(),
  }
}

async function registerAll(all: readonly Register[]): Promise<Registry> {
  const library = await import('prom-client')
  const registry = new library.Registry()
  for (const register of all) register(library, registry)
  return registry
}

interface Counting {
  /** `values` in the order of the labels. */
  add(values: readonly string[]): void
  /** What `add` counts up. */
  series(values: readonly string[]): Series
  register: Register
}

interface Series {
  readonly values: readonly string[]
  count: number
}

/** The same for what happens most: its label values are put together once. */
function createEventCount(events: Counting): Metrics['event'] {
  const byBackend = new Map<string, Map<string, Series>>()
  return (backend, type) => {
    let byType = byBackend.get(backend)
    if (!byType) byBackend.set(backend, (byType = new Map()))
    let one = byType.get(type)
    if (!one) byType.set(type, (one = events.series([backend, type])))
    one.count++
  }
}

interface CountingOptions {
  name: string
  help: string
  labels: readonly string[]
}

function createCounting({ name, help, labels }: CountingOptions): Counting {
  const known = new Map<string, Series>()
  function series(values: readonly string[]): Series {
    const key = values.join('\n')
    let one = known.get(key)
    if (!one) known.set(key, (one = { values, count: 0 }))
    return one
  }

  return {
    series,
    add(values) {
      series(values).count++
    },
    register: ({ Counter }, registry) =>
      void new Counter({
        name,
        help,
        labelNames: labels,
        registers: [registry],
        collect() {
          this.reset()
          for (const { values, count } of known.values()) this.labels(...values).inc(count)
        },
      }),
  }
}

interface Times {
  /** By bound, not added up. */
  counts: number[]
  sum: number
  count: number
}

/** The library's own counting costs as much as a short call; it only prints here. */
function createLatency(name: string, help: string) {
  const series = new Map<string, Times>()

  function print(inbound: string, { counts, sum, count }: Times) {
    let below = 0
    const buckets = bounds.map((le, at) => ({ le: String(le), value: (below += counts[at] as number) }))
    return [
      ...[...buckets, { le: '+Inf', value: count }].map(({ le, value }) => ({
        metricName: `${name}_bucket`,
        labels: { inbound, le },
        value,
      })),
      { metricName: `${name}_sum`, labels: { inbound }, value: sum },
      { metricName: `${name}_count`, labels: { inbound }, value: count },
    ]
  }

  const register: Register = ({ Histogram }, registry) => {
    class Latency extends Histogram<'inbound'> {
      /** What the registry asks for. */
      async getForPromString() {
        const values = [...series].flatMap(([inbound, times]) => print(inbound, times))
        return { name, help, type: 'histogram', aggregator: 'sum', values }
      }
    }
    void new Latency({ name, help, labelNames: ['inbound'], buckets: bounds, registers: [registry] })
  }

  return {
    add(inbound: string, seconds: number): void {
      let one = series.get(inbound)
      if (!one) series.set(inbound, (one = { counts: bounds.map(() => 0), sum: 0, count: 0 }))
      const at = bounds.findIndex((bound) => seconds <= bound)
      if (at >= 0) one.counts[at] = (one.counts[at] as number) + 1
      one.sum += seconds
      one.count++
    },
    register,
  }
}
