import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { BridgeEvent, MessageEvent } from '../../../src/core/event.ts'
import type { View } from '../../../src/core/ports.ts'
import { parseEvent, parseHeartbeat } from '../../../src/dialect/onebot11/event-parse.ts'
import { eventLoss, printEvent, printHeartbeat, printLifecycle } from '../../../src/dialect/onebot11/event-print.ts'
import { emptyView, fakeEventIds } from './fakes.ts'

const load = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
const array = { view: emptyView, format: 'array' as const }

interface Golden {
  name: string
  wire: Record<string, unknown>
  canonical: Record<string, unknown>
}
const golden = load('../../golden/onebot11/events.json') as Golden[]

describe('notices, both ways', () => {
  test.each(golden)('$name', ({ wire, canonical }) => {
    const onWire = { time: 5, self_id: 10001, post_type: 'notice', ...wire }
    const event = { type: canonical['type'], bot: 10001, time: 5, ...canonical } as unknown as BridgeEvent
    expect(parseEvent(onWire, fakeEventIds())).toEqual(event)
    expect(printEvent(event, array)).toEqual(onWire)
  })
})

test('every event of the facts is read: known, raw or meta', () => {
  const { events } = load('../../facts/onebot11-events.json') as { events: Record<string, string>[] }
  expect(events).toHaveLength(59)
  const raw: string[] = []
  for (const facts of events) {
    const wire = {
      self_id: 10001,
      time: 5,
      post_type: facts['post_type'],
      message_type: facts['message_type'],
      notice_type: facts['notice_type'],
      request_type: facts['request_type'],
      meta_event_type: facts['meta_event_type'],
      sub_type: facts['sub_type']?.split('|')[0],
      user_id: 20001,
      target_id: 20002,
      operator_id: 20002,
      sender_id: 20001,
      group_id: facts['key']?.includes('friend') ? undefined : 30001,
      message_id: 9,
      flag: 'f',
      comment: 'c',
      message: 'hi',
      name: 'n',
      name_new: 'n',
      code: '66',
      file: { name: 'a' },
      likes: [{ emoji_id: '1' }],
      client: {},
      status: { online: true },
    }
    const event = parseEvent(wire, fakeEventIds())
    if (facts['post_type'] === 'meta_event') expect(event).toBeUndefined()
    else expect(event?.bot, facts['key']).toBe(10001)
    if (event?.type === 'raw') {
      raw.push(event.name)
      expect(event.payload).toBe(wire)
      expect(printEvent(event, array)).toBe(wire)
    }
  }
  expect(raw).toEqual([
    'message.group.notice',
    'message.guild.channel',
    'notice.notify.poke_recall',
    'notice.notify.gray_tip',
    'notice.online_file_receive.cancel',
    'notice.online_file_send.receive',
    'notice.flash_file.downloading',
    'notice.guild_channel_recall',
    'notice.message_reactions_updated',
    'notice.channel_updated',
    'notice.channel_created',
    'notice.channel_destroyed',
  ])
})

