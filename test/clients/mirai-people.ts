// What a mirai bot must see and be able to do, the same before every backend: people and groups.
import { expect } from 'vitest'
import {
  bob,
  botId,
  captain,
  groupIn,
  mate,
  memberIn,
  nemo,
  owned,
  ship,
  visited,
  testSteps,
  type Stage,
} from './stage.ts'

/** What a backend cannot carry, with its reason. */
export interface Hop {
  /** E-mail address in the bot's own profile. */
  email: string
}

const done = { code: 0, msg: 'success' }

export function describePeople(stage: () => Stage, hop: Hop): void {
  testSteps(stage, {
    'lists friends, groups and members': lists,
    'reads profiles': (stage) => readsProfiles(stage, hop),
    'reads member and group settings': readsSettings,
    'mutes and unmutes a member': mutes,
    'mutes and unmutes a group': mutesAll,
    'sets cards and the name of a group': renames,
    'kicks a member and leaves a group': kicksAndLeaves,
    'answers friend and join requests': answersRequests,
  })
}

async function lists({ bot, world }: Stage): Promise<void> {
  expect(await bot.call('friendList')).toEqual([
    { id: captain, nickname: '老船长', remark: '船长[备注],&1' },
    { id: bob, nickname: 'bob', remark: '' },
    { id: 20004, nickname: 'to-be-deleted', remark: '' },
  ])
  expect(await bot.call('groupList')).toEqual([
    { id: ship, name: '夜航船 #1', permission: 'ADMINISTRATOR' },
    { id: owned, name: 'bot owns this', permission: 'OWNER' },
    { id: visited, name: 'bot is nobody here', permission: 'MEMBER' },
    { id: 30004, name: 'bot leaves this one', permission: 'MEMBER' },
  ])
  const group = { id: owned, name: 'bot owns this', permission: 'OWNER' }
  const joined = memberIn(world, owned, nemo)!.joinTime
  const common = { specialTitle: '', joinTimestamp: joined, lastSpeakTimestamp: 0, muteTimeRemaining: 0 }
  expect(await bot.call('memberList', owned)).toEqual([
    { id: nemo, memberName: 'Nemo🐟', permission: 'MEMBER', group, ...common, active: null },
    { id: mate, memberName: '副手', permission: 'ADMINISTRATOR', group, ...common, active: null },
  ])
}

async function readsProfiles({ bot }: Stage, { email }: Hop): Promise<void> {
  expect(await bot.call('botProfile')).toEqual({
    nickname: '桥上机器人',
    email,
    age: 3,
    level: 16,
    sign: '桥·bridge',
    sex: 'FEMALE',
  })
  expect(await bot.call('friendProfile', captain)).toEqual({
    nickname: '老船长',
    email: '',
    age: 54,
    level: 64,
    sign: '起航 & 靠岸',
    sex: 'MALE',
  })
  expect(await bot.call('memberProfile', ship, nemo)).toMatchObject({ nickname: 'Nemo🐟', level: 1, sex: 'UNKNOWN' })
}

async function readsSettings({ bot }: Stage): Promise<void> {
  expect(await bot.call('memberInfo', ship, mate)).toMatchObject({
    id: mate,
    memberName: '副手一号',
    specialTitle: '',
    permission: 'ADMINISTRATOR',
    muteTimeRemaining: 0,
    group: { id: ship, name: '夜航船 #1', permission: 'ADMINISTRATOR' },
    active: { rank: 0, point: 0, honors: [], temperature: 0 },
  })
  expect(await bot.call('groupConfig', visited)).toEqual({
    name: 'bot is nobody here',
    confessTalk: false,
    allowMemberInvite: false,
    autoApprove: false,
    anonymousChat: false,
    muteAll: false,
  })
}

async function mutes({ bot, world }: Stage): Promise<void> {
  const now = Math.floor(world.now() / 1000)
  expect(await bot.call('mute', ship, bob, 600)).toMatchObject(done)
  const until = memberIn(world, ship, bob)!.mutedUntil
  expect(until).toBeGreaterThanOrEqual(now + 600)
  expect(until).toBeLessThan(now + 660)
  const info = await bot.call<{ muteTimeRemaining: number }>('memberInfo', ship, bob)
  expect(info.muteTimeRemaining).toBeGreaterThan(590)
  expect(await bot.heard({ type: 'MemberMuteEvent', member: { id: bob } })).toMatchObject({
    durationSeconds: 600,
    member: { memberName: 'bob', group: { id: ship } },
    operator: null,
  })
  expect(await bot.call('unmute', ship, bob)).toMatchObject(done)
  expect(memberIn(world, ship, bob)!.mutedUntil).toBe(0)
  expect(await bot.heard({ type: 'MemberUnmuteEvent', member: { id: bob } })).toMatchObject({ operator: null })
}

