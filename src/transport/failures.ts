// Slows guessing down: whoever showed wrong secrets often waits for each further refusal. The right secret never waits.

/** Wrong secrets of one peer in one minute that are answered at once. */
const free = 10
const delayMs = 200
const mostPeers = 10_000

/** Counts a failure of this peer. undefined: answer at once; else when the promise resolves. */
export type FailureDelay = (peer: string) => Promise<void> | undefined

export function createFailureDelay(): FailureDelay {
  let minute = 0
  let counts = new Map<string, number>()
  return (peer) => {
    const now = Math.floor(Date.now() / 60_000)
    if (now !== minute || counts.size > mostPeers) counts = new Map()
    minute = now
    const count = (counts.get(peer) ?? 0) + 1
    counts.set(peer, count)
    return count > free ? new Promise((resolve) => setTimeout(resolve, delayMs)) : undefined
  }
}
