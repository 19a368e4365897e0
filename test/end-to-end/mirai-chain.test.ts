// A mirai client gets the same answers and events from a bridge, and from three of them with OneBot and mirai in between.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { friend, group } from '../../src/world/index.ts'
import type { UserId } from '../../src/core/ids.ts'
import type { Segment } from '../../src/core/segment.ts'
import { chained, direct, type Road } from './mirai-chain.ts'
import { bot, ship } from './seed-world.ts'

const [captain, nemo, bob, mate] = [20001, 20002, 20003, 20005]
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='
const plain = (text: string) => [{ type: 'Plain', text }]

/** What earlier answers of the same road said. */
type Known = Map<string, unknown>

interface Step {
  command: string
  sub?: 'get' | 'update'
  content?: object | ((known: Known) => object)
  /** The code of the answer. Default 0. */
  code?: number
  /** Where something of the answer is kept for later steps. */
  keep?: [name: string, of: (answer: Answer) => unknown]
  /** Members of the answer that the long way loses; see `reasons`. */
  loses?: (keyof typeof reasons)[]
}

const reasons = {
  email: 'OneBot has no e-mail address of an account',
  width: 'segments of OneBot have no size in pixels',
  height: 'segments of OneBot have no size in pixels',
  md5: 'files of OneBot have no hashes',
  sha1: 'files of OneBot have no hashes',
}

interface Answer {
  code?: number
  messageId?: number
  data?: { fid?: string }
}

const sends: Record<string, object[]> = {
  text: plain('你好 & [1]'),
  mentions: [{ type: 'At', target: captain }, { type: 'Plain', text: ' ahoy ' }, { type: 'AtAll' }],
  faces: [
    { type: 'Face', faceId: 14 },
    { type: 'Plain', text: 'x' },
  ],
  picture: [
    { type: 'Plain', text: 'look' },
    { type: 'Image', base64: picture },
  ],
  app: [{ type: 'App', content: '{"app":"a.b","desc":"d"}' }],
  xml: [{ type: 'Xml', xml: '<msg a="1"/>' }],
  dice: [{ type: 'Dice', value: 3 }],
  poke: [{ type: 'Poke', name: 'BiXin' }],
  music: [
    {
      type: 'MusicShare',
      kind: 'QQMusic',
      title: 't',
      summary: 's',
      jumpUrl: 'https://a.example/j',
      pictureUrl: 'https://a.example/p',
      musicUrl: 'https://a.example/m',
      brief: 'b',
    },
  ],
  forward: [
    {
      type: 'Forward',
      nodeList: [{ senderId: captain, time: 1700000000, senderName: 'C', messageChain: plain('one') }],
    },
  ],
}

