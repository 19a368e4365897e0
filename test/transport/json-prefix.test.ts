import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findInPrefix } from '../../src/transport/json-prefix.ts'

const find = (prefix: string) => findInPrefix(prefix, 'sessionKey')

test.each([
  ['{"sessionKey":"abc","x":"', 'abc'],
  [' { "target" : 5 , "sessionKey" : "abc" , "x', 'abc'],
  ['{"a":{"sessionKey":"inner"},"sessionKey":"abc",', 'abc'],
  ['{"a":"\\"sessionKey\\":\\"no\\"","sessionKey":12345,', '12345'],
])('%s', (prefix, key) => expect(find(prefix)).toBe(key))

test.each([
  '{"a":{"sessionKey":"inner"',
  '{"x":"sessionKey","y":"abc",',
  '{"sessionKey":"ab',
  '{"sessionKey":"a\\u0062",',
  '{"sessionKey":12',
  '[{"sessionKey":"abc"}',
  '',
])('nothing in %s', (prefix) => expect(find(prefix)).toBeUndefined())

test('what it finds is what the whole says, wherever the text is cut', () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
  fc.assert(
    fc.property(object, fc.stringMatching(/^[A-Za-z0-9]{1,20}$/), fc.nat(), (before, key, cut) => {
      delete before['sessionKey']
      const text = JSON.stringify({ ...before, sessionKey: key, after: 1 })
      expect(find(text)).toBe(key)
      expect([undefined, key]).toContain(find(text.slice(0, cut % text.length)))
    }),
  )
})
