// The calls that have begun and not ended: a stop waits for them and lets no further ones begin.
import { BridgeError } from '../core/error.ts'

export interface Underway {
  /** Counts a call. Throws `offline` once `drain` was called. */
  begin(): void
  end(): void
  /** Resolves when all have ended, or after that time. */
  drain(timeoutMs: number): Promise<void>
}

export function createUnderway(): Underway {
  let running = 0
  let draining = false
  let onIdle: (() => void) | undefined

  return {
    begin() {
      if (draining) throw new BridgeError('offline', 'the bridge is stopping')
      running++
    },
    end() {
      if (--running === 0) onIdle?.()
    },
    async drain(timeoutMs) {
      draining = true
      if (running === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      onIdle = resolve
      const timer = setTimeout(resolve, timeoutMs)
      await promise
      clearTimeout(timer)
    },
  }
}
