// World control: for every kind of act its answer, what has changed, and what the bots are told.
import { describe, expect, test } from 'vitest'
import type { BridgeEvent } from '../../src/core/event.ts'
import type { World } from '../../src/world/index.ts'
import { act } from '../../src/world/control/acts.ts'
import { readConversation } from '../../src/world/control/conversation.ts'
import { kindOf, startWorld, worldOfTwoBots } from './support.ts'

const time = 1_700_000_000
const base = { bot: 10001, time }
const png = 'iVBORw0KGgo='

const groupOf = (world: World, id: number) => world.export().groups.find((group) => group.id === id)
const memberOf = (world: World, id: number, user: number) => groupOf(world, id)?.members.find((one) => one.id === user)

interface Case {
  act: Record<string, unknown>
  before?: Record<string, unknown>[]
  answer?: unknown
  events: unknown[]
  state?: [look: (world: World) => unknown, expected: unknown]
}

const inGroup = { kind: 'message', chat: 'group', group: 30001, sender: 20001, segments: [{ type: 'text', text: 'x' }] }
const of30001 = { group: 30001 }

const cases: Case[] = [
  {
    act: { kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'text', text: '你好 [CQ:at] & 🐟' }] },
    answer: { messageId: 1000 },
    events: [
      {
        ...base,
        type: 'message',
        origin: 'received',
        message: {
          id: 1000,
          peer: { kind: 'friend', userId: 20001 },
          time,
          sender: { userId: 20001, nickname: '老船长', sex: 'male', age: 54, remark: '船长[备注],&1' },
          segments: [{ type: 'text', text: '你好 [CQ:at] & 🐟' }],
          seq: 1,
        },
      },
    ],
    state: [(world) => world.state.messages.get(1000)?.senderId, 20001],
  },
  {
    before: [inGroup, { kind: 'permission', group: 30001, user: 20002, role: 'admin' }],
    act: {
      kind: 'message',
      chat: 'group',
      group: 30001,
      sender: 20002,
      quote: { id: 1000 },
      segments: [
        { type: 'at', target: 10001 },
        { type: 'at_all' },
        { type: 'face', id: 14 },
        { type: 'image', url: 'https://example.org/a.png' },
        { type: 'voice', base64: png },
        { type: 'json', data: '{"app":"com.x","view":1}' },
        { type: 'json', data: '{"a":1}' },
        { type: 'poke', pokeType: 1, pokeId: -1 },
        { type: 'forward', nodes: [{ sender: 20003, name: 'bob', time: 5, segments: [{ type: 'text', text: 'in' }] }] },
      ],
    },
    answer: { messageId: 1001 },
    events: [
      {
        ...base,
        type: 'message',
        origin: 'received',
        message: {
          id: 1001,
          peer: { kind: 'group', groupId: 30001 },
          time,
          sender: {
            userId: 20002,
            nickname: 'Nemo🐟',
            sex: 'unknown',
            age: 0,
            card: '尼莫,[a]&b',
            role: 'admin',
            title: '',
            level: '1',
          },
          segments: [
            { type: 'reply', messageId: 1000 },
            { type: 'mention', userId: 10001 },
            { type: 'mentionAll' },
            { type: 'face', id: 14 },
            { type: 'image', url: 'https://example.org/a.png' },
            { type: 'voice', base64: png },
            { type: 'card', format: 'app', data: '{"app":"com.x","view":1}' },
            { type: 'card', format: 'json', data: '{"a":1}' },
            { type: 'poke', pokeType: 1, pokeId: -1 },
            {
              type: 'forward',
              id: 'forward-1001-1',
              nodes: [{ senderId: 20003, senderName: 'bob', time: 5, segments: [{ type: 'text', text: 'in' }] }],
            },
          ],
          seq: 2,
        },
      },
    ],
  },
  {
    act: { kind: 'message', chat: 'temp', group: 30001, sender: 20002, segments: [{ type: 'text', text: 'psst' }] },
    answer: { messageId: 1000 },
    events: [
      {
        ...base,
        type: 'message',
        origin: 'received',
        message: {
          id: 1000,
          peer: { kind: 'temp', userId: 20002, groupId: 30001 },
          time,
          sender: {
            userId: 20002,
            nickname: 'Nemo🐟',
            sex: 'unknown',
            age: 0,
            card: '尼莫,[a]&b',
            role: 'member',
            title: '',
            level: '1',
          },
          segments: [{ type: 'text', text: 'psst' }],
          seq: 1,
        },
      },
    ],
  },
  {
    before: [{ ...inGroup, sender: 20002 }],
    act: { kind: 'recall', chat: 'group', group: 30001, sender: 20002, operator: 20001, id: 1000 },
    events: [
      {
        ...base,
        type: 'message.recall',
        peer: { kind: 'group', groupId: 30001 },
        messageId: 1000,
        authorId: 20002,
        operatorId: 20001,
        sentTime: time,
      },
    ],
    state: [(world) => world.state.messages.get(1000)?.recalled, { by: 20001, time }],
  },
  {
    before: [{ kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'text', text: 'x' }] }],
    act: { kind: 'recall', chat: 'friend', sender: 20001, id: 1000 },
    events: [
      {
        ...base,
        type: 'message.recall',
        peer: { kind: 'friend', userId: 20001 },
        messageId: 1000,
        authorId: 20001,
        operatorId: 20001,
        sentTime: time,
      },
    ],
  },
  {
    act: { kind: 'nudge', chat: 'group', group: 30001, sender: 20002, target: 10001 },
    events: [
      {
        ...base,
        type: 'nudge',
        peer: { kind: 'group', groupId: 30001 },
        senderId: 20002,
        targetId: 10001,
        action: '戳了戳',
        suffix: '',
      },
    ],
  },
  {
    act: { kind: 'nudge', chat: 'friend', sender: 10001, target: 20001 },
    events: [
      {
        ...base,
        type: 'nudge',
        peer: { kind: 'friend', userId: 20001 },
        senderId: 10001,
        targetId: 20001,
        action: '戳了戳',
        suffix: '',
      },
    ],
  },
  {
    act: { kind: 'file_upload', ...of30001, sender: 20002, name: 'map.txt', size: 11 },
    answer: { fileId: `/${'8000'.repeat(8)}` },
    events: [
      {
        ...base,
        type: 'file.upload',
        peer: { kind: 'group', groupId: 30001 },
        userId: 20002,
        file: { id: `/${'8000'.repeat(8)}`, name: 'map.txt', sizeBytes: 11, busId: 102, url: undefined },
      },
    ],
    state: [
      (world) => groupOf(world, 30001)?.files[1],
      {
        id: `/${'8000'.repeat(8)}`,
        folder: '/',
        name: 'map.txt',
        uploader: 20002,
        size: 11,
        uploadTime: time,
        modifyTime: time,
      },
    ],
  },
  {
    act: { kind: 'file_upload', ...of30001, sender: 20002, name: 'a.bin', base64: 'AAEC', folder: '/logs' },
    answer: { fileId: `/${'8000'.repeat(8)}` },
    events: [
      expect.objectContaining({ type: 'file.upload', file: expect.objectContaining({ sizeBytes: 3 }) as unknown }),
    ],
    state: [
      (world) => groupOf(world, 30001)?.files[1],
      expect.objectContaining({ folder: '/logs', name: 'a.bin', uploader: 20002, base64: 'AAEC' }),
    ],
  },
  {
    act: { kind: 'friend_request', user: 20301, message: 'hi', group: undefined },
    answer: { flag: `friend-${time}-1` },
    events: [
      {
        ...base,
        type: 'request.friend',
        requestId: 0,
        userId: 20301,
        nickname: '求友者',
        comment: 'hi',
        flag: `friend-${time}-1`,
        groupId: undefined,
      },
    ],
    state: [(world) => world.state.requests.get(`friend-${time}-1`)?.outcome, 'open'],
  },
  {
    act: { kind: 'join_request', ...of30001, user: 20302, message: 'let me in' },
    answer: { flag: `join-${time}-1` },
    events: [
      {
        ...base,
        type: 'request.group',
        kind: 'join',
        requestId: 0,
        userId: 20302,
        nickname: '入群者',
        comment: 'let me in',
        flag: `join-${time}-1`,
        groupId: 30001,
        groupName: '夜航船 #1',
      },
    ],
  },
  {
    act: { kind: 'invite_request', group: 30999, user: 20001, name: 'new one' },
    answer: { flag: `invite-${time}-1` },
    events: [
      {
        ...base,
        type: 'request.group',
        kind: 'invite',
        requestId: 0,
        userId: 20001,
        nickname: '老船长',
        comment: '',
        flag: `invite-${time}-1`,
        groupId: 30999,
        groupName: 'new one',
      },
    ],
    state: [(world) => memberOf(world, 30999, 20001)?.role, 'owner'],
  },
  {
    act: { kind: 'friend_add', user: 20303 },
    events: [{ ...base, type: 'friend.add', userId: 20303 }],
    state: [(world) => world.export().friends.at(-1)?.id, 20303],
  },
  {
    act: { kind: 'friend_remove', user: 20004 },
    events: [{ ...base, type: 'friend.remove', userId: 20004 }],
    state: [(world) => world.export().friends.map(({ id }) => id), [20001, 20003]],
  },
  {
    act: { kind: 'member_join', ...of30001, user: 20303, operator: 20005, invitor: 20002 },
    events: [
      { ...base, type: 'group.member.join', groupId: 30001, userId: 20303, operatorId: 20005, invitorId: 20002 },
    ],
    state: [(world) => memberOf(world, 30001, 20303)?.role, 'member'],
  },
  {
    act: { kind: 'member_leave', ...of30001, user: 20101, how: 'leave' },
    events: [
      { ...base, type: 'group.member.leave', groupId: 30001, userId: 20101, how: 'leave', operatorId: undefined },
    ],
    state: [(world) => memberOf(world, 30001, 20101), undefined],
  },
  {
    act: { kind: 'member_leave', ...of30001, user: 20102, how: 'kick', operator: 20005 },
    events: [{ ...base, type: 'group.member.leave', groupId: 30001, userId: 20102, how: 'kick', operatorId: 20005 }],
  },
  {
    act: { kind: 'member_leave', ...of30001, user: 10001, how: 'kick' },
    events: [{ ...base, type: 'group.member.leave', groupId: 30001, userId: 10001, how: 'kick', operatorId: 20001 }],
    state: [(world) => memberOf(world, 30001, 10001), undefined],
  },
  {
    before: [{ kind: 'member_leave', group: 30004, user: 10001, how: 'leave' }],
    act: { kind: 'bot_join', group: 30004, operator: 20001 },
    events: [
      { ...base, type: 'group.member.join', groupId: 30004, userId: 10001, operatorId: 20001, invitorId: undefined },
    ],
    state: [(world) => memberOf(world, 30004, 10001)?.role, 'member'],
  },
  {
    act: { kind: 'mute', ...of30001, user: 20002, operator: 20001, seconds: 600 },
    events: [
      { ...base, type: 'group.member.mute', groupId: 30001, userId: 20002, operatorId: 20001, durationSeconds: 600 },
    ],
    state: [(world) => memberOf(world, 30001, 20002)?.mutedUntil, time + 600],
  },
  {
    before: [{ kind: 'mute', ...of30001, user: 10001, operator: 20001, seconds: 600 }],
    act: { kind: 'mute', ...of30001, user: 10001, operator: 20001, seconds: 0 },
    events: [
      { ...base, type: 'group.member.mute', groupId: 30001, userId: 10001, operatorId: 20001, durationSeconds: 0 },
    ],
    state: [(world) => memberOf(world, 30001, 10001)?.mutedUntil, 0],
  },
  {
    act: { kind: 'mute_all', ...of30001, operator: 20005, on: true },
    events: [{ ...base, type: 'group.muteAll', groupId: 30001, operatorId: 20005, on: true }],
    state: [(world) => groupOf(world, 30001)?.settings.muteAll, true],
  },
  {
    act: { kind: 'permission', ...of30001, user: 20002, role: 'ADMINISTRATOR' },
    events: [{ ...base, type: 'group.member.role', groupId: 30001, userId: 20002, role: 'admin', oldRole: 'member' }],
    state: [(world) => memberOf(world, 30001, 20002)?.role, 'admin'],
  },
  {
    act: { kind: 'permission', ...of30001, user: 10001, role: 'member' },
    events: [{ ...base, type: 'group.member.role', groupId: 30001, userId: 10001, role: 'member', oldRole: 'admin' }],
  },
  {
    act: { kind: 'permission', ...of30001, user: 20005, role: 'OWNER' },
    events: [
      { ...base, type: 'group.member.role', groupId: 30001, userId: 20001, role: 'member', oldRole: 'owner' },
      { ...base, type: 'group.member.role', groupId: 30001, userId: 20005, role: 'owner', oldRole: 'admin' },
    ],
    state: [(world) => memberOf(world, 30001, 20005)?.role, 'owner'],
  },
  {
    act: { kind: 'group_name', ...of30001, operator: 20001, name: 'new name' },
    events: [
      { ...base, type: 'group.name', groupId: 30001, name: 'new name', oldName: '夜航船 #1', operatorId: 20001 },
    ],
    state: [(world) => groupOf(world, 30001)?.name, 'new name'],
  },
  {
    act: { kind: 'member_card', ...of30001, user: 20003, card: 'Bobby' },
    events: [{ ...base, type: 'group.member.card', groupId: 30001, userId: 20003, card: 'Bobby', oldCard: '' }],
    state: [(world) => memberOf(world, 30001, 20003)?.card, 'Bobby'],
  },
  {
    act: { kind: 'member_title', ...of30001, user: 20001, title: '大副' },
    events: [{ ...base, type: 'group.member.title', groupId: 30001, userId: 20001, title: '大副', oldTitle: '舵手' }],
    state: [(world) => memberOf(world, 30001, 20001)?.title, '大副'],
  },
  {
    before: [{ ...inGroup, sender: 20002 }],
    act: { kind: 'essence', ...of30001, operator: 20001, id: 1000, on: true },
    events: [
      { ...base, type: 'group.essence', groupId: 30001, messageId: 1000, senderId: 20002, operatorId: 20001, on: true },
    ],
    state: [
      (world) => [...(world.state.groups.get(30001 as never)?.essence ?? [])],
      [[1000, { operatorId: 20001, time: 1_700_000_000 }]],
    ],
  },
  {
    before: [inGroup],
    act: { kind: 'react', ...of30001, sender: 20002, id: 1000, emoji: '66', on: true },
    events: [
      {
        ...base,
        type: 'group.reaction',
        groupId: 30001,
        messageId: 1000,
        userId: 20002,
        emojiId: '66',
        count: 1,
        on: true,
      },
    ],
    state: [(world) => world.state.messages.get(1000)?.reactions?.get('66')?.size, 1],
  },
  {
    act: { kind: 'online', bot: 10001, on: false },
    events: [{ ...base, type: 'bot.offline', how: 'dropped' }],
    state: [(world) => world.state.accounts.get(10001 as never)?.online, false],
  },
  {
    before: [{ kind: 'online', on: false }, inGroup],
    act: { kind: 'online', on: true },
    events: [{ ...base, type: 'bot.online', again: true }],
  },
  {
    act: { kind: 'like', user: 20002, times: 3 },
    events: [{ ...base, type: 'profile.like', userId: 20002, nickname: 'Nemo🐟', times: 3 }],
    state: [(world) => world.export().accounts[0]?.likes, [{ by: 20002, count: 3, time, today: 3 }]],
  },
  {
    act: { kind: 'typing', user: 20001, on: true },
    events: [{ ...base, type: 'friend.typing', userId: 20001, on: true, text: '对方正在输入...' }],
  },
  {
    act: { kind: 'client', id: 7, name: 'Windows', platform: 'windows', on: true },
    events: [{ ...base, type: 'client.status', on: true, client: { id: 7, name: 'Windows', platform: 'windows' } }],
    state: [(world) => world.export().accounts[0]?.devices, [{ id: 7, name: 'Windows', platform: 'windows' }]],
  },
  {
    act: { kind: 'nickname', user: 20001, nickname: 'admiral' },
    events: [{ ...base, type: 'friend.nickname', userId: 20001, nickname: 'admiral', oldNickname: '老船长' }],
  },
  {
    act: { kind: 'honor', ...of30001, user: 20002, honor: 'talkative', on: true, description: 'x', days: 2 },
    events: [{ ...base, type: 'group.member.honor', groupId: 30001, userId: 20002, honor: 'talkative', lost: false }],
    state: [(world) => groupOf(world, 30001)?.honors, { talkative: [{ id: 20002, description: 'x', dayCount: 2 }] }],
  },
  {
    act: { kind: 'notice_read', ...of30001, user: 20002, id: 'none' },
    answer: 'notFound',
    events: [],
  },
]

