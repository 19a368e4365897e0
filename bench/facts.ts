// What all processes of a benchmark have agreed on.
export const bot = 10001
export const verifyKey = 'benchmark-key'
/** Where everything is said. */
export const groupId = 30001
export const friendsGroup = 30002
/** 1,000 and 5,000 members. */
export const bigGroup = 31000
export const hugeGroup = 35000

export type EventKind = 'text' | 'mixed'

/** What a backend is told to do. */
export interface Order {
  events?: number
  kind?: EventKind
}

/** Comparable between processes: microseconds since some time before all of them. */
export function stampMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) - 1_700_000_000_000_000
}
