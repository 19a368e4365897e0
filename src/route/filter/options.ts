// Which events a route lets through, as a configuration says it.
import * as v from 'valibot'
import { kindNames } from './kinds.ts'
import { halvesOf, listOf } from './lists.ts'
import { faultIn } from './pattern.ts'
import { faultInFile } from './rule-file.ts'

const isAccount = 'must be the number of an account or group'
const account = v.pipe(v.number(isAccount), v.safeInteger(isAccount), v.minValue(1, isAccount))
const role = v.picklist(['owner', 'admin', 'member'])
const someText = v.pipe(v.string(), v.minLength(1, 'must not be empty'))
const pattern = v.pipe(
  v.string(),
  v.check(
    (text) => faultIn(text) === undefined,
    ({ input }) => `is no regular expression that can be used (${faultIn(input)})`,
  ),
)

const text = {
  /** How messages begin, behind a quote, a mention of the bot and blanks. */
  prefix: v.optional(listOf(someText)),
  /** RE2 expressions over the joined text segments, found anywhere unless `^` and `$` say otherwise; `(?i)` ignores case. */
  matches: v.optional(listOf(pattern)),
}

/** Where a criterion has nothing to look at (the text of a notice, the rank of a private sender) it does not count. */
const criteria = {
  /** Names of the bridge, of OneBot or of mah: `message.group`, `notice`, `group.member.join`, `MemberJoinEvent`. */
  kinds: v.optional(listOf(v.picklist(kindNames, 'is no kind of event'))),
  /** Groups in which it happens. */
  groups: v.optional(listOf(account)),
  /** Whoever writes, joins, asks, in groups and in private. */
  users: v.optional(listOf(account)),
  /** What that person is in the group. Unknown: a member. */
  roles: v.optional(listOf(role)),
  /** What the bot is in the group. Unknown: a member. */
  botRoles: v.optional(listOf(role)),
  /** Messages of groups that mention the bot, or that do not. */
  mentioned: v.optional(v.boolean()),
}

const Text = v.pipe(
  v.strictObject({
    ...text,
    /** Clients get the message without the prefix. The stored one, which get_msg answers, keeps it. Default false. */
    strip: v.optional(v.boolean()),
    /** Clients get the message with this in place of the prefix. Default: as it is. */
    rewrite: v.optional(v.string()),
  }),
  v.check(({ strip, rewrite }) => !strip || rewrite === undefined, 'strip and rewrite exclude each other'),
  v.check(
    ({ prefix, strip, rewrite }) => (!strip && rewrite === undefined) || halvesOf(prefix).only !== undefined,
    'strip and rewrite need a prefix to work on',
  ),
)
export type TextOptions = v.InferOutput<typeof Text>

const Criteria = v.strictObject({
  ...criteria,
  /** What the text of a message is like. */
  text: v.optional(v.strictObject(text)),
})
export type Criteria = v.InferOutput<typeof Criteria>

export const EventFilterOptions = v.strictObject({
  ...criteria,
  /** What the text of a message is like, and how clients get it. */
  text: v.optional(Text),
  /** Events of which all of this is true do not pass. */
  except: v.optional(Criteria),
})
export type EventFilterOptions = v.InferOutput<typeof EventFilterOptions>

/** Looked into at once, so that a faulty file stops the start. */
export const RuleFile = v.pipe(
  v.string(),
  v.check(
    (file) => faultInFile(file) === undefined,
    ({ input }) => `is no filter that can be used (${faultInFile(input)})`,
  ),
)
