// JSON from strangers: bounded before it is parsed, exact for large integers, without prototype keys.
import { BridgeError } from './error.ts'

export interface JsonLimits {
  /** Levels of nesting. */
  depth: number
  /** Commas, roughly: members and items in all. */
  values: number
}

export const defaultJsonLimits: JsonLimits = { depth: 100, values: 200_000 }

const quote = 34
const comma = 44
const backslash = 92

/** Throws `badRequest`. Integers beyond 2^53 come back as their decimal text, beyond 20 digits they are refused. */
export function parseJson(text: string, limits: JsonLimits = defaultJsonLimits): unknown {
  const longNumber = isHarmless(text, limits) ? false : scan(text, limits)
  try {
    return longNumber || text.includes('__proto__') ? JSON.parse(text, reviveCarefully) : JSON.parse(text)
  } catch (cause) {
    if (cause instanceof BridgeError) throw cause
    throw new BridgeError('badRequest', 'not valid JSON', { cause })
  }
}

/** What is written as a form instead counts by its pairs. Throws `badRequest`. */
export function boundPairs(form: string, { values }: JsonLimits = defaultJsonLimits): string {
  if (form.length > values && countUpTo(form, '&', values) > values) {
    throw new BridgeError('badRequest', `the form holds more than ${values} values`, { limit: 'jsonValues' })
  }
  return form
}

/** Beyond it the samples below are no longer worth their chance. Far fewer characters than the default number of values. */
const shortText = 32 * 1024

/**
 * Surely within the limits and without a long number, told by a few samples: 0.2 us for a message where the pass below takes
 * 1.5, as much as half of JSON.parse. Among 16 digits in a row there are two that stand 8 apart at multiples of 8.
 */
function isHarmless(text: string, { depth, values }: JsonLimits): boolean {
  if (text.length > shortText || text.length > values) return false
  let wasDigit = false
  for (let at = 0; at < text.length; at += 8) {
    const isDigit = isDigitAt(text, at)
    if (isDigit && wasDigit && digitsAround(text, at) > 15) return false
    wasDigit = isDigit
  }
  return countUpTo(text, '{', depth) + countUpTo(text, '[', depth) <= depth
}

function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

function digitsAround(text: string, at: number): number {
  let first = at
  while (first > 0 && isDigitAt(text, first - 1)) first--
  let end = at + 1
  while (end < text.length && isDigitAt(text, end)) end++
  return end - first
}

function countUpTo(text: string, mark: string, most: number): number {
  let count = 0
  for (let at = text.indexOf(mark); at >= 0 && count <= most; at = text.indexOf(mark, at + 1)) count++
  return count
}

/** One pass over the characters: 10 MB of brackets cost JSON.parse 3 s, this 10 ms. Returns whether a long number is inside. */
function scan(text: string, limits: JsonLimits): boolean {
  let depth = 0
  let values = 0
  let digits = 0
  let longNumber = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
      digits = 0
    } else if (code >= 48 && code <= 57) {
      if (++digits > 15) longNumber = true
    } else {
      digits = 0
      if (code === 91 || code === 123) {
        if (++depth > limits.depth)
          throw new BridgeError('badRequest', `JSON is nested deeper than ${limits.depth} levels`, {
            limit: 'jsonDepth',
          })
      } else if (code === 93 || code === 125) depth--
      else if (code === comma && ++values > limits.values) {
        throw new BridgeError('badRequest', `JSON holds more than ${limits.values} values`, { limit: 'jsonValues' })
      }
    }
  }
  return longNumber
}

function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at > 0) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return at
    at = text.indexOf('"', at + 1)
  }
  return text.length
}

function reviveCarefully(this: unknown, key: string, value: unknown, context?: { source?: string }): unknown {
  if (key === '__proto__') return undefined
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  if (source === undefined || !/^-?[0-9]+$/.test(source)) return value
  if (source.replace('-', '').length > 20)
    throw new BridgeError('badRequest', 'an integer has more than 20 digits', { limit: 'integerDigits' })
  return source
}
