import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSlots } from '../../src/transport/slots.ts'

test('each value is found by its number until it is taken, and by no other', () => {
  const steps = fc.array(fc.oneof(fc.constant('add' as const), fc.nat(30)), { maxLength: 200 })
  fc.assert(
    fc.property(steps, (list) => {
      const slots = createSlots<number>()
      const model = new Map<number, number>()
      const given: number[] = []
      for (const step of list) {
        if (step === 'add') {
          const number = slots.add(given.length)
          expect(given).not.toContain(number)
          model.set(number, given.length)
          given.push(number)
        } else {
          const number = given[step] ?? step
          expect(slots.take(number)).toBe(model.get(number))
          model.delete(number)
        }
        expect(slots.size).toBe(model.size)
        for (const number of given) {
          expect(slots.get(number)).toBe(model.get(number))
          expect(slots.wasGiven(number)).toBe(true)
        }
        expect(new Set(slots.numbers())).toEqual(new Set(model.keys()))
      }
    }),
    { numRuns: 50 },
  )
})

test('numbers that were never given, of whatever kind, are nobody’s', () => {
  const slots = createSlots<string>()
  const other = createSlots<string>()
  const number = slots.add('a')
  const foreign = other.add('b')
  for (const wrong of [0, -1, -number, Number.NaN, Number.POSITIVE_INFINITY, 1.5, number + 1, 2 ** 60]) {
    expect([slots.get(wrong), slots.take(wrong), slots.wasGiven(wrong)]).toEqual([undefined, undefined, false])
  }
  expect([slots.get(foreign), slots.take(foreign)]).toEqual([undefined, undefined])
  expect(slots.get(number)).toBe('a')
})

test('a full table refuses', () => {
  const slots = createSlots<number>()
  for (let at = 0; at < 65_536; at++) slots.add(at)
  expect(() => slots.add(1)).toThrow(RangeError)
  expect(slots.size).toBe(65_536)
})
