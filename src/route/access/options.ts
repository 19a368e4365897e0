// What the clients behind a route may ask for, and how often, as a configuration says it.
import * as v from 'valibot'
import { listOf } from '../filter/lists.ts'
import { actionWords, isRawName } from './action-names.ts'

const action = v.union([v.picklist(actionWords), v.custom<string>(isRawName)], 'is no action')

/** What the bridge answers from itself (get_version_info, get_status, about) is always allowed. */
export const ActionListOptions = listOf(action)
export type ActionListOptions = v.InferOutput<typeof ActionListOptions>

const count = v.pipe(v.number(), v.integer(), v.minValue(1))

const Bucket = v.strictObject({
  /** So many in that time. */
  messages: count,
  /** Default 1. */
  seconds: v.optional(v.pipe(v.number(), v.minValue(0.001)), 1),
  /** So many at once after a pause. Default: as many as `messages`. */
  burst: v.optional(count),
})
export type BucketOptions = v.InferOutput<typeof Bucket>

export const RateOptions = v.pipe(
  v.strictObject({
    /** For each WebSocket of OneBot and each session of mah; what comes by OneBot's HTTP to one inbound counts as one client. */
    perClient: v.optional(Bucket),
    /** For each group, by an account. */
    perGroup: v.optional(Bucket),
    /** For each account. */
    perBot: v.optional(Bucket),
    /** wait: in turn, as long as `maxWaitMs`; who would have to wait longer is refused as busy. refuse: at once. Default wait. */
    over: v.optional(v.picklist(['wait', 'refuse']), 'wait'),
    /** Milliseconds a call may be held back. Default 5000. */
    maxWaitMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000)), 5000),
    /** messages: messages and files that are sent. calls: every action. Default messages. */
    counts: v.optional(v.picklist(['messages', 'calls']), 'messages'),
  }),
  v.check(
    ({ perClient, perGroup, perBot }) => Boolean(perClient ?? perGroup ?? perBot),
    'needs perClient, perGroup or perBot',
  ),
)
export type RateOptions = v.InferOutput<typeof RateOptions>
