// What stands between the clients of an inbound and an account: the lists and rates of the routes that lead there.
import type { Action } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import { createActionCheck, describeAction } from './action-list.ts'
import type { ActionListOptions, RateOptions } from './options.ts'
import { createLimiter, type Entering, type Limiter } from './rate.ts'

/** undefined: go on at once. Throws `noPermission`, `busy`. */
export type Gate = Limiter

/** What one route has to say. */
export interface Barrier {
  /** Throws `noPermission`. */
  check: ((action: Action) => void) | undefined
  limit: Limiter | undefined
}

interface BarrierOptions {
  actions?: ActionListOptions | undefined
  rate?: RateOptions | undefined
}

/** `place`: where in the configuration the route stands. */
export function createBarrier({ actions, rate }: BarrierOptions, place: string): Barrier {
  return {
    check: createCheck(actions, `${place}.actions`),
    limit: rate && createLimiter({ rate, place: `${place}.rate` }),
  }
}

function createCheck(options: ActionListOptions | undefined, place: string): Barrier['check'] {
  const isAllowed = createActionCheck(options)
  if (!isAllowed) return undefined
  return (action) => {
    if (isAllowed(action)) return
    throw new BridgeError('noPermission', `no permission for ${describeAction(action)}: ${place} of the bridge`)
  }
}

/** undefined: nothing is in the way. Of several each must agree; what is forbidden counts against no rate. */
export function createGate(barriers: readonly Barrier[]): Gate | undefined {
  const checks = barriers.flatMap(({ check }) => check ?? [])
  const limits = barriers.flatMap(({ limit }) => limit ?? [])
  if (checks.length === 0 && limits.length === 0) return undefined
  return (entering) => {
    for (const check of checks) check(entering.action)
    return passAll(limits, entering)
  }
}

function passAll(limits: readonly Limiter[], entering: Entering): Promise<void> | undefined {
  if (limits.length < 2) return limits[0]?.(entering)
  const waits = limits.flatMap((limit) => limit(entering) ?? [])
  return waits.length === 0 ? undefined : Promise.all(waits).then(() => {})
}
