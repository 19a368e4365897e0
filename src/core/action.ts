// Everything that a client can ask for: `resource.verb`, with the shape of its parameters and of its result.
// Dialect grammars build parameters that already fit; untrusted callers go through `parseAction`.
import * as v from 'valibot'
import { define } from './actions/define.ts'
import { fileActions } from './actions/file.ts'
import { groupActions } from './actions/group.ts'
import { messageActions } from './actions/message.ts'
import { peopleActions } from './actions/people.ts'
import { serverActions } from './actions/server.ts'
import { BridgeError } from './error.ts'

export const actions = {
  ...messageActions,
  ...peopleActions,
  ...groupActions,
  ...fileActions,
  ...serverActions,
  /** What has no canonical form. Passed through to a backend of the same dialect, refused by any other. */
  raw: define(
    v.object({ dialect: v.string(), name: v.string(), params: v.record(v.string(), v.unknown()) }),
    v.unknown(),
  ),
} as const

export type ActionName = keyof typeof actions
export type Params<N extends ActionName> = v.InferOutput<(typeof actions)[N]['params']>
export type Result<N extends ActionName> = v.InferOutput<(typeof actions)[N]['result']>
export type ActionOf<N extends ActionName> = { [K in N]: { name: K; params: Params<K> } }[N]
export type Action = ActionOf<ActionName>

export const actionNames = Object.keys(actions) as ActionName[]

/** An action from an untrusted caller (library, shell). Throws `unknownAction` or `badParameter` with the dotted path. */
export function parseAction(name: string, params: unknown): Action {
  if (!Object.hasOwn(actions, name)) throw new BridgeError('unknownAction', `no such action: ${name}`)
  const result = v.safeParse(actions[name as ActionName].params, params ?? {})
  if (result.success) return { name, params: result.output } as Action
  const issue = result.issues[0]
  throw new BridgeError('badParameter', `${name}: ${v.getDotPath(issue) ?? 'params'}: ${issue.message}`)
}
