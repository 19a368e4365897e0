// Every action about people and groups: reply, state of the world, events that the bots get.
import { describe, expect, test } from 'vitest'
import type { ActionName } from '../../../src/core/action.ts'
import { actionNames } from '../../../src/core/action.ts'
import { act } from '../../../src/world/control/acts.ts'
import { refusal, startLab } from './support.ts'

const time = 1_700_000_000
const base = { bot: 10001, time }
const of30001 = { groupId: 30001 }

describe('looking', () => {
  test('bot.info, user.profile', async () => {
    const { call } = await startLab()
    expect(await call('bot.info', {})).toEqual({
      userId: 10001,
      nickname: '桥上机器人',
      sex: 'female',
      age: 3,
      level: 16,
      sign: '桥·bridge',
      email: '10001@example.invalid',
    })
    expect(await call('user.profile', { userId: 20113 })).toMatchObject({ userId: 20113, nickname: 'user-20113' })
    expect(await refusal(call('user.profile', { userId: 5 }))).toBe('notFound')
  })

  test('friend.list', async () => {
    const { call } = await startLab()
    const [first, ...rest] = await call('friend.list', {})
    expect(first).toEqual({
      userId: 20001,
      nickname: '老船长',
      sex: 'male',
      age: 54,
      level: 64,
      sign: '起航 & 靠岸',
      remark: '船长[备注],&1',
      categoryId: 0,
      categoryName: '我的好友',
    })
    expect(rest.map(({ userId }) => userId)).toEqual([20003, 20004])
  })

  test('group.list, group.get, group.config.get', async () => {
    const { call } = await startLab()
    const first = {
      groupId: 30001,
      name: '夜航船 #1',
      botRole: 'admin',
      memberCount: 9,
      maxMemberCount: 2000,
      muteAll: false,
      remark: '',
    }
    expect(await call('group.get', of30001)).toEqual(first)
    expect((await call('group.list', {})).map(({ groupId, botRole }) => [groupId, botRole])).toEqual([
      [30001, 'admin'],
      [30002, 'owner'],
      [30003, 'member'],
      [30004, 'member'],
    ])
    expect(await refusal(call('group.get', { groupId: 5 }))).toBe('notFound')
    expect(await call('group.config.get', of30001)).toEqual({
      name: '夜航船 #1',
      confessTalk: false,
      allowMemberInvite: false,
      autoApprove: false,
      anonymousChat: false,
      muteAll: false,
    })
  })

  test('group.member.list, group.member.get', async () => {
    const { call, clock } = await startLab()
    const members = await call('group.member.list', of30001)
    expect(members).toHaveLength(9)
    const owner = {
      groupId: 30001,
      userId: 20001,
      nickname: '老船长',
      card: '',
      role: 'owner',
      title: '舵手',
      joinTime: time,
      lastSpeakTime: 0,
      mutedUntil: 0,
      sex: 'male',
      age: 54,
      level: '1',
    }
    expect(members[0]).toEqual(owner)
    expect(await call('group.member.get', { ...of30001, userId: 20001 })).toEqual(owner)
    expect(await refusal(call('group.member.get', { ...of30001, userId: 20301 }))).toBe('notFound')
    await call('group.member.mute', { ...of30001, userId: 20002, durationSeconds: 60 })
    const mutedUntil = async () => (await call('group.member.get', { ...of30001, userId: 20002 })).mutedUntil
    expect(await mutedUntil()).toBe(time + 60)
    clock.now += 60_000
    expect(await mutedUntil()).toBe(0)
  })
})

interface Case {
  name: ActionName
  params: object
  events: unknown[]
}

const member = { ...of30001, userId: 20002 }
const own = { groupId: 30002, userId: 20002 }

const cases: Case[] = [
  { name: 'friend.delete', params: { userId: 20004 }, events: [{ type: 'friend.remove', ...base, userId: 20004 }] },
  {
    name: 'group.leave',
    params: { groupId: 30004 },
    events: [
      { type: 'group.member.leave', ...base, groupId: 30004, userId: 10001, how: 'leave', operatorId: undefined },
    ],
  },
  {
    name: 'group.leave',
    params: { groupId: 30002, dismiss: true },
    events: [{ type: 'group.member.leave', ...base, groupId: 30002, userId: 10001, how: 'disband', operatorId: 10001 }],
  },
  {
    name: 'group.muteAll',
    params: { ...of30001, on: true },
    events: [{ type: 'group.muteAll', ...base, ...of30001, operatorId: 10001, on: true }],
  },
  {
    name: 'group.config.set',
    params: { ...of30001, name: 'new', confessTalk: true, allowMemberInvite: true, autoApprove: true, muteAll: true },
    events: [
      { type: 'group.name', ...base, ...of30001, name: 'new', oldName: '夜航船 #1', operatorId: 10001 },
      { type: 'group.setting', ...base, ...of30001, setting: 'confessTalk', on: true, operatorId: 10001 },
      { type: 'group.setting', ...base, ...of30001, setting: 'allowMemberInvite', on: true, operatorId: 10001 },
      { type: 'group.muteAll', ...base, ...of30001, operatorId: 10001, on: true },
    ],
  },
  {
    name: 'group.member.kick',
    params: member,
    events: [{ type: 'group.member.leave', ...base, ...member, how: 'kick', operatorId: 10001 }],
  },
  {
    name: 'group.member.mute',
    params: { ...member, durationSeconds: 60 },
    events: [{ type: 'group.member.mute', ...base, ...member, operatorId: 10001, durationSeconds: 60 }],
  },
  {
    name: 'group.member.admin',
    params: { ...own, on: true },
    events: [{ type: 'group.member.role', ...base, ...own, role: 'admin', oldRole: 'member' }],
  },
  {
    name: 'group.member.card',
    params: { ...member, card: 'x' },
    events: [{ type: 'group.member.card', ...base, ...member, card: 'x', oldCard: '尼莫,[a]&b' }],
  },
  {
    name: 'group.member.title',
    params: { ...own, title: 'x', durationSeconds: -1 },
    events: [{ type: 'group.member.title', ...base, ...own, title: 'x', oldTitle: '' }],
  },
]

