// Who gets the events of one account: settled once, so that an event that nobody filters costs nothing to place.
import type { BridgeEvent } from '../core/event.ts'
import type { View } from '../core/ports.ts'
import { createShare, type Share } from '../core/share.ts'
import type { Filter } from './filter/filter.ts'
import type { Delivery } from './routes.ts'

export interface Reader {
  inbound: string
  /** One for each route from the account to the inbound; undefined: everything passes. */
  filters: readonly (Filter | undefined)[]
}

export type Plan = (event: BridgeEvent, delivery: Delivery) => void

export function createPlan(readers: readonly Reader[]): Plan {
  const open = readers.filter(({ filters }) => filters.includes(undefined)).map(({ inbound }) => inbound)
  const strict = readers.flatMap(({ inbound, filters }) => {
    const all = filters.filter((filter) => filter !== undefined)
    return all.length === filters.length ? [{ inbound, filters: all }] : []
  })
  const isShared = readers.length > 1
  return (event, { view, hand }) => {
    const whole = isShared ? createShare() : undefined
    for (const inbound of open) hand(inbound, event, whole)
    if (strict.length === 0) return
    const pass = createPass(event, view)
    const shareOf = whole ? createShares(event, whole) : noShare
    for (const { inbound, filters } of strict) {
      const passed = pass(filters)
      if (passed) hand(inbound, passed, shareOf(passed))
    }
  }
}

function noShare(): undefined {}

/** One for the event and one for each form that a filter has given it. */
function createShares(event: BridgeEvent, whole: Share): (event: BridgeEvent) => Share {
  const shares = new Map<BridgeEvent, Share>([[event, whole]])
  return (event) => {
    let share = shares.get(event)
    if (!share) shares.set(event, (share = createShare()))
    return share
  }
}

/** Each filter judges an event once, however many inbounds share it; so they share what it makes of the event as well. */
function createPass(event: BridgeEvent, view: View): (filters: readonly Filter[]) => BridgeEvent | undefined {
  const verdicts = new Map<Filter, BridgeEvent | undefined>()
  return (filters) => {
    for (const filter of filters) {
      if (!verdicts.has(filter)) verdicts.set(filter, filter(event, view))
      const passed = verdicts.get(filter)
      if (passed) return passed
    }
    return undefined
  }
}
