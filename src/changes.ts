// What another configuration changes of the one that runs: every part that is the same keeps its connections and sessions.
import { isDeepStrictEqual } from 'node:util'
import type { Config } from './config.ts'

export interface Delta {
  added: readonly string[]
  removed: readonly string[]
  /** Ended and begun anew. */
  changed: readonly string[]
}

export interface Changes {
  backends: Delta
  inbounds: Delta
  admin: boolean
  /** Keys that are followed at once. */
  live: readonly string[]
  /** Keys whose new value is for the next start. */
  later: readonly string[]
}

/** What a bridge did with another configuration. */
export interface Applied {
  /** One line for each part: `inbounds.oldBots: added`. Empty: nothing was different. */
  changes: readonly string[]
  /** Keys that cannot change while it runs: their new values are for the next start. */
  later: readonly string[]
}

/** Keys that are asked for at each use. */
const liveKeys = [
  'routes',
  'fileRoots',
  'enrichDeadlineMs',
  'fetch',
  'origins',
  'hosts',
  'allowInsecure',
  'log',
] as const
const liveLimits = new Set(['segments', 'characters', 'forwardNodes', 'forwardDepth', 'fileBytes', 'drainMs'])

export function compareConfigs(before: Config, after: Config): Changes {
  const limits = differing(before.limits, after.limits)
  const place = (key: string): string => `limits.${key}`
  const rest = Object.keys({ ...before, ...after }).filter(
    (key) => !['$schema', 'backends', 'inbounds', 'admin', 'limits'].includes(key) && !isLive(key),
  )
  return {
    backends: deltaOf(before.backends, after.backends),
    inbounds: deltaOf(before.inbounds, after.inbounds),
    admin: !isDeepStrictEqual(before.admin, after.admin),
    live: [
      ...liveKeys.filter((key) => !isDeepStrictEqual(before[key], after[key])),
      ...limits.filter((key) => liveLimits.has(key)).map(place),
    ],
    later: [
      ...differing(before, after).filter((key) => rest.includes(key)),
      ...limits.filter((key) => !liveLimits.has(key)).map(place),
    ],
  }
}

/** As changes of a bridge that has nothing yet. */
export function everythingOf({ backends, inbounds }: Config): Pick<Changes, 'backends' | 'inbounds'> {
  return { backends: deltaOf({}, backends), inbounds: deltaOf({}, inbounds) }
}

export function describeChanges({ backends, inbounds, admin, live, later }: Changes): Applied {
  const lines = (place: string, { added, removed, changed }: Delta): string[] => [
    ...removed.map((name) => `${place}.${name}: removed`),
    ...changed.map((name) => `${place}.${name}: changed, begun anew`),
    ...added.map((name) => `${place}.${name}: added`),
  ]
  return {
    changes: [
      ...lines('backends', backends),
      ...lines('inbounds', inbounds),
      ...(admin ? ['admin: changed'] : []),
      ...live.map((key) => `${key}: changed`),
    ],
    later,
  }
}

function isLive(key: string): boolean {
  return liveKeys.some((live) => live === key)
}

function deltaOf(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Delta {
  const [old, fresh] = [Object.keys(before), Object.keys(after)]
  return {
    added: fresh.filter((name) => !old.includes(name)),
    removed: old.filter((name) => !fresh.includes(name)),
    changed: differing(before, after).filter((name) => old.includes(name) && fresh.includes(name)),
  }
}

function differing(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  return Object.keys({ ...before, ...after }).filter((key) => !isDeepStrictEqual(before[key], after[key]))
}
