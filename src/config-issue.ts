// What is wrong with one place of a configuration, in words: where, what was expected, and what was probably meant.
import type * as v from 'valibot'

/** One line each. Of a text that is no address at all nothing else is said. */
export function describeIssues(given: readonly v.BaseIssue<unknown>[], root: v.GenericSchema): string[] {
  const issues = given.flatMap(unfoldIssue)
  const placeOf = ({ path }: v.BaseIssue<unknown>): string => path?.map(({ key }) => String(key)).join('.') ?? ''
  const isSaid = (issue: v.BaseIssue<unknown>): boolean =>
    issue.type === 'url' && issues.some((other) => other !== issue && placeOf(other) === placeOf(issue))
  return issues.filter((issue) => !isSaid(issue)).map((issue) => describeIssue(issue, root))
}

/** `root`: the schema of the whole, to know what may stand beside a wrong key. */
function describeIssue(issue: v.BaseIssue<unknown>, root: v.GenericSchema): string {
  const path = issue.path?.map(({ key }) => String(key)).join('.') ?? 'configuration'
  if (issue.expected === 'never') return `${path}: unknown key${suggestKey(issue, root)}`
  const typo = misspeltDialect(issue)
  if (typo !== undefined) return `${path.replace(/\.dialect$/, '')}.${typo}: unknown key; did you mean dialect?`
  // valibot's own texts begin so; others were written for this very option.
  const isOwn = issue.message.startsWith('Invalid ')
  if (issue.received === 'undefined' && isOwn) return `${path}: is missing${toExpectation(issue, '; expected ')}`
  const wanted = isOwn ? `expected ${toWords(issue)}` : issue.message
  return `${path}: ${wanted}${toGiven(issue, path)}${suggestValue(issue)}`
}

/** What the whole of an object lacks is not shown by printing it. Secrets are never shown. */
function toGiven({ kind, received }: v.BaseIssue<unknown>, path: string): string {
  if (/key|token|secret/i.test(path)) return ', got something else'
  if (kind === 'validation' && (received === 'Object' || received === 'Array')) return ''
  return `, got ${types.get(received) ?? received}`
}

/** Of a missing key valibot knows no more than its name. */
function toExpectation(issue: v.BaseIssue<unknown>, before: string): string {
  const name: unknown = issue.path?.at(-1)?.key
  return issue.expected === JSON.stringify(name) ? '' : before + toWords(issue)
}

const types = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['Object', 'an object with keys'],
  ['Array', 'a list'],
])

/** Requirements that valibot has no words for. */
const requirements = new Map([
  ['url', 'an address with its protocol'],
  ['integer', 'a whole number'],
  ['safe_integer', 'a whole number'],
])

/** `("a" | "b")`, `>=1`, `null` and the like as a person would say it. */
function toWords({ type, expected }: v.BaseIssue<unknown>): string {
  const known = requirements.get(type)
  if (known !== undefined) return known
  if (type === 'starts_with') return `a text that begins with ${(expected ?? '').replaceAll('"', '')}`
  const limit = /^(>=|<=)(.*)$/.exec(expected ?? '')
  if (limit) {
    const size = type.endsWith('_length') ? `${limit[2]} of them` : limit[2]
    return limit[1] === '>=' ? `${size} or more` : `${size} or less`
  }
  const words = (expected ?? '').replace(/^\((.*)\)$/, '$1').split(' | ')
  const plain = words.map((word) => types.get(word) ?? word.replaceAll('"', ''))
  return plain.length === 1 ? (plain[0] ?? '') : `${plain.slice(0, -1).join(', ')} or ${plain.at(-1)}`
}

/** Where a value may take several forms: the problems inside of the form that it nearly has, when it looks like one. */
function unfoldIssue(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown>[] {
  if (issue.type !== 'union') return [issue]
  const inside = (issue.issues ?? []).filter(({ path }) => path !== undefined && !isKeyOfList(path))
  if (inside.length === 0) return [issue]
  return inside.flatMap((inner) => unfoldIssue({ ...inner, path: join(issue.path, inner.path) }))
}

type Path = v.BaseIssue<unknown>['path']

/** A list was looked at as if it were an object. */
function isKeyOfList(path: Path): boolean {
  const last = path?.at(-1)
  return last?.type === 'object' && Array.isArray(last.input)
}

function join(outer: Path, inner: Path): Path {
  return [...(outer ?? []), ...(inner ?? [])] as unknown as Path
}

/** Without a dialect nothing else of an adapter can be checked: say which key was probably meant. */
function misspeltDialect(issue: v.BaseIssue<unknown>): string | undefined {
  const last = issue.path?.at(-1)
  if (last?.key !== 'dialect' || issue.received !== 'undefined') return undefined
  const keys = typeof last.input === 'object' && last.input !== null ? Object.keys(last.input) : []
  return nearest('dialect', keys)
}

/** The nearest known key of the same object, when a typo is likely. */
function suggestKey(issue: v.BaseIssue<unknown>, root: v.GenericSchema): string {
  const key: unknown = issue.path?.at(-1)?.key
  const known = keysBeside(issue, root)
  const near = nearest(typeof key === 'string' ? key : '', known)
  return near === undefined ? `; known keys are ${known.join(', ')}` : `; did you mean ${near}?`
}

function suggestValue(issue: v.BaseIssue<unknown>): string {
  if (typeof issue.input !== 'string') return ''
  const allowed = [...(issue.expected ?? '').matchAll(/"([^"]+)"/g)].map(([, value = '']) => value)
  if (issue.input.length < 2) return ''
  const near = nearest(issue.input, allowed) ?? allowed.find((value) => value.startsWith(issue.input as string))
  return near === undefined ? '' : `; did you mean ${near}?`
}

/** The known name that was likely meant. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, far: distance(name.toLowerCase(), wrong.toLowerCase()) }))
    .toSorted((one, other) => one.far - other.far)
  const best = ranked[0]
  return best && best.far <= 2 ? best.name : undefined
}

/** The parts of schemas that a path can lead through. */
interface Schema {
  type: string
  entries?: Readonly<Record<string, Schema>>
  value?: Schema
  item?: Schema
  wrapped?: Schema
  options?: readonly Schema[]
  literal?: unknown
}

/** The keys of the very object in which the wrong one stands. */
function keysBeside({ path }: v.BaseIssue<unknown>, root: v.GenericSchema): string[] {
  let schema: Schema | undefined = root as unknown as Schema
  for (const { key, value } of (path ?? []).slice(0, -1)) schema = choose(step(schema, key), value)
  return Object.keys(schema?.entries ?? {})
}

function step(schema: Schema | undefined, key: unknown): Schema | undefined {
  if (schema?.entries) return schema.entries[String(key)]
  return schema?.value ?? schema?.item
}

/** Through defaults, and to the alternative that the value has chosen. */
function choose(schema: Schema | undefined, value: unknown): Schema | undefined {
  if (schema?.wrapped) return choose(schema.wrapped, value)
  if (!schema?.options) return schema
  const wanted = typeof value === 'object' && value !== null && 'dialect' in value ? value.dialect : undefined
  return schema.options.find(({ entries }) => entries && (!entries['dialect'] || entries['dialect'].literal === wanted))
}

/** Levenshtein distance of two short words. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, change))
    }
    row = next
  }
  return row[other.length] as number
}
