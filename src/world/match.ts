// Comparing what happened with a part of what was expected, and saying where they differ.
import { toObject } from '../core/read.ts'

/** Lines like `message.senderId: expected 10001, got 20001`; none when everything that was expected is there. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  const matcher = matcherOf(expected)
  if (matcher) return matcher.fits(actual) ? [] : [line(path, matcher.text, actual)]
  if (Array.isArray(expected)) return listDifferences(expected, actual, path)
  const wanted = toObject(expected)
  if (!wanted) return Object.is(expected, actual) ? [] : [line(path, show(expected), actual)]
  const given = toObject(actual)
  if (!given) return [line(path, show(expected), actual)]
  return Object.entries(wanted).flatMap(([key, value]) =>
    differences(value, Object.hasOwn(given, key) ? given[key] : undefined, path === '' ? key : `${path}.${key}`),
  )
}

function listDifferences(expected: readonly unknown[], actual: unknown, path: string): string[] {
  if (!Array.isArray(actual)) return [line(path, show(expected), actual)]
  if (actual.length !== expected.length) return [line(path, `${expected.length} entries: ${show(expected)}`, actual)]
  return expected.flatMap((value, at) => differences(value, actual[at], `${path}.${at}`))
}

interface Matcher {
  text: string
  fits(actual: unknown): boolean
}

/** `{"$match": "^pong"}`: text that the pattern finds. `{"$any": true}`: whatever is there. Regular expressions too. */
function matcherOf(expected: unknown): Matcher | undefined {
  if (expected instanceof RegExp) {
    return { text: String(expected), fits: (actual) => typeof actual === 'string' && expected.test(actual) }
  }
  const wanted = toObject(expected)
  const keys = wanted ? Object.keys(wanted) : []
  if (keys.length !== 1) return undefined
  const pattern = wanted?.['$match']
  if (typeof pattern === 'string') return matcherOf(new RegExp(pattern, 'u'))
  if (wanted?.['$any'] === true) return { text: 'anything', fits: (actual) => actual !== undefined }
  return undefined
}

function line(path: string, expected: string, actual: unknown): string {
  return `${path === '' ? 'all of it' : path}: expected ${expected}, got ${show(actual)}`
}

const longest = 300

export function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value, plain)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** Sets and maps have no JSON of their own. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof RegExp) return String(value)
  if (value instanceof Set) return [...(value as Set<unknown>)]
  return value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value
}
