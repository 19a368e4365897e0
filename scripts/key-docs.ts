// The comments that stand at the keys of object schemas, read from the sources: each key is documented there and nowhere else.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Block {
  /** Of `const name = {` or `const name = v.strictObject({`. */
  name: string | undefined
  /** By key; undefined for a key without a comment. */
  docs: Map<string, string | undefined>
  spreads: string[]
}

/** What is said about the keys of the object schema that has exactly these; undefined for one that stands in no source. */
export type FindDocs = (keys: readonly string[]) => ReadonlyMap<string, string | undefined> | undefined

export function readKeyDocs(files: readonly URL[]): FindDocs {
  const byFile = files.map((file) => findBlocks(readFileSync(fileURLToPath(file), 'utf8')))
  // Names mean those of the same file first.
  const resolved = byFile.flatMap((own) => own.map((block) => resolveSpreads(block, [...own, ...byFile.flat()])))
  return (keys) => {
    const fitting = resolved.filter((docs) => docs.size === keys.length && keys.every((key) => docs.has(key)))
    return fitting.toSorted((one, other) => countDocs(other) - countDocs(one))[0]
  }
}

function countDocs(docs: ReadonlyMap<string, string | undefined>): number {
  return [...docs.values()].filter((doc) => doc !== undefined).length
}

function resolveSpreads(block: Block, all: readonly Block[]): Map<string, string | undefined> {
  const spread = block.spreads.flatMap((name) => {
    const found = all.find((other) => other.name === name)
    return found ? [...resolveSpreads(found, all)] : []
  })
  return new Map([...spread, ...block.docs])
}

/** Comments, literals and brackets; everything else is passed over one by one. */
const token =
  /\/\*\*(?<doc>[\s\S]*?)\*\/|\/\/.*|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|(?<=[(,=]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+\/|\.\.\.(?<spread>\w+)|(?<key>[\w$]+)\s*(?:\??:|(?=[,}]))|(?<open>[{(])|(?<close>[)}])|(?<comma>,)|(?<other>[^\s])/g

function findBlocks(text: string): Block[] {
  const found: Block[] = []
  const open: (Block | undefined)[] = []
  let doc: string | undefined
  /** Right behind `{` or `,`: here a key of the innermost block can stand. */
  let isStart = false
  for (const { index, 0: whole, groups = {} } of text.matchAll(token)) {
    const block = open.at(-1)
    if (groups['doc'] !== undefined) doc = toSentence(groups['doc'])
    else if (groups['open'] === '{') {
      const name = /const (\w+)(?::[^=]+)? = (?:[\w.]+\()?$/.exec(text.slice(0, index))?.[1]
      const made = { name, docs: new Map<string, string | undefined>(), spreads: [] }
      open.push(made)
      found.push(made)
      isStart = true
    } else if (groups['open'] !== undefined) open.push(undefined)
    else if (groups['close'] !== undefined) open.pop()
    else if (groups['comma'] !== undefined) isStart = true
    else if (!whole.startsWith('//')) {
      if (isStart && groups['key'] !== undefined) block?.docs.set(groups['key'], doc)
      if (isStart && groups['spread'] !== undefined) block?.spreads.push(groups['spread'])
      isStart = false
      doc = undefined
    }
  }
  return found
}

function toSentence(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*\s?/, '').trim())
    .filter((line) => line !== '')
    .join(' ')
}
