// What passes a filter, and as what; every criterion by itself, negated, and where it has nothing to judge by.
import { describe, expect, test } from 'vitest'
import type { BridgeEvent, MessageEvent } from '../../../src/core/event.ts'
import type { GroupId, UserId } from '../../../src/core/ids.ts'
import type { View } from '../../../src/core/ports.ts'
import type { Segment } from '../../../src/core/segment.ts'
import { createFilter } from '../../../src/route/filter/filter.ts'
import type { EventFilterOptions } from '../../../src/route/filter/options.ts'
import { emptyView } from '../../dialect/onebot11/fakes.ts'

const bot = 10001 as UserId
const someone = 20001 as UserId
const groupId = 30001 as GroupId

const view: View = {
  ...emptyView,
  group: () => ({ groupId, name: 'g', botRole: 'admin' }),
  member: (_bot, _group, userId) => ({ groupId, userId, role: userId === someone ? 'owner' : 'member' }) as never,
}

function message(content: string | Segment[], change: Partial<MessageEvent['message']> = {}): MessageEvent {
  const segments: Segment[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  const sender = { userId: someone, nickname: 'n' }
  return {
    type: 'message',
    origin: 'received',
    bot,
    time: 1,
    message: { id: 1 as never, peer: { kind: 'group', groupId }, time: 1, sender, segments, ...change },
  }
}

const inPrivate = { peer: { kind: 'friend', userId: someone } } as const
const base = { bot, time: 1 } as const
const kick = { ...base, type: 'group.member.leave', groupId, userId: someone, how: 'kick' } satisfies BridgeEvent
const join = { ...base, type: 'group.member.join', groupId, userId: 20303 as UserId } satisfies BridgeEvent
const mute = {
  ...base,
  type: 'group.member.mute',
  groupId,
  userId: someone,
  durationSeconds: 0,
} satisfies BridgeEvent
const online = { ...base, type: 'bot.online', again: false } satisfies BridgeEvent
const request = {
  ...base,
  type: 'request.friend',
  requestId: 1 as never,
  userId: someone,
  comment: '',
} satisfies BridgeEvent
const renamed = { ...base, type: 'friend.nickname', userId: someone, nickname: 'x' } satisfies BridgeEvent
const raw = {
  ...base,
  type: 'raw',
  dialect: 'onebot11',
  name: 'notice.x',
  payload: { post_type: 'notice', notice_type: 'x' },
} satisfies BridgeEvent

function passes(options: EventFilterOptions, event: BridgeEvent): boolean {
  return createFilter(options)(event, view) !== undefined
}

describe('kinds', () => {
  test.each<[string, BridgeEvent[], BridgeEvent[]]>([
    ['message', [message('a'), message('a', inPrivate)], [kick, request]],
    ['message.group', [message('a')], [message('a', inPrivate), kick]],
    ['message.private.friend', [message('a', inPrivate)], [message('a')]],
    ['message_sent', [{ ...message('a'), origin: 'self' }], [message('a')]],
    ['GroupMessage', [message('a')], [message('a', inPrivate), { ...message('a'), origin: 'self' }]],
    ['GroupSyncMessage', [{ ...message('a'), origin: 'sync' }], [message('a')]],
    ['notice', [kick, join, renamed, online, raw], [message('a'), request]],
    ['notice.group_increase', [join], [kick]],
    ['notice.group_decrease', [kick, { ...kick, how: 'leave' }], [join]],
    [
      'notice.group_decrease.kick',
      [kick],
      [
        { ...kick, how: 'leave' },
        { ...kick, userId: bot },
      ],
    ],
    ['MemberLeaveEventKick', [kick], [{ ...kick, how: 'leave' }]],
    ['BotLeaveEventKick', [{ ...kick, userId: bot }], [kick]],
    ['MemberUnmuteEvent', [mute], [{ ...mute, durationSeconds: 5 }]],
    ['notice.group_ban.ban', [{ ...mute, durationSeconds: 5 }], [mute]],
    ['group.member', [kick, join, mute], [message('a'), online]],
    ['group.member.join', [join], [kick]],
    ['request', [request], [join]],
    ['FriendNickChangedEvent', [renamed], [join]],
    ['raw', [raw], [join]],
  ])('%s', (kind, yes, no) => {
    for (const event of yes) {
      expect(passes({ kinds: [kind] }, event), `${kind}: ${event.type}`).toBe(true)
      expect(passes({ kinds: { not: [kind] } }, event), `not ${kind}: ${event.type}`).toBe(false)
    }
    for (const event of no) {
      expect(passes({ kinds: [kind] }, event), `${kind}: ${event.type}`).toBe(false)
      expect(passes({ kinds: { not: [kind] } }, event), `not ${kind}: ${event.type}`).toBe(true)
    }
  })

  test('only and not hold together', () => {
    const kinds = { only: ['notice'], not: ['notice.group_increase'] }
    expect([kick, join, message('a')].map((event) => passes({ kinds }, event))).toEqual([true, false, false])
  })
})

describe('where and who', () => {
  test('groups leave private events alone', () => {
    expect(passes({ groups: [1] }, message('a'))).toBe(false)
    expect(passes({ groups: [groupId] }, message('a'))).toBe(true)
    expect(passes({ groups: { not: [groupId] } }, message('a'))).toBe(false)
    expect(passes({ groups: [1] }, message('a', inPrivate))).toBe(true)
  })

  test('users are looked at in groups and in private, events of nobody pass', () => {
    for (const event of [message('a'), message('a', inPrivate), kick, request]) {
      expect(passes({ users: [someone] }, event)).toBe(true)
      expect(passes({ users: { not: [someone] } }, event)).toBe(false)
    }
    expect(passes({ users: [1] }, online)).toBe(true)
  })

  test('roles of the sender come with the message, else from what is known', () => {
    expect(passes({ roles: ['owner'] }, message('a'))).toBe(true)
    const said = message('a', { sender: { userId: someone, nickname: 'n', role: 'admin' } })
    expect(passes({ roles: ['owner'] }, said)).toBe(false)
    expect(passes({ roles: { not: ['member'] } }, said)).toBe(true)
    expect(passes({ roles: ['owner'] }, message('a', inPrivate))).toBe(true)
  })

  test('what the bot is', () => {
    expect(passes({ botRoles: ['owner', 'admin'] }, message('a'))).toBe(true)
    expect(passes({ botRoles: ['owner'] }, message('a'))).toBe(false)
    expect(passes({ botRoles: ['owner'] }, message('a', inPrivate))).toBe(true)
  })

  test('mentioned: messages of groups only', () => {
    const called = message([
      { type: 'mention', userId: bot },
      { type: 'text', text: ' hi' },
    ])
    const other = message([{ type: 'mention', userId: someone }])
    expect([called, other, message('a', inPrivate), kick].map((event) => passes({ mentioned: true }, event))).toEqual([
      true,
      false,
      true,
      true,
    ])
    expect([called, other].map((event) => passes({ mentioned: false }, event))).toEqual([false, true])
  })
})

describe('text', () => {
  const mention: Segment = { type: 'mention', userId: bot }
  const quote: Segment = { type: 'reply', messageId: 5 as never }

  test.each<[string, string | Segment[], boolean]>([
    ['plain', '/help', true],
    ['behind blanks', '  /help', true],
    ['behind a quote and a mention of the bot', [quote, mention, { type: 'text', text: ' /help' }], true],
    [
      'behind a mention of somebody else',
      [
        { type: 'mention', userId: someone },
        { type: 'text', text: '/help' },
      ],
      false,
    ],
    [
      'behind a picture',
      [
        { type: 'image', id: 'x' },
        { type: 'text', text: '/help' },
      ],
      false,
    ],
    ['elsewhere', 'say /help', false],
    ['nothing', [], false],
  ])('a prefix %s', (_, content, expected) => {
    expect(passes({ text: { prefix: ['!', '/'] } }, message(content))).toBe(expected)
    expect(passes({ text: { prefix: { not: ['!', '/'] } } }, message(content))).toBe(!expected)
  })

  test('notices have no text', () => {
    expect(passes({ text: { prefix: ['/'] } }, kick)).toBe(true)
    expect(passes({ text: { prefix: ['/'] }, kinds: ['message'] }, kick)).toBe(false)
  })

  test('patterns see the joined text without blanks around', () => {
    const parted = message([
      mention,
      { type: 'text', text: ' we' },
      { type: 'face', id: 1 },
      { type: 'text', text: 'ather ' },
    ])
    expect(passes({ text: { matches: ['^weather$'] } }, parted)).toBe(true)
    expect(passes({ text: { matches: ['^WEATHER$'] } }, parted)).toBe(false)
    expect(passes({ text: { matches: ['nothing', '(?i)^WEA'] } }, parted)).toBe(true)
    expect(passes({ text: { matches: { not: ['weather'] } } }, parted)).toBe(false)
  })

  // `(a+)+$` over such a text takes a backtracking engine longer than the sun will shine.
  test('patterns take linear time', () => {
    const began = performance.now()
    expect(passes({ text: { matches: ['^(a+)+$'] } }, message(`${'a'.repeat(20_000)}!`))).toBe(false)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test.each<[EventFilterOptions['text'], string | Segment[], Segment[]]>([
    [{ prefix: ['/'], strip: true }, ' /help me', [{ type: 'text', text: 'help me' }]],
    [{ prefix: ['/', '/bot '], strip: true }, '/bot help', [{ type: 'text', text: 'help' }]],
    [{ prefix: ['。'], rewrite: '/' }, '。帮助', [{ type: 'text', text: '/帮助' }]],
    [{ prefix: ['/'], strip: true }, '/', [{ type: 'text', text: '' }]],
    [
      { prefix: ['/'], strip: true },
      [mention, { type: 'text', text: '/' }, { type: 'image', id: 'x' }],
      [mention, { type: 'image', id: 'x' }],
    ],
  ])('%j turns %j into %j', (text, content, expected) => {
    const event = message(content)
    const before = structuredClone(event)
    expect(createFilter({ text })(event, view)).toEqual({ ...event, message: { ...event.message, segments: expected } })
    expect(event).toEqual(before)
  })
})

describe('except', () => {
  test('takes all of its criteria together', () => {
    const except = { groups: [groupId as number], roles: ['member' as const] }
    const byMember = message('a', { sender: { userId: 20002 as UserId, nickname: 'n' } })
    expect(passes({ except }, byMember)).toBe(false)
    expect(passes({ except }, message('a'))).toBe(true)
  })

  test('what there is nothing to judge by excludes nothing', () => {
    expect(passes({ except: { roles: ['member'] } }, message('a', inPrivate))).toBe(true)
    expect(passes({ except: { text: { matches: ['a'] } } }, kick)).toBe(true)
    expect(passes({ except: {} }, kick)).toBe(true)
  })
})
