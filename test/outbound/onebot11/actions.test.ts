// Canonical actions as the exact frames that implementations get, and their answers as canonical results.
// Parameters: onebot11-actions.json; differences between implementations: onebot11.md, sections 13 and 18.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/core/action.ts'
import type { GroupId, MessageId, Peer, UserId } from '../../../src/core/ids.ts'
import type { Segment } from '../../../src/core/segment.ts'
import { failed } from './fake-onebot.ts'
import { bot, errorOf, groupMessage, privateMessage, setUpForward, time, type Rig } from './set-up.ts'

const groupId = 30001 as GroupId
const userId = 20001 as UserId
const group: Peer = { kind: 'group', groupId }
const friend: Peer = { kind: 'friend', userId }
const text = (value: string): Segment => ({ type: 'text', text: value })
const wireText = (value: string) => ({ type: 'text', data: { text: value } })

/** A message with native id 501 in the group. */
function learnMessage({ services }: Rig, segments: Segment[] = [text('old')], native = '501'): MessageId {
  const content = { sender: { userId, nickname: '老船长' }, time, segments }
  return services.messages.learn(bot, { native, peer: group }, content, true).id
}

interface WireSegment {
  type: string
  data: { text?: string; content: WireSegment[] }
}

/** As `learnMessage`, but the backend told it itself. */
async function hearMessage(rig: Rig): Promise<MessageId> {
  rig.fake.send(groupMessage())
  return (await rig.next('message')).message.id
}

function lastCall({ fake }: Rig) {
  return JSON.stringify(fake.calls.at(-1))
}

describe('single requests', () => {
  const rows: [Action, string, Record<string, unknown>][] = [
    [{ name: 'message.recall', params: { messageId: 501 as MessageId } }, 'delete_msg', { message_id: 501 }],
    [{ name: 'message.markRead', params: { peer: group } }, 'mark_group_msg_as_read', { group_id: 30001 }],
    [{ name: 'message.markRead', params: { peer: friend } }, 'mark_private_msg_as_read', { user_id: 20001 }],
    [{ name: 'message.markRead', params: {} }, '_mark_all_as_read', {}],
    [
      { name: 'nudge.send', params: { peer: group, targetId: userId } },
      'group_poke',
      { group_id: 30001, user_id: 20001 },
    ],
    [
      { name: 'nudge.send', params: { peer: friend, targetId: bot } },
      'friend_poke',
      { user_id: 20001, target_id: 10001 },
    ],
    [{ name: 'friend.delete', params: { userId } }, 'delete_friend', { user_id: 20001 }],
    [{ name: 'group.leave', params: { groupId } }, 'set_group_leave', { group_id: 30001, is_dismiss: false }],
    [
      { name: 'group.muteAll', params: { groupId, on: true } },
      'set_group_whole_ban',
      { group_id: 30001, enable: true },
    ],
    [
      { name: 'group.member.kick', params: { groupId, userId } },
      'set_group_kick',
      { group_id: 30001, user_id: 20001, reject_add_request: false },
    ],
    [
      { name: 'group.member.mute', params: { groupId, userId, durationSeconds: 0 } },
      'set_group_ban',
      { group_id: 30001, user_id: 20001, duration: 0 },
    ],
    [
      { name: 'group.member.admin', params: { groupId, userId, on: true } },
      'set_group_admin',
      { group_id: 30001, user_id: 20001, enable: true },
    ],
    [
      { name: 'group.member.card', params: { groupId, userId, card: '船长' } },
      'set_group_card',
      { group_id: 30001, user_id: 20001, card: '船长' },
    ],
    [
      { name: 'group.member.title', params: { groupId, userId, title: '头衔' } },
      'set_group_special_title',
      { group_id: 30001, user_id: 20001, special_title: '头衔', duration: -1 },
    ],
    [
      { name: 'group.essence.set', params: { messageId: 501 as MessageId, on: true } },
      'set_essence_msg',
      { message_id: 501 },
    ],
    [
      { name: 'group.essence.set', params: { messageId: 501 as MessageId, on: false } },
      'delete_essence_msg',
      { message_id: 501 },
    ],
    [
      { name: 'group.config.set', params: { groupId, name: '新名' } },
      'set_group_name',
      { group_id: 30001, group_name: '新名' },
    ],
  ]

  test.each(rows)('%j', async (action, name, params) => {
    const rig = await setUpForward()
    learnMessage(rig)
    rig.fake.on(name, null)
    expect(await rig.call(action)).toEqual({})
    expect(lastCall(rig)).toBe(JSON.stringify({ action: name, params }))
  })

  test('all of them are in the specification, with all their parameters', () => {
    interface Entry {
      name: string
      aliases?: string[]
      params: { name: string }[]
    }
    const file = new URL('../../facts/onebot11-actions.json', import.meta.url)
    const spec = JSON.parse(readFileSync(file, 'utf8')) as { actions: Entry[] }
    for (const [, name, params] of rows) {
      const entry = spec.actions.find((one) => one.name === name || one.aliases?.includes(name))
      expect(
        entry?.params.map((param) => param.name),
        name,
      ).toEqual(expect.arrayContaining(Object.keys(params)))
    }
  })

  test('a success that says valid: false, or names an error of QQ, is none', async () => {
    const rig = await setUpForward()
    rig.fake.on('delete_friend', { valid: false, message: '不是好友' })
    expect(await errorOf(rig.call({ name: 'friend.delete', params: { userId } }))).toEqual({
      kind: 'notFound',
      certain: true,
    })
    rig.fake.on('delete_friend', { result: 5, errMsg: 'x' })
    expect((await errorOf(rig.call({ name: 'friend.delete', params: { userId } }))).kind).toBe('backend')
  })

  test('an id that nobody knows fails before anything is sent', async () => {
    const rig = await setUpForward()
    const gone = rig.call({ name: 'message.recall', params: { messageId: 9 as MessageId } })
    expect(await errorOf(gone)).toEqual({ kind: 'notFound', certain: true })
    expect(rig.fake.calls).toEqual([])
  })
})

