// What a mirai bot must see, the same before every backend: events that others cause.
import { expect } from 'vitest'
import { friend, group } from '../../src/world/index.ts'
import { bob, botId, captain, mate, ship, visited, testSteps, type Stage } from './stage.ts'

export function describeEvents(stage: () => Stage): void {
  testSteps(stage, {
    'sees nudges, and nudges': nudges,
    'sees recalls': recalls,
    'sees others mute': mutes,
    'sees ranks and cards change': ranks,
    'sees members leave': leaves,
  })
}

async function nudges({ bot, world }: Stage): Promise<void> {
  world.as(captain).nudge(group(ship), botId)
  expect(await bot.heard({ type: 'NudgeEvent', fromId: captain, subject: { kind: 'Group' } })).toMatchObject({
    target: botId,
    subject: { id: ship, kind: 'Group' },
    action: '戳了戳',
    suffix: '',
  })
  world.as(captain).nudge(friend(botId), botId)
  expect(await bot.heard({ type: 'NudgeEvent', fromId: captain, subject: { kind: 'Friend' } })).toMatchObject({
    target: botId,
    subject: { id: captain, kind: 'Friend' },
  })
  const seen = world.expect(({ type }) => type === 'nudge')
  expect(await bot.call('nudge', bob, ship, 'Group')).toMatchObject({ code: 0 })
  expect(await seen).toMatchObject({ senderId: botId, targetId: bob, chat: { kind: 'group', groupId: ship } })
  const direct = world.expect(({ type }) => type === 'nudge')
  expect(await bot.call('nudge', captain, captain, 'Friend')).toMatchObject({ code: 0 })
  expect(await direct).toMatchObject({ senderId: botId, targetId: captain, chat: { kind: 'private' } })
}

async function recalls({ bot, world }: Stage): Promise<void> {
  const inGroup = world.as(mate).say(group(ship), 'not for you')
  const { messageChain } = (await bot.heard({ type: 'GroupMessage', sender: { id: mate } })) as {
    messageChain?: { id: number }[]
  }
  world.as(captain).recall(inGroup)
  expect(await bot.heard({ type: 'GroupRecallEvent', authorId: mate })).toMatchObject({
    messageId: messageChain?.[0]?.id,
    group: { id: ship, name: '夜航船 #1', permission: 'ADMINISTRATOR' },
    operator: { id: captain, permission: 'OWNER' },
  })
  world.as(bob).recall(world.as(bob).say(friend(botId), 'oops'))
  const message = (await bot.heard({ type: 'FriendMessage', sender: { id: bob } })) as {
    messageChain?: { id: number }[]
  }
  expect(await bot.heard({ type: 'FriendRecallEvent' })).toMatchObject({
    authorId: bob,
    operator: bob,
    messageId: message.messageChain?.[0]?.id,
  })
}

async function mutes({ bot, world }: Stage): Promise<void> {
  const operator = { id: captain, memberName: '老船长', permission: 'OWNER' }
  world.as(captain).mute(ship, 20103, 300)
  expect(await bot.heard({ type: 'MemberMuteEvent', member: { id: 20103 } })).toMatchObject({
    durationSeconds: 300,
    operator,
  })
  world.as(captain).mute(ship, 20103, 0)
  expect(await bot.heard({ type: 'MemberUnmuteEvent', member: { id: 20103 } })).toMatchObject({ operator })
  world.as(captain).mute(visited, botId, 120)
  expect(await bot.heard({ type: 'BotMuteEvent' })).toMatchObject({
    durationSeconds: 120,
    operator: { ...operator, group: { id: visited, permission: 'MEMBER' } },
  })
  const chain = [{ type: 'Plain', text: 'let me speak' }]
  expect(await bot.call('sendGroup', visited, chain)).toMatchObject({ code: 20 })
  world.as(captain).mute(visited, botId, 0)
  expect(await bot.heard({ type: 'BotUnmuteEvent' })).toMatchObject({ operator })
}

async function ranks({ bot, world }: Stage): Promise<void> {
  world.as(captain).setAdmin(ship, 20102, true)
  expect(await bot.heard({ type: 'MemberPermissionChangeEvent' })).toMatchObject({
    origin: 'MEMBER',
    current: 'ADMINISTRATOR',
    member: { id: 20102, group: { id: ship } },
  })
  world.as(20102).setCard(ship, 20102, 'first')
  expect(await bot.heard({ type: 'MemberCardChangeEvent', current: 'first' })).toMatchObject({
    origin: '',
    member: { id: 20102, memberName: 'first' },
  })
}

async function leaves({ bot, world }: Stage): Promise<void> {
  world.as(20113).quit(ship)
  expect(await bot.heard({ type: 'MemberLeaveEventQuit' })).toMatchObject({
    member: { id: 20113, memberName: 'user-20113', group: { id: ship } },
  })
  world.as(captain).kick(ship, 20103)
  expect(await bot.heard({ type: 'MemberLeaveEventKick', member: { id: 20103 } })).toMatchObject({
    operator: { id: captain },
  })
}