describe('messages of backends', () => {
  const base = {
    time: 5,
    self_id: 10001,
    post_type: 'message',
    message_id: 9,
    user_id: 20001,
    message: [],
    sender: { user_id: 20001, nickname: 'n' },
  }

  test.each<[string, object, object]>([
    ['group', { message_type: 'group', group_id: 30001 }, { kind: 'group', groupId: 30001 }],
    ['friend', { message_type: 'private', sub_type: 'friend' }, { kind: 'friend', userId: 20001 }],
    [
      'temp of NapCat',
      { message_type: 'private', sub_type: 'group', group_id: 30001 },
      { kind: 'temp', userId: 20001, groupId: 30001 },
    ],
    [
      'temp of go-cqhttp',
      { message_type: 'private', sub_type: 'group', sender: { user_id: 20001, group_id: 30001 } },
      { kind: 'temp', userId: 20001, groupId: 30001 },
    ],
    [
      'temp of unknown group',
      { message_type: 'private', sub_type: 'group', temp_source: 0 },
      { kind: 'temp', userId: 20001 },
    ],
    [
      'no real group',
      { message_type: 'private', sub_type: 'group', group_id: 284840486 },
      { kind: 'stranger', userId: 20001 },
    ],
    ['other', { message_type: 'private', sub_type: 'other' }, { kind: 'stranger', userId: 20001 }],
  ])('%s', (_name, wire, peer) => {
    const event = parseEvent({ ...base, ...wire }, fakeEventIds()) as MessageEvent
    expect(event.message.peer).toEqual(peer)
    expect(event.origin).toBe('received')
  })

  test('own ones are sync', () => {
    const wire = {
      ...base,
      post_type: 'message_sent',
      message_type: 'private',
      sub_type: 'friend',
      user_id: 10001,
      target_id: 20001,
    }
    expect(parseEvent(wire, fakeEventIds())).toMatchObject({
      origin: 'sync',
      message: { peer: { kind: 'friend', userId: 20001 }, sender: { userId: 10001 } },
    })
  })

  test('whole, with ids learnt', () => {
    const ids = fakeEventIds()
    const wire = {
      ...base,
      message_type: 'group',
      sub_type: 'normal',
      group_id: 30001,
      real_seq: '44',
      time: 1_700_000_000_123,
      message: 'a[CQ:reply,id=3]',
      sender: { user_id: 20001, nickname: 'n', card: '', role: 'admin', level: 5, sex: 'unknown', age: 0, title: '' },
    }
    const content = {
      sender: { userId: 20001, nickname: 'n', card: '', role: 'admin', level: '5' },
      time: 1_700_000_000,
      segments: [
        { type: 'text', text: 'a' },
        { type: 'reply', messageId: 3 },
      ],
      seq: 44,
    }
    expect(parseEvent(wire, ids)).toEqual({
      type: 'message',
      bot: 10001,
      time: 1_700_000_000,
      origin: 'received',
      message: { id: 9, peer: { kind: 'group', groupId: 30001 }, ...content },
    })
    expect(ids.calls.at(-1)).toEqual(['received', { native: '9', peer: { kind: 'group', groupId: 30001 } }, content])
  })

  test('without ids are garbage, of other kinds raw', () => {
    const wire = { ...base, message_id: undefined, message_type: 'group', group_id: 1 }
    expect(parseEvent(wire, fakeEventIds())).toBeUndefined()
    expect(parseEvent({ ...wire, message_type: 'guild' }, fakeEventIds())).toMatchObject({ type: 'raw' })
    expect(parseEvent({ post_type: 'notice' }, fakeEventIds())).toBeUndefined()
  })
})

test.each<[string, object, object]>([
  [
    'a poke by the bot, as NapCat says it',
    { notice_type: 'notify', sub_type: 'poke', user_id: 20001, sender_id: 10001, target_id: 20001 },
    { peer: { kind: 'friend', userId: 20001 }, senderId: 10001, targetId: 20001 },
  ],
  [
    'texts of a poke',
    {
      notice_type: 'notify',
      sub_type: 'poke',
      group_id: 30001,
      user_id: 20001,
      target_id: 10001,
      raw_info: [{ type: 'qq' }, { txt: '戳了戳' }, { type: 'qq' }, { txt: '的头' }],
    },
    { action: '戳了戳', suffix: '的头' },
  ],
  [
    'a reaction of Lagrange',
    {
      notice_type: 'reaction',
      sub_type: 'remove',
      group_id: 30001,
      message_id: 9,
      operator_id: 20001,
      code: '66',
      count: 1,
    },
    { type: 'group.reaction', emojiId: '66', on: false, userId: 20001 },
  ],
  [
    'a dissolved group of LuckyLilliaBot',
    { notice_type: 'group_dismiss', group_id: 30001, user_id: 20002 },
    { type: 'group.member.leave', how: 'disband', userId: 10001, operatorId: 20002 },
  ],
  [
    'a rename of Lagrange',
    { notice_type: 'group_name_change', group_id: 30001, name: 'n' },
    { type: 'group.name', name: 'n' },
  ],
  ['bot_online', { notice_type: 'bot_online' }, { type: 'bot.online', again: true }],
])('%s', (_name, wire, expected) => {
  expect(parseEvent({ self_id: 10001, time: 5, post_type: 'notice', ...wire }, fakeEventIds())).toMatchObject(expected)
})

