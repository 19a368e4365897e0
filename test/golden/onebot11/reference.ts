// The examples of the reference that the project was ordered with: per action a request body and an answer's data, as far as they are JSON.
import { readFileSync } from 'node:fs'

export interface Example {
  request: Record<string, unknown> | undefined
  /** undefined: none, or not JSON. */
  data: unknown
}

interface Recorded {
  request: Record<string, unknown> | null
  data: unknown
  hasData: boolean
}

const folder = new URL('../../facts/', import.meta.url)

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
}

export function readReference(): Map<string, Example> {
  const recorded = Object.entries(load('onebot11-reference.json') as Record<string, Recorded>)
  return new Map(
    recorded.map(([name, { request, data, hasData }]) => [
      name,
      { request: request ?? undefined, data: hasData ? data : undefined },
    ]),
  )
}

export interface Fact {
  name: string
  aliases?: string[]
  params: { name: string; required: boolean }[]
  response: unknown
  inSeed: boolean
}

export interface Facts {
  models: Record<string, unknown>
  actions: Fact[]
}

export function readFacts(): Facts {
  return load('onebot11-actions.json') as Facts
}

/** Where a value lacks what a skeleton of the facts wants. Leaves name types, `?` marks what may be missing. */
export function lacksOf(skeleton: unknown, value: unknown, { models }: Facts, at = 'data'): string[] {
  if (typeof skeleton === 'string') {
    if (skeleton.startsWith('@')) return lacksOf(models[skeleton.slice(1)], value, { models, actions: [] }, at)
    return leafFits(skeleton, value) ? [] : [`${at} is ${JSON.stringify(value)}, not ${skeleton}`]
  }
  const facts = { models, actions: [] }
  if (Array.isArray(skeleton)) {
    if (!Array.isArray(value)) return [`${at} is no list`]
    return value.flatMap((entry, index) => lacksOf(skeleton[0], entry, facts, `${at}[${index}]`))
  }
  if (typeof value !== 'object' || value === null) return [`${at} is no object`]
  return Object.entries(skeleton as object).flatMap(([key, inner]) => {
    const name = key.replace(/\?$/, '')
    if (name === '…') return []
    if (Object.hasOwn(value, name)) return lacksOf(inner, (value as never)[name], facts, `${at}.${name}`)
    return key.endsWith('?') ? [] : [`${at}.${name} is missing`]
  })
}

function leafFits(type: string, value: unknown): boolean {
  if (/^(null|undefined|none)/.test(type)) return value === null || value === undefined
  if (/\| ?(null|absent)/.test(type) && (value === null || value === undefined)) return true
  if (/^(number|integer)/.test(type)) return typeof value === 'number'
  if (/^(string|")/.test(type)) return typeof value === 'string'
  if (type.startsWith('boolean')) return typeof value === 'boolean'
  if (type.startsWith('object')) return typeof value === 'object' && value !== null
  if (/^(segment\[\]|node|\[)/.test(type)) return Array.isArray(value)
  return true
}

/** Members of an example that a value lacks, or has of another type. Numbers and strings of ids are told apart. */
export function differencesFrom(example: unknown, value: unknown, at = 'data'): string[] {
  if (example === null || example === undefined) return []
  if (Array.isArray(example)) {
    if (!Array.isArray(value)) return [`${at} is no list`]
    return value.flatMap((entry, index) => differencesFrom(example[0], entry, `${at}[${index}]`))
  }
  if (typeof example !== 'object') {
    return typeof value === typeof example ? [] : [`${at} is ${JSON.stringify(value)}, not a ${typeof example}`]
  }
  if (typeof value !== 'object' || value === null) return [`${at} is no object`]
  return Object.entries(example).flatMap(([key, inner]) =>
    Object.hasOwn(value, key)
      ? differencesFrom(inner, (value as never)[key], `${at}.${key}`)
      : [`${at}.${key} is missing`],
  )
}
