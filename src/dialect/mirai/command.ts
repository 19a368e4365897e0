// Looking commands up, reading their parameters for the inbound side, printing them for a mah backend.
import { commands, type CommandRow } from '../../../mappings/mirai-commands.ts'
import { BridgeError } from '../../core/error.ts'
import { defineFields, type FieldTable } from '../../core/fields.ts'
import type { WireObject } from '../../core/read.ts'
import { MissingFields } from './response.ts'

export interface Command extends CommandRow {
  readonly table: FieldTable
  /** Wire names that must be there, each with its aliases. */
  readonly required: readonly (readonly string[])[]
}

export type CommandName = (typeof commands)[number]['name']

const all: readonly Command[] = commands.map(toCommand)
const byName = new Map(all.map((command) => [toKey(command.name, command.sub), command]))
const byPath = new Map(all.flatMap((command) => toPaths(command).map((path) => [`${command.method} ${path}`, command])))
const paths = new Set(all.flatMap(toPaths))

function toCommand(row: CommandRow): Command {
  const rows = row.fields ?? []
  const required = rows.filter(([, , type]) => type.endsWith('!')).map(([wire]) => wire.split('|'))
  return { ...row, table: defineFields(rows), required }
}

function toPaths(command: CommandRow): string[] {
  return [command.path, ...(command.aliases ?? [])]
}

function toKey(name: string, sub: string | undefined): string {
  return sub === undefined ? name : `${name}.${sub}`
}

export const allCommands: readonly Command[] = all

/** By the name that WebSocket frames carry. `sub` counts only where a command has two halves. */
export function findCommand(name: string, sub?: string): Command | undefined {
  const whole = byName.get(name)
  return whole && whole.sub === undefined ? whole : byName.get(toKey(name, sub ?? ''))
}

/** 'method': the path is known, but not with this method. */
export function findRoute(method: string, path: string): Command | 'method' | undefined {
  return byPath.get(`${method} ${path}`) ?? (paths.has(path) ? 'method' : undefined)
}

/** Canonical parameters of a request. Throws `MissingFields` naming all that lack, `badParameter` for wrong ones. */
export function readParams(command: Command, wire: WireObject): WireObject {
  if (command.required.some((names) => lacks(wire, names))) {
    const missing = command.required.filter((names) => lacks(wire, names))
    throw new MissingFields(missing.map(([name]) => name as string))
  }
  const params = command.table.read(wire)
  return command.fixed ? { ...params, ...command.fixed } : params
}

/** Under none of its names. */
function lacks(wire: WireObject, names: readonly string[]): boolean {
  return names.every((name) => !Object.hasOwn(wire, name) || wire[name] === undefined || wire[name] === null)
}

export interface PrintedCommand {
  command: CommandName
  subCommand: 'get' | 'update' | null
  /** HTTP: query of a GET, JSON body of a POST. */
  content: WireObject
  method: 'GET' | 'POST'
  path: string
}

/** For a mah backend: the command with its members in mah's order. `extra` overrides what the table cannot say. */
export function printCommand(
  name: CommandName,
  params: Readonly<WireObject>,
  options: { sub?: 'get' | 'update'; extra?: WireObject } = {},
): PrintedCommand {
  const command = findCommand(name, options.sub)
  if (!command) throw new BridgeError('internal', `no such command: ${name}`)
  const content = { ...command.table.print(params), ...options.extra }
  return { command: name, subCommand: command.sub ?? null, content, method: command.method, path: command.path }
}
