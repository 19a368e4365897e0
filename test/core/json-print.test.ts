// The quick text of a string is that of JSON.stringify.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printText } from '../../src/core/json-print.ts'

test('any text', () => {
  const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
  fc.assert(
    fc.property(anyText, (text) => {
      expect(printText(text)).toBe(JSON.stringify(text))
    }),
  )
})

test('each code unit, alone and behind another one', () => {
  const units = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
  expect(units.filter((unit) => printText(unit) !== JSON.stringify(unit))).toEqual([])
  expect(units.filter((unit) => printText(`\ud83d${unit}`) !== JSON.stringify(`\ud83d${unit}`))).toEqual([])
})