describe('requests', () => {
  test('friend and group requests are answered by their flag', async () => {
    const rig = await setUpForward()
    const { requests } = rig.services
    const asks = requests.learn(bot, { kind: 'friend', native: '1700000000', userId })
    const joins = requests.learn(bot, { kind: 'join', native: 'g|1', userId, groupId })
    const invites = requests.learn(bot, { kind: 'invite', native: '7', userId, groupId })
    rig.fake.on('set_friend_add_request', null).on('set_group_add_request', null)
    await rig.call({ name: 'request.friend.answer', params: { requestId: asks, approve: true, remark: '小明' } })
    await rig.call({ name: 'request.group.answer', params: { requestId: joins, approve: false, reason: '满' } })
    await rig.call({ name: 'request.group.answer', params: { requestId: invites, approve: true, block: true } })
    expect(rig.fake.calls).toEqual([
      { action: 'set_friend_add_request', params: { flag: '1700000000', approve: true, remark: '小明' } },
      {
        action: 'set_group_add_request',
        params: { flag: 'g|1', sub_type: 'add', type: 'add', approve: false, reason: '满' },
      },
      {
        action: 'set_group_add_request',
        params: { flag: '7', sub_type: 'invite', type: 'invite', approve: true, reason: '' },
      },
    ])
    expect(rig.losses).toEqual([
      { what: 'request.group.answer', fidelity: 'lossy', reason: 'who asks cannot be blocked' },
    ])
  })
})

