// go-cqhttp's event filter: an object of operators and dotted keys, judged over the event as OneBot writes it.
// Meaning of operators and comparisons: go-cqhttp modules/filter and docs/EventFilter.md. Everything is compared as text;
// what is not there is the empty text.
import { toObject, type WireObject } from '../../core/read.ts'
import { compilePattern } from './pattern.ts'
import { createLookup } from './lookup.ts'

export type Rule = (value: unknown) => boolean

type Operator = (argument: unknown, place: string) => Rule

/** What is wrong, and where in the file. */
export class RuleFault extends Error {
  override readonly name = 'RuleFault'

  constructor(place: string, text: string) {
    super(`${place === '' ? 'the whole' : place}: ${text}`)
  }
}

/** Throws RuleFault. */
export function parseRules(value: unknown): Rule {
  return all(value, '')
}

const operators = new Map<string, Operator>([
  ['.not', negation],
  ['.and', all],
  ['.or', any],
  ['.eq', equal],
  ['.neq', (argument) => not(equal(argument))],
  ['.in', isIn],
  ['.contains', contains],
  ['.regex', matches],
])

/** Every member must hold. An empty object always does. */
function all(argument: unknown, place: string): Rule {
  const members = toObject(argument)
  if (!members) throw new RuleFault(place, 'must be an object')
  const rules = Object.entries(members).map(([key, inner]) =>
    toRule(key, inner, place === '' ? key : `${place} ${key}`),
  )
  return (value) => rules.every((rule) => rule(value))
}

function toRule(key: string, argument: unknown, place: string): Rule {
  if (key === '') throw new RuleFault(place, 'a key must not be empty')
  if (key.startsWith('.')) {
    const operator = operators.get(key)
    if (!operator) throw new RuleFault(place, `no such operator; there are: ${[...operators.keys()].join(' ')}`)
    return operator(argument, place)
  }
  const members = toObject(argument)
  const rule = members ? all(members, place) : equal(argument)
  const lookUp = createLookup(key, (text) => {
    throw new RuleFault(place, text)
  })
  // The message is compared as text with CQ codes, and looked into as a list of segments.
  const asText = key === 'message' && (!members || comparesOnly(members))
  return (value) => rule(asText ? toMessageText(value) : lookUp(value))
}

function comparesOnly(members: WireObject): boolean {
  return Object.keys(members).every((key) => key.startsWith('.'))
}

function toMessageText(event: unknown): unknown {
  return toObject(event)?.['raw_message']
}

function negation(argument: unknown, place: string): Rule {
  return not(all(argument, place))
}

function not(rule: Rule): Rule {
  return (value) => !rule(value)
}

function any(argument: unknown, place: string): Rule {
  if (!Array.isArray(argument)) throw new RuleFault(place, 'must be a list of objects')
  const rules = argument.map((inner, at) => all(inner, `${place} ${at}`))
  return (value) => rules.some((rule) => rule(value))
}

function equal(argument: unknown): Rule {
  const wanted = toComparable(argument)
  return (value) => toComparable(value) === wanted
}

/** A list: one of its values. A text: it holds the value somewhere. */
function isIn(argument: unknown, place: string): Rule {
  if (toObject(argument)) throw new RuleFault(place, 'must be a list or a text')
  if (!Array.isArray(argument)) {
    const text = toComparable(argument)
    return (value) => text.includes(toComparable(value))
  }
  const values = new Set(argument.map(toComparable))
  return (value) => values.has(toComparable(value))
}

function contains(argument: unknown, place: string): Rule {
  const part = needText(argument, place)
  return (value) => toComparable(value).includes(part)
}

function matches(argument: unknown, place: string): Rule {
  const pattern = needText(argument, place)
  try {
    const isMatch = compilePattern(pattern)
    return (value) => isMatch(toComparable(value))
  } catch (error) {
    throw new RuleFault(place, (error as Error).message)
  }
}

function needText(argument: unknown, place: string): string {
  if (typeof argument === 'object' && argument !== null) throw new RuleFault(place, 'must be a text')
  return toComparable(argument)
}

function toComparable(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
