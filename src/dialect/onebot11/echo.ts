// The echo of a frame, to be given back exactly as it came: parsing would reorder the keys of objects and round numbers.

/** JSON text of the top-level member `echo`. `text` is known to be a valid JSON object. undefined when it has none. */
export function echoOf(text: string): string | undefined {
  let found: string | undefined
  let at = skipSpace(text, text.indexOf('{') + 1)
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at)
    const isEcho = text.slice(at, keyEnd) === '"echo"'
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const end = endOfValue(text, start)
    // The last of several counts, as it does for JSON.parse.
    if (isEcho) found = text.slice(start, end).trimEnd()
    if (text[end] !== ',') break
    at = skipSpace(text, end + 1)
  }
  return found
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 32) at++
  return at
}

/** Behind the closing quote: the first one that has an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at > 0) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at + 1
    at = text.indexOf('"', at + 1)
  }
  return text.length
}

/** At the comma or brace that ends the value. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  let at = start
  while (at < text.length) {
    const character = text[at]
    if (character === '"') {
      at = endOfString(text, at)
      continue
    }
    if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') {
      if (depth === 0) return at
      depth--
    } else if (character === ',' && depth === 0) return at
    at++
  }
  return at
}
