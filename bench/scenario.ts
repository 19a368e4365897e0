// What a scenario is, and how one round of it becomes figures.
import type { Pair, Stage, Subject } from './stage.ts'

export interface Figure {
  perSecond: number
  /** Of the subject's process, by the system's accounting, for each operation. */
  cpuMicros: number
  /** Milliseconds. */
  p50: number
  p99: number
}

/** Ratios of the bridge to the yardstick in the same round. */
export interface Targets {
  perSecond?: number
  cpuMicros?: number
  p50?: number
  p99?: number
}

export interface Scenario {
  name: string
  pair: Pair
  /** Whom the bridge is compared with. */
  yardstick: Subject
  /** Of those that the pair has. Default all. */
  subjects?: readonly Subject[]
  /** Operations in one round, and in one of a smoke run. */
  count: number
  smokeCount: number
  targets: Targets
  /** One round. Resolves with the latencies of its operations, in milliseconds; rejects when anything went wrong. */
  run(stage: Stage, count: number): Promise<number[]>
}

export async function measure(stage: Stage, scenario: Scenario, count: number): Promise<Figure> {
  const before = await stage.usage()
  const started = performance.now()
  const latencies = await scenario.run(stage, count)
  const seconds = (performance.now() - started) / 1000
  const after = await stage.usage()
  const sorted = latencies.toSorted((one, other) => one - other)
  return {
    perSecond: count / seconds,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / count,
    p50: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
