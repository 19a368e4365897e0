// Laws of the CQ code grammar.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCq, printCq } from '../../src/dialect/onebot11/cqcode.ts'
import type { WireSegment } from '../../src/dialect/onebot11/wire.ts'

const hostile = fc.constantFrom('&', '[', ']', ',', '=', '&amp;', '&#91;', '&#44;', '[CQ:', ' ', '\n', '中', '😀')
const anyText = fc
  .array(fc.oneof(hostile, fc.string({ unit: 'binary' })), { minLength: 1 })
  .map((parts) => parts.join(''))
  .filter((text) => text !== '')
const word = fc.stringMatching(/^[A-Za-z0-9_]{1,12}$/).filter((name) => name !== 'text' && name !== '__proto__')
const code = fc.record({ type: word, data: fc.dictionary(word, anyText, { noNullPrototype: true }) })
const plain = anyText.map((text): WireSegment => ({ type: 'text', data: { text } }))

/** Text segments side by side become one: that is all a round trip may change. */
function joined(segments: readonly WireSegment[]): WireSegment[] {
  const out: WireSegment[] = []
  for (const segment of segments) {
    const last = out.at(-1)
    if (segment.type === 'text' && last?.type === 'text') {
      last.data = { text: `${last.data['text'] as string}${segment.data['text'] as string}` }
    } else out.push({ ...segment })
  }
  return out
}

test('reading what was printed gives the same segments', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(plain, code)), (segments) => {
      expect(parseCq(printCq(segments))).toEqual(joined(segments))
    }),
  )
})

test('anything can be read, and printing it again is stable', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = printCq(parseCq(text))
      expect(printCq(parseCq(once))).toBe(once)
    }),
  )
})
