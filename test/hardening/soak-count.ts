// What a session of the soak heard: the numbers of its account's events must follow each other. Pure.

/** `#number.sentAt.previousSentAt#`, times in Unix milliseconds: whoever hears one knows when the one before it went out. */
export function printMark(number: number, sentAt: number, previousAt: number): string {
  return `#${number}.${sentAt}.${previousAt}#`
}

interface Mark {
  number: number
  sentAt: number
  previousAt: number
}

export interface Tally {
  heard: number
  lost: number
  doubled: number
  /** Events that were on their way when a session was cut: nobody can know whether it got them. */
  lostAtCuts: number
  /** The newest of these was sent so long after the cut, milliseconds; the bridge had to notice it first. */
  newestAtCutMs: number
  /** Between sending and hearing, milliseconds: the longest, and how many took longer than a second. */
  slowestMs: number
  slow: number
}

export function createTally(): Tally {
  return { heard: 0, lost: 0, doubled: 0, lostAtCuts: 0, newestAtCutMs: 0, slowestMs: 0, slow: 0 }
}

export interface Counter {
  /** Number of the last event; undefined before the first. */
  readonly last: number | undefined
  /** All marks in these bytes, in their order. `copies`: how often one event has its mark. */
  hear(bytes: Buffer, copies: number): void
  /** A session stands from now on and is told everything that is sent from now on; what it missed before does not count. */
  begin(): void
  /** The link was cut just now: what was on its way may be lost. */
  cut(): void
}

const hash = 0x23
const dot = 0x2e
const zero = 0x30

/** Reads digits to `end`; the numbers are above 2^31. */
function readNumber(bytes: Buffer, from: number, end: number): { value: number; at: number } {
  let value = 0
  let at = from
  for (; bytes[at] !== end && at < bytes.length; at++) value = value * 10 + (bytes[at] as number) - zero
  return { value, at: at + 1 }
}

function readMark(bytes: Buffer, from: number): { mark: Mark; at: number } {
  const number = readNumber(bytes, from + 1, dot)
  const sent = readNumber(bytes, number.at, dot)
  const previous = readNumber(bytes, sent.at, hash)
  return { mark: { number: number.value, sentAt: sent.value, previousAt: previous.value }, at: previous.at }
}

const slowMs = 1000

export function createCounter(tally: Tally, now: () => number = Date.now): Counter {
  let last: Mark | undefined
  let begunAt = now()
  let cutAt: number | undefined

  /** `previousAt`: when the last of them was sent. */
  function noteGap(missing: number, previousAt: number): void {
    if (cutAt === undefined) tally.lost += missing
    else {
      tally.lostAtCuts += missing
      tally.newestAtCutMs = Math.max(tally.newestAtCutMs, previousAt - cutAt)
    }
  }

  function note(mark: Mark): void {
    tally.heard++
    const late = now() - mark.sentAt
    tally.slowestMs = Math.max(tally.slowestMs, late)
    if (late > slowMs) tally.slow++
    if (last && mark.number <= last.number) {
      tally.doubled++
      return
    }
    // Before the first one that is heard there was another when this session stood already: how many, nobody knows.
    const missing = last ? mark.number - last.number - 1 : mark.previousAt > begunAt ? 1 : 0
    if (missing > 0) noteGap(missing, mark.previousAt)
    last = mark
    cutAt = undefined
  }

  return {
    get last() {
      return last?.number
    },
    hear(bytes, copies) {
      let copy = 0
      for (let at = bytes.indexOf(hash); at >= 0; at = bytes.indexOf(hash, at)) {
        const { mark, at: next } = readMark(bytes, at)
        if (copy++ % copies === 0) note(mark)
        at = next
      }
    },
    begin() {
      begunAt = now()
      last = undefined
      cutAt = undefined
    },
    cut() {
      cutAt = now()
    },
  }
}
