// How many calls of one connection run at the same time: at the limit nothing more is read from it.
import type { Socket } from './socket.ts'

/** Starts the task now, or when one before it has ended. Tasks never reject. */
export type Runner = (task: () => Promise<void>) => void

/** What was read before the pause waits; that is at most one read of the system. */
export function limitInFlight(socket: Socket, limit: number): Runner {
  const waiting: (() => Promise<void>)[] = []
  let running = 0

  function start(task: () => Promise<void>): void {
    running++
    if (running === limit) socket.pause()
    void task().then(ended)
  }

  function ended(): void {
    const next = waiting.shift()
    running--
    if (next) start(next)
    else if (running === limit - 1) socket.resume()
  }

  return (task) => {
    if (running < limit) start(task)
    else waiting.push(task)
  }
}
