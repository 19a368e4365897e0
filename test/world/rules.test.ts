// The rules of QQ: who may do what to whom, and how each refusal is called.
import { describe, expect, test } from 'vitest'
import type { MessageId, UserId } from '../../src/core/ids.ts'
import type { Segment } from '../../src/core/segment.ts'
import { createWorld, demoWorld, friend, group, parseWorld, temp } from '../../src/world/index.ts'
import { bob, bot, captain, kindOf, mate, nemo, startWorld } from './support.ts'

describe('speaking', () => {
  test('friends, members, and strangers of one group by a temp conversation', () => {
    const { world } = startWorld()
    expect(world.as(captain).say(friend(bot), 'hi')).toBe(1000)
    expect(world.as(nemo).say(group(30001), 'hi')).toBe(1001)
    expect(world.as(nemo).say(temp(bot, 30001), 'hi')).toBe(1002)
    // Once that conversation is there, the bot may answer without naming the group.
    expect(world.as(bot).say(friend(nemo), 'hello')).toBe(1003)
  })

  test.each([
    ['no friend', nemo, friend(bot)],
    ['no shared group', 20301, temp(bot)],
    ['not in that group', mate, temp(bot, 30003)],
    ['not a member', bob, group(30002)],
    ['no such group', bob, group(99999)],
    ['no such account', bob, friend(99999)],
    ['oneself', bot, friend(bot)],
  ])('%s: not found', (_, sender, to) => {
    const { world } = startWorld()
    expect(kindOf(() => world.as(sender).say(to, 'hi'))).toBe('notFound')
  })

  test('an unknown account cannot act', () => {
    const { world } = startWorld()
    expect(kindOf(() => world.as(99999))).toBe('notFound')
  })

  test('a mute silences until it ends, a muted group silences its members', () => {
    const { world, clock } = startWorld()
    world.as(captain).mute(30001, bot, 60)
    expect(kindOf(() => world.as(bot).say(group(30001), 'hi'))).toBe('muted')
    clock.now += 60_000
    expect(world.as(bot).say(group(30001), 'hi')).toBe(1000)
    world.as(bot).muteAll(30001, true)
    expect(kindOf(() => world.as(nemo).say(group(30001), 'hi'))).toBe('muted')
    expect(kindOf(() => world.as(nemo).upload(30001, { name: 'a' }))).toBe('muted')
    expect(world.as(mate).say(group(30001), 'admins may')).toBe(1001)
  })

  test('5000 characters and 200 forwarded messages fit, one more does not', () => {
    const { world } = startWorld()
    const say = (segments: Segment[]) => kindOf(() => world.as(bot).say(group(30001), segments))
    const nodes = (count: number): Segment => ({
      type: 'forward',
      nodes: Array.from({ length: count }, () => ({ senderId: 1 as UserId, segments: [{ type: 'text', text: 'x' }] })),
    })
    expect(say([{ type: 'text', text: 'x'.repeat(5000) }])).toBe(1000)
    expect(
      say([
        { type: 'text', text: 'x'.repeat(5000) },
        { type: 'text', text: 'y' },
      ]),
    ).toBe('tooLong')
    expect(say([nodes(200)])).toBe(1001)
    expect(say([nodes(201)])).toBe('tooLong')
    let deep: Segment = nodes(1)
    for (let level = 0; level < 10; level++) deep = { type: 'forward', nodes: [{ segments: [deep] }] }
    expect(say([deep])).toBe('tooLong')
    expect(say([])).toBe('badParameter')
  })

  test('mentions are of members, quotes are of the same conversation', () => {
    const { world } = startWorld()
    const mention = (userId: number): Segment[] => [{ type: 'mention', userId: userId as UserId }]
    expect(kindOf(() => world.as(bot).say(group(30001), mention(20301)))).toBe('notFound')
    expect(world.as(bot).say(group(30001), mention(nemo))).toBe(1000)
    expect(kindOf(() => world.as(bot).say(friend(captain), 'x', { quote: 1000 }))).toBe('notFound')
    expect(kindOf(() => world.as(bot).say(group(30001), 'x', { quote: 5 }))).toBe('notFound')
    world.as(bot).say(group(30001), 'x', { quote: 1000 })
    expect(world.state.messages.get(1001)?.segments[0]).toEqual({ type: 'reply', messageId: 1000 })
  })

  test('forwards are kept, nested ones too, with the messages that they name', () => {
    const { world } = startWorld()
    const first = world.as(nemo).say(group(30001), 'one') as MessageId
    const inner: Segment = { type: 'forward', nodes: [{ messageId: first }, { messageId: 7 as MessageId }] }
    world
      .as(bot)
      .say(friend(captain), [
        { type: 'forward', nodes: [{ senderId: 5 as UserId, senderName: 'x', time: 9, segments: [inner] }] },
      ])
    const { forwards } = world.state
    expect([...forwards.keys()]).toEqual(['forward-1001-1', 'forward-1001-2'])
    expect(forwards.get('forward-1001-2')).toEqual([
      { senderId: nemo, senderName: '尼莫,[a]&b', time: 1_700_000_000, segments: [{ type: 'text', text: 'one' }] },
    ])
    expect(
      kindOf(() => world.as(bot).say(friend(captain), [{ type: 'forward', nodes: [{ messageId: 7 as MessageId }] }])),
    ).toBe('notFound')
    expect(kindOf(() => world.as(bot).say(friend(captain), [{ type: 'forward', id: 'forward-1001-2' }]))).toBe(1002)
  })

  test('dice and hands are drawn once, for everybody', () => {
    const { world } = startWorld()
    world.as(bot).say(group(30001), [{ type: 'dice' }, { type: 'rps' }, { type: 'dice', value: 6 }])
    expect(world.state.messages.get(1000)?.segments).toEqual([
      { type: 'dice', value: 4 },
      { type: 'rps', value: 'scissors' },
      { type: 'dice', value: 6 },
    ])
  })
})

