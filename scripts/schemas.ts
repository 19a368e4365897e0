// Writes schemas/*.schema.json, for editors, from the schemas by which files are read: `npm run docs`. A test fails when one is older.
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { Config } from '../src/config.ts'
import { actionNames } from '../src/core/action.ts'
import { ActPart, CalledName, ExpectedPart, Scenario } from '../src/scenario/scenario.ts'
import { actForms } from '../src/world/control/acts.ts'
import { happeningTypes } from '../src/world/index.ts'
import { WorldFile } from '../src/world/world-file.ts'
import { readKeyDocs } from './key-docs.ts'

interface Row {
  title: string
  schema: v.GenericSchema
  /** Texts may hold `${NAME}` for an environment variable. */
  hasVariables?: boolean
}

/** By the name of its file. */
export const schemas = {
  config: { title: 'Configuration of onebot-mirai-bridge', schema: Config, hasVariables: true },
  world: { title: 'A world of the embedded core', schema: WorldFile },
  scenario: { title: 'Steps that a world and its bots go through', schema: Scenario },
} satisfies Record<string, Row>

const root = new URL('../', import.meta.url)
const sources = ['src/*.ts', 'src/*/*.ts', 'src/*/*/*.ts'].flatMap((pattern) => globSync(pattern, { cwd: root }))
const docsOf = readKeyDocs(sources.toSorted().map((path) => new URL(path, root)))

type Converted = Parameters<NonNullable<NonNullable<Parameters<typeof toJsonSchema>[1]>['overrideSchema']>>[0]

/** What stands in the sources at the keys of a schema, as descriptions for editors. */
function describeKeys({ valibotSchema, jsonSchema }: Converted): Converted['jsonSchema'] {
  const { properties } = jsonSchema
  if (!('entries' in valibotSchema) || !properties) return jsonSchema
  const docs = docsOf(Object.keys(properties))
  for (const [key, property] of Object.entries(properties)) {
    const description = docs?.get(key)
    if (description !== undefined && typeof property === 'object') properties[key] = { description, ...property }
  }
  return jsonSchema
}

type JsonSchema = Converted['jsonSchema']

/** What a reader looks at by hand, because `$name` may stand for a value that is not known yet. */
const byHand = new Map<unknown, () => JsonSchema>([
  [ActPart, () => ({ anyOf: [...actForms].map(([kind, form]) => toActForm(kind, form)) })],
  [CalledName, () => ({ enum: [...actionNames] })],
  [
    ExpectedPart,
    () => ({ type: 'object', properties: { type: { anyOf: [{ enum: [...happeningTypes] }, { type: 'object' }] } } }),
  ],
])

function toActForm(kind: string, form: v.GenericSchema): JsonSchema {
  const { $schema: _, ...shape } = toJsonSchema(form, { typeMode: 'input', errorMode: 'ignore' })
  return { ...shape, properties: { ...shape.properties, kind: { const: kind } } }
}

/** Checks that JSON Schema has no words for are left out: the reader of the file makes them. */
export function printSchema({ title, schema, hasVariables = false }: Row): string {
  const { $schema, ...rest } = toJsonSchema(schema, {
    typeMode: 'input',
    errorMode: 'ignore',
    overrideSchema: (converted) => byHand.get(converted.valibotSchema)?.() ?? describeKeys(converted),
  })
  return `${JSON.stringify({ $schema, title, ...rest }, hasVariables ? allowVariable : undefined, 2)}\n`
}

/** What a variable will stand for is looked at when it is known. */
function allowVariable(key: string, value: unknown): unknown {
  if (key === 'format') return undefined
  return key === 'pattern' && typeof value === 'string' ? String.raw`(?:${value})|\$\{\w+\}` : value
}

export function fileOf(name: string): URL {
  return new URL(`../schemas/${name}.schema.json`, import.meta.url)
}

if (import.meta.main) {
  mkdirSync(new URL('../schemas', import.meta.url), { recursive: true })
  for (const [name, row] of Object.entries(schemas)) writeFileSync(fileOf(name), printSchema(row))
}
