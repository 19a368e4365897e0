// Actions by any of their names: the bridge's own (`group.leave`, and families: `group.member`), OneBot's
// (`set_group_leave`), mah's (`quit`), groups of them (`credentials`), and `raw.<name>` for what only a backend knows.
import { actionGroups } from '../../../mappings/action-groups.ts'
import { commands, type CommandRow } from '../../../mappings/mirai-commands.ts'
import { onebot11Actions, onebot11Suffixes, type OneBot11ActionRow } from '../../../mappings/onebot11-actions.ts'
import { actionNames as canonicalNames, type Action, type ActionName } from '../../core/action.ts'
import { byName, bySpecial, whenFixed, type Condition } from './conditions.ts'

/** One kind of call. */
export interface ActionRule {
  name: ActionName
  /** Absent: every call of that name. */
  condition?: Condition | undefined
}

const onebot = new Map<string, OneBot11ActionRow>(Object.entries(onebot11Actions))
const mirai = new Map<string, CommandRow[]>(
  Object.entries(Object.groupBy<string, CommandRow>(commands, ({ name }) => name)).map(([name, rows = []]) => [
    name,
    rows,
  ]),
)
const groups = new Map<string, readonly string[]>(Object.entries(actionGroups))

/** What the bridge answers from itself needs no leave; clean_cache goes to the backend. */
function isOwnAnswer(name: string, row: OneBot11ActionRow): boolean {
  return row.local === true && name !== 'clean_cache'
}

const families = new Set(
  canonicalNames.flatMap((name) => name.split('.').map((_, at, parts) => parts.slice(0, at).join('.'))),
)
families.delete('')

/** Every name that a configuration may use, besides `raw.<name>`. */
export const actionWords: readonly string[] = [
  ...new Set([
    ...groups.keys(),
    ...canonicalNames,
    ...families,
    ...[...onebot].flatMap(([name, row]) => (isOwnAnswer(name, row) ? [] : [name])),
    ...[...mirai].flatMap(([name, rows]) => (rows.some(({ action }) => action) ? [name] : [])),
  ]),
]

const rawPrefix = 'raw.'

export function isRawName(value: unknown): value is `raw.${string}` {
  return typeof value === 'string' && value.startsWith(rawPrefix) && value.length > rawPrefix.length
}

/** What a name of a configuration means. */
export function rulesOf(word: string): ActionRule[] {
  const members = groups.get(word)
  if (members) return members.flatMap(rulesOf)
  if (isRawName(word)) return [rawRule(word.slice(rawPrefix.length))]
  const below = `${word}.`
  const isFamily = families.has(word)
  const canonical = canonicalNames.filter((name) => name === word || (isFamily && name.startsWith(below)))
  if (canonical.length > 0) return canonical.map((name) => ({ name }))
  const row = onebot.get(word)
  return [...(row ? [onebotRule(word, row)] : []), ...(mirai.get(word) ?? []).flatMap(miraiRules)]
}

function rawRule(wanted: string): ActionRule {
  return { name: 'raw', condition: ({ name }) => withoutSuffixes(String(name)) === wanted }
}

function onebotRule(name: string, { to, ask, special, fixed }: OneBot11ActionRow): ActionRule {
  if (!to) return rawRule(name)
  if (ask) return { name: to, condition: ({ kind }) => kind === ask }
  return { name: to, condition: (special && bySpecial[special]) ?? byName[name] ?? (fixed && whenFixed(fixed)) }
}

/** What else a command may do: memberInfo sets the title as well, file_info finds files by their path. */
const besides: Readonly<Record<string, ActionName>> = { memberInfo: 'group.member.title', file_info: 'file.list' }

function miraiRules({ name, action, fixed }: CommandRow): ActionRule[] {
  if (!action) return []
  const rule = { name: action, condition: byName[name] ?? (fixed && whenFixed(fixed)) }
  const beside = besides[name]
  return beside ? [rule, { name: beside }] : [rule]
}

/** Backends take suffixes off as well: however many there are, the name below them is meant. */
function withoutSuffixes(name: string): string {
  const suffix = onebot11Suffixes.find((ending) => name.endsWith(ending))
  return suffix === undefined ? name : withoutSuffixes(name.slice(0, -suffix.length))
}

/** An uninterpreted call of something that the bridge would have understood, had it not been spelt in an odd way. */
export function isDisguised({ name, params }: Action): boolean {
  if (name !== 'raw') return false
  const row = onebot.get(withoutSuffixes(params.name))
  return row !== undefined && (row.to !== undefined || isOwnAnswer(params.name, row))
}
