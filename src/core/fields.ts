// Field tables: one list of rows reads a wire object into canonical fields and prints it back. Most actions and contacts
// are renames and moves, so their rows are the whole program.
import { BridgeError } from './error.ts'
import { restOf } from './extra.ts'
import * as read from './read.ts'

type FieldType = 'account' | 'int' | 'number' | 'bool' | 'text' | 'messageId' | 'accounts' | 'json'
type Fallback = string | number | boolean | null | readonly never[]

/**
 * [wire name, canonical name, type, value when absent]. Wire aliases are separated by `|`, the first one is printed.
 * `!` after the type: required when read. Without a fallback an absent field stays absent in both directions.
 */
export type FieldRow = readonly [
  wire: string,
  canonical: string,
  type: FieldType | `${FieldType}!`,
  fallback?: Fallback,
]

const readers: Record<FieldType, (value: unknown) => unknown> = {
  account: read.toAccount,
  int: read.toInteger,
  number: read.toNumber,
  bool: read.toBoolean,
  text: read.toText,
  messageId: read.toMessageId,
  accounts: toAccounts,
  json: (value) => value,
}

const wanted: Record<FieldType, string> = {
  account: 'a positive integer of at most 20 digits',
  int: 'an integer',
  number: 'a number',
  bool: 'true or false',
  text: 'text',
  messageId: 'a non-zero 32-bit message id',
  accounts: 'a list of positive integers',
  json: 'any value',
}

interface Field {
  names: readonly string[]
  canonical: string
  type: FieldType
  required: boolean
  fallback: Fallback | undefined
}

export interface FieldTable {
  read(wire: read.WireObject): read.WireObject
  /** Reads what can be read: for answers of backends, where a bad field is not worth a failed call. */
  readLoosely(wire: read.WireObject): read.WireObject
  print(canonical: Readonly<read.WireObject>): read.WireObject
  /** Names that are read. */
  readonly names: ReadonlySet<string>
  /** Members that no field was read from. undefined: there are none. */
  rest(wire: read.WireObject): read.WireObject | undefined
}

export function defineFields(rows: readonly FieldRow[]): FieldTable {
  const fields = rows.map(toField)
  const names = new Set(fields.flatMap((field) => field.names))
  const first = new Set(fields.map((field) => field.names[0]))
  const sameAs = new Map(fields.flatMap((field) => field.names.map((name) => [name, field.names])))
  /** An alias beside the name that was read. */
  const isSpare = (name: string, wire: read.WireObject): boolean =>
    sameAs.get(name)?.find((known) => Object.hasOwn(wire, known)) !== name
  return {
    read: (wire) => readAll(fields, wire, true),
    readLoosely: (wire) => readAll(fields, wire, false),
    print: (canonical) => printAll(fields, canonical),
    names,
    rest: (wire) => restOf(wire, (name) => first.has(name) || (names.has(name) && !isSpare(name, wire))),
  }
}

function toField([wire, canonical, type, fallback]: FieldRow): Field {
  const required = type.endsWith('!')
  return {
    names: wire.split('|'),
    canonical,
    type: (required ? type.slice(0, -1) : type) as FieldType,
    required,
    fallback,
  }
}

function readAll(fields: readonly Field[], wire: read.WireObject, strict: boolean): read.WireObject {
  const out: read.WireObject = {}
  for (const field of fields) {
    const value = pick(field, wire)
    if (value === undefined) {
      if (field.required && strict) throw new BridgeError('badParameter', `missing parameter: ${field.names[0]}`)
      if (field.fallback !== undefined) out[field.canonical] = field.fallback
      continue
    }
    const understood = readers[field.type](value)
    if (understood !== undefined) out[field.canonical] = understood
    else if (strict) throw new BridgeError('badParameter', `${field.names[0]} must be ${wanted[field.type]}`)
    else if (field.fallback !== undefined) out[field.canonical] = field.fallback
  }
  return out
}

/** null counts as absent, and so does "" where it cannot be the value: clients send both for what they leave out. */
function pick(field: Field, wire: read.WireObject): unknown {
  for (const name of field.names) {
    if (!Object.hasOwn(wire, name)) continue
    const value = wire[name]
    if (value === undefined || value === null) continue
    if (value === '' && field.type !== 'text' && field.type !== 'json') continue
    return value
  }
  return undefined
}

function printAll(fields: readonly Field[], canonical: Readonly<read.WireObject>): read.WireObject {
  const out: read.WireObject = {}
  for (const field of fields) {
    const value = canonical[field.canonical] ?? field.fallback
    if (value !== undefined) out[field.names[0] as string] = value
  }
  return out
}

/** A list, one scalar, or "1,2". */
function toAccounts(value: unknown): number[] | undefined {
  const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value]
  const ids = items.map(read.toAccount)
  return ids.every((id) => id !== undefined) ? ids : undefined
}