async function mutesAll({ bot, world }: Stage): Promise<void> {
  expect(await bot.call('muteAll', ship)).toMatchObject(done)
  expect(groupIn(world, ship).settings.muteAll).toBe(true)
  expect(await bot.call('unmuteAll', ship)).toMatchObject(done)
  expect(groupIn(world, ship).settings.muteAll).toBe(false)
  const common = { type: 'GroupMuteAllEvent', group: { id: ship } }
  expect(await bot.heard({ ...common, current: true })).toMatchObject({ origin: false, operator: null })
  expect(await bot.heard({ ...common, current: false })).toMatchObject({ origin: true, operator: null })
}

async function renames({ bot, world }: Stage): Promise<void> {
  expect(await bot.call('setCard', ship, nemo, 'Kapitän [2],&')).toMatchObject(done)
  expect(memberIn(world, ship, nemo)!.card).toBe('Kapitän [2],&')
  expect(await bot.heard({ type: 'MemberCardChangeEvent', member: { id: nemo } })).toMatchObject({
    origin: '尼莫,[a]&b',
    current: 'Kapitän [2],&',
  })
  expect(await bot.call('setCard', ship, nemo, '尼莫,[a]&b')).toMatchObject(done)
  expect(await bot.call('setGroupName', owned, '新 [name]')).toMatchObject(done)
  expect(groupIn(world, owned).name).toBe('新 [name]')
  expect(await bot.call('groupConfig', owned)).toMatchObject({ name: '新 [name]' })
}

async function kicksAndLeaves({ bot, world }: Stage): Promise<void> {
  expect(await bot.call('kick', ship, 20101, 'bye')).toMatchObject(done)
  expect(memberIn(world, ship, 20101)).toBeUndefined()
  expect(await bot.heard({ type: 'MemberLeaveEventKick', member: { id: 20101 } })).toMatchObject({
    member: { memberName: 'spare-20101', group: { id: ship } },
    operator: null,
  })
  const members = await bot.call<{ id: number }[]>('memberList', ship)
  expect(members.map(({ id }) => id)).not.toContain(20101)
  expect(await bot.call('quit', 30004)).toMatchObject(done)
  expect(memberIn(world, 30004, botId)).toBeUndefined()
  expect(await bot.call('groupList')).toHaveLength(3)
}

async function answersRequests({ bot, world }: Stage): Promise<void> {
  const { state } = world
  const friendly = world.as(20301).requestFriend(botId, '我是求友者 & co')
  const request = await bot.heard({ type: 'NewFriendRequestEvent', fromId: 20301 })
  expect(request).toMatchObject({ groupId: 0, nick: '求友者', message: '我是求友者 & co' })
  expect(await bot.call('answer', request['eventId'], 0, '')).toMatchObject(done)
  expect(state.requests.get(friendly)?.outcome).toBe('approved')
  expect(state.accounts.get(botId as never)?.friends.has(20301 as never)).toBe(true)

  const joining = world.as(20302).requestJoin(ship, 'let me in')
  const join = await bot.heard({ type: 'MemberJoinRequestEvent', fromId: 20302 })
  expect(join).toMatchObject({ groupId: ship, groupName: '夜航船 #1', nick: '入群者', message: 'let me in' })
  expect(await bot.call('answer', join['eventId'], 0, '')).toMatchObject(done)
  expect(state.requests.get(joining)?.outcome).toBe('approved')
  expect(memberIn(world, ship, 20302)).toMatchObject({ role: 'member' })
  expect(await bot.heard({ type: 'MemberJoinEvent', member: { id: 20302 } })).toMatchObject({
    member: { memberName: '入群者', permission: 'MEMBER', group: { id: ship } },
  })

  const other = world.as(20303).requestJoin(owned, 'me too')
  const refused = await bot.heard({ type: 'MemberJoinRequestEvent', fromId: 20303 })
  expect(await bot.call('answer', refused['eventId'], 1, 'full')).toMatchObject(done)
  expect(state.requests.get(other)?.outcome).toBe('refused')
  expect(memberIn(world, owned, 20303)).toBeUndefined()
}
