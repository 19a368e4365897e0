// How long to wait before trying somebody else's server again.

export interface Backoff {
  /** Milliseconds before the first retry; doubles up to `maxMs`, each ±20 %. */
  firstMs: number
  maxMs: number
  /** First wait after the peer refused our credentials (HTTP 401 or 403, or the caller says so). */
  refusedMs: number
}

export const defaultBackoff: Backoff = { firstMs: 1000, maxMs: 30_000, refusedMs: 10_000 }

/** Milliseconds. The jitter keeps many clients of one server from coming back at the same moment. */
export function waitBefore(backoff: Backoff, failures: number, refused: boolean): number {
  const base = refused ? backoff.refusedMs : backoff.firstMs
  const longest = Math.max(backoff.maxMs, base)
  return Math.round(Math.min(base * 2 ** failures, longest) * (0.8 + Math.random() * 0.4))
}
