// The latest records as bytes in two pages: when the young one is full it becomes the old one, and the old one goes. Records
// as strings and objects survive dozens of young-generation collections, each of which copies them: 4 us of every message,
// and pauses of 20 ms. Bytes cost the collector nothing.
import type { MessageId, UserId } from '../core/ids.ts'
import type { PrintedRecord } from './record.ts'

export interface RecordPages {
  add(record: PrintedRecord): void
  /** JSON of the latest record of that message. */
  find(bot: UserId, id: MessageId): string | undefined
  /** What was added since the last call, as lines. Parts of the pages, not copies. */
  takeLines(): Uint8Array[]
}

interface Page {
  bytes: Buffer
  end: number
  /** Where each record begins. */
  places: Map<UserId, Map<MessageId, number>>
}

const lineEnd = 0x0a
/** UTF-8 takes no more for a UTF-16 unit. */
const mostBytesAChar = 3

/** `onDrop`: a page that had records goes. */
export function createRecordPages(pageBytes: number, onDrop: () => void): RecordPages {
  let young = createPage(pageBytes)
  let old: Page | undefined
  /** Of the young page: where the lines begin that were not taken. */
  let untaken = 0
  let earlier: Uint8Array[] = []

  function turn(needed: number): void {
    if (untaken < young.end) earlier.push(young.bytes.subarray(untaken, young.end))
    if (old) onDrop()
    old = young
    young = createPage(Math.max(pageBytes, needed))
    untaken = 0
  }

  return {
    add({ bot, id, json }) {
      const most = json.length * mostBytesAChar + 1
      if (young.end + most > young.bytes.length) turn(most)
      const { bytes, end, places } = young
      const written = bytes.write(json, end, 'utf8')
      bytes[end + written] = lineEnd
      young.end = end + written + 1
      let own = places.get(bot)
      if (!own) places.set(bot, (own = new Map()))
      own.set(id, end)
    },
    find: (bot, id) => read(young, bot, id) ?? (old && read(old, bot, id)),
    takeLines() {
      const lines = earlier
      earlier = []
      if (untaken < young.end) lines.push(young.bytes.subarray(untaken, young.end))
      untaken = young.end
      return lines
    },
  }
}

function createPage(size: number): Page {
  return { bytes: Buffer.allocUnsafeSlow(size), end: 0, places: new Map() }
}

function read({ bytes, places }: Page, bot: UserId, id: MessageId): string | undefined {
  const start = places.get(bot)?.get(id)
  return start === undefined ? undefined : bytes.toString('utf8', start, bytes.indexOf(lineEnd, start))
}
