// JSON that is written already, as bytes: a long list is neither printed, joined nor encoded again for each answer.

/** Bytes of a text of which traces keep only the beginning. */
const longBytes = 8192

/** Whoever writes the whole takes the bytes, for everybody else it is the value. */
export class JsonText {
  readonly bytes: Buffer
  #glimpse: string | undefined = undefined

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get text(): string {
    return this.bytes.toString('utf8')
  }

  /** What people are shown of it: all, or the beginning and how long it is. */
  get glimpse(): string {
    return (this.#glimpse ??= this.bytes.length <= longBytes ? this.text : beginningOf(this.bytes))
  }

  toJSON(): unknown {
    return JSON.parse(this.text)
  }
}

/** A character that was cut in two is left out. */
function beginningOf(bytes: Buffer): string {
  return `${bytes.toString('utf8', 0, longBytes).replace(/\ufffd+$/, '')}… (${bytes.length} bytes)`
}

/** JSON with one inside that is written already. */
export class Spliced {
  readonly head: string
  readonly body: JsonText
  readonly tail: string

  constructor(head: string, body: JsonText, tail: string) {
    this.head = head
    this.body = body
    this.tail = tail
  }

  /** About as many characters as there are. */
  get length(): number {
    return this.head.length + this.body.bytes.length + this.tail.length
  }

  within(before: string, after: string): Spliced {
    return new Spliced(before + this.head, this.body, this.tail + after)
  }

  toString(): string {
    return this.head + this.body.text + this.tail
  }
}

/** What goes over a wire. */
export type WireText = string | Spliced

export function wrapText(before: string, text: WireText, after: string): WireText {
  return typeof text === 'string' ? before + text + after : text.within(before, after)
}