describe('acts', () => {
  test.each(cases.map((one): [string, Case] => [JSON.stringify(one.act).slice(0, 110), one]))('%s', (_, one) => {
    const { world, told } = startWorld()
    for (const earlier of one.before ?? []) act(world, earlier)
    told()
    expect(kindOf(() => act(world, one.act))).toEqual(one.answer ?? {})
    expect(told()).toEqual(one.events)
    if (one.state) expect(one.state[0](world)).toEqual(one.state[1])
  })

  test('every kind of the contract is there', () => {
    const { world } = startWorld()
    const kinds = new Set(cases.map((one) => one.act['kind']))
    expect(() => act(world, { kind: 'none' })).toThrow(`unknown kind, allowed are: ${[...kinds].join(', ')}`)
  })
})

describe('refusals change nothing', () => {
  const text = [{ type: 'text', text: 'x' }]
  test.each([
    [null, 'act: must be a JSON object'],
    [[], 'act: must be a JSON object'],
    [{}, 'kind: is missing, allowed are: message, recall'],
    [{ kind: '__proto__' }, 'unknown kind'],
    [{ kind: 'constructor' }, 'unknown kind'],
    [{ kind: 'mute', group: 30001, user: 20002, operator: 20001 }, 'seconds: is missing'],
    [
      { kind: 'mute', group: 30001, user: 20002, operator: 20001, seconds: 1, why: 'x' },
      'why: unknown field, allowed are: kind, bot, group, user, operator, seconds',
    ],
    [{ kind: 'mute', group: 30001, user: 20002, operator: 20001, seconds: -1 }, 'seconds: must be a whole number'],
    [{ kind: 'mute', group: 30001, user: 20002, operator: 20001, seconds: 9e9 }, '30 days'],
    [{ kind: 'mute', group: 30001, user: true, operator: 20001, seconds: 1 }, 'user: must be an account number'],
    [{ kind: 'mute', group: 39999, user: 20002, operator: 20001, seconds: 1 }, 'no group 39999'],
    [{ kind: 'mute', group: 30001, user: 20001, operator: 20005, seconds: 1 }, 'cannot mute'],
    [{ kind: 'mute_all', group: 30001, operator: 20005, on: 1 }, 'on: must be true or false'],
    [{ kind: 'message', chat: 'channel', sender: 20001, segments: text }, 'chat: must be friend, group or temp'],
    [{ kind: 'message', chat: 'group', sender: 20001, segments: text }, 'group: is missing'],
    [{ kind: 'message', chat: 'temp', sender: 20002, segments: text }, 'group: is missing'],
    [{ kind: 'message', chat: 'friend', sender: 20002, segments: text }, 'not friends'],
    [{ kind: 'message', chat: 'friend', sender: 10001, segments: text }, 'sender: is the bot itself'],
    [{ kind: 'message', chat: 'friend', sender: 5, segments: text }, 'no account 5'],
    [{ kind: 'message', chat: 'friend', sender: 20001, segments: 'x' }, 'segments: must be a list'],
    [{ kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'txt' }] }, 'segments.0'],
    [
      { kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'text', text: 'x', b: 1 }] },
      'unknown field b',
    ],
    [{ kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'at', target: 'x' }] }, 'segments.0.target'],
    [{ kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'image', base64: '*' }] }, 'must be base64'],
    [{ kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'image' }] }, 'no url and no base64'],
    [{ kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'json', data: '{' }] }, 'must be JSON'],
    [{ kind: 'message', chat: 'friend', sender: 20001, segments: text, quote: { id: 5 } }, 'no message 5'],
    [{ kind: 'message', chat: 'friend', sender: 20001, segments: text, quote: { id: 'x' } }, 'quote.id'],
    [{ kind: 'recall', chat: 'group', group: 30001, sender: 20001, id: 5 }, 'no message 5'],
    [{ kind: 'file_upload', group: 30001, sender: 20001, name: '../x', size: 1 }, 'a file name is'],
    [{ kind: 'file_upload', group: 30001, sender: 20001, name: 'x' }, 'one of size and base64'],
    [{ kind: 'permission', group: 30001, user: 20001, role: 'MEMBER' }, 'is the owner'],
    [{ kind: 'permission', group: 30001, user: 20002, role: 'KING' }, 'role: must be'],
    [{ kind: 'member_leave', group: 30001, user: 20001, how: 'leave' }, 'the owner cannot leave'],
    [{ kind: 'member_leave', group: 30001, user: 20002, how: 'fly' }, 'how: must be leave or kick'],
    [{ kind: 'member_join', group: 30001, user: 20002 }, 'member of group 30001 already'],
    [{ kind: 'friend_remove', user: 20002 }, 'not a friend'],
    [{ kind: 'online', bot: 20001, on: true }, 'not a bot'],
  ])('%j', (input, reason) => {
    const { world, happened } = startWorld()
    const before = structuredClone(world.state)
    expect(() => act(world, input)).toThrow(reason)
    expect(world.state).toEqual(before)
    expect(happened()).toEqual([])
  })
})

