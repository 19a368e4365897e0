// What a OneBot 11 bot must see, the same before every backend: events that others cause.
import { expect } from 'vitest'
import { friend, group } from '../../src/world/index.ts'
import { bob, botId, captain, mate, ship, visited, testSteps, type Stage } from './stage.ts'

export function describeEvents(stage: () => Stage): void {
  testSteps(stage, {
    'sees pokes, and pokes': pokes,
    'sees recalls': recalls,
    'sees others mute': mutes,
    'sees ranks and cards change': ranks,
    'sees members leave': leaves,
  })
}

async function pokes({ bot, world }: Stage): Promise<void> {
  const poke = { notice_type: 'notify', sub_type: 'poke', user_id: captain }
  world.as(captain).nudge(group(ship), botId)
  expect(await bot.heard({ ...poke, group_id: ship })).toMatchObject({ target_id: botId })
  world.as(captain).nudge(friend(botId), botId)
  expect(await bot.heard({ ...poke, group_id: undefined })).toMatchObject({ target_id: botId, sender_id: captain })
  const inGroup = world.expect(({ type }) => type === 'nudge')
  await bot.call('api', 'group_poke', { group_id: ship, user_id: bob })
  expect(await inGroup).toMatchObject({ senderId: botId, targetId: bob, chat: { kind: 'group', groupId: ship } })
  const direct = world.expect(({ type }) => type === 'nudge')
  await bot.call('api', 'send_poke', { user_id: captain })
  expect(await direct).toMatchObject({ senderId: botId, targetId: captain, chat: { kind: 'private' } })
}

async function recalls({ bot, world }: Stage): Promise<void> {
  const inGroup = world.as(mate).say(group(ship), 'not for you')
  const { message_id: first } = await bot.heard({ post_type: 'message', user_id: mate })
  world.as(captain).recall(inGroup)
  expect(await bot.heard({ notice_type: 'group_recall', user_id: mate })).toMatchObject({
    group_id: ship,
    operator_id: captain,
    message_id: first,
  })
  world.as(bob).recall(world.as(bob).say(friend(botId), 'oops'))
  const { message_id: second } = await bot.heard({ message_type: 'private', user_id: bob })
  expect(await bot.heard({ notice_type: 'friend_recall' })).toMatchObject({ user_id: bob, message_id: second })
}

async function mutes({ bot, world }: Stage): Promise<void> {
  const ban = { notice_type: 'group_ban', operator_id: captain }
  world.as(captain).mute(ship, 20103, 300)
  expect(await bot.heard({ ...ban, user_id: 20103, sub_type: 'ban' })).toMatchObject({ group_id: ship, duration: 300 })
  world.as(captain).mute(ship, 20103, 0)
  expect(await bot.heard({ ...ban, user_id: 20103, sub_type: 'lift_ban' })).toMatchObject({ duration: 0 })
  world.as(captain).mute(visited, botId, 120)
  expect(await bot.heard({ ...ban, user_id: botId })).toMatchObject({ group_id: visited, duration: 120 })
  const send = bot.call('api', 'send_group_msg', { group_id: visited, message: 'let me speak' })
  await expect(send).rejects.toMatchObject({ status: 'failed', retcode: 1200 })
  world.as(captain).mute(visited, botId, 0)
  expect(await bot.heard({ ...ban, user_id: botId, sub_type: 'lift_ban' })).toMatchObject({ group_id: visited })
}

async function ranks({ bot, world }: Stage): Promise<void> {
  world.as(captain).setAdmin(ship, 20102, true)
  expect(await bot.heard({ notice_type: 'group_admin', group_id: ship })).toMatchObject({
    sub_type: 'set',
    user_id: 20102,
  })
  world.as(20102).setCard(ship, 20102, 'first')
  expect(await bot.heard({ notice_type: 'group_card', user_id: 20102 })).toMatchObject({
    group_id: ship,
    card_new: 'first',
    card_old: '',
  })
}

async function leaves({ bot, world }: Stage): Promise<void> {
  world.as(20113).quit(ship)
  expect(await bot.heard({ notice_type: 'group_decrease', user_id: 20113 })).toMatchObject({
    sub_type: 'leave',
    group_id: ship,
  })
  world.as(captain).kick(ship, 20103)
  expect(await bot.heard({ notice_type: 'group_decrease', user_id: 20103 })).toMatchObject({
    sub_type: 'kick',
    operator_id: captain,
  })
}
