import { expect, test } from 'vitest'
import { JsonText, Spliced, wrapText } from '../../src/core/json-text.ts'

const toText = (value: unknown): JsonText => new JsonText(Buffer.from(JSON.stringify(value)))

test('it is the text for who writes and the value for everybody else', () => {
  const list = toText(['名', 1])
  expect(JSON.stringify({ data: list })).toBe('{"data":["名",1]}')
  const answer = wrapText('{"syncId":"1","data":', new Spliced('{"code":0,"data":', list, '}'), '}')
  expect(String(answer)).toBe('{"syncId":"1","data":{"code":0,"data":["名",1]}}')
  expect(answer.length).toBe(Buffer.byteLength(String(answer)))
  expect(wrapText('[', 'x', ']')).toBe('[x]')
})

test('what people are shown of a long one is its beginning, no character of it cut in two', () => {
  expect(toText(['短']).glimpse).toBe('["短"]')
  for (const shift of [0, 1, 2]) {
    const long = toText(['x'.repeat(shift) + '长'.repeat(5000)])
    const { glimpse } = long
    const [start = '', rest] = glimpse.split('…')
    expect(JSON.stringify(long.toJSON()).startsWith(start)).toBe(true)
    expect(Buffer.byteLength(start)).toBeGreaterThan(8189)
    expect(rest).toBe(` (${15_004 + shift} bytes)`)
    expect(long.glimpse).toBe(glimpse)
  }
})
