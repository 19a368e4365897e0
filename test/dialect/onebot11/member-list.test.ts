// Long lists are written as text and kept: they must always say what printing each member anew would.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Member } from '../../../src/core/contact.ts'
import { JsonText } from '../../../src/core/json.ts'
import { createMemberListPrinter } from '../../../src/dialect/onebot11/member-list.ts'
import { printMember } from '../../../src/dialect/onebot11/models.ts'
import { printOk, toAnswerText } from '../../../src/dialect/onebot11/response.ts'

function toMembers(count: number, groupId = 1): Member[] {
  const rest = { role: 'member', title: '', joinTime: 3, lastSpeakTime: 4, mutedUntil: 0 } as const
  return Array.from({ length: count }, (_, at) => ({
    ...rest,
    groupId: groupId as Member['groupId'],
    userId: (at + 1) as Member['userId'],
    nickname: `name "${at}" 😀`,
    card: '',
  }))
}

const plainly = (members: readonly Member[]): string => JSON.stringify(members.map(printMember))

const far = 4_000_000_000
const change = fc.oneof(
  fc.record({ card: fc.string() }),
  fc.record({ nickname: fc.string({ unit: 'binary' }) }),
  fc.record({ role: fc.constantFrom('owner', 'admin', 'member') }),
  fc.record({ title: fc.string(), titleUntil: fc.constantFrom(undefined, far) }),
  fc.record({ lastSpeakTime: fc.nat() }),
  fc.record({ mutedUntil: fc.constantFrom(0, 1, far) }),
  fc.record({ level: fc.string(), age: fc.nat(), sex: fc.constantFrom('male', 'female', 'unknown') }),
)

test('law: whatever changes in place, joins or leaves, the text is that of now', () => {
  const step = fc.record({ at: fc.nat(119), change, leave: fc.boolean(), other: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const print = createMemberListPrinter()
      const groups = [toMembers(120), toMembers(120, 2)]
      for (const { at, change: changed, leave, other } of steps) {
        const members = groups[Number(other)] as Member[]
        const member = members[at % members.length]
        if (leave && members.length > 100) members.splice(at % members.length, 1)
        else Object.assign(member as Member, changed)
        for (const list of groups) expect(JSON.stringify(print(list))).toBe(plainly(list))
      }
    }),
    { numRuns: 40 },
  )
})

test('in an answer it stands where the value would', () => {
  const members = toMembers(100)
  const list = createMemberListPrinter()(members)
  expect(list).toBeInstanceOf(JsonText)
  const text = toAnswerText(printOk(list), '"e"')
  expect(text).toBe(toAnswerText(printOk(members.map(printMember)), '"e"'))
})

test('short lists are values, the empty one too', () => {
  const print = createMemberListPrinter()
  expect(print([])).toEqual([])
  expect(print(toMembers(99))).toEqual(toMembers(99).map(printMember))
})
