// Pieces that the tables of actions share.
import * as v from 'valibot'
import { GroupId, UserId } from '../ids.ts'

/** The shape of an action's parameters and of its result. */
export function define<P extends v.GenericSchema, R extends v.GenericSchema>(params: P, result: R) {
  return { params, result }
}

/** Nothing to say. */
export const none = v.object({})
export const flag = v.optional(v.boolean())
/** Bypass the caches. */
export const fresh = { fresh: flag }
export const inGroup = { groupId: GroupId }
export const ofMember = { groupId: GroupId, userId: UserId }

/** Where the bytes of something to upload come from; the first that is present counts. */
export const source = {
  /** A MediaId. */
  id: v.optional(v.string()),
  url: v.optional(v.string()),
  path: v.optional(v.string()),
  base64: v.optional(v.string()),
}
