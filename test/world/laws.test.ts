// What holds in every world after whatever anybody tried.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GroupId, MessageId, UserId } from '../../src/core/ids.ts'
import { friend, group, temp, type World } from '../../src/world/index.ts'
import { isVisible } from '../../src/world/look.ts'
import { startWorld, worldOfTwoBots } from './support.ts'

const user = fc.constantFrom(10001, 10002, 20001, 20002, 20003, 20005, 20301, 77)
const groupId = fc.constantFrom(30001, 30002, 30003, 30999)
const peer = fc.oneof(
  groupId.map(group),
  user.map(friend),
  fc.tuple(user, groupId).map(([one, where]) => temp(one, where)),
)
const recent = fc.integer({ min: 995, max: 1030 })
const yes = fc.boolean()

type Act = (world: World) => unknown

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(user, peer).map(
    ([who, to]): Act =>
      (world) =>
        world.as(who).say(to, 'x'),
  ),
  fc.tuple(user, peer, recent).map(
    ([who, to, quote]): Act =>
      (world) =>
        world.as(who).say(to, 'x', { quote }),
  ),
  fc.tuple(user, peer, recent).map(
    ([who, to, id]): Act =>
      (world) =>
        world.as(who).say(to, [{ type: 'forward', nodes: [{ messageId: id as MessageId }] }]),
  ),
  fc.tuple(user, recent).map(
    ([who, id]): Act =>
      (world) =>
        world.as(who).recall(id),
  ),
  fc.tuple(user, recent, yes).map(
    ([who, id, on]): Act =>
      (world) =>
        world.as(who).setEssence(id, on),
  ),
  fc.tuple(user, recent, yes).map(
    ([who, id, on]): Act =>
      (world) =>
        world.as(who).react(id, '66', on),
  ),
  fc.tuple(user, groupId, user).map(
    ([who, where, whom]): Act =>
      (world) =>
        world.as(who).kick(where, whom),
  ),
  fc.tuple(user, groupId, yes).map(
    ([who, where, dismiss]): Act =>
      (world) =>
        world.as(who).quit(where, { dismiss }),
  ),
  fc.tuple(user, groupId).map(
    ([who, where]): Act =>
      (world) =>
        world.as(who).join(where),
  ),
  fc.tuple(user, groupId, user).map(
    ([who, where, whom]): Act =>
      (world) =>
        world.as(who).transfer(where, whom),
  ),
  fc.tuple(user, groupId, user, yes).map(
    ([who, where, whom, on]): Act =>
      (world) =>
        world.as(who).setAdmin(where, whom, on),
  ),
  fc.tuple(user, groupId, user).map(
    ([who, where, whom]): Act =>
      (world) =>
        world.as(who).mute(where, whom, 60),
  ),
  fc.tuple(user, groupId, yes).map(
    ([who, where, on]): Act =>
      (world) =>
        world.as(who).muteAll(where, on),
  ),
  fc.tuple(user, user).map(
    ([who, whom]): Act =>
      (world) =>
        world.as(who).addFriend(whom),
  ),
  fc.tuple(user, user).map(
    ([who, whom]): Act =>
      (world) =>
        world.as(who).removeFriend(whom),
  ),
  fc.tuple(user, user, groupId).map(
    ([who, whom, where]): Act =>
      (world) =>
        world.as(who).invite(whom, where),
  ),
  fc.tuple(user, groupId).map(
    ([who, where]): Act =>
      (world) =>
        world.as(who).requestJoin(where, 'x'),
  ),
  fc.tuple(user, yes, fc.nat(20)).map(
    ([who, approve, at]): Act =>
      (world) =>
        world.as(who).answer([...world.state.requests.keys()][at] ?? 'none', { approve }),
  ),
)

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
  law(messages.size === count, `${messages.size} messages, ${count} in conversations`)
  return broken
}

describe('laws', () => {
  test('one owner each, no orphans, no gaps, and refusals change nothing', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 5, maxLength: 40 }), (acts) => {
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
      fc.property(fc.array(act, { minLength: 5, maxLength: 40 }), (acts) => {
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
  })
})
