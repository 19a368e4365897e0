// Configuration of an embedded world.
import * as v from 'valibot'

export const EmbeddedOptions = v.strictObject({
  /** What it is: a world of this process. */
  dialect: v.literal('embedded'),
  /** Path of a world file in JSON, or the world itself. Default: the demo world. A faulty one stops the start with every fault named. */
  world: v.optional(v.union([v.string(), v.record(v.string(), v.unknown())])),
})
export type EmbeddedOptions = v.InferOutput<typeof EmbeddedOptions>
