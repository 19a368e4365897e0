// What is wrong with steps before anything is played: acts that no world takes, actions and happenings that do not exist.
import * as v from 'valibot'
import { actionNames, actions, type ActionName } from '../core/action.ts'
import { describeFault } from '../core/issue.ts'
import { toObject } from '../core/read.ts'
import { findActFaults } from '../world/control/acts.ts'
import { happeningTypes } from '../world/index.ts'

export interface CheckedStep {
  act?: unknown
  save?: Record<string, string> | undefined
  call?: { name: string; params?: unknown } | undefined
  expect?: Record<string, unknown> | undefined
}

/** Each fault with its dotted path, a colon and the reason. Texts that stand for saved values are not looked at. */
export function findStepFaults(steps: readonly CheckedStep[]): string[] {
  const saved = new Set<unknown>()
  return steps.flatMap((step, at) => {
    const faults = [
      ...prefixed('act', step.act === undefined ? [] : findActFaults(step.act), step.act),
      ...prefixed('call', step.call ? findCallFaults(step.call) : [], step.call),
      ...(step.expect ? findExpectFaults(step.expect) : []).map((text) => ({ text, value: undefined })),
    ]
    const found = faults.filter(({ value }) => !isSaved(value, saved)).map(({ text }) => `steps.${at}.${text}`)
    for (const name of Object.keys(step.save ?? {})) saved.add(`$${name}`)
    return found
  })
}

interface Fault {
  text: string
  /** What stands at the place. */
  value: unknown
}

function prefixed(key: string, faults: readonly string[], whole: unknown): Fault[] {
  return faults.map((fault) => {
    const path = fault.slice(0, fault.indexOf(': '))
    // The whole names itself.
    return path === key ? { text: fault, value: whole } : { text: `${key}.${fault}`, value: valueAt(whole, path) }
  })
}

function valueAt(whole: unknown, path: string): unknown {
  let value = whole
  for (const key of path.split('.')) {
    const inside: unknown = Array.isArray(value) ? value[Number(key)] : toObject(value)?.[key]
    if (inside === undefined) return value === whole ? undefined : value
    value = inside
  }
  return value
}

/** Or has one inside: the reason may speak of the whole. */
function isSaved(value: unknown, saved: ReadonlySet<unknown>): boolean {
  if (typeof value === 'string') return saved.has(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((inner) => isSaved(inner, saved))
}

function findCallFaults({ name, params = {} }: { name: string; params?: unknown }): string[] {
  if (!Object.hasOwn(actions, name))
    return [`name: no action is called ${name}, allowed are: ${actionNames.join(', ')}`]
  const result = v.safeParse(actions[name as ActionName].params, params)
  if (result.success) return []
  return result.issues.map((issue) => `params${printPath(issue)}: ${describeFault(issue)}`)
}

function printPath(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  return path === null ? '' : `.${path}`
}

function findExpectFaults({ type }: Record<string, unknown>): string[] {
  if (typeof type !== 'string' || happeningTypes.some((known) => known === type)) return []
  return [`expect.type: nothing of that type happens in a world, allowed are: ${happeningTypes.join(', ')}`]
}
