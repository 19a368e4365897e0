// What stands between the clients of an inbound and an account: the lists of the routes that lead there.
import type { Action } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import { createActionCheck, describeAction } from './action-list.ts'
import type { ActionListOptions } from './options.ts'

/** Throws `noPermission`. */
export type Gate = (action: Action) => void

/** `place`: where in the configuration the list stands. undefined: everything may be asked for. */
export function createGate(options: ActionListOptions | undefined, place: string): Gate | undefined {
  const isAllowed = createActionCheck(options)
  if (!isAllowed) return undefined
  return (action) => {
    if (isAllowed(action)) return
    throw new BridgeError('noPermission', `no permission for ${describeAction(action)}: ${place} of the bridge`)
  }
}

/** undefined: nobody is in the way. Of several each must agree. */
export function joinGates(gates: readonly (Gate | undefined)[]): Gate | undefined {
  const standing = gates.filter((gate) => gate !== undefined)
  if (standing.length < 2) return standing[0]
  return (action) => {
    for (const gate of standing) gate(action)
  }
}