describe('people and groups', () => {
  const profile = { userId, nickname: '老船长', sex: 'male', age: 30, level: 64 }

  test.each([
    [
      'NapCat',
      { user_id: 20001, uin: '20001', nickname: '老船长', age: 30, qqLevel: 64, sex: 'male', long_nick: 's' },
      's',
    ],
    ['go-cqhttp', { user_id: 20001, nickname: '老船长', age: 30, level: 64, sex: 'male', qid: '' }, undefined],
    ['LuckyLilliaBot', { user_id: 20001, nickname: '老船长', age: 30, level: '64', sex: 'male', sign: 's' }, 's'],
    ['without the account', { user_id: 0, nickname: '老船长', age: 30, level: 64, sex: 'male' }, undefined],
  ])('profile of %s', async (_name, data, sign) => {
    const rig = await setUpForward()
    rig.fake.on('get_stranger_info', data)
    const found = await rig.call({ name: 'user.profile', params: { userId, fresh: true } })
    expect(found).toEqual(sign === undefined ? profile : { ...profile, sign })
    expect(lastCall(rig)).toBe('{"action":"get_stranger_info","params":{"user_id":20001,"no_cache":true}}')
  })

  test('who the bot is: the profile where there is one, the login at least', async () => {
    const rig = await setUpForward()
    expect(await rig.call({ name: 'bot.info', params: {} })).toEqual({ userId: bot, nickname: '桥' })
    const other = await setUpForward()
    other.fake.on('get_stranger_info', { user_id: 10001, nickname: 'x', age: 3 })
    expect(await other.call({ name: 'bot.info', params: {} })).toEqual({ userId: bot, nickname: '桥', age: 3 })
  })

  test('lists skip what cannot be read and always say no_cache', async () => {
    const rig = await setUpForward()
    rig.fake
      .on('get_friend_list', [{ user_id: 20001, nickname: 'a', remark: null }, 5, { nickname: 'nobody' }])
      .on('get_group_list', [{ group_id: '30001', group_name: 'g', member_count: 3, max_member_count: 200 }])
      .on('get_group_member_list', [{ user_id: 20001, nickname: 'a', role: 'owner', level: '7', shut_up_timestamp: 0 }])
    expect(await rig.call({ name: 'friend.list', params: {} })).toEqual([{ userId, nickname: 'a', remark: '' }])
    expect(await rig.call({ name: 'group.list', params: { fresh: true } })).toEqual([
      { groupId, name: 'g', memberCount: 3, maxMemberCount: 200 },
    ])
    expect(await rig.call({ name: 'group.member.list', params: { groupId } })).toEqual([
      {
        groupId,
        userId,
        nickname: 'a',
        card: '',
        level: '7',
        joinTime: 0,
        lastSpeakTime: 0,
        mutedUntil: 0,
        role: 'owner',
        title: '',
      },
    ])
    expect(rig.fake.calls).toEqual([
      { action: 'get_friend_list', params: { no_cache: false } },
      { action: 'get_group_list', params: { no_cache: true } },
      { action: 'get_group_member_list', params: { group_id: 30001, no_cache: false } },
    ])
  })

  test('one group, one member, and what OneBot knows of the settings', async () => {
    const rig = await setUpForward()
    rig.fake
      .on('get_group_info', { group_id: 30001, group_name: 'g', group_all_shut: -1 })
      .on('get_group_member_info', { group_id: 30001, user_id: 20001, nickname: 'a', role: 'admin' })
    expect(await rig.call({ name: 'group.get', params: { groupId } })).toEqual({ groupId, name: 'g', muteAll: true })
    const member = await rig.call({ name: 'group.member.get', params: { groupId, userId } })
    expect(member).toMatchObject({ groupId, userId, role: 'admin' })
    expect(lastCall(rig)).toBe(
      '{"action":"get_group_member_info","params":{"group_id":30001,"user_id":20001,"no_cache":false}}',
    )
    expect(await rig.call({ name: 'group.config.get', params: { groupId } })).toMatchObject({
      name: 'g',
      muteAll: true,
    })
    expect(rig.losses.map(({ what }) => what)).toEqual(['group.config.get'])
  })

  test('settings that OneBot cannot change are refused, or lost beside others', async () => {
    const rig = await setUpForward()
    rig.fake.on('set_group_whole_ban', null)
    const only = rig.call({ name: 'group.config.set', params: { groupId, confessTalk: true } })
    expect(await errorOf(only)).toEqual({ kind: 'notSupported', certain: true })
    await rig.call({ name: 'group.config.set', params: { groupId, confessTalk: true, muteAll: false } })
    expect(lastCall(rig)).toBe('{"action":"set_group_whole_ban","params":{"group_id":30001,"enable":false}}')
    expect(rig.losses).toEqual([
      { what: 'group.config.set', fidelity: 'lossy', reason: 'OneBot cannot set confessTalk' },
    ])
  })
})

