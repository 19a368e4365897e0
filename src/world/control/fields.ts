// Readers of the fields of control acts. Numbers may come as their decimal text, everything else as it is.
import * as v from 'valibot'
import { toGroupId, toInteger, toMessageId, toUserId } from '../../core/read.ts'
import type { Role } from '../../core/contact.ts'

function read<T>(reader: (value: unknown) => T | undefined, what: string) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const value = reader(dataset.value)
      if (value !== undefined) return value
      addIssue({ message: `must be ${what}` })
      return NEVER
    }),
  )
}

export const user = read(toUserId, 'an account number')
export const groupId = read(toGroupId, 'a group number')
export const messageId = read(toMessageId, 'a message id')
export const wholeNumber = read((value) => {
  const number = toInteger(value)
  return number !== undefined && number >= 0 ? number : undefined
}, 'a whole number that is not negative')
export const text = v.string('must be text')
export const flag = v.boolean('must be true or false')
export const chat = v.picklist(['friend', 'group', 'temp'], 'must be friend, group or temp')
export const anything = v.unknown()

const roles = new Map<unknown, Role>([
  ['OWNER', 'owner'],
  ['ADMINISTRATOR', 'admin'],
  ['MEMBER', 'member'],
  ['owner', 'owner'],
  ['admin', 'admin'],
  ['member', 'member'],
])
export const role = read((value) => roles.get(value), 'OWNER, ADMINISTRATOR or MEMBER')

/** An object with these fields and no others. */
export function form<E extends v.ObjectEntries>(entries: E) {
  const allowed = Object.keys(entries).join(', ')
  return v.strictObject(entries, (issue) => {
    if (issue.expected === 'never') return `unknown field, allowed are: ${allowed}`
    return issue.received === 'undefined' ? 'is missing' : issue.message
  })
}
