// Calls of the soak's sessions: each is answered once, in time.

export interface CallTally {
  asked: number
  answered: number
  /** Answered with an error: while the backend is away. */
  failed: number
  /** Of sessions that left before. */
  open: number
  slowestMs: number
  /** Answers that nobody waited for. */
  unasked: number
}

export interface Calls {
  /** What the answer must bring back. */
  begin(): string
  /** false: this is no answer. */
  settle(frame: Buffer): boolean
  look(): CallTally
}

/** Answers hold it; events do not. */
const label = 'soak-call-'

export function createCalls(): Calls {
  const open = new Map<string, number>()
  const tally = { answered: 0, failed: 0, slowestMs: 0, unasked: 0 }
  let asked = 0
  return {
    begin() {
      const echo = `${label}${++asked}-`
      open.set(echo, performance.now())
      return echo
    },
    settle(frame) {
      if (!frame.includes(label)) return false
      const text = frame.toString()
      const echo = /soak-call-\d+-/.exec(text)?.[0] ?? ''
      const begun = open.get(echo)
      if (!open.delete(echo) || begun === undefined) tally.unasked++
      else tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - begun))
      if (/"message_?id":-?[1-9]/i.test(text)) tally.answered++
      else tally.failed++
      return true
    },
    look: () => ({ asked, open: open.size, ...tally }),
  }
}
