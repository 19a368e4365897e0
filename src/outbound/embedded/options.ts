// Configuration of an embedded world.
import * as v from 'valibot'

export const EmbeddedOptions = v.strictObject({
  dialect: v.literal('embedded'),
  /** Path of a world file in JSON. Default: the demo world. An unreadable or faulty file stops the start with every fault named. */
  world: v.optional(v.string()),
})
export type EmbeddedOptions = v.InferOutput<typeof EmbeddedOptions>
