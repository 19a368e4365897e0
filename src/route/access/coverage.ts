// How much of a canonical action a list leaves to clients, for people who look at a configuration.
import type { ActionName } from '../../core/action.ts'
import { halvesOf } from '../filter/lists.ts'
import { rulesOf } from './action-names.ts'
import type { ActionListOptions } from './options.ts'

export type Coverage = 'all' | 'part' | 'none'

export function coverageOf(options: ActionListOptions | undefined, name: ActionName): Coverage {
  const { only, not } = halvesOf(options)
  const given = only ? named(only, name) : 'all'
  const taken = not ? named(not, name) : 'none'
  if (given === 'none' || taken === 'all') return 'none'
  return given === 'all' && taken === 'none' ? 'all' : 'part'
}

function named(words: readonly string[], name: ActionName): Coverage {
  const rules = words.flatMap(rulesOf).filter((rule) => rule.name === name)
  if (rules.length === 0) return 'none'
  return rules.some(({ condition }) => condition === undefined) ? 'all' : 'part'
}