describe('sending', () => {
  const sending: [string, Peer, string, Record<string, unknown>][] = [
    ['group', group, 'send_group_msg', { group_id: 30001 }],
    ['friend', friend, 'send_private_msg', { user_id: 20001 }],
    ['temp', { kind: 'temp', userId, groupId }, 'send_private_msg', { user_id: 20001, group_id: 30001 }],
    ['stranger', { kind: 'stranger', userId }, 'send_private_msg', { user_id: 20001 }],
  ]
  test.each(sending)('to a %s', async (_name, peer, action, target) => {
    const rig = await setUpForward()
    rig.fake.on(action, { message_id: -77 })
    const sent = await rig.call({ name: 'message.send', params: { peer, segments: [text('hi')] } })
    expect(sent).toEqual({ messageId: -77 })
    expect(lastCall(rig)).toBe(JSON.stringify({ action, params: { ...target, message: [wireText('hi')] } }))
    expect(rig.services.messages.get(bot, sent.messageId)).toMatchObject({ peer, segments: [text('hi')] })
  })

  test('the quote goes first, and alone', async () => {
    const rig = await setUpForward()
    const messageId = learnMessage(rig)
    rig.fake.on('send_group_msg', { message_id: 5 })
    const reply: Segment = { type: 'reply', messageId }
    await rig.call({ name: 'message.send', params: { peer: group, segments: [text('a'), reply, reply] } })
    expect(rig.fake.calls.at(-1)?.params['message']).toEqual([{ type: 'reply', data: { id: '501' } }, wireText('a')])
    expect(rig.losses.map(({ what, fidelity }) => `${what} ${fidelity}`)).toEqual(['reply dropped'])
  })

  test('ids beyond int32 get one of the bridge and go back as they came', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', { message_id: '7345678901234567890' }).on('delete_msg', null)
    const { messageId } = await rig.call({ name: 'message.send', params: { peer: group, segments: [text('a')] } })
    expect(messageId | 0).toBe(messageId)
    await rig.call({ name: 'message.recall', params: { messageId } })
    expect(rig.fake.calls.at(-1)?.params).toEqual({ message_id: '7345678901234567890' })
  })

  test('media: an address, else bytes; names only where they can be sent again', async () => {
    const native = { kind: 'image' as const, native: 'A1.image', name: 'A1.image', backend: 'back' }
    for (const [appName, file] of [
      ['NapCat.Onebot', 'http://x/1.jpg'],
      ['go-cqhttp', 'A1.image'],
    ] as const) {
      const rig = await setUpForward({ appName })
      rig.fake.on('send_group_msg', { message_id: 5 })
      const id = rig.services.media.learn({ ...native, url: 'http://x/1.jpg' })
      await rig.call({ name: 'message.send', params: { peer: group, segments: [{ type: 'image', id }] } })
      expect(rig.fake.calls.at(-1)?.params['message']).toEqual([{ type: 'image', data: { file, sub_type: 0 } }])
    }
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', { message_id: 5 })
    const { id } = rig.services.media.put('image', Buffer.from('GIF8'))
    const upload: Segment[] = [{ type: 'image', id }]
    await rig.call({ name: 'message.send', params: { peer: group, segments: upload } })
    const sent = rig.fake.calls.at(-1)?.params['message']
    expect(sent).toEqual([{ type: 'image', data: { file: 'base64://R0lGOA==', sub_type: 0 } }])
    const nowhere = rig.services.media.learn({ ...native, native: 'B2.image', name: 'B2.image' })
    const lost = rig.call({ name: 'message.send', params: { peer: group, segments: [{ type: 'image', id: nowhere }] } })
    expect((await errorOf(lost)).kind).toBe('notFound')
  })

  test.each([
    ['NapCat.Onebot', { type: 'poke', pokeType: 1, pokeId: -1 }, '[戳一戳]'],
    ['NapCat.Onebot', { type: 'card', format: 'xml', data: '<a/>' }, '[卡片]'],
    ['NapCat.Onebot', { type: 'link', url: 'http://x', title: 't' }, 't http://x'],
    ['LLOneBot', { type: 'location', lat: 1, lon: 2, title: 'h' }, '[位置] h (1,2)'],
    ['go-cqhttp', { type: 'markdown', content: '# a' }, '# a'],
  ] as [string, Segment, string][])('%s shows %j as text', async (appName, segment, shown) => {
    const rig = await setUpForward({ appName })
    rig.fake.on('send_group_msg', { message_id: 5 })
    await rig.call({ name: 'message.send', params: { peer: group, segments: [segment] } })
    expect(rig.fake.calls.at(-1)?.params['message']).toEqual([wireText(shown)])
    expect(rig.losses.map(({ fidelity }) => fidelity)).toEqual(['asText'])
  })

  test('what cannot be shown at all is refused', async () => {
    const rig = await setUpForward({ appName: 'Lagrange.OneBot' })
    const file: Segment = { type: 'file', url: 'http://x/a.zip', name: 'a.zip' }
    const sent = rig.call({ name: 'message.send', params: { peer: group, segments: [file] } })
    expect(await errorOf(sent)).toEqual({ kind: 'notSupported', certain: true })
    expect(rig.outbound.capabilities(bot).segments.file?.fidelity).toBe('refused')
  })

  test('a success without message_id is an error that must not be repeated', async () => {
    for (const data of [null, {}, { message_id: 0 }]) {
      const rig = await setUpForward()
      rig.fake.on('send_group_msg', data)
      const sent = rig.call({ name: 'message.send', params: { peer: group, segments: [text('a')] } })
      expect(await errorOf(sent)).toEqual({ kind: 'backend', certain: false })
    }
  })
})

