// OneBot actions into canonical ones: by the rows of mappings/onebot11-actions, or by a reader of action-special.
import { onebot11Actions, onebot11Suffixes, type OneBot11ActionRow } from '../../../mappings/onebot11-actions.ts'
import type { Action, ActionName } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import { defineFields, type FieldTable } from '../../core/fields.ts'
import type { WireObject } from '../../core/read.ts'
import { specialReaders, type ActionContext } from './action-special.ts'
import { dialectName } from './wire.ts'

export interface OneBotAction {
  /** Without suffix. */
  name: string
  row: OneBot11ActionRow
  fields: FieldTable | undefined
}

const actions = new Map<string, OneBotAction>(
  Object.entries<OneBot11ActionRow>(onebot11Actions).map(([name, row]) => [
    name,
    { name, row, fields: row.params && defineFields(row.params) },
  ]),
)

export const onebot11ActionNames: readonly string[] = [...actions.keys()]

export function isAction(name: string): boolean {
  return actions.has(name) || actions.has(withoutSuffix(name))
}

/** Throws `unknownAction` with the text by which NapCat's clients know it. */
export function findAction(name: string): OneBotAction {
  const found = actions.get(name) ?? actions.get(withoutSuffix(name))
  return found ?? refuseUnknown(name)
}

export function refuseUnknown(name: string): never {
  throw new BridgeError('unknownAction', `不支持的Api ${name.slice(0, 100)}`)
}

/** The canonical action that a request is. undefined: it is passed on as it is. */
export function canonicalOf(name: string): ActionName | undefined {
  return actions.get(name)?.row.to
}

/** Whether NapCat answers it in several frames. */
export function comesInPieces(name: string): boolean {
  return actions.get(withoutSuffix(name))?.row.pieces === true
}

function withoutSuffix(name: string): string {
  const suffix = onebot11Suffixes.find((ending) => name.endsWith(ending))
  return suffix === undefined ? name : name.slice(0, -suffix.length)
}

/** The canonical calls that the action means, in order; the result of the last one is its answer. Not for local actions. */
export function parseCalls({ name, row, fields }: OneBotAction, params: WireObject, context: ActionContext): Action[] {
  if (row.special) return specialReaders[row.special](params, context)
  if (row.ask) return [{ name: 'server.ask', params: { kind: row.ask, params: fields ? fields.read(params) : params } }]
  if (!row.to) return [{ name: 'raw', params: { dialect: dialectName, name, params } }]
  const read = fields?.read(params)
  return [{ name: row.to, params: row.fixed ? { ...read, ...row.fixed } : (read ?? {}) } as Action]
}
