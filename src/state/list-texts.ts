// Lists of people and groups as text, the longest answers there are. What has not changed since the last time is kept, and what
// must be printed is printed in slices: 5,000 members at a time would hold up everybody else for milliseconds.
import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { JsonText } from '../core/json-text.ts'
import type { ListForm, ListTexts } from '../core/ports.ts'

/** Rows of which one that changed is printed with all others: their texts lie next to each other. */
const chunkRows = 64
/** Chunks that are printed until others get their turn, about half a millisecond. */
const sliceChunks = 8
/** What a list costs beside its text. */
const listBytes = 512
const rowBytes = 8

const comma = 44
const bracket = 91
const end = Buffer.from(']')

interface Printed {
  rows: readonly object[]
  context: string | undefined
  text: JsonText
  /** Where in the text each chunk ends. */
  ends: readonly number[]
  /** Unix milliseconds until which each chunk holds good. */
  untils: readonly number[]
  /** The least of them. */
  until: number
}

interface Underway {
  rows: readonly object[]
  context: string | undefined
  text: Promise<JsonText>
}

/** 300,000 members. */
export const defaultListTextBytes = 64 * 1024 * 1024

/** `bytes`: of all texts together; the lists that were asked for least recently go. */
export function createListTexts(bytes = defaultListTextBytes): ListTexts {
  const lists = new LRUCache<string, Printed>({
    maxSize: bytes,
    sizeCalculation: ({ text, rows }) => text.bytes.length + rows.length * rowBytes + listBytes,
  })
  const running = new Map<string, Underway>()

  async function printAnew<T extends object>(rows: readonly T[], form: ListForm<T>): Promise<JsonText> {
    const known = lists.get(form.key)
    const printed = await printRows(rows, form, known?.context === form.context ? known : undefined)
    lists.set(form.key, printed)
    return printed.text
  }

  return {
    print(rows, form) {
      const { key, context } = form
      const known = lists.get(key)
      if (known?.rows === rows && known.context === context && Date.now() < known.until) return known.text
      const other = running.get(key)
      if (other?.rows === rows && other.context === context) return other.text
      const text = printAnew(rows, form).finally(() => running.get(key)?.text === text && running.delete(key))
      running.set(key, { rows, context, text })
      return text
    },
  }
}

async function printRows<T extends object>(
  rows: readonly T[],
  form: ListForm<T>,
  before: Printed | undefined,
): Promise<Printed> {
  const chunks: Buffer[] = []
  const untils: number[] = []
  let fresh = 0
  for (let at = 0; at < rows.length; at += chunkRows) {
    const index = at / chunkRows
    if (before && isSame(rows, before, at)) {
      chunks.push(before.text.bytes.subarray(before.ends[index - 1] ?? 0, before.ends[index]))
      untils.push(before.untils[index] as number)
      continue
    }
    const { text, until } = printChunk(rows, at, form)
    chunks.push(text)
    untils.push(until)
    if (++fresh % sliceChunks === 0) await setImmediate()
  }
  const { context } = form
  return { rows, context, ...join(chunks), untils, until: Math.min(...untils) }
}

/** The chunk that begins there holds the same rows, and time has changed none of them. */
function isSame(rows: readonly object[], before: Printed, at: number): boolean {
  if (Date.now() >= (before.untils[at / chunkRows] ?? 0)) return false
  const last = Math.min(at + chunkRows, rows.length)
  if (last !== Math.min(at + chunkRows, before.rows.length)) return false
  for (let index = at; index < last; index++) if (rows[index] !== before.rows[index]) return false
  return true
}

/** Each row with a comma in front of it. */
function printChunk<T>(rows: readonly T[], at: number, form: ListForm<T>): { text: Buffer; until: number } {
  const last = Math.min(at + chunkRows, rows.length)
  let text = ''
  let until = Infinity
  for (let index = at; index < last; index++) {
    const row = rows[index] as T
    // Asked first: a change while it is printed is printed again at worst.
    const goodUntil = form.until?.(row) ?? Infinity
    const printed = form.print(row)
    if (printed === undefined) continue
    text += `,${printed}`
    until = Math.min(until, goodUntil)
  }
  return { text: Buffer.from(text), until }
}

/** The first comma becomes the bracket, and is a comma again when that chunk moves. */
function join(chunks: readonly Buffer[]): Pick<Printed, 'text' | 'ends'> {
  const bytes = Buffer.concat([...chunks, end])
  const ends: number[] = []
  let at = 0
  for (const chunk of chunks) {
    if (chunk.length > 0) bytes[at] = comma
    at += chunk.length
    ends.push(at)
  }
  if (at === 0) return { text: new JsonText(Buffer.from('[]')), ends }
  bytes[0] = bracket
  return { text: new JsonText(bytes), ends }
}
