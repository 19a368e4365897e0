// What was lost on the way, newest last: a ring for people to read and counters for everything before it.
import type { LossRecord } from '../core/fidelity.ts'

export interface Losses {
  add(record: LossRecord): void
  /** Newest last. */
  recent(): readonly LossRecord[]
  /** How often each `what fidelity` happened since the start. */
  counts(): ReadonlyMap<string, number>
}

export function createLosses(kept: number, onRecord: (record: LossRecord) => void): Losses {
  const ring: LossRecord[] = []
  const counters = new Map<string, number>()
  return {
    add(record) {
      ring.push(record)
      // Trimmed in steps: shifting one by one would copy the ring for each record.
      if (ring.length >= kept * 2) ring.splice(0, kept)
      const key = `${record.what} ${record.fidelity}`
      counters.set(key, (counters.get(key) ?? 0) + 1)
      onRecord(record)
    },
    recent: () => ring.slice(-kept),
    counts: () => counters,
  }
}