describe('several bots', () => {
  test('all of them in a group are told; a private chat needs a name', () => {
    const { world, told } = startWorld(worldOfTwoBots())
    act(world, inGroup)
    expect(told().map(({ bot, type }) => [bot, type])).toEqual([
      [10001, 'message'],
      [10002, 'message'],
    ])
    const friendly = { kind: 'message', chat: 'friend', sender: 20001, segments: [{ type: 'text', text: 'x' }] }
    expect(() => act(world, friendly)).toThrow('bot: name one of 10001, 10002')
    expect(act(world, { ...friendly, bot: 10001 })).toEqual({ messageId: 1001 })
    expect(act(world, { ...friendly, sender: 10002, bot: 10001 })).toEqual({ messageId: 1002 })
    const seen = told() as (BridgeEvent & { origin?: string })[]
    expect(seen.map(({ bot, origin }) => [bot, origin])).toEqual([
      [10001, 'received'],
      [10001, 'received'],
      [10002, 'sync'],
    ])
  })

  test('only admins are asked about newcomers', () => {
    const { world, told } = startWorld(worldOfTwoBots())
    act(world, { kind: 'join_request', group: 30001, user: 20302, message: 'x' })
    expect(told().map(({ bot }) => bot)).toEqual([10001])
  })
})

