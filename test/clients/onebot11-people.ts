// What a OneBot 11 bot must see and be able to do, the same before every backend: people and groups.
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
  /** The card of a member without one, by nickname. */
  cardOf(nickname: string): string
  /** The nickname of a member whose card hides it. */
  nicknameOf(nickname: string, card: string): string
  /** Of the captain in the friend list. */
  captain: { sex: string; age: number; level: number }
  /** Of groups in the list. */
  memberCount: number
}

function api<T = unknown>({ bot }: Stage, name: string, params: object = {}): Promise<T> {
  return bot.call<T>('api', name, params)
}

export function describePeople(stage: () => Stage, hop: Hop): void {
  testSteps(stage, {
    'lists friends, groups and members': (stage) => lists(stage, hop),
    'reads profiles, members and groups': (stage) => reads(stage, hop),
    'mutes and unmutes a member': mutes,
    'mutes and unmutes a group': mutesAll,
    'sets cards and the name of a group': renames,
    'makes an admin': promotes,
    'kicks a member and leaves a group': kicksAndLeaves,
    'answers friend and join requests': answersRequests,
  })
}

async function lists(stage: Stage, { captain: person, memberCount, cardOf }: Hop): Promise<void> {
  expect(await api(stage, 'get_friend_list')).toMatchObject([
    { user_id: captain, nickname: '老船长', remark: '船长[备注],&1', ...person },
    { user_id: bob, nickname: 'bob', remark: '' },
    { user_id: 20004, nickname: 'to-be-deleted', remark: '' },
  ])
  const groups = await api<{ group_id: number }[]>(stage, 'get_group_list')
  expect(groups).toMatchObject([
    { group_id: ship, group_name: '夜航船 #1' },
    { group_id: owned, group_name: 'bot owns this', member_count: memberCount },
    { group_id: visited, group_name: 'bot is nobody here', member_count: memberCount },
    { group_id: 30004, group_name: 'bot leaves this one' },
  ])
  const members = await api<{ user_id: number }[]>(stage, 'get_group_member_list', { group_id: owned })
  expect(members.toSorted((one, other) => one.user_id - other.user_id)).toMatchObject([
    { group_id: owned, user_id: botId, nickname: '桥上机器人', card: cardOf('桥上机器人'), role: 'owner', title: '' },
    { group_id: owned, user_id: nemo, nickname: 'Nemo🐟', card: cardOf('Nemo🐟'), role: 'member', title: '' },
    { group_id: owned, user_id: mate, nickname: '副手', card: cardOf('副手'), role: 'admin', title: '' },
  ])
}

async function reads(stage: Stage, { nicknameOf }: Hop): Promise<void> {
  const person = { user_id: captain, nickname: '老船长', age: 54, sex: 'male', level: 64, long_nick: '起航 & 靠岸' }
  expect(await api(stage, 'get_stranger_info', { user_id: captain })).toMatchObject(person)
  expect(await api(stage, 'get_group_member_info', { group_id: ship, user_id: mate })).toMatchObject({
    group_id: ship,
    user_id: mate,
    nickname: nicknameOf('副手', '副手一号'),
    card: '副手一号',
    role: 'admin',
    join_time: memberIn(stage.world, ship, mate)!.joinTime,
    shut_up_timestamp: 0,
  })
  expect(await api(stage, 'get_group_info', { group_id: visited })).toMatchObject({
    group_id: visited,
    group_name: 'bot is nobody here',
    member_count: 3,
  })
}

async function mutes(stage: Stage): Promise<void> {
  const { world, bot } = stage
  const now = Math.floor(world.now() / 1000)
  await api(stage, 'set_group_ban', { group_id: ship, user_id: bob, duration: 600 })
  const until = memberIn(world, ship, bob)!.mutedUntil
  expect(until).toBeGreaterThanOrEqual(now + 600)
  expect(until).toBeLessThan(now + 660)
  expect(await bot.heard({ notice_type: 'group_ban', sub_type: 'ban', user_id: bob })).toMatchObject({
    group_id: ship,
    operator_id: botId,
    duration: 600,
  })
  await api(stage, 'set_group_ban', { group_id: ship, user_id: bob, duration: 0 })
  expect(memberIn(world, ship, bob)!.mutedUntil).toBe(0)
  expect(await bot.heard({ notice_type: 'group_ban', sub_type: 'lift_ban', user_id: bob })).toMatchObject({
    operator_id: botId,
    duration: 0,
  })
}

