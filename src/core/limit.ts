// The limits that somebody on a wire can reach, by the names under which they are counted: those of the configuration where
// they have a key. A fixed set, so that no client makes up a label.
import { createLimitedLog } from './limited-log.ts'

export const limitNames = [
  // Ports.
  'connections', // the newest is refused
  'strangers', // the newest is refused
  'headerBytes', // HTTP 431
  'headersMs', // HTTP 408
  'bodyMs', // HTTP 408
  'uploadIdleMs', // HTTP 408
  'messageBytes', // HTTP 413, close 1009
  'strangerBytes', // HTTP 413
  'uploadBytes', // HTTP 413
  'formParts', // HTTP 413
  'partHeaderBytes', // HTTP 413
  'bodyMemoryBytes', // HTTP 503, close 1013
  'compressed', // HTTP 415
  'freeFailures', // wrong secrets are answered later
  // WebSockets.
  'framesPerMessage', // close 1008
  'framing', // frames that break the protocol: close 1002, 1003, 1007
  'pauseBytes', // not read for a while
  'closeBytes', // close 1013
  'stalledMs', // cut
  'missedPings', // cut
  'callsPerConnection', // not read for a while
  // What is written inside.
  'jsonDepth',
  'jsonValues',
  'integerDigits',
  'segments',
  'characters',
  'forwardNodes',
  'forwardDepth',
  'fileBytes',
  // What waits for clients: the oldest go.
  'outbox',
  'queue',
  'webhook',
  'queueMemoryBytes',
  'sessions', // the one that was idle longest ends
  'adminStream', // a reader of live events or traces is cut
  // Calls to backends.
  'callsInFlight', // busy
  'callTimeoutMs', // timed out
  'answerBytes', // the call fails
  'rate', // busy
  'fetchTimeoutMs',
  'fetchBytes',
  'fetchRedirects',
] as const
export type LimitName = (typeof limitNames)[number]

/** A limit was reached. `peer`: the address of who did it, or the place in the configuration; `text`: what is done about it. */
export type OnLimit = (limit: LimitName, peer: string, text: string) => void

interface LimitReportOptions {
  count: (limit: LimitName) => void
  log: (source: string, text: string) => void
}

/** Counts each time, and tells once a minute and peer. */
export function createLimitReports({ count, log }: LimitReportOptions): (source: string) => OnLimit {
  return (source) => {
    const limited = createLimitedLog((_, text) => log(source, text))
    /** Whoever is over a limit is so again and again: a session that nobody reads with each event. */
    let latest = { limit: '', peer: '', text: '', key: '', line: '' }
    return (limit, peer, text) => {
      count(limit)
      if (limit !== latest.limit || peer !== latest.peer || text !== latest.text) {
        latest = { limit, peer, text, key: `${limit} ${peer}`, line: peer === '' ? text : `${peer}: ${text}` }
      }
      limited('warn', latest.key, latest.line)
    }
  }
}
