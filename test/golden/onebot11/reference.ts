// The examples of the reference (the project's seed): per action a request body and an answer's data, as far as they are JSON.
import { readFileSync } from 'node:fs'

export interface Example {
  request: Record<string, unknown> | undefined
  /** undefined: none, or not JSON. */
  data: unknown
}

const folder = new URL('../../../../shared/', import.meta.url)

export function readReference(): Map<string, Example> {
  const text = readFileSync(new URL('seeds/000_bb32b834990accdc.txt', folder), 'utf8')
  const sections = text.split(/\n## (?=POST|GET)/).slice(1)
  return new Map(sections.map((section) => [nameIn(section), exampleIn(section)]))
}

const nameIn = (section: string): string => /\n(?:POST|GET) \/(\S+)/.exec(section)?.[1] ?? ''

function exampleIn(section: string): Example {
  const [asked = '', answered = ''] = section.split('> 返回示例')
  const answer = firstJson(answered) as { data?: unknown } | undefined
  return { request: firstJson(asked) as Example['request'], data: answer?.data }
}

function firstJson(text: string): unknown {
  const found = /```json\n([\s\S]*?)\n```/.exec(text)?.[1]
  if (found === undefined) return undefined
  const value: unknown = JSON.parse(found)
  return typeof value === 'string' ? fromCommented(value) : value
}

/** Some bodies stand there as text, with remarks and a comma too many. */
function fromCommented(text: string): unknown {
  return JSON.parse(text.replace(/(^|\s)\/\/.*$/gm, '').replace(/,(\s*[}\]])/g, '$1'))
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
  return JSON.parse(readFileSync(new URL('spec/onebot11-actions.json', folder), 'utf8')) as Facts
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
