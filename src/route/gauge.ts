// Numbers that are asked for when somebody looks at the metrics, and what the process says of itself.
import type * as PromClient from 'prom-client'

/** Tells the library of one metric, once somebody looks: it is ninety modules, which cost each start 50 ms. */
export type Register = (library: typeof PromClient, registry: PromClient.Registry) => void

interface GaugeOptions<L extends string> {
  name: string
  help: string
  labelNames: L[]
  read(): Iterable<[Record<L, string>, number]>
}

export function gauge<L extends string>({ read, ...options }: GaugeOptions<L>): Register {
  return ({ Gauge }, registry) =>
    void new Gauge<L>({
      ...options,
      registers: [registry],
      collect() {
        this.reset()
        for (const [labels, value] of read()) this.set(labels, value)
      },
    })
}

interface Told {
  name: string
  help: string
  read: () => number
}

/** What the library offers of this watches garbage collection and timers all the time; this costs nothing until it is read. */
export function processGauges(): Register[] {
  const startedAt = Date.now() / 1000 - process.uptime()
  const told: Told[] = [
    {
      name: 'process_cpu_seconds',
      help: 'Processor time of the process, user and system.',
      read: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Memory of the process that is in use.',
      read: () => process.memoryUsage.rss(),
    },
    {
      name: 'process_start_time_seconds',
      help: 'When the process began, Unix time.',
      read: () => startedAt,
    },
    {
      name: 'nodejs_heap_used_bytes',
      help: 'Memory of the JavaScript heap that is in use.',
      read: () => process.memoryUsage().heapUsed,
    },
    {
      name: 'nodejs_external_memory_bytes',
      help: 'Memory of buffers outside of the heap.',
      read: () => process.memoryUsage().external,
    },
    {
      name: 'nodejs_eventloop_utilization',
      help: 'Share of the time since the process began in which the event loop was busy.',
      read: () => performance.eventLoopUtilization().utilization,
    },
  ]
  return told.map(({ name, help, read }) => gauge({ name, help, labelNames: [], read: () => [[{}, read()]] }))
}
