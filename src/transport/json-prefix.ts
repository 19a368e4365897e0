// A member of a JSON object of which only the beginning is there yet. Linear; says nothing rather than something wrong.

/** The text or number that the outermost object gives `name`. undefined: not in this part of it. */
export function findInPrefix(prefix: string, name: string): string | undefined {
  let depth = 0
  for (let at = 0; at < prefix.length; at++) {
    const character = prefix[at]
    if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    else if (character === '"') {
      const end = endOfText(prefix, at)
      if (end < 0) return undefined
      if (depth === 1 && isKey(prefix, at, end, name)) return valueAfter(prefix, end)
      at = end
    }
  }
  return undefined
}

/** Index of the closing quote; -1 when it is not there. */
function endOfText(prefix: string, start: number): number {
  for (let at = start + 1; at < prefix.length; at++) {
    if (prefix[at] === '\\') at++
    else if (prefix[at] === '"') return at
  }
  return -1
}

const colon = /[ \t\r\n]*:[ \t\r\n]*/y
const value = /"([^"\\]*)"|([0-9]{1,20})(?=[ \t\r\n,}])/y

function isKey(prefix: string, start: number, end: number, name: string): boolean {
  colon.lastIndex = end + 1
  return prefix.slice(start + 1, end) === name && colon.test(prefix)
}

function valueAfter(prefix: string, end: number): string | undefined {
  colon.lastIndex = end + 1
  colon.test(prefix)
  value.lastIndex = colon.lastIndex
  const [, text, digits] = value.exec(prefix) ?? []
  return text ?? digits
}