test('requests, both ways', () => {
  const ids = fakeEventIds()
  const friend = {
    time: 5,
    self_id: 10001,
    post_type: 'request',
    request_type: 'friend',
    user_id: 20001,
    comment: 'c',
    flag: 'native',
  }
  const event = parseEvent(friend, ids)
  expect(event).toEqual({ type: 'request.friend', bot: 10001, time: 5, requestId: 77, userId: 20001, comment: 'c' })
  expect(printEvent(event as BridgeEvent, array)).toEqual({ ...friend, flag: '77' })
  const group = { ...friend, request_type: 'group', sub_type: 'invite', group_id: 30001, invitor_id: 0 }
  const invited = parseEvent(group, ids)
  expect(invited).toMatchObject({ type: 'request.group', kind: 'invite', groupId: 30001 })
  expect(printEvent(invited as BridgeEvent, array)).toEqual({ ...group, flag: '77' })
  expect(ids.calls).toEqual([
    ['request', { kind: 'friend', native: 'native', userId: 20001, time: 5 }],
    ['request', { kind: 'invite', native: 'native', userId: 20001, groupId: 30001, time: 5 }],
  ])
})

test('an event never carries an echo', () => {
  const event = parseEvent({ self_id: 1, post_type: 'notice', notice_type: 'odd', echo: 1 }, fakeEventIds())
  expect(event).toMatchObject({ name: 'notice.odd', payload: { self_id: 1, post_type: 'notice', notice_type: 'odd' } })
  expect('echo' in (event as { payload: object }).payload).toBe(false)
})

test('the name of the group is what the event says; otherwise what the bridge knows', () => {
  const wire = { time: 5, self_id: 10001, post_type: 'message', message_type: 'group', group_id: 30001, message_id: 9 }
  const said = { ...wire, user_id: 20001, message: 'x', group_name: '新名' }
  const view: View = { ...emptyView, group: () => ({ groupId: 30001 as never, name: '旧名' }) as never }
  const event = parseEvent(said, fakeEventIds()) as MessageEvent
  expect(event.groupName).toBe('新名')
  expect(printEvent(event, { view, format: 'array' })).toMatchObject({ group_name: '新名' })
  const silent = parseEvent({ ...said, group_name: '' }, fakeEventIds()) as MessageEvent
  expect(silent).not.toHaveProperty('groupName')
  expect(printEvent(silent, { view, format: 'array' })).toMatchObject({ group_name: '旧名' })
})