describe('recalling', () => {
  test('members: their own within two minutes', () => {
    const { world, clock } = startWorld()
    const id = world.as(nemo).say(group(30001), 'x')
    expect(kindOf(() => world.as(bob).recall(id))).toBe('noPermission')
    clock.now += 121_000
    expect(kindOf(() => world.as(nemo).recall(id))).toBe('noPermission')
    const mine = world.as(captain).say(friend(bot), 'x')
    expect(kindOf(() => world.as(bot).recall(mine))).toBe('noPermission')
    world.as(captain).recall(mine)
    expect(kindOf(() => world.as(captain).recall(mine))).toBe('notFound')
  })

  test('higher ranks over lower ones and their own, at all times', () => {
    const { world, clock } = startWorld()
    const [ofNemo, ofBot, ofMate, ofCaptain] = [nemo, bot, mate, captain].map((who) =>
      world.as(who).say(group(30001), 'x'),
    )
    clock.now += 86_400_000
    world.as(bot).recall(ofNemo as number)
    expect(kindOf(() => world.as(bot).recall(ofMate as number))).toBe('noPermission')
    expect(kindOf(() => world.as(bot).recall(ofCaptain as number))).toBe('noPermission')
    world.as(bot).recall(ofBot as number)
    world.as(captain).recall(ofMate as number)
    expect(world.state.messages.get(ofMate as number)?.recalled).toEqual({ by: captain, time: clock.now / 1000 })
  })
})

