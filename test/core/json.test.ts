import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../src/core/json.ts'

const refused = expect.objectContaining({ kind: 'badRequest' })

describe('parseJson', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        if (text.includes('__proto__') || /[0-9]{16}/.test(text)) return
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test.each([
    ['nested too deep', '['.repeat(101) + ']'.repeat(101)],
    ['mixed nesting too deep', '{"a":['.repeat(51) + ']}'.repeat(51)],
    ['too many values', `[${'0,'.repeat(200_001)}0]`],
    ['an integer of more than 20 digits', '{"id":123456789012345678901}'],
    ['no JSON', '{'],
    ['nothing', ''],
    ['a comment', '{"a":1 /* b */}'],
  ])('refuses %s', (_, text) => {
    expect(() => parseJson(text)).toThrow(refused)
  })

  test('depth within the limit and brackets inside strings are fine', () => {
    expect(parseJson('['.repeat(100) + ']'.repeat(100))).toBeInstanceOf(Array)
    expect(parseJson(`{"a":"${'['.repeat(500)}","b":"\\"${'{'.repeat(500)}"}`)).toMatchObject({ a: '['.repeat(500) })
  })

  test('integers beyond 2^53 stay exact as text', () => {
    expect(parseJson('{"id":7345678901234567890,"small":42,"f":1.25}')).toEqual({
      id: '7345678901234567890',
      small: 42,
      f: 1.25,
    })
  })

  test('a long integer is found wherever it stands, beside any other digits', () => {
    const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{${length - 1}}$`))
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 15 }).chain(digits), digits(18), (pad, short, long) => {
        const text = `{"${'x'.repeat(pad)}":${short},"t":"${long}","id":${long},"after":${short}}`
        const expected = { t: long, id: Number.isSafeInteger(Number(long)) ? Number(long) : long, after: Number(short) }
        expect(parseJson(text)).toMatchObject(expected)
        expect(parseJson(`[${' '.repeat(pad)}${short},${short}]`)).toEqual([Number(short), Number(short)])
      }),
    )
  })

  test('short texts are held to the depth, too, whatever stands between the brackets', () => {
    fc.assert(
      fc.property(fc.integer({ min: 90, max: 110 }), fc.nat(100), (depth, strings) => {
        const text = `[${'"[{",'.repeat(strings)}${'{"a":['.repeat((depth - 2) / 2)}{}${']}'.repeat((depth - 2) / 2)}]`
        const real = 2 + 2 * Math.floor((depth - 2) / 2)
        if (real > 100) expect(() => parseJson(text)).toThrow(refused)
        else expect(parseJson(text)).toHaveLength(strings + 1)
      }),
    )
  })

  test('prototype keys are dropped', () => {
    const value = parseJson('{"__proto__":{"admin":true},"a":{"__proto__":1,"b":2}}') as Record<string, unknown>
    expect(Object.keys(value)).toEqual(['a'])
    expect(value['a']).toEqual({ b: 2 })
    expect((value as { admin?: boolean }).admin).toBeUndefined()
  })

  test('ten megabytes of brackets are refused at once', () => {
    const started = performance.now()
    expect(() => parseJson('['.repeat(10_000_000))).toThrow(refused)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