describe('conversation', () => {
  test('as its members see it', () => {
    const { world } = startWorld()
    act(world, { ...inGroup, sender: 20002 })
    act(world, { ...inGroup, quote: { id: 1000 }, segments: [{ type: 'at', target: 20002 }] })
    act(world, { kind: 'recall', chat: 'group', group: 30001, sender: 20002, id: 1000 })
    expect(readConversation(world, { chat: 'group', id: '30001', limit: '5' })).toEqual([
      {
        id: 1000,
        chat: 'group',
        group: 30001,
        seq: 1,
        time,
        sender: 20002,
        name: '尼莫,[a]&b',
        segments: [{ type: 'text', text: 'x' }],
        recalled: true,
      },
      {
        id: 1001,
        chat: 'group',
        group: 30001,
        seq: 2,
        time,
        sender: 20001,
        name: '老船长',
        segments: [
          { type: 'reply', messageId: 1000 },
          { type: 'at', target: 20002 },
        ],
        recalled: false,
      },
    ])
    expect(readConversation(world, { chat: 'group', id: '30001', limit: '1' })).toHaveLength(1)
    expect(readConversation(world, { chat: 'friend', id: '20001' })).toEqual([])
  })

  test.each([
    [{ id: '30001' }, 'chat: is missing'],
    [{ chat: 'group', id: '5' }, 'no group 5'],
    [{ chat: 'friend', id: '5' }, 'no account 5'],
    [{ chat: 'group', id: '30001', limit: 'x' }, 'limit: must be'],
    [{ chat: 'group', id: '30001', from: '1' }, 'from: unknown field'],
  ])('%j is refused', (query, reason) => {
    const { world } = startWorld()
    expect(() => readConversation(world, query as Record<string, string>)).toThrow(reason)
  })
})
