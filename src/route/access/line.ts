// Calls that wait for their moment: in order of it, and those of the same moment as they came. One timer for all of them.

export interface Line {
  readonly length: number
  /** Resolves at that moment, milliseconds as the clock says. */
  wait(at: number): Promise<void>
}

interface Waiting {
  at: number
  resolve: () => void
}

export function createLine(clock: () => number): Line {
  const waiting: Waiting[] = []
  let timer: NodeJS.Timeout | undefined

  function arm(): void {
    clearTimeout(timer)
    const [next] = waiting
    timer = next && setTimeout(release, Math.max(0, Math.ceil(next.at - clock())))
  }

  function release(): void {
    const now = clock()
    const still = waiting.findIndex(({ at }) => at > now)
    for (const { resolve } of waiting.splice(0, still < 0 ? waiting.length : still)) resolve()
    arm()
  }

  return {
    get length() {
      return waiting.length
    },
    wait(at) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const before = waiting.findLastIndex((other) => other.at <= at)
      waiting.splice(before + 1, 0, { at, resolve })
      if (before < 0) arm()
      return promise
    },
  }
}
