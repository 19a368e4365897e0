// Dotted keys into wire objects: `sender.role`, `message.0.type`, `message.#`, `message.#.type`. The common part of GJSON's
// syntax, which go-cqhttp's filters use; `\.` is a dot inside of a name.

/** `refuse` never returns: it is told what cannot be looked up by. */
export function createLookup(key: string, refuse: (text: string) => never): (value: unknown) => unknown {
  const parts = key.match(/(?:\\.|[^.\\])+/gs) ?? []
  if (parts.some((part) => /^@|[*?|!{[(]/.test(part.replaceAll(/\\./gs, '')))) {
    refuse('wildcards, queries and modifiers of GJSON are not supported; names, numbers and # between dots are')
  }
  const names = parts.map((part) => part.replaceAll(/\\(.)/gs, '$1'))
  return (value) => walk(value, names, 0)
}

function walk(value: unknown, names: readonly string[], from: number): unknown {
  let here = value
  for (let at = from; at < names.length; at++) {
    const name = names[at] as string
    if (typeof here !== 'object' || here === null) return undefined
    if (Array.isArray(here) && name === '#') return collect(here, names, at + 1)
    if (!Object.hasOwn(here, name) || (Array.isArray(here) && !/^[0-9]+$/.test(name))) return undefined
    here = (here as Record<string, unknown>)[name]
  }
  return here
}

/** At the end of the key: how many there are. Else what each of them has there. */
function collect(items: readonly unknown[], names: readonly string[], from: number): unknown {
  if (from === names.length) return items.length
  return items.map((item) => walk(item, names, from)).filter((found) => found !== undefined)
}
