// What holds in every world after whatever anybody tried.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GroupId, UserId } from '../../src/core/ids.ts'
import { group, parseWorld, createWorld, type World } from '../../src/world/index.ts'
import { isVisible } from '../../src/world/look.ts'
import { actArbitrary, type Act } from './act-arbitrary.ts'
import { startWorld, worldOfTwoBots } from './support.ts'

/** Does it; when it was refused, nothing may have changed. */
function attempt(world: World, one: Act, happened: () => unknown[]): void {
  const before = structuredClone(world.state)
  try {
    one(world)
  } catch (error) {
    expect((error as { name: string }).name).toBe('BridgeError')
    expect(world.state).toEqual(before)
    expect(happened()).toEqual([])
  }
  happened()
}

function tryIt(world: World, one: Act): void {
  try {
    one(world)
  } catch (error) {
    expect((error as { name: string }).name).toBe('BridgeError')
  }
}

/** By message: the accounts that were there when it was said, without those that have left since. */
function watchReaders(world: World): Map<number, Set<UserId>> {
  const readers = new Map<number, Set<UserId>>()
  const leave = (groupId: GroupId, gone: readonly UserId[]): void => {
    for (const [id, users] of readers) {
      const chat = world.state.messages.get(id)?.chat
      if (chat?.kind === 'group' && chat.groupId === groupId) for (const user of gone) users.delete(user)
    }
  }
  world.watch((happening) => {
    if (happening.type === 'message') {
      const { id, chat } = happening.message
      const there = chat.kind === 'group' ? world.state.groups.get(chat.groupId)?.members.keys() : chat.users
      readers.set(id, new Set(there))
    }
    if (happening.type === 'group.member.leave') leave(happening.groupId, [happening.userId])
    if (happening.type === 'group.dismiss') leave(happening.groupId, happening.members)
  })
  return readers
}

function brokenLaws(world: World): string[] {
  const { groups, accounts, conversations, messages } = world.state
  const broken: string[] = []
  const law = (holds: boolean | undefined, text: string): void => void (holds || broken.push(text))
  for (const [id, one] of groups) {
    const owners = [...one.members.values()].filter(({ role }) => role === 'owner')
    law(owners.length === 1, `group ${id} has ${owners.length} owners`)
    for (const user of one.members.keys()) law(accounts.get(user)?.groups.has(id), `${user} does not know group ${id}`)
  }
  for (const [id, { groups: mine, friends }] of accounts) {
    for (const of of mine) law(groups.get(of)?.members.has(id), `${id} is not in group ${of}`)
    for (const other of friends.keys()) law(accounts.get(other)?.friends.has(id), `${id} is no friend of ${other}`)
  }
  let count = 0
  for (const [key, conversation] of conversations) {
    law(
      conversation.every(({ seq }, at) => seq === at + 1),
      `${key} has gaps`,
    )
    count += conversation.length
  }
  for (const { groupId, files, folders, atAll, essence } of groups.values()) {
    for (const { id, folderId } of files.values())
      law(folderId === '/' || folders.has(folderId), `file ${id} of ${groupId} lies nowhere`)
    for (const { id, parentId } of folders.values())
      law(parentId === '/' || folders.has(parentId), `folder ${id} of ${groupId} lies nowhere`)
    for (const id of essence.keys()) law(messages.get(id)?.recalled === undefined, `essence ${id} was recalled`)
    law(atAll.count <= 20, `group ${groupId} has too many mentions of everybody`)
  }
  for (const { userId, likes, friends, oneWay } of accounts.values()) {
    for (const [by, { today }] of likes) law(today <= 10, `${by} liked ${userId} ${today} times`)
    for (const other of oneWay.keys()) law(!friends.has(other), `${other} is a friend of ${userId} both ways`)
  }
  law(messages.size === count, `${messages.size} messages, ${count} in conversations`)
  return broken
}

describe('laws', () => {
  test('what is exported is a world file, and loads again as the same world', () => {
    fc.assert(
      fc.property(fc.array(actArbitrary, { minLength: 5, maxLength: 40 }), (acts) => {
        const { world, happened } = startWorld(worldOfTwoBots())
        for (const one of acts) attempt(world, one, happened)
        const exported: unknown = JSON.parse(JSON.stringify(world.export()))
        const again = createWorld(parseWorld(exported), { now: world.now })
        expect(JSON.parse(JSON.stringify(again.export()))).toEqual(exported)
      }),
      { numRuns: 60 },
    )
  })

  test('one owner each, no orphans, no gaps, and refusals change nothing', () => {
    fc.assert(
      fc.property(fc.array(actArbitrary, { minLength: 5, maxLength: 40 }), (acts) => {
        const { world, happened } = startWorld(worldOfTwoBots())
        for (const one of acts) {
          attempt(world, one, happened)
          expect(brokenLaws(world)).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  test('members see what is said while they are there, nobody else sees anything', () => {
    fc.assert(
      fc.property(fc.array(actArbitrary, { minLength: 5, maxLength: 40 }), (acts) => {
        const { world, happened } = startWorld(worldOfTwoBots())
        for (const one of acts) {
          const last = world.state.nextMessageId
          attempt(world, one, happened)
          const message = world.state.messages.get(last)
          if (!message) continue
          const { chat } = message
          for (const id of world.state.accounts.keys()) {
            const isThere =
              chat.kind === 'group' ? world.state.groups.get(chat.groupId)?.members.has(id) : chat.users.includes(id)
            expect(isVisible(world.state, message, id)).toBe(isThere)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  test('later too: who was there and has not left since reads it, nobody else, and only those bots were told', () => {
    fc.assert(
      fc.property(fc.array(actArbitrary, { minLength: 10, maxLength: 60 }), (acts) => {
        const { world, told } = startWorld(worldOfTwoBots())
        const readers = watchReaders(world)
        const lengths = new Map<string, number>()
        for (const one of acts) {
          tryIt(world, one)
          for (const event of told()) {
            if (event.type !== 'message') continue
            expect(readers.get(event.message.id)?.has(event.bot)).toBe(true)
          }
          for (const [key, { length }] of world.state.conversations) {
            expect(length).toBeGreaterThanOrEqual(lengths.get(key) ?? 0)
            lengths.set(key, length)
          }
        }
        for (const [id, message] of world.state.messages) {
          const seeing = [...world.state.accounts.keys()].filter((user) => isVisible(world.state, message, user))
          expect(new Set(seeing)).toEqual(readers.get(id))
        }
      }),
      { numRuns: 100 },
    )
  })

  test('newcomers do not see what was said before, leavers nothing any more', () => {
    const { world } = startWorld()
    const id = world.as(20001).say(group(30001), 'before')
    world.as(20301).join(30001)
    world.as(20002).quit(30001)
    const message = world.state.messages.get(id)
    const sees = (who: number) => message && isVisible(world.state, message, who as UserId)
    expect([sees(20003), sees(20301), sees(20002)]).toEqual([true, false, false])
    world.as(20002).join(30001)
    expect(sees(20002)).toBe(false)
    expect(world.state.groups.get(30001 as GroupId)?.members.get(20002 as UserId)?.joinSeq).toBe(1)
    world.as(20001).quit(30001, { dismiss: true })
    world.as(20003).invite(20001, 30001, { name: 'the same number again' })
    expect([sees(20003), sees(20001)]).toEqual([false, false])
  })
})