describe('merged forwards', () => {
  test('nodes by id, by content and nested; card texts outside', async () => {
    const rig = await setUpForward()
    const messageId = await hearMessage(rig)
    rig.fake.on('send_group_forward_msg', { message_id: 88, res_id: 'R', forward_id: 'R' })
    const inner: Segment = { type: 'forward', nodes: [{ senderId: userId, senderName: 'b', segments: [text('in')] }] }
    const forward: Segment = {
      type: 'forward',
      title: '标题',
      brief: '提示',
      summary: '底',
      preview: ['一', '二'],
      nodes: [
        { messageId },
        { senderId: userId, senderName: '老船长', time, segments: [text('a'), { type: 'voice', url: 'http://v' }] },
        { segments: [inner] },
      ],
    }
    const sent = await rig.call({ name: 'message.send', params: { peer: group, segments: [forward] } })
    expect(sent).toEqual({ messageId: 88, forwardId: 'R' })
    const node = (id: number, name: string, content: unknown, at?: number) => ({
      type: 'node',
      data: {
        user_id: String(id),
        nickname: name,
        uin: String(id),
        name,
        content,
        ...(at !== undefined && { time: at }),
      },
    })
    expect(rig.fake.calls).toEqual([
      {
        action: 'send_group_forward_msg',
        params: {
          group_id: 30001,
          messages: [
            { type: 'node', data: { id: '501' } },
            node(20001, '老船长', [wireText('a')], time),
            node(20001, '老船长', [{ type: 'record', data: { file: 'http://v' } }], time),
            node(10001, '桥', [node(20001, 'b', [wireText('in')])]),
          ],
          source: '标题',
          prompt: '提示',
          summary: '底',
          news: [{ text: '一' }, { text: '二' }],
        },
      },
    ])
  })

  test('to a temporary session', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_private_forward_msg', { message_id: 88 })
    const segments: Segment[] = [{ type: 'forward', nodes: [{ segments: [text('a')] }] }]
    await rig.call({ name: 'message.send', params: { peer: { kind: 'temp', userId, groupId }, segments } })
    expect(rig.fake.calls[0]?.params).toMatchObject({ user_id: 20001, group_id: 30001 })
  })

  test('nesting beyond what the implementation follows is laid flat: authors and words stay', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_forward_msg', { message_id: 88 })
    let segments: Segment[] = [text('deep')]
    for (let level = 6; level > 0; level--) {
      const besides = { senderId: userId, senderName: 'n', segments: [text(`beside ${level}`)] }
      segments = [{ type: 'forward', nodes: [{ senderId: userId, senderName: `level ${level}`, segments }, besides] }]
    }
    await rig.call({ name: 'message.send', params: { peer: group, segments } })
    const levels: string[][] = []
    let nodes = rig.fake.calls[0]?.params['messages'] as WireSegment[] | undefined
    for (; nodes; nodes = nodes.find(({ data }) => data.content[0]?.type === 'node')?.data.content) {
      levels.push(nodes.flatMap(({ data }) => data.content.flatMap((one) => one.data.text ?? [])))
    }
    expect(levels).toEqual([['beside 1'], ['beside 2'], ['deep', 'beside 6', 'beside 5', 'beside 4', 'beside 3']])
    expect(rig.losses.map(({ what, fidelity }) => [what, fidelity])).toEqual(Array(3).fill(['forward', 'lossy']))
  })

  test('messages that the backend forgot are forwarded by what they said; other failures stay failures', async () => {
    const rig = await setUpForward()
    const messageId = await hearMessage(rig)
    const answers: unknown[] = [failed(1200, '消息不存在'), { message_id: 88 }]
    rig.fake.on('send_group_forward_msg', () => answers.shift())
    const segments: Segment[] = [{ type: 'forward', nodes: [{ messageId }] }]
    const send = () => rig.call({ name: 'message.send', params: { peer: group, segments } })
    expect(await send()).toEqual({ messageId: 88 })
    expect(rig.fake.calls.map(({ params }) => params['messages'])).toEqual([
      [{ type: 'node', data: { id: '501' } }],
      [expect.objectContaining({ data: expect.objectContaining({ user_id: '20001', nickname: '船长' }) as unknown })],
    ])
    answers.push(failed(1200, '发送失败'))
    await expect(send()).rejects.toMatchObject({ kind: 'backend' })
    expect(rig.fake.calls).toHaveLength(3)
  })

  test('NapCat gets a received forward built anew, the others its id', async () => {
    const segments: Segment[] = [{ type: 'forward', id: '7345678901234567890' }]
    const napcat = await setUpForward()
    napcat.fake
      .on('get_forward_msg', { messages: [groupMessage({ message: [wireText('x')] })] })
      .on('send_group_forward_msg', { message_id: 5 })
    await napcat.call({ name: 'message.send', params: { peer: group, segments } })
    expect(napcat.fake.calls.map(({ action }) => action)).toEqual(['get_forward_msg', 'send_group_forward_msg'])
    const gocq = await setUpForward({ appName: 'go-cqhttp' })
    gocq.fake.on('send_group_msg', { message_id: 5 })
    await gocq.call({ name: 'message.send', params: { peer: group, segments } })
    expect(gocq.fake.calls[0]?.params['message']).toEqual([{ type: 'forward', data: { id: '7345678901234567890' } }])
  })

  test.each([
    ['NapCat', { messages: [groupMessage({ message: [wireText('x')] })] }],
    [
      'go-cqhttp',
      { messages: [{ sender: { user_id: 20001, nickname: '老船长' }, time, content: [wireText('x')], group_id: 1 }] },
    ],
    ['LuckyLilliaBot', { messages: [{ sender: { user_id: 20001, nickname: '老船长' }, time, content: 'x' }] }],
    [
      'the standard',
      { message: [{ type: 'node', data: { user_id: '20001', nickname: '老船长', time, content: [wireText('x')] } }] },
    ],
  ])('read from %s', async (_name, data) => {
    const rig = await setUpForward()
    rig.fake.on('get_forward_msg', data)
    expect(await rig.call({ name: 'message.forward.get', params: { id: 'R' } })).toEqual({
      nodes: [{ senderId: userId, senderName: '老船长', time, segments: [text('x')] }],
    })
    expect(rig.fake.calls[0]?.params).toEqual({ id: 'R', message_id: 'R' })
  })

  test('by message: its forward id counts; an empty answer is none', async () => {
    const rig = await setUpForward()
    const messageId = learnMessage(rig, [{ type: 'forward', id: 'RES' }])
    rig.fake.on('get_forward_msg', { messages: [] })
    const read = rig.call({ name: 'message.forward.get', params: { id: String(messageId) } })
    expect((await errorOf(read)).kind).toBe('notFound')
    expect(rig.fake.calls[0]?.params['id']).toBe('RES')
  })
})

