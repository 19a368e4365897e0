// Slows guessing down: whoever showed wrong secrets often waits for each further refusal. The right secret never waits.
import type { OnLimit } from '../core/limit.ts'
import { defaultHttpLimits, type HttpLimits } from './mount.ts'

const mostPeers = 10_000

/** Counts a failure of this peer. undefined: answer at once; else when the promise resolves. */
export type FailureDelay = (peer: string) => Promise<void> | undefined

type FailureLimits = Pick<HttpLimits, 'freeFailures' | 'failureDelayMs'>

export function createFailureDelay(limits: FailureLimits = defaultHttpLimits, onLimit?: OnLimit): FailureDelay {
  const { freeFailures, failureDelayMs } = limits
  let minute = 0
  let counts = new Map<string, number>()
  return (peer) => {
    const now = Math.floor(Date.now() / 60_000)
    if (now !== minute || counts.size > mostPeers) counts = new Map()
    minute = now
    const count = (counts.get(peer) ?? 0) + 1
    counts.set(peer, count)
    if (count <= freeFailures) return undefined
    onLimit?.('freeFailures', peer, `${freeFailures} wrong secrets in a minute: further ones are answered later`)
    return new Promise((resolve) => setTimeout(resolve, failureDelayMs))
  }
}