describe('messages for clients', () => {
  const event = {
    type: 'message',
    bot: 10001,
    time: 6,
    origin: 'received',
    message: {
      id: -9,
      peer: { kind: 'group', groupId: 30001 },
      time: 5,
      seq: 44,
      sender: { userId: 20001, nickname: '' },
      segments: [
        { type: 'text', text: ' a&b ' },
        { type: 'mention', userId: 10001 },
      ],
    },
  } as unknown as MessageEvent
  const view: View = {
    ...emptyView,
    group: () => ({ name: 'G' }) as never,
    member: () =>
      ({ nickname: 'nick', card: 'card', role: 'admin', title: 't', level: '7', sex: 'male', age: 3 }) as never,
  }

  test('group, array', () => {
    expect(JSON.stringify(printEvent(event, { view, format: 'array' }))).toBe(
      JSON.stringify({
        self_id: 10001,
        user_id: 20001,
        time: 6,
        message_id: -9,
        message_seq: -9,
        real_id: -9,
        real_seq: '44',
        message_type: 'group',
        sender: {
          user_id: 20001,
          nickname: 'nick',
          card: 'card',
          sex: 'male',
          age: 3,
          role: 'admin',
          level: '7',
          title: 't',
          area: '',
        },
        message: [
          { type: 'text', data: { text: ' a&b ' } },
          { type: 'at', data: { qq: '10001' } },
        ],
        message_format: 'array',
        raw_message: 'a&amp;b [CQ:at,qq=10001]',
        font: 14,
        sub_type: 'normal',
        group_id: 30001,
        group_name: 'G',
        anonymous: null,
        post_type: 'message',
      }),
    )
  })

  test('group, string, nothing known', () => {
    expect(printEvent(event, { view: emptyView, format: 'string' })).toMatchObject({
      message: ' a&amp;b [CQ:at,qq=10001]',
      message_format: 'string',
      raw_message: 'a&amp;b [CQ:at,qq=10001]',
      group_name: '',
      sender: {
        user_id: 20001,
        nickname: '',
        card: '',
        sex: 'unknown',
        age: 0,
        role: 'member',
        level: '',
        title: '',
        area: '',
      },
    })
  })

  test.each<[string, object, object]>([
    ['friend', { kind: 'friend', userId: 20001 }, { message_type: 'private', sub_type: 'friend', target_id: 10001 }],
    [
      'temp',
      { kind: 'temp', userId: 20001, groupId: 30001 },
      { sub_type: 'group', group_id: 30001, temp_source: 0, target_id: 10001 },
    ],
    ['stranger', { kind: 'stranger', userId: 20001 }, { sub_type: 'other', target_id: 10001 }],
  ])('%s', (_name, peer, expected) => {
    const printed = printEvent({ ...event, message: { ...event.message, peer: peer as never } }, array)
    expect(printed).toMatchObject(expected)
    expect(printed).not.toHaveProperty('anonymous')
  })

  test('own message', () => {
    const own = {
      ...event,
      origin: 'self' as const,
      message: { ...event.message, peer: { kind: 'friend', userId: 20001 }, sender: { userId: 10001, nickname: 'b' } },
    }
    expect(printEvent(own as never, array)).toMatchObject({
      post_type: 'message_sent',
      message_sent_type: 'self',
      user_id: 10001,
      target_id: 20001,
      self_id: 10001,
    })
  })
})

test.each<[object, string | undefined]>([
  [{ type: 'group.setting' }, 'OneBot has no notice of group settings'],
  [{ type: 'friend.remove' }, 'OneBot has no notice of lost friends'],
  [{ type: 'command' }, 'OneBot has no commands; the message itself is delivered'],
  [{ type: 'group.member.honor', lost: true }, 'a lost honour has no OneBot form'],
  [{ type: 'group.member.role', role: 'owner' }, 'a change of owner has no OneBot form of its own'],
  [{ type: 'raw', dialect: 'mirai', name: 'x', payload: {} }, 'an event of another dialect: x'],
  [{ type: 'bot.online' }, undefined],
])('%j is dropped', (event, reason) => {
  expect(printEvent(event as never, array)).toBeUndefined()
  expect(eventLoss(event as never)?.reason).toBe(reason)
})

test('meta events', () => {
  expect(printLifecycle(10001 as never)).toMatchObject({
    self_id: 10001,
    post_type: 'meta_event',
    meta_event_type: 'lifecycle',
    sub_type: 'connect',
  })
  const beat = printHeartbeat({ bot: 10001 as never, nickname: 'n', online: false }, 30_000)
  expect(beat).toMatchObject({ status: { online: false, good: true }, interval: 30_000 })
  expect(parseHeartbeat(beat)).toEqual({ online: false, intervalMs: 30_000 })
  expect(parseHeartbeat(printLifecycle(1 as never))).toBeUndefined()
})
