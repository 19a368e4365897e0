// The hand-made text of a record says what JSON.stringify would.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printRecord, type MessageRecord } from '../../src/state/record.ts'

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
const absent = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const extra = fc.record({ dialect: fc.constant('onebot11'), members: fc.dictionary(fc.string(), fc.jsonValue()) })
const segment = fc.oneof(
  fc.record({ type: fc.constant('text'), text: anyText }),
  fc.record({ type: fc.constant('text'), text: anyText, extra }),
  fc.record({ type: fc.constant('reply'), messageId: fc.integer() }),
  fc.record({ type: fc.constant('mention'), userId: number, name: absent(anyText) }),
  fc.record({
    type: fc.constant('image'),
    id: absent(anyText),
    url: absent(anyText),
    base64: fc.constant(undefined),
    name: absent(anyText),
    sizeBytes: absent(fc.nat()),
    emoji: absent(fc.boolean()),
    width: absent(fc.nat()),
  }),
)
const sender = fc.record({
  userId: number,
  nickname: anyText,
  card: absent(anyText),
  remark: absent(anyText),
  role: absent(fc.constantFrom('owner', 'admin', 'member')),
  title: absent(anyText),
  sex: absent(fc.constantFrom('male', 'female')),
  age: absent(fc.nat()),
  level: absent(anyText),
  extra: absent(extra),
})
const peer = fc.oneof(
  fc.record({ kind: fc.constant('group'), groupId: number }),
  fc.record({ kind: fc.constantFrom('friend', 'stranger'), userId: number }),
  fc.record({ kind: fc.constant('temp'), userId: number, groupId: absent(number) }),
)
const content = fc.record({
  sender,
  time: fc.nat(),
  segments: fc.array(segment, { maxLength: 4 }),
  seq: absent(fc.nat()),
  extra: absent(extra),
})
const record = fc.record({
  bot: number,
  id: fc.integer(),
  native: anyText,
  peer,
  backend: absent(anyText),
  recalled: fc.boolean(),
  content: fc.option(content),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<MessageRecord>

test('a record is printed as JSON.stringify prints it', () => {
  fc.assert(
    fc.property(record, (given) => {
      const { bot, id, json } = printRecord(given)
      expect({ bot, id }).toEqual({ bot: given.bot, id: given.id })
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(given)))
    }),
  )
})