const steps: Step[] = [
  { command: 'about' },
  { command: 'botList' },
  { command: 'sessionInfo' },
  { command: 'friendList' },
  { command: 'groupList' },
  { command: 'memberList', content: { target: ship } },
  { command: 'latestMemberList', content: { target: ship, memberIds: [captain] } },
  { command: 'botProfile', loses: ['email'] },
  { command: 'friendProfile', content: { target: captain } },
  { command: 'memberProfile', content: { target: ship, memberId: nemo } },
  { command: 'userProfile', content: { target: nemo } },
  { command: 'groupConfig', sub: 'get', content: { target: ship } },
  { command: 'memberInfo', sub: 'get', content: { target: ship, memberId: captain } },
  { command: 'memberInfo', sub: 'get', content: { target: ship, memberId: 999 }, code: 5 },
  ...Object.entries(sends).flatMap(([name, messageChain]): Step[] => [
    {
      command: 'sendGroupMessage',
      content: { target: ship, messageChain },
      keep: [name, ({ messageId }) => messageId],
    },
    {
      command: 'messageFromId',
      content: (known) => ({ target: ship, messageId: known.get(name) }),
      ...(name === 'picture' && { loses: ['width', 'height'] }),
    },
  ]),
  {
    command: 'sendGroupMessage',
    content: (known) => ({ target: ship, quote: known.get('text'), messageChain: plain('quoted') }),
    keep: ['reply', ({ messageId }) => messageId],
  },
  { command: 'messageFromId', content: (known) => ({ target: ship, messageId: known.get('reply') }) },
  { command: 'sendFriendMessage', content: { target: captain, messageChain: plain('hi') } },
  { command: 'sendFriendMessage', content: { target: 999, messageChain: plain('hi') }, code: 5 },
  { command: 'sendGroupMessage', content: { target: 999, messageChain: plain('hi') }, code: 5 },
  { command: 'sendGroupMessage', content: { target: ship, messageChain: [] }, code: 500 },
  { command: 'sendTempMessage', content: { qq: nemo, group: ship, messageChain: plain('psst') } },
  { command: 'sendNudge', content: { target: captain, subject: ship, kind: 'Group' } },
  { command: 'setEssence', content: (known) => ({ target: ship, messageId: known.get('text') }) },
  { command: 'recall', content: (known) => ({ target: ship, messageId: known.get('faces') }) },
  { command: 'recall', content: { target: ship, messageId: 123456789 }, code: 5 },
  { command: 'messageFromId', content: { target: ship, messageId: 123456789 }, code: 5 },
  { command: 'mute', content: { target: ship, memberId: nemo, time: 600 } },
  { command: 'unmute', content: { target: ship, memberId: nemo } },
  { command: 'mute', content: { target: ship, memberId: nemo, time: 0 }, code: 500 },
  { command: 'muteAll', content: { target: ship } },
  { command: 'unmuteAll', content: { target: ship } },
  {
    command: 'memberInfo',
    sub: 'update',
    content: { target: ship, memberId: nemo, info: { name: 'fish', specialTitle: 'T' } },
  },
  { command: 'memberInfo', sub: 'get', content: { target: ship, memberId: nemo } },
  { command: 'memberAdmin', content: { target: ship, memberId: mate, assign: true } },
  { command: 'groupConfig', sub: 'update', content: { target: ship, config: { name: 'renamed' } } },
  { command: 'groupConfig', sub: 'get', content: { target: ship } },
  { command: 'file_list', content: { target: ship, id: '' }, loses: ['md5', 'sha1'] },
  { command: 'file_list', content: { target: ship, path: '/one' }, loses: ['md5', 'sha1'] },
  { command: 'file_info', content: { target: ship, id: '/f1' }, loses: ['md5', 'sha1'] },
  { command: 'file_mkdir', content: { target: ship, id: '', directoryName: 'three' } },
  { command: 'file_move', content: { target: ship, id: '/f1', moveToPath: '/three' } },
  { command: 'file_rename', content: { target: ship, id: '/f1', renameTo: 'new.txt' } },
  { command: 'file_list', content: { target: ship, path: '/three' }, loses: ['md5', 'sha1'] },
  { command: 'file_delete', content: { target: ship, id: '/f1' } },
  { command: 'file_info', content: { target: ship, id: '/f1' }, code: 5 },
  { command: 'anno_list', content: { id: ship } },
  { command: 'anno_publish', content: { target: ship, content: 'news' }, keep: ['fid', ({ data }) => data?.fid] },
  { command: 'anno_delete', content: (known) => ({ id: ship, fid: known.get('fid') }) },
  { command: 'cmd_register', content: { name: 'login', alias: ['lg'] } },
  { command: 'cmd_execute', content: { command: [{ type: 'Plain', text: 'nothing' }] }, code: 400 },
  { command: 'kick', content: { target: ship, memberId: nemo, msg: 'bye' } },
  { command: 'memberList', content: { target: ship } },
  { command: 'deleteFriend', content: { target: bob } },
  { command: 'friendList' },
  { command: 'noSuchCommand', code: 6 },
]

