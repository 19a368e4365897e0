// Kinds of events by any of their names: the bridge's own (`group.member.join`), OneBot's (`notice.group_increase`, or any
// beginning of it up to a dot) and mah's (`MemberJoinEvent`).
import { events as table } from '../../../mappings/events.ts'
import type { BridgeEvent, EventType } from '../../core/event.ts'
import type { View } from '../../core/ports.ts'
import { miraiNameOf, onebotNameOf } from './event-name.ts'

export type KindCheck = (event: BridgeEvent, view: View) => boolean

const types = Object.keys(table) as EventType[]

/** Whatever is neither message nor request; OneBot itself has no name for some of them. */
const notices = types.filter((type) => !['message', 'request.friend', 'request.group', 'command', 'raw'].includes(type))

/** Heartbeats and lifecycles are no events of a backend: no route sees them. */
function onebotNames(type: EventType): string[] {
  return table[type].onebot11.names.filter((name) => name !== '(any)' && !name.startsWith('meta_event'))
}

function miraiNames(type: EventType): string[] {
  return table[type].mirai.names.filter((name) => name !== '(any)')
}

/** `a.b.c`: a, a.b, a.b.c. */
function beginningsOf(name: string): string[] {
  const parts = name.split('.')
  return parts.map((_, at) => parts.slice(0, at + 1).join('.'))
}

/** Every name that a configuration may use. */
export const kindNames: readonly string[] = [
  ...new Set(types.flatMap((type) => [...[type, ...onebotNames(type)].flatMap(beginningsOf), ...miraiNames(type)])),
]

/** Canonical families (`group.member`); a name that is a type itself means that type alone. */
const families = new Set(types.flatMap(beginningsOf).filter((name) => !types.includes(name as EventType)))

/** yes and no hold for all events of a type; ask: the name of the very event decides. */
type Verdict = 'yes' | 'no' | 'ask'

/** Decided per type when it is made: only what has several names within a type is looked at more closely. */
export function createKindCheck(names: readonly string[]): KindCheck {
  const given = new Set(names)
  const verdicts = new Map(types.map((type) => [type, judge(type, given)]))
  return (event, view) => {
    const verdict = verdicts.get(event.type)
    return verdict === 'ask' ? isNamed(event, given, view) : verdict === 'yes'
  }
}

function judge(type: EventType, given: ReadonlySet<string>): Verdict {
  if (given.has(type) || (given.has('notice') && notices.includes(type))) return 'yes'
  if (beginningsOf(type).some((name) => families.has(name) && given.has(name))) return 'yes'
  if (type === 'raw') return 'ask'
  const dialects = [
    onebotNames(type).map((name) => beginningsOf(name).some((beginning) => given.has(beginning))),
    miraiNames(type).map((name) => given.has(name)),
  ]
  if (dialects.some((hits) => hits.length > 0 && hits.every(Boolean))) return 'yes'
  return dialects.flat().includes(true) ? 'ask' : 'no'
}

function isNamed(event: BridgeEvent, given: ReadonlySet<string>, view: View): boolean {
  const name = onebotNameOf(event, view)
  if (name !== undefined && beginningsOf(name).some((beginning) => given.has(beginning))) return true
  const type = miraiNameOf(event, view)
  return type !== undefined && given.has(type)
}
