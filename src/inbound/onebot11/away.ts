// Clients that left and may come back: each is waited for a while, and for so many of them at most.

export interface AwayOptions {
  /** Milliseconds. */
  ageMs: number
  /** Beyond it the one that left first is given up. */
  most: number
  giveUp: (key: string) => void
}

export interface Away {
  left(key: string): void
  /** It is here again, or nobody waits for it any more. */
  forget(key: string): void
}

export function createAway({ ageMs, most, giveUp }: AwayOptions): Away {
  /** The one that left first stands first. */
  const timers = new Map<string, NodeJS.Timeout>()

  function forget(key: string): void {
    clearTimeout(timers.get(key))
    timers.delete(key)
  }

  function end(key: string): void {
    forget(key)
    giveUp(key)
  }

  return {
    forget,
    left(key) {
      forget(key)
      timers.set(key, setTimeout(end, ageMs, key).unref())
      if (timers.size > most) end(timers.keys().next().value as string)
    },
  }
}
