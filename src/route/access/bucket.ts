// Token buckets, each only a moment: when the next call would be due if all came evenly (GCRA). Nothing ticks, and a bucket
// that is full again needs no place.

export interface Pace {
  /** Milliseconds between two calls in the long run. */
  intervalMs: number
  /** Calls that may come at once. */
  burst: number
}

export interface Buckets<K> {
  /** Milliseconds until the bucket of this key lets another call through; 0: now. */
  waitMs(key: K, now: number): number
  /** Counts a call that goes through after its wait. */
  take(key: K, now: number): void
}

/** Beyond it those that are full again go, and then the one that was used longest ago. */
const mostBuckets = 4096

export function createBuckets<K>({ intervalMs, burst }: Pace, most = mostBuckets): Buckets<K> {
  /** Used longest ago first. */
  const due = new Map<K, number>()
  const slackMs = (burst - 1) * intervalMs

  function makeRoom(now: number): void {
    if (due.size < most) return
    for (const [key, at] of due) if (at <= now) due.delete(key)
    const [oldest] = due.keys()
    if (due.size >= most && oldest !== undefined) due.delete(oldest)
  }

  return {
    waitMs: (key, now) => Math.max(0, (due.get(key) ?? 0) - slackMs - now),
    take(key, now) {
      const at = Math.max(due.get(key) ?? 0, now) + intervalMs
      if (!due.delete(key)) makeRoom(now)
      due.set(key, at)
    },
  }
}
