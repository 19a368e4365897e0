// Several bots in one group before one client: each happening is told once, by whom it concerns or by the same bot.
import { afterEach, expect, test } from 'vitest'
import type { GroupId, Peer, UserId } from '../../src/core/ids.ts'
import type { BridgeEvent } from '../../src/core/event.ts'
import { createOnce } from '../../src/route/once.ts'
import { emptyView } from '../dialect/onebot11/fakes.ts'
import { accessToken, startBridge, until } from '../support/bridge.ts'
import { demoWorld } from '../../src/testing.ts'
import { onebotClient } from './clients.ts'

const [one, two, three] = [10001, 10002, 10003]
const group = { kind: 'group', groupId: 30001 } as Peer
const onebot = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } as const

const open: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
})

/** The demo world with three bots in its first group. */
function crowdedWorld() {
  const groups = demoWorld.groups?.map((each) => {
    const members = [two, three].map((id) => ({ id, role: 'member' as const, card: '', title: '' }))
    return each.id === 30001 ? { ...each, members: [...(each.members ?? []), ...members] } : each
  })
  const bots = [two, three].map((id) => ({
    id,
    bot: true,
    nickname: `bot ${id}`,
    sex: 'unknown' as const,
    age: 0,
    level: 1,
  }))
  return { ...demoWorld, accounts: [...(demoWorld.accounts ?? []), ...bots], ...(groups && { groups }) }
}

async function start() {
  const bridge = await startBridge({
    backends: { world: { dialect: 'embedded', world: crowdedWorld() } },
    inbounds: { all: onebot, onebot },
    routes: [
      { from: 'all', to: 'world' },
      { from: 'onebot', to: 'world', bots: [two, one, three], once: true },
    ],
  })
  open.push({ close: () => bridge.stop() })
  const { all = 0, onebot: port = 0 } = bridge.ports()
  const [every, once] = [await onebotClient(all), await onebotClient(port)]
  open.push(every, once)
  await until(() => bridge.bots().filter(({ online }) => online).length === 3, 'three bots')
  return { bridge, world: bridge.world(), every, once }
}

/** All copies came where nobody holds them back. */
async function settled({ every }: Awaited<ReturnType<typeof start>>, text: string): Promise<void> {
  await until(() => every.events.filter((event) => event['raw_message'] === text).length === 3, `three times ${text}`)
}

test('each message once, by the same bot, and by the one that is mentioned', async () => {
  const stage = await start()
  const { world, once } = stage
  const member = world.as(20003)
  for (const text of ['a', 'b']) {
    member.say(group, text)
    await settled(stage, text)
  }
  const told = () => once.events.map((event) => [event['self_id'], event['raw_message'] ?? event['notice_type']])
  const [[teller]] = told() as [[number]]
  const other = [one, two, three].find((bot) => bot !== teller) as number
  member.say(group, [
    { type: 'mention', userId: other as UserId },
    { type: 'text', text: ' c' },
  ])
  world.as(20001).setCard(30001, 20003, 'new')
  world.as(20001).mute(30001, other, 60)
  world.as(20001).mute(30001, other, 0)
  member.say(group, 'last')
  await settled(stage, 'last')
  expect(told()).toEqual([
    [teller, 'a'],
    [teller, 'b'],
    [other, `[CQ:at,qq=${other}] c`],
    [teller, 'group_card'],
    [other, 'group_ban'],
    [other, 'group_ban'],
    [teller, 'last'],
  ])
})

test('private messages are told by each, another takes over from a bot that goes off line', async () => {
  const stage = await start()
  const { world, once, bridge } = stage
  const member = world.as(20001)
  member.say(group, 'before')
  await settled(stage, 'before')
  const teller = once.events[0]?.['self_id'] as number
  world.as(teller).setOnline(false)
  await until(() => bridge.bots().find(({ bot }) => bot === teller)?.online === false, 'the teller off line')
  member.say(group, 'after')
  await once.hear((event) => event['raw_message'] === 'after')
  const [next, ...more] = once.events
    .filter((event) => event['raw_message'] === 'after')
    .map((event) => event['self_id'])
  expect(more).toEqual([])
  expect(next).not.toBe(teller)
})

const base = { time: 1, groupId: 30001 as GroupId }

function told(once: ReturnType<typeof createOnce>, make: (bot: UserId) => BridgeEvent): number[] {
  return [one, two, three].filter((bot) => once.isTeller(make(bot as UserId), emptyView))
}

test('a bot that leaves gives its place to another, requests are of each account', () => {
  const once = createOnce()
  once.look([one, two, three] as UserId[])
  const card = (bot: UserId): BridgeEvent => ({
    ...base,
    bot,
    type: 'group.member.card',
    userId: 20003 as UserId,
    card: '',
  })
  expect([told(once, card), told(once, card)]).toEqual([[one], [one]])
  const leave = (bot: UserId): BridgeEvent => ({
    ...base,
    bot,
    type: 'group.member.leave',
    userId: one as UserId,
    how: 'kick',
  })
  expect(told(once, leave)).toEqual([one])
  expect([two, three].filter((bot) => once.isTeller(card(bot as UserId), emptyView))).toEqual([two])
  // One who is not there any more is mentioned in vain: the usual teller tells of it.
  const toOne = (bot: UserId): BridgeEvent => ({
    ...base,
    bot,
    type: 'message',
    origin: 'received',
    message: {
      id: 1 as never,
      peer: group,
      time: 1,
      sender: { userId: 20003 as UserId, nickname: '' },
      segments: [{ type: 'mention', userId: one as UserId }],
    },
  })
  expect([two, three].filter((bot) => once.isTeller(toOne(bot as UserId), emptyView))).toEqual([two])
  const invite = (bot: UserId): BridgeEvent => ({
    ...base,
    bot,
    type: 'request.group',
    kind: 'join',
    requestId: 1 as never,
    userId: 20302 as UserId,
    comment: '',
  })
  expect(told(once, invite)).toEqual([one, two, three])
})
