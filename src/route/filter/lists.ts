// The one vocabulary of routes for yes and no: a list names what passes, `{ not: [...] }` what does not.
import * as v from 'valibot'

/** `only` and `not` may stand together: then both must hold. */
export function listOf<const S extends v.GenericSchema>(item: S) {
  const list = v.optional(v.array(item))
  return v.union([
    v.array(item),
    v.strictObject({
      /** These pass. Default: all. */
      only: list,
      /** These do not. Default: none. */
      not: list,
    }),
  ])
}

export type ListOf<T> = readonly T[] | { only?: readonly T[] | undefined; not?: readonly T[] | undefined }

/** `matches`: whether one of these names what is asked about. undefined: everything passes. */
export function createListCheck<T, A>(
  list: ListOf<T> | undefined,
  compile: (items: readonly T[]) => (asked: A) => boolean,
): ((asked: A) => boolean) | undefined {
  const { only, not } = halvesOf(list)
  const isNamed = only && compile(only)
  const isRefused = not && compile(not)
  if (isNamed && isRefused) return (asked) => isNamed(asked) && !isRefused(asked)
  return isNamed ?? (isRefused && ((asked) => !isRefused(asked)))
}

/** The two halves of either form. */
export function halvesOf<T>(list: ListOf<T> | undefined): { only?: readonly T[]; not?: readonly T[] } {
  if (list === undefined) return {}
  if (isPlain(list)) return { only: list }
  return { ...(list.only && { only: list.only }), ...(list.not && { not: list.not }) }
}

function isPlain<T>(list: ListOf<T>): list is readonly T[] {
  return Array.isArray(list)
}

/** For values that are equal or not. */
export function createSetCheck<T>(list: ListOf<T> | undefined): ((asked: T) => boolean) | undefined {
  return createListCheck(list, (items) => {
    const set = new Set(items)
    return (asked) => set.has(asked)
  })
}
