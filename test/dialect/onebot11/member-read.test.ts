// Members of lists are read by hand where their shape is the usual one: always to what the field table reads.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GroupId } from '../../../src/core/ids.ts'
import { readListedMember } from '../../../src/dialect/onebot11/member-read.ts'
import { readMember } from '../../../src/dialect/onebot11/models.ts'

const odd = fc.oneof(fc.constantFrom(null, '', '5', 0, -1, 1.5, 2 ** 53, true, [], {}), fc.string())
const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd })

const entry = fc.record(
  {
    group_id: mostly(fc.nat()),
    user_id: mostly(fc.integer({ min: 1 })),
    nickname: mostly(fc.string()),
    card: mostly(fc.string()),
    sex: mostly(fc.constantFrom('male', 'female', 'unknown', 'other')),
    age: mostly(fc.nat()),
    level: mostly(fc.string()),
    join_time: mostly(fc.nat()),
    last_sent_time: mostly(fc.nat()),
    role: mostly(fc.constantFrom('owner', 'admin', 'member', 'guest')),
    title: mostly(fc.string()),
    shut_up_timestamp: mostly(fc.nat()),
    area: fc.constantFrom('', '', '', 'x'),
    is_robot: fc.constantFrom(false, false, false, true),
    title_expire_time: fc.constantFrom(0, 0, 0, 5),
    constructor: fc.constant(1),
    uin: fc.constant('7'),
  },
  { requiredKeys: ['user_id', 'nickname', 'card', 'sex', 'age', 'level', 'join_time', 'last_sent_time', 'role'] },
)

const groupId = 30001 as GroupId

test('law: by hand as by the table, in the same order', () => {
  fc.assert(
    fc.property(entry, (wire) => {
      const given = { ...wire }
      const byHand = readListedMember(given, groupId)
      const byTable = readMember({ ...given, group_id: groupId })
      expect(byHand).toEqual(byTable)
      expect(JSON.stringify(byHand)).toBe(JSON.stringify(byTable))
    }),
    { numRuns: 2000 },
  )
})

test.each([null, undefined, 5, 'x', [], {}, { user_id: 0 }])('%j is no member', (value) => {
  expect(readListedMember(value, groupId)).toBeUndefined()
})
