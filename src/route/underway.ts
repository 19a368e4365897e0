// The calls that have begun and not ended: a stop waits for them and lets no further ones begin.
import { BridgeError } from '../core/error.ts'

export interface Underway {
  /** Rejects without starting the task once `drain` was called. */
  run(task: () => Promise<unknown>): Promise<unknown>
  /** Resolves when all have ended, or after that time. */
  drain(timeoutMs: number): Promise<void>
}

export function createUnderway(): Underway {
  let running = 0
  let draining = false
  let onIdle: (() => void) | undefined

  function ended(): void {
    if (--running === 0) onIdle?.()
  }

  return {
    run(task) {
      if (draining) return Promise.reject(new BridgeError('offline', 'the bridge is stopping'))
      running++
      const result = task()
      result.then(ended, ended)
      return result
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
