// What a wire value said beyond its canonical form.
import * as v from 'valibot'
import type { WireObject } from './read.ts'

/** For the other side of the same dialect only. Absent when there is nothing else. */
export const Extra = v.object({ dialect: v.string(), members: v.record(v.string(), v.unknown()) })
export type Extra = v.InferOutput<typeof Extra>

/** The members whose names are not held. undefined when there are none, which is found out without making anything. */
export function restOf(wire: Readonly<WireObject>, isHeld: (name: string) => boolean): WireObject | undefined {
  let members: WireObject | undefined
  for (const name in wire) {
    if (wire[name] === undefined || name === '__proto__' || isHeld(name)) continue
    members ??= {}
    members[name] = wire[name]
  }
  return members
}