/** Ids, ports, keys and the present differ between any two runs. */
function normal(answer: unknown): unknown {
  const now = Date.now() / 1000
  const text = JSON.stringify(answer, (name, value: unknown) => {
    if (typeof value === 'number' && Math.abs(value - now) < 3600) return 'now'
    if (name === 'eventId' || name === 'messageId' || name === 'sessionKey' || name === 'fid')
      return value === null ? null : name
    if (name === 'id' && typeof value === 'number' && Math.abs(value) > 1_000_000) return 'id'
    return value
  })
  return JSON.parse(text.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST').replaceAll(/\/[0-9a-f]{32}\b/g, '/FOLDER'))
}

const roads = {} as { direct: Road; chained: Road }
const known = { direct: new Map<string, unknown>(), chained: new Map<string, unknown>() }
beforeAll(async () => {
  roads.direct = await direct()
  roads.chained = await chained()
})
afterAll(async () => {
  await roads.direct.close()
  await roads.chained.close()
})

async function walk(which: 'direct' | 'chained', { command, sub, content, keep }: Step): Promise<unknown> {
  const mine = known[which]
  const answer = await roads[which].ask(command, typeof content === 'function' ? content(mine) : content, sub)
  if (keep) mine.set(keep[0], keep[1](answer as Answer))
  return normal(answer)
}

/** Without these members, which must be there. */
function without(answer: unknown, members: readonly string[]): unknown {
  const seen = new Set<string>()
  const text = JSON.stringify(answer, (name, value: unknown) => {
    if (!members.includes(name)) return value
    seen.add(name)
    return undefined
  })
  expect([...seen].toSorted()).toEqual([...members].toSorted())
  return JSON.parse(text)
}

describe('commands are answered alike', () => {
  test.each(steps.map((step, at) => [`${at} ${step.command} ${step.sub ?? ''}`, step] as const))(
    '%s',
    async (_, step) => {
      const { code = 0, loses = [] } = step
      const wanted = await walk('direct', step)
      const given = await walk('chained', step)
      expect((wanted as Answer).code ?? 0).toBe(code)
      if (loses.length > 0) expect(given).not.toEqual(wanted)
      expect(without(given, loses)).toEqual(without(wanted, loses))
    },
  )
})

interface Happening {
  name: string
  happens: (world: Road['world']) => unknown
  /** Types of the events that follow. */
  types: string[]
  loses?: (keyof typeof reasons)[]
}

const here = group(ship)
const lastSaid = new WeakMap<Road['world'], number>()
const say = (content: string | readonly Segment[]) => (world: Road['world']) =>
  void lastSaid.set(world, world.as(captain).say(here, content))

const happenings: Happening[] = [
  { name: 'a text', happens: say('ahoy [1] & 你好'), types: ['GroupMessage'] },
  {
    name: 'a mention, a face and a picture',
    happens: say([
      { type: 'mention', userId: bot as UserId },
      { type: 'face', id: 14 },
      { type: 'image', url: 'https://a.example/p.png' },
    ] as unknown as Segment[]),
    types: ['GroupMessage'],
  },
  {
    name: 'a recall',
    happens: (world) => world.as(captain).recall(lastSaid.get(world) as number),
    types: ['GroupRecallEvent'],
  },
  { name: 'a friend', happens: (world) => world.as(captain).say(friend(bot), 'psst'), types: ['FriendMessage'] },
  { name: 'a nudge', happens: (world) => world.as(captain).nudge(here, bot), types: ['NudgeEvent'] },
  { name: 'silence for all', happens: (world) => world.as(captain).muteAll(ship, true), types: ['GroupMuteAllEvent'] },
  {
    name: 'a card',
    happens: (world) => world.as(mate).setCard(ship, mate, 'the mate'),
    types: ['MemberCardChangeEvent'],
  },
  { name: 'somebody joins', happens: (world) => world.as(20303).join(ship), types: ['MemberJoinEvent'] },
  { name: 'a mute', happens: (world) => world.as(captain).mute(ship, 20303, 60), types: ['MemberMuteEvent'] },
  { name: 'an unmute', happens: (world) => world.as(captain).mute(ship, 20303, 0), types: ['MemberUnmuteEvent'] },
  { name: 'somebody leaves', happens: (world) => world.as(20303).quit(ship), types: ['MemberLeaveEventQuit'] },
  {
    name: 'a friend request',
    happens: (world) => world.as(20301).requestFriend(bot, 'hello'),
    types: ['NewFriendRequestEvent'],
  },
  {
    name: 'a join request',
    happens: (world) => world.as(20302).requestJoin(ship, 'me'),
    types: ['MemberJoinRequestEvent'],
  },
]

describe('events arrive alike', () => {
  beforeAll(() => {
    // What the commands before brought about was compared by their answers.
    for (const road of Object.values(roads)) road.forget()
  })

  test.each(happenings.map((one) => [one.name, one] as const))('%s', async (_, { happens, types, loses = [] }) => {
    const heard = {} as Record<'direct' | 'chained', unknown[]>
    for (const way of ['direct', 'chained'] as const) {
      happens(roads[way].world)
      heard[way] = []
      for (const _type of types) heard[way].push(normal(await roads[way].hear()))
    }
    expect(heard.direct.map((event) => (event as { type: string }).type)).toEqual(types)
    expect(without(heard.chained, loses)).toEqual(without(heard.direct, loses))
  })
})