describe('acting', () => {
  test.each(cases.map((one): [string, Case] => [`${one.name} ${JSON.stringify(one.params)}`, one]))(
    '%s',
    async (_, one) => {
      const { call, told } = await startLab()
      expect(await call(one.name, one.params)).toEqual({})
      expect(told()).toEqual(one.events)
    },
  )

  test.each([
    ['friend.delete', { userId: 20002 }, 'notFound'],
    ['group.leave', { groupId: 30002 }, 'backend'],
    ['group.leave', { groupId: 5 }, 'notFound'],
    ['group.muteAll', { groupId: 30003, on: true }, 'noPermission'],
    ['group.config.set', { groupId: 30003, name: 'x' }, 'noPermission'],
    ['group.member.kick', { ...of30001, userId: 20001 }, 'noPermission'],
    ['group.member.kick', { ...of30001, userId: 20301 }, 'notFound'],
    ['group.member.mute', { ...of30001, userId: 20005, durationSeconds: 60 }, 'noPermission'],
    ['group.member.mute', { ...member, durationSeconds: 2_592_001 }, 'badParameter'],
    ['group.member.admin', { ...member, on: true }, 'noPermission'],
    ['group.member.card', { groupId: 30003, userId: 20002, card: 'x' }, 'noPermission'],
    ['group.member.title', { ...member, title: 'x' }, 'noPermission'],
    ['request.friend.answer', { requestId: 5, approve: true }, 'notFound'],
    ['raw', { dialect: 'onebot11', name: 'x', params: {} }, 'notSupported'],
  ] as const)('%s %j: %s', async (name, params, kind) => {
    const { call, told, world } = await startLab()
    const before = structuredClone(world.state)
    expect(await refusal(call(name, params))).toBe(kind)
    expect(world.state).toEqual(before)
    expect(told()).toEqual([])
  })

  test('titles end', async () => {
    const { call, clock } = await startLab()
    await call('group.member.title', { ...own, title: 'x', durationSeconds: 60 })
    const title = async () => {
      const member = await call('group.member.get', own)
      return [member.title, member.titleUntil]
    }
    expect(await title()).toEqual(['x', 1_700_000_060])
    clock.now += 60_000
    expect(await title()).toEqual(['', undefined])
  })

  test('request.group.answer: newcomers and invitations', async () => {
    const { call, told, world } = await startLab()
    const join = act(world, { kind: 'join_request', group: 30001, user: 20302, message: 'x' }) as { flag: string }
    const invite = act(world, { kind: 'invite_request', group: 30999, user: 20001, name: 'new' }) as { flag: string }
    const refused = act(world, { kind: 'join_request', group: 30001, user: 20303, message: 'x' }) as { flag: string }
    told()
    await call('request.group.answer', { requestId: Number(join.flag), approve: true })
    await call('request.group.answer', { requestId: Number(invite.flag), approve: true })
    await call('request.group.answer', { requestId: Number(refused.flag), approve: false, reason: 'no' })
    const joined = { type: 'group.member.join', ...base }
    expect(told()).toEqual([
      { ...joined, groupId: 30001, userId: 20302, operatorId: 10001, invitorId: undefined },
      { ...joined, groupId: 30999, userId: 10001, operatorId: undefined, invitorId: 20001 },
    ])
    expect((await call('group.list', {})).at(-1)).toMatchObject({ groupId: 30999, botRole: 'member' })
  })
})

describe('the backend', () => {
  test('lists its bots, tells when they change, and refuses others', async () => {
    const { outbound, world, call, told, changes } = await startLab()
    expect(outbound.bots()).toEqual([{ bot: 10001, nickname: '桥上机器人', online: true }])
    expect(await refusal(call('bot.info', {}, 20001))).toBe('noBot')
    const before = changes()
    world.as(10001).setOnline(false)
    expect(changes()).toBe(before + 1)
    expect(outbound.bots()[0]?.online).toBe(false)
    expect(await refusal(call('bot.info', {}))).toBe('offline')
    told()
    world.as(20001).say({ kind: 'friend', userId: 10001 as never }, 'are you there?')
    expect(told()).toEqual([])
    world.as(10001).setOnline(true)
    expect(told()).toEqual([{ type: 'bot.online', ...base, again: true }])
    world.reset()
    expect(changes()).toBe(before + 3)
  })

  test('is silent once closed', async () => {
    const { outbound, world, told } = await startLab()
    await outbound.close()
    world.as(20001).kick(30001, 20002)
    expect(told()).toEqual([])
  })

  test('has every canonical action but raw, and no answers of the servers', async () => {
    const { call, outbound, world } = await startLab()
    for (const name of actionNames) {
      world.as(10001).setOnline(true)
      const kind = await refusal(call(name, {}))
      if (name === 'raw' || name === 'server.ask') expect(kind).toBe('notSupported')
      else expect(['unknownAction', 'notSupported']).not.toContain(kind)
    }
    expect(Object.keys(outbound.capabilities(10001 as never).actions)).toEqual(['raw', 'server.ask'])
  })
})