describe('ranks', () => {
  test.each([
    ['owner over admin', captain, mate, undefined],
    ['admin over member', mate, nemo, undefined],
    ['admin over admin', mate, bot, 'noPermission'],
    ['admin over owner', mate, captain, 'noPermission'],
    ['admin over self', mate, mate, 'noPermission'],
    ['member over member', nemo, bob, 'noPermission'],
    ['outsider', 20301, nemo, 'notFound'],
    ['over an outsider', captain, 20301, 'notFound'],
  ])('kick and mute, %s', (_, operator, target, expected) => {
    const { world } = startWorld()
    expect(kindOf(() => world.as(operator).mute(30001, target, 60))).toBe(expected)
    expect(kindOf(() => world.as(operator).kick(30001, target))).toBe(expected)
  })

  test('cards: own, and of lower ranks', () => {
    const { world } = startWorld()
    world.as(nemo).setCard(30001, nemo, 'own')
    world.as(mate).setCard(30001, nemo, 'by admin')
    expect(kindOf(() => world.as(nemo).setCard(30001, bob, 'x'))).toBe('noPermission')
    expect(kindOf(() => world.as(mate).setCard(30001, captain, 'x'))).toBe('noPermission')
    expect(world.state.groups.get(30001 as never)?.members.get(nemo as UserId)?.card).toBe('by admin')
  })

  test('titles and admins: the owner only', () => {
    const { world } = startWorld()
    expect(kindOf(() => world.as(mate).setTitle(30001, nemo, 'x'))).toBe('noPermission')
    expect(kindOf(() => world.as(mate).setAdmin(30001, nemo, true))).toBe('noPermission')
    expect(kindOf(() => world.as(captain).setAdmin(30001, captain, true))).toBe('noPermission')
    world.as(captain).setAdmin(30001, nemo, true)
    world.as(captain).setTitle(30001, captain, 'x')
  })

  test('whole mute, name and essence: admins', () => {
    const { world } = startWorld()
    const id = world.as(nemo).say(group(30001), 'x')
    expect(kindOf(() => world.as(nemo).muteAll(30001, true))).toBe('noPermission')
    expect(kindOf(() => world.as(nemo).configure(30001, { name: 'x' }))).toBe('noPermission')
    expect(kindOf(() => world.as(nemo).setEssence(id, true))).toBe('noPermission')
    expect(kindOf(() => world.as(mate).configure(30001, { name: ' ' }))).toBe('badParameter')
  })

  test.each([-1, 0.5, 2_592_001])('a mute of %d seconds is none', (seconds) => {
    const { world } = startWorld()
    expect(kindOf(() => world.as(captain).mute(30001, nemo, seconds))).toBe('badParameter')
  })

  test('an owner does not leave, the refusal names the group', () => {
    const { world } = startWorld()
    expect(() => world.as(bot).quit(30002)).toThrow('the owner cannot leave group 30002 (bot owns this)')
    expect(kindOf(() => world.as(bot).quit(30002))).toBe('backend')
    world.as(bot).quit(30002, { dismiss: true })
    expect(world.state.groups.has(30002 as never)).toBe(false)
    world.as(bot).quit(30003, { dismiss: true })
    expect(world.state.groups.has(30003 as never)).toBe(true)
  })
})

