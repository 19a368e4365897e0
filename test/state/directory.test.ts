import { describe, expect, test } from 'vitest'
import type { Group, Member } from '../../src/core/contact.ts'
import type { GroupId, UserId } from '../../src/core/ids.ts'
import { createDirectory, type DirectoryOptions } from '../../src/state/directory.ts'
import { createState } from '../../src/state/index.ts'

const bot = 10001 as UserId
const captain = 20001 as UserId
const groupId = 30001 as GroupId
const member = (userId: UserId, change: Partial<Member> = {}): Member => ({
  groupId,
  userId,
  nickname: `nick-${userId}`,
  card: '',
  role: 'member',
  title: '',
  joinTime: 1,
  lastSpeakTime: 1,
  mutedUntil: 0,
  ...change,
})

function setUp(fail = false) {
  const asked: string[] = []
  const answers = {
    'group.list': [{ groupId, name: '夜航船' } satisfies Group],
    'group.member.list': [member(bot, { role: 'admin' }), member(captain, { role: 'owner', card: '船长' })],
    'friend.list': [{ userId: captain, nickname: 'c', remark: 'r' }],
  } as Record<string, unknown>
  const call = (async (_bot: UserId, action: { name: string }) => {
    asked.push(action.name)
    if (fail) throw new Error('away')
    return answers[action.name]
  }) as unknown as DirectoryOptions['call']
  return { asked, directory: createDirectory({ call, messages: createState().messages }) }
}

describe('directory', () => {
  test('asks once however many want to know, then answers without waiting', async () => {
    const { asked, directory } = setUp()
    await Promise.all([directory.ensureMembers(bot, groupId), directory.ensureMembers(bot, groupId)])
    expect(asked).toEqual(['group.member.list'])
    expect(directory.ensureMembers(bot, groupId)).toBeUndefined()
    expect(directory.contacts.member(bot, groupId, captain)?.card).toBe('船长')
  })

  test("the bot's role comes from its own member row when the group list lacks it", async () => {
    const { directory } = setUp()
    await directory.ensureGroup(bot, groupId)
    expect(directory.contacts.group(bot, groupId)?.botRole).toBeUndefined()
    await directory.ensureMembers(bot, groupId)
    expect(directory.contacts.group(bot, groupId)?.botRole).toBe('admin')
  })

  test('a failure is not repeated for a while and never rejects', async () => {
    const { asked, directory } = setUp(true)
    await directory.ensureFriends(bot)
    expect(directory.ensureFriends(bot)).toBeUndefined()
    expect(asked).toEqual(['friend.list'])
  })

  test('events keep it right and find what was there before', async () => {
    const { directory } = setUp()
    await directory.ensureMembers(bot, groupId)
    const event = { type: 'group.member.card', bot, time: 1, groupId, userId: captain, card: '新' } as const
    const seen = { ...event }
    directory.complete(seen)
    directory.apply(seen)
    expect(seen).toEqual({ ...event, oldCard: '船长' })
    expect(directory.contacts.member(bot, groupId, captain)?.card).toBe('新')
    directory.apply({ type: 'group.member.leave', bot, time: 1, groupId, userId: captain, how: 'leave' })
    expect(directory.contacts.members(bot, groupId)?.map(({ userId }) => userId)).toEqual([bot])
    // The event about it is printed with what was known of the one who left.
    expect(directory.contacts.member(bot, groupId, captain)?.card).toBe('新')
    directory.apply({ type: 'group.member.leave', bot, time: 1, groupId, userId: bot, how: 'kick' })
    expect(directory.contacts.members(bot, groupId)).toBeUndefined()
  })

  test('a list stays the same until something in it changes; what is said again is the same', async () => {
    const { directory } = setUp()
    const { contacts } = directory
    await directory.ensureMembers(bot, groupId)
    const first = contacts.members(bot, groupId)
    expect(contacts.members(bot, groupId)).toBe(first)
    const again = () => first?.map((one) => ({ ...one })) ?? []
    contacts.storeMembers(bot, groupId, again())
    expect(contacts.members(bot, groupId)).toBe(first)
    contacts.storeMembers(bot, groupId, [...again().slice(0, 1), member(captain, { role: 'owner', card: '新' })])
    const other = contacts.members(bot, groupId)
    expect(other).not.toBe(first)
    expect([other?.[0] === first?.[0], other?.[1]?.card, first?.[1]?.card]).toEqual([true, '新', '船长'])
    contacts.changeMember(bot, groupId, captain, { card: '新' })
    expect(contacts.members(bot, groupId)).toBe(other)
    contacts.changeMember(bot, groupId, captain, { card: '' })
    expect([contacts.members(bot, groupId)?.[1]?.card, other?.[1]?.card]).toEqual(['', '新'])
    contacts.storeMembers(bot, groupId, again().toReversed())
    expect(contacts.members(bot, groupId)).toEqual(again().toReversed())
  })

  test('a change made through the bridge is read at once, its event still shows the old value', async () => {
    const { directory } = setUp()
    await directory.ensureMembers(bot, groupId)
    directory.changeMember(bot, groupId, captain, { card: 'B' })
    expect(directory.contacts.member(bot, groupId, captain)?.card).toBe('B')
    const event = { type: 'group.member.card' as const, bot, time: 1, groupId, userId: captain, card: 'B' }
    directory.complete(event)
    expect(event).toMatchObject({ oldCard: '船长' })
  })

  test('a newcomer makes the list old', async () => {
    const { directory } = setUp()
    await directory.ensureMembers(bot, groupId)
    directory.apply({ type: 'group.member.join', bot, time: 1, groupId, userId: 20303 as UserId })
    expect(directory.ensureMembers(bot, groupId)).toBeInstanceOf(Promise)
  })

  test('knows so many members at most: the lists used least recently are asked for anew', async () => {
    const asked: number[] = []
    const call = ((_bot: UserId, { params }: { params: { groupId: GroupId } }) => {
      asked.push(params.groupId)
      return Promise.resolve([1, 2, 3].map((userId) => member(userId as UserId, { groupId: params.groupId })))
    }) as unknown as DirectoryOptions['call']
    const directory = createDirectory({ call, messages: createState().messages, members: 6 })
    for (const group of [1, 2, 1, 3, 1, 2]) await directory.ensureMembers(bot, group as GroupId)
    expect(asked).toEqual([1, 2, 3, 2])
  })
})
