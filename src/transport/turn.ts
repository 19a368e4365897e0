// The end of an event-loop turn: first what was learnt becomes durable, then the sockets write what was said.
// Joining the writes of one turn halves the CPU of a send; committing ids in groups makes them nearly free.
//
// A turn ends with the code that runs now and its continuations. Under load, which is when the last one ended a moment ago or in
// the same round of the event loop, it ends with the round, so that many sockets share one commit and what they ask of a backend
// one write. Waiting for the round every time would cost a lone call another poll of the system, 10 us.

const { nodeTiming } = performance

/** Milliseconds. One call alone takes longer to come back from another process. */
const busyMs = 0.025

export interface Turn {
  /** Runs the task once at the end of this turn, in the order of the calls. */
  defer(task: () => void): void
  /** Runs before all tasks of each turn that has one. */
  beforeTasks(hook: () => void): void
  /** Resolves at the end of this turn, after the hooks. */
  ended(): Promise<void>
}

/** 0.1 us. */
function roundOfLoop(): number {
  return nodeTiming.uvMetricsInfo.loopCount
}

export function createTurn(onError: (error: unknown) => void): Turn {
  const hooks: (() => void)[] = []
  let tasks: (() => void)[] = []
  let scheduled = false
  let endedAt = 0
  let endedRound = 0

  function run(): void {
    scheduled = false
    const now = tasks
    tasks = []
    for (const hook of hooks) guard(hook)
    for (const task of now) guard(task)
    endedAt = performance.now()
    endedRound = roundOfLoop()
  }

  function guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      onError(error)
    }
  }

  function defer(task: () => void): void {
    tasks.push(task)
    if (scheduled) return
    scheduled = true
    if (performance.now() - endedAt < busyMs || roundOfLoop() === endedRound) setImmediate(run)
    else process.nextTick(run)
  }

  return {
    defer,
    beforeTasks: (hook) => void hooks.push(hook),
    ended: () => new Promise((resolve) => defer(resolve)),
  }
}