describe('requests', () => {
  test('are answered once, by whom they are for', () => {
    const { world } = startWorld()
    const flag = world.as(20301).requestFriend(bot, 'hi')
    expect(kindOf(() => world.as(captain).answer(flag, { approve: true }))).toBe('notFound')
    world.as(bot).answer(flag, { approve: true, remark: 'new' })
    expect(kindOf(() => world.as(bot).answer(flag, { approve: true }))).toBe('notFound')
    expect(world.state.accounts.get(bot as UserId)?.friends.get(20301 as UserId)?.remark).toBe('new')
  })

  test('who is blocked cannot ask again', () => {
    const { world } = startWorld()
    world.as(bot).answer(world.as(20301).requestFriend(bot, 'hi'), { approve: false, block: true })
    expect(kindOf(() => world.as(20301).requestFriend(bot, 'hi'))).toBe('noPermission')
    world.as(bot).kick(30001, nemo, { block: true })
    expect(kindOf(() => world.as(nemo).requestJoin(30001, 'sorry'))).toBe('noPermission')
  })

  test('admins answer for their group', () => {
    const { world } = startWorld()
    const flag = world.as(20302).requestJoin(30001, 'let me in')
    expect(kindOf(() => world.as(nemo).answer(flag, { approve: true }))).toBe('noPermission')
    world.as(mate).answer(flag, { approve: true })
    expect(world.state.groups.get(30001 as never)?.members.has(20302 as UserId)).toBe(true)
  })

  test('a group that approves by itself lets in at once', () => {
    const { world, told } = startWorld()
    world.as(captain).configure(30001, { autoApprove: true })
    told()
    world.as(20302).requestJoin(30001, 'hi')
    expect(told().map(({ type }) => type)).toEqual(['group.member.join'])
  })

  test('friends, members and the unknown do not ask', () => {
    const { world } = startWorld()
    expect(kindOf(() => world.as(captain).requestFriend(bot, 'x'))).toBe('backend')
    expect(kindOf(() => world.as(nemo).requestJoin(30001, 'x'))).toBe('backend')
    expect(kindOf(() => world.as(nemo).requestJoin(99999, 'x'))).toBe('notFound')
    expect(kindOf(() => world.as(20301).invite(bot, 30001))).toBe('notFound')
    expect(kindOf(() => world.as(captain).invite(bot, 30001))).toBe('backend')
  })
})

describe('watching', () => {
  test('expect resolves with the next happening that fits', async () => {
    const { world } = startWorld()
    const expected = world.expect((happening) => happening.type === 'message' && happening.message.senderId === nemo)
    world.as(bob).say(group(30001), 'not this')
    world.as(nemo).say(group(30001), 'this')
    expect(await expected).toMatchObject({ type: 'message', message: { id: 1001 } })
  })

  test('expect rejects when nothing of that kind happens', async () => {
    const { world } = startWorld()
    await expect(world.expect(() => true, { timeoutMs: 1 })).rejects.toMatchObject({ kind: 'timeout' })
  })

  test('expect takes a part of it, and says what came nearest', async () => {
    const { world } = startWorld()
    const expected = world.expect({ type: 'message', text: 'this', message: { senderId: nemo } })
    const missed = world.expect({ type: 'message', text: 'that' }, { timeoutMs: 1 })
    world.as(nemo).say(group(30001), 'this')
    expect(await expected).toMatchObject({ type: 'message', message: { id: 1000 } })
    await expect(missed).rejects.toThrow('    - text: expected "that", got "this"\n  1 other happenings: message')
  })

  test('every watcher sees one order, also when one of them acts', () => {
    const { world } = startWorld()
    const seen: number[] = []
    world.watch((happening) => {
      if (happening.type === 'message' && happening.message.senderId === captain)
        world.as(bot).say(friend(captain), 'yes')
    })
    world.watch((happening) => {
      if (happening.type === 'message') seen.push(happening.message.id)
    })
    world.as(captain).say(friend(bot), 'are you there?')
    expect(seen).toEqual([1000, 1001])
  })

  test('a watcher that fails stops nobody', () => {
    const errors: unknown[] = []
    const world = createWorld(parseWorld(demoWorld), { onError: (error) => errors.push(error) })
    const seen: string[] = []
    world.watch(() => {
      throw new Error('mine')
    })
    world.watch(({ type }) => seen.push(type))
    world.as(captain).say(friend(bot), 'x')
    expect(seen).toEqual(['message'])
    expect(errors).toEqual([new Error('mine')])
  })

  test('ids go on after a reset, everything else goes back', () => {
    const { world } = startWorld()
    const before = world.export()
    world.as(captain).say(group(30001), 'x')
    world.as(captain).kick(30001, nemo)
    world.reset()
    expect(world.export()).toEqual(before)
    expect(world.as(nemo).say(group(30001), 'x')).toBe(1001)
  })
})
