// On which line of a JSON text something is: for telling a person where a fault is. The text is known to be JSON.

/** Each fault starts with a dotted path and a colon; those that are found in the text get their line. */
export function addLines(faults: readonly string[], text: string): string[] {
  const paths = faults.map((fault) => fault.slice(0, Math.max(0, fault.indexOf(': '))))
  const lines = findLines(text, new Set(paths.flatMap(withParents)))
  return faults.map((fault, at) => {
    const path = paths[at] ?? ''
    // What is missing has no line of its own: that of what it is missing in.
    const line = withParents(path)
      .map((one) => lines.get(one))
      .find((one) => one !== undefined)
    return line === undefined ? fault : `${path} (line ${line})${fault.slice(path.length)}`
  })
}

/** The path, then what it lies in, up to but without the whole. */
function withParents(path: string): string[] {
  const parts = path.split('.')
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('.'))
}

interface Level {
  path: string
  /** Next index of a list, undefined in an object. */
  index: number | undefined
  /** Of the value that comes, in an object. */
  key: string
}

const tokens = /"(?:[^"\\]|\\.)*"|[[\]{},:\n]|[^\s"[\]{},:]+/g

function findLines(text: string, wanted: ReadonlySet<string>): Map<string, number> {
  const found = new Map<string, number>()
  const levels: Level[] = []
  let line = 1
  let isKey = false

  /** Where the value that begins here lies. */
  function enter(): string {
    const level = levels.at(-1)
    if (!level) return ''
    const part = level.index === undefined ? level.key : String(level.index++)
    const path = level.path === '' ? part : `${level.path}.${part}`
    if (wanted.has(path)) found.set(path, line)
    return path
  }

  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1)
    if (token === '\n') line++
    else if (token === '{' || token === '[') {
      levels.push({ path: enter(), index: token === '[' ? 0 : undefined, key: '' })
      isKey = token === '{'
    } else if (token === '}' || token === ']') levels.pop()
    else if (token === ',') isKey = level?.index === undefined
    else if (token === ':') isKey = false
    else if (isKey && level) level.key = JSON.parse(token) as string
    else enter()
  }
  return found
}