describe('reading messages', () => {
  test('one message is kept with its content under the id that was asked for', async () => {
    const rig = await setUpForward()
    const { id } = rig.services.messages.learn(bot, { native: '900', peer: friend }, undefined, true)
    // The bot's own message in a private chat: nobody says who the other side is.
    const own = privateMessage({ user_id: 10001, sender: { user_id: 10001, nickname: '桥' }, message_id: 901 })
    rig.fake.on('get_msg', own)
    const message = await rig.call({ name: 'message.get', params: { messageId: id } })
    expect(message).toMatchObject({ id, peer: friend, time, segments: [text('你好')], sender: { userId: bot } })
    expect(rig.services.messages.get(bot, id)?.segments).toEqual([text('你好')])
  })

  test('an answer that names nobody is an error', async () => {
    const rig = await setUpForward()
    const messageId = learnMessage(rig)
    rig.fake.on('get_msg', {})
    expect((await errorOf(rig.call({ name: 'message.get', params: { messageId } }))).kind).toBe('backend')
    rig.fake.on('get_msg', failed(1200, '消息不存在'))
    expect((await errorOf(rig.call({ name: 'message.get', params: { messageId } }))).kind).toBe('notFound')
  })

  function serveHistory(rig: Rig, total: number): void {
    rig.fake.on('get_group_msg_history', ({ message_seq: from, count }: Record<string, number>) => {
      const last = from ?? total
      const ids = Array.from({ length: last }, (_, at) => at + 1).slice(-(count ?? 20))
      return { messages: ids.map((id) => groupMessage({ message_id: id, time: time + id })) }
    })
  }

  test('a history by count, before a message', async () => {
    const rig = await setUpForward()
    serveHistory(rig, 50)
    const newest = await rig.call({ name: 'message.history', params: { peer: group, count: 3 } })
    expect(newest.messages.map(({ id }) => id)).toEqual([48, 49, 50])
    const [before] = newest.messages
    const older = await rig.call({ name: 'message.history', params: { peer: group, count: 2, before: before!.id } })
    expect(older.messages.map(({ id }) => id)).toEqual([46, 47])
    expect(rig.fake.calls.at(-1)?.params).toEqual({ group_id: 30001, message_seq: 48, message_id: 48, count: 3 })
  })

  test('a history by time is paged until the time is reached', async () => {
    const rig = await setUpForward()
    serveHistory(rig, 400)
    const span = { timeStart: time + 150, timeEnd: time + 160 }
    const { messages } = await rig.call({ name: 'message.history', params: { peer: group, ...span } })
    expect(messages.map(({ id }) => id)).toEqual([150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160])
    expect(rig.fake.calls).toHaveLength(3)
  })

  test('go-cqhttp counts by sequence', async () => {
    const rig = await setUpForward({ appName: 'go-cqhttp' })
    const content = { sender: { userId, nickname: 'a' }, time, segments: [], seq: 1234 }
    const { id } = rig.services.messages.learn(bot, { native: '-5', peer: group }, content, true)
    rig.fake.on('get_group_msg_history', { messages: [groupMessage({ message_id: -5 })] })
    await rig.call({ name: 'message.history', params: { peer: group, before: id, count: 5 } })
    expect(rig.fake.calls[0]?.params).toEqual({ group_id: 30001, count: 6, message_seq: 1234 })
  })
})

