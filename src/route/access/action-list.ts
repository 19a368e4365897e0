// Which actions the clients behind a route may ask for. Judged by what is done, whatever it was called and however it came:
// quick operations, answers to webhooks and other names for the same end here as well.
import type { Action, ActionName } from '../../core/action.ts'
import { createListCheck } from '../filter/lists.ts'
import { isDisguised, rulesOf } from './action-names.ts'
import type { Condition } from './conditions.ts'
import type { ActionListOptions } from './options.ts'

export type ActionCheck = (action: Action) => boolean

/** undefined: everything may be asked for. */
export function createActionCheck(options: ActionListOptions | undefined): ActionCheck | undefined {
  const isListed = createListCheck(options, compile)
  return isListed && ((action) => !isDisguised(action) && isListed(action))
}

function compile(words: readonly string[]): ActionCheck {
  /** null: every call. */
  const rules = new Map<ActionName, Condition[] | null>()
  for (const { name, condition } of words.flatMap(rulesOf)) {
    const known = rules.get(name)
    if (known === null) continue
    rules.set(name, condition ? [...(known ?? []), condition] : null)
  }
  return ({ name, params }) => {
    const conditions = rules.get(name)
    return conditions === null || (conditions?.some((holds) => holds(params)) ?? false)
  }
}

/** What was asked for, in words for the client. */
export function describeAction({ name, params }: Action): string {
  if (name === 'raw') return params.name.slice(0, 100)
  return name === 'server.ask' ? `${name} ${params.kind}` : name
}
