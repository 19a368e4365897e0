// Single rows that a full disk refuses: they wait in memory, in their order, and are tried again with the next write.

export interface Patience {
  /** Runs it now; when it fails, later. Never throws. */
  write(task: () => void): void
  /** Tries what waits. Cheap when there is nothing. */
  retry(): void
}

/** Rows that wait; beyond it the oldest are lost with this process. */
const mostWaiting = 10_000

export function createPatience(onDamage: (text: string) => void = () => {}): Patience {
  let waiting: (() => void)[] = []

  function retry(): void {
    while (waiting.length > 0) {
      try {
        waiting[0]?.()
      } catch {
        return
      }
      waiting.shift()
    }
  }

  return {
    retry,
    write(task) {
      retry()
      if (waiting.length === 0) {
        try {
          return task()
        } catch (error) {
          onDamage(whatFailed(error))
        }
      }
      waiting.push(task)
      if (waiting.length > mostWaiting) waiting = waiting.slice(-mostWaiting)
    },
  }
}

export function whatFailed(error: unknown): string {
  return `what was learnt could not be written and would be lost with this process: ${(error as Error).message}`
}