describe('where implementations differ', () => {
  test('repeating: by its answer, by looking it up, or anew from the content', async () => {
    const repeat = (messageId: MessageId): Action => ({ name: 'message.repeat', params: { messageId, peer: group } })
    const llbot = await setUpForward({ appName: 'LLOneBot' })
    llbot.fake.on('forward_group_single_msg', { message_id: 12 })
    expect(await llbot.call(repeat(learnMessage(llbot)))).toEqual({ messageId: 12 })
    expect(llbot.fake.calls[0]?.params).toEqual({ group_id: 30001, message_id: 501 })

    const napcat = await setUpForward()
    const now = Math.floor(Date.now() / 1000)
    const own = groupMessage({ user_id: 10001, sender: { user_id: 10001, nickname: '桥' }, message_id: 13, time: now })
    napcat.fake.on('forward_group_single_msg', null).on('get_group_msg_history', { messages: [own] })
    expect(await napcat.call(repeat(learnMessage(napcat)))).toEqual({ messageId: 13 })

    const silent = await setUpForward()
    silent.fake.on('forward_group_single_msg', null)
    expect(await errorOf(silent.call(repeat(learnMessage(silent))))).toEqual({ kind: 'backend', certain: false })

    const gocq = await setUpForward({ appName: 'go-cqhttp' })
    gocq.fake.on('send_group_msg', { message_id: 14 })
    expect(await gocq.call(repeat(learnMessage(gocq)))).toEqual({ messageId: 14 })
    expect(gocq.fake.calls.at(-1)?.params['message']).toEqual([wireText('old')])
    expect(gocq.losses).toMatchObject([{ what: 'message.repeat', fidelity: 'lossy' }])
  })

  test('go-cqhttp nudges by a segment, and marks up to the newest message', async () => {
    const rig = await setUpForward({ appName: 'go-cqhttp' })
    rig.fake.on('send_group_msg', { message_id: 0 }).on('mark_msg_as_read', null)
    await rig.call({ name: 'nudge.send', params: { peer: group, targetId: userId } })
    expect(rig.fake.calls[0]?.params).toEqual({ group_id: 30001, message: [{ type: 'poke', data: { qq: '20001' } }] })
    const unseen = rig.call({ name: 'message.markRead', params: { peer: group } })
    expect((await errorOf(unseen)).kind).toBe('notFound')
    rig.fake.send(groupMessage({ message_id: -9 }))
    await rig.next('message')
    await rig.call({ name: 'message.markRead', params: { peer: group } })
    expect(lastCall(rig)).toBe('{"action":"mark_msg_as_read","params":{"message_id":-9}}')
  })

  test('texts for kicked members and dissolving are lost where nobody obeys them', async () => {
    const kick: Action = { name: 'group.member.kick', params: { groupId, userId, message: '再见', block: true } }
    const napcat = await setUpForward()
    napcat.fake.on('set_group_kick', null).on('set_group_leave', null)
    await napcat.call(kick)
    await napcat.call({ name: 'group.leave', params: { groupId, dismiss: true } })
    expect(napcat.fake.calls[0]?.params).toEqual({ group_id: 30001, user_id: 20001, reject_add_request: true })
    expect(napcat.losses.map(({ what }) => what)).toEqual(['group.member.kick', 'group.leave'])
    const gocq = await setUpForward({ appName: 'go-cqhttp' })
    gocq.fake.on('set_group_kick', null)
    await gocq.call(kick)
    expect(gocq.fake.calls[0]?.params).toMatchObject({ message: '再见' })
  })
})

describe('raw', () => {
  test('passes through untouched, both ways', async () => {
    const rig = await setUpForward()
    const params = { a: [1, { b: null }], uid: 'x' }
    rig.fake.on('nc_get_rkey', [{ rkey: '&x=1', ttl: '3600' }])
    const got = await rig.call({ name: 'raw', params: { dialect: 'onebot11', name: 'nc_get_rkey', params } })
    expect(got).toEqual([{ rkey: '&x=1', ttl: '3600' }])
    expect(rig.fake.calls).toEqual([{ action: 'nc_get_rkey', params }])
  })

  test('of another dialect is refused', async () => {
    const rig = await setUpForward()
    const asked = rig.call({ name: 'raw', params: { dialect: 'mirai', name: 'cmd_execute', params: {} } })
    expect(await errorOf(asked)).toEqual({ kind: 'notSupported', certain: true })
  })
})
