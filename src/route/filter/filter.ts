// One compiled filter: whether an event passes, and as what.
import type { BridgeEvent } from '../../core/event.ts'
import type { GroupId } from '../../core/ids.ts'
import type { View } from '../../core/ports.ts'
import { whereabouts } from '../whereabouts.ts'
import { createKindCheck } from './kinds.ts'
import { createListCheck, createSetCheck } from './lists.ts'
import type { Criteria, EventFilterOptions } from './options.ts'
import { actorOf, botRoleOf, roleOf } from './people.ts'
import { createRewrite, createTextCheck, mentionsBot } from './text.ts'

/** The event as a client gets it; undefined: it does not pass. */
export type Filter = (event: BridgeEvent, view: View) => BridgeEvent | undefined

interface Asked {
  event: BridgeEvent
  groupId: GroupId | undefined
  view: View
}

/** undefined: there is nothing to judge by. */
type Check = (asked: Asked) => boolean | undefined

export function createFilter({ except, ...options }: EventFilterOptions): Filter {
  const checks = toChecks(options)
  const exceptions = toChecks(except ?? {})
  const rewrite = options.text && createRewrite(options.text)
  return (event, view) => {
    const asked = { event, groupId: whereabouts(event).groupId, view }
    if (checks.some((check) => check(asked) === false)) return undefined
    if (exceptions.length > 0 && exceptions.every((check) => check(asked) === true)) return undefined
    return rewrite && event.type === 'message' ? rewrite(event) : event
  }
}

/** Cheap ones first. */
function toChecks({ kinds, groups, users, roles, botRoles, mentioned, text }: Criteria): Check[] {
  const found: (Check | undefined)[] = [
    withSubject(createSetCheck<number>(groups), ({ groupId }) => groupId),
    withSubject(createSetCheck<number>(users), ({ event }) => actorOf(event)),
    withSubject(
      createListCheck(kinds, (names) => {
        const isKind = createKindCheck(names)
        return ({ event, view }: Asked) => isKind(event, view)
      }),
      (asked) => asked,
    ),
    withSubject(createSetCheck(roles), ({ event, groupId, view }) => roleOf(event, groupId, view)),
    withSubject(createSetCheck(botRoles), ({ event, groupId, view }) => botRoleOf(event, groupId, view)),
    withSubject(mentioned === undefined ? undefined : (asked: boolean) => asked === mentioned, ({ event }) =>
      event.type === 'message' ? mentionsBot(event) : undefined,
    ),
    withSubject(text && createTextCheck(text), ({ event }) => (event.type === 'message' ? event : undefined)),
  ]
  return found.filter((check) => check !== undefined)
}

function withSubject<T>(
  check: ((subject: T) => boolean) | undefined,
  subjectOf: (asked: Asked) => T | undefined,
): Check | undefined {
  return (
    check &&
    ((asked) => {
      const subject = subjectOf(asked)
      return subject === undefined ? undefined : check(subject)
    })
  )
}
