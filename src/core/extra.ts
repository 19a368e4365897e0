// What a wire value said beyond its canonical form.
import * as v from 'valibot'

/** For the other side of the same dialect only. Absent when there is nothing else. */
export const Extra = v.object({ dialect: v.string(), members: v.record(v.string(), v.unknown()) })
export type Extra = v.InferOutput<typeof Extra>
