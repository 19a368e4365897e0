// How long what has arrived is worked on in one turn of the event loop, over all links of the process. When the time is up the
// rest of each link waits for the next turn, a few messages at a time: a flood on a hundred links stalls nobody else.

/** Milliseconds. What others wait at most; ten times less would cost a look at the clock with each message. */
const sliceMs = 20
/** Messages between two looks at the clock, and those of one link in its turn. */
const messagesAtOnce = 8

/** Works on up to so many messages; true: more are waiting. */
export type Work = (messages: number) => boolean

const waiting: Work[] = []
let messages = 0
let beganAt = 0
let isUp = false
let scheduled = false

/** Asked before each message: whether it must wait. */
export function isTimeUp(): boolean {
  if (++messages % messagesAtOnce !== 0) return isUp
  if (scheduled) isUp = performance.now() - beganAt > sliceMs
  else schedule(performance.now())
  return isUp
}

/** Called in turns of their own until it has no more to do. */
export function takeTurns(work: Work): void {
  waiting.push(work)
  if (!scheduled) schedule(performance.now())
}

function schedule(now: number): void {
  scheduled = true
  beganAt = now
  setImmediate(begin)
}

function begin(): void {
  const now = performance.now()
  scheduled = false
  isUp = false
  while (waiting.length > 0 && performance.now() - now < sliceMs) {
    const work = waiting.shift() as Work
    if (work(messagesAtOnce)) waiting.push(work)
  }
  // Sockets that are read in between have what is left of this time.
  if (waiting.length > 0) schedule(now)
}
