// Which implementation a backend is, and what that says about its abilities.
import { actionTable } from '../../../mappings/actions.ts'
import { flavours } from '../../../mappings/flavours.ts'
import { segments as segmentTable } from '../../../mappings/segments.ts'
import type { ActionName } from '../../core/action.ts'
import type { Fidelity } from '../../core/fidelity.ts'
import type { Capabilities } from '../../core/ports.ts'
import { toObject, toText } from '../../core/read.ts'
import type { SegmentType } from '../../core/segment.ts'
import { dialectName } from '../../dialect/onebot11/wire.ts'

export type FlavourName = keyof typeof flavours

interface Limit {
  fidelity: Fidelity
  reason: string
}

export interface Flavour {
  name: FlavourName
  traits: Traits
  /** What a message can hold. */
  plain: Capabilities
  /** What a message inside a merged forward can hold. */
  inForward: Capabilities
}

type Widen<T> = T extends boolean ? boolean : T extends number ? number : T extends string ? string : T
type Table = (typeof flavours)[FlavourName]
/** A row of the table, without its literal types. */
type Traits = {
  [K in Exclude<keyof Table, keyof Worded>]: Widen<Table[K]>
} & Worded

interface Worded {
  segments: Readonly<Record<string, Limit>>
  actions: Readonly<Partial<Record<ActionName, Limit>>>
  historyFrom: 'messageId' | 'sequence'
  markRead: 'conversation' | 'message'
  nudge: 'action' | 'segment'
  lacks: readonly ActionName[]
  names: Readonly<Record<string, string>>
  react: 'set' | 'unset' | 'group'
  ownLikes: 'get_profile_like' | 'get_profile_like_me'
  uploads: 'anySource' | 'localPath'
}

/** `answer` is what get_version_info said, if anything. */
export function toFlavour(wanted: FlavourName | 'auto', answer: unknown): Flavour {
  const wire = toObject(answer) ?? {}
  const appName = (toText(wire['app_name']) ?? '').slice(0, 100)
  const name = wanted === 'auto' ? detect(appName) : wanted
  const traits: Traits = flavours[name]
  const version = (toText(wire['app_version']) ?? toText(wire['version']) ?? '').slice(0, 100)
  const common = {
    implementation: appName || name,
    version,
    rawDialect: dialectName,
    mediaByHandle: traits.resendByName,
    actions: toActionLimits(traits),
  }
  return {
    name,
    traits,
    plain: { ...common, segments: toSegmentLimits(traits, []) },
    inForward: { ...common, segments: toSegmentLimits(traits, traits.segmentsInForward) },
  }
}

export const unknownFlavour: Flavour = toFlavour('unknown', {})

function detect(implementation: string): FlavourName {
  const said = implementation.toLowerCase()
  const names = Object.keys(flavours) as FlavourName[]
  return names.find((name) => flavours[name].appNames.some((part) => said.includes(part))) ?? 'unknown'
}

function toActionLimits({ lacks, actions }: Traits): Capabilities['actions'] {
  const refused = { fidelity: 'refused', reason: 'the implementation has no action for it' } as const
  return { ...Object.fromEntries(lacks.map((name) => [name, refused])), ...actions }
}

/** xml shares its canonical type with cards that can be sent, so it is looked at where messages are fitted. */
function toSegmentLimits({ segments }: Traits, but: readonly string[]): Capabilities['segments'] {
  const limits: Capabilities['segments'] = {}
  for (const [type, row] of Object.entries(segmentTable)) {
    const wire = row.onebot11.type
    if (wire === null || but.includes(wire) || !Object.hasOwn(segments, wire)) continue
    limits[type as SegmentType] = segments[wire] as Limit
  }
  return limits
}

/** `missing`: actions of which the backend said that it has none. */
export function toCapabilities(flavour: Flavour, missing: ReadonlySet<string>): Capabilities {
  const actions: Capabilities['actions'] = { ...flavour.plain.actions }
  for (const name of Object.keys(actionTable) as ActionName[]) {
    const { onebot11 }: { onebot11: { names: readonly string[] } } = actionTable[name]
    if (onebot11.names.length > 0 && onebot11.names.every((one) => missing.has(one))) {
      actions[name] = { fidelity: 'refused', reason: 'the backend does not have this action' }
    }
  }
  return { ...flavour.plain, actions }
}
