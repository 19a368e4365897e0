// Writes schemas/*.schema.json, for editors, from the schemas by which files are read: `npm run docs`. A test fails when one is older.
import { mkdirSync, writeFileSync } from 'node:fs'
import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { Scenario } from '../src/scenario/scenario.ts'
import { WorldFile } from '../src/world/world-file.ts'

interface Row {
  title: string
  schema: v.GenericSchema
}

/** By the name of its file. */
export const schemas = {
  world: { title: 'A world of the embedded core', schema: WorldFile },
  scenario: { title: 'Steps that a world and its bots go through', schema: Scenario },
} satisfies Record<string, Row>

/** Checks that JSON Schema has no words for are left out: the reader of the file makes them. */
export function printSchema({ title, schema }: Row): string {
  const { $schema, ...rest } = toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' })
  return `${JSON.stringify({ $schema, title, ...rest }, undefined, 2)}\n`
}

export function fileOf(name: string): URL {
  return new URL(`../schemas/${name}.schema.json`, import.meta.url)
}

if (import.meta.main) {
  mkdirSync(new URL('../schemas', import.meta.url), { recursive: true })
  for (const [name, row] of Object.entries(schemas)) writeFileSync(fileOf(name), printSchema(row))
}