async function mutesAll(stage: Stage): Promise<void> {
  const { world, bot } = stage
  await api(stage, 'set_group_whole_ban', { group_id: ship, enable: true })
  expect(groupIn(world, ship).settings.muteAll).toBe(true)
  await api(stage, 'set_group_whole_ban', { group_id: ship, enable: false })
  expect(groupIn(world, ship).settings.muteAll).toBe(false)
  const common = { notice_type: 'group_ban', user_id: 0, group_id: ship }
  expect(await bot.heard({ ...common, sub_type: 'ban' })).toMatchObject({ operator_id: botId, duration: -1 })
  expect(await bot.heard({ ...common, sub_type: 'lift_ban' })).toMatchObject({ operator_id: botId })
}

async function renames(stage: Stage): Promise<void> {
  const { world, bot } = stage
  await api(stage, 'set_group_card', { group_id: ship, user_id: nemo, card: 'Kapitän [2],&' })
  expect(memberIn(world, ship, nemo)!.card).toBe('Kapitän [2],&')
  expect(await bot.heard({ notice_type: 'group_card', user_id: nemo })).toMatchObject({
    card_new: 'Kapitän [2],&',
    card_old: '尼莫,[a]&b',
  })
  await api(stage, 'set_group_card', { group_id: ship, user_id: nemo, card: '尼莫,[a]&b' })
  await api(stage, 'set_group_name', { group_id: owned, group_name: '新 [name]' })
  expect(groupIn(world, owned).name).toBe('新 [name]')
  expect(await api(stage, 'get_group_info', { group_id: owned })).toMatchObject({ group_name: '新 [name]' })
}

async function promotes(stage: Stage): Promise<void> {
  const { world, bot } = stage
  await api(stage, 'set_group_admin', { group_id: owned, user_id: nemo, enable: true })
  expect(memberIn(world, owned, nemo)!.role).toBe('admin')
  expect(await bot.heard({ notice_type: 'group_admin', group_id: owned })).toMatchObject({
    sub_type: 'set',
    user_id: nemo,
  })
}

async function kicksAndLeaves(stage: Stage): Promise<void> {
  const { world, bot } = stage
  await api(stage, 'set_group_kick', { group_id: ship, user_id: 20101, reject_add_request: false })
  expect(memberIn(world, ship, 20101)).toBeUndefined()
  expect(await bot.heard({ notice_type: 'group_decrease', user_id: 20101 })).toMatchObject({
    sub_type: 'kick',
    group_id: ship,
    operator_id: botId,
  })
  const members = await api<{ user_id: number }[]>(stage, 'get_group_member_list', { group_id: ship })
  expect(members.map((member) => member.user_id)).not.toContain(20101)
  await api(stage, 'set_group_leave', { group_id: 30004 })
  expect(memberIn(world, 30004, botId)).toBeUndefined()
  expect(await api(stage, 'get_group_list')).toHaveLength(3)
}

async function answersRequests(stage: Stage): Promise<void> {
  const { bot, world } = stage
  const { state } = world
  const friendly = world.as(20301).requestFriend(botId, '我是求友者 & co')
  const request = await bot.heard({ request_type: 'friend', user_id: 20301 })
  expect(request).toMatchObject({ comment: '我是求友者 & co', flag: expect.any(String) })
  await api(stage, 'set_friend_add_request', { flag: request['flag'], approve: true })
  expect(state.requests.get(friendly)?.outcome).toBe('approved')
  expect(state.accounts.get(botId as never)?.friends.has(20301 as never)).toBe(true)

  const joining = world.as(20302).requestJoin(ship, 'let me in')
  const join = await bot.heard({ request_type: 'group', user_id: 20302 })
  expect(join).toMatchObject({ sub_type: 'add', group_id: ship, comment: 'let me in', flag: expect.any(String) })
  await bot.call('quickAnswer', join['flag'], true)
  expect(state.requests.get(joining)?.outcome).toBe('approved')
  expect(memberIn(world, ship, 20302)).toMatchObject({ role: 'member' })
  expect(await bot.heard({ notice_type: 'group_increase', user_id: 20302 })).toMatchObject({
    sub_type: 'approve',
    group_id: ship,
  })

  const other = world.as(20303).requestJoin(owned, 'me too')
  const { flag } = await bot.heard({ request_type: 'group', user_id: 20303 })
  await api(stage, 'set_group_add_request', { flag, sub_type: 'add', approve: false, reason: 'full' })
  expect(state.requests.get(other)?.outcome).toBe('refused')
  expect(memberIn(world, owned, 20303)).toBeUndefined()
}
