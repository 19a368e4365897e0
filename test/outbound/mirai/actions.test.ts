// Every canonical action: the exact frame that is sent for it, and what comes of the answer.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Action, ActionName, ActionOf } from '../../../src/core/action.ts'
import type { GroupId, MessageId, Peer, UserId } from '../../../src/core/ids.ts'
import type { RequestRecord } from '../../../src/core/ports.ts'
import type { Segment } from '../../../src/core/segment.ts'
import { actionTable } from '../../../mappings/actions.ts'
import {
  bot,
  canonicalMember,
  connect,
  failure,
  groupMessage,
  lab,
  mio,
  nico,
  startServer,
  time,
  until,
  wireFriend,
  wireGroup,
  wireMember,
  type Connected,
  type FakeServer,
} from './setup.ts'

let server: FakeServer
let mah: Connected

beforeEach(async () => {
  server = await startServer()
  mah = await connect(server)
})

afterEach(async () => {
  await mah.close()
  await server.close()
})

const inLab: Peer = { kind: 'group', groupId: lab }
const withNico: Peer = { kind: 'friend', userId: nico }
const asMember = { groupId: lab, userId: mio }
const data = (value: unknown) => () => ({ code: 0, msg: '', data: value })

/** A message of the server that the bridge has seen, by its bridge id. */
function learn(native: number, peer: Peer, segments?: Segment[]): MessageId {
  const content = segments && { sender: { userId: mio, nickname: 'Mio' }, time, segments }
  return mah.state.messages.learn(bot, { native: String(native), peer }, content).id
}

function call<N extends ActionName>(action: ActionOf<N>) {
  return mah.call<N>(action.name, action.params)
}

/** What was sent, without the running numbers. */
function sent(): string[] {
  return server.texts.map((text) => text.replace(/^\{"syncId":"[0-9]+",/, '{'))
}

function frame(command: string, content: unknown, subCommand: string | null = null): string {
  return JSON.stringify({ command, subCommand, content })
}

describe('exact frames', () => {
  const cases: [string, Action, string[]][] = [
    [
      'nudge in a group',
      { name: 'nudge.send', params: { peer: inLab, targetId: mio } },
      [frame('sendNudge', { target: mio, subject: lab, kind: 'Group' })],
    ],
    [
      'nudge of a friend',
      { name: 'nudge.send', params: { peer: withNico, targetId: nico } },
      [frame('sendNudge', { target: nico, subject: nico, kind: 'Friend' })],
    ],
    [
      'nudge of a stranger',
      { name: 'nudge.send', params: { peer: { kind: 'stranger', userId: nico }, targetId: nico } },
      [frame('sendNudge', { target: nico, subject: nico, kind: 'Stranger' })],
    ],
    ['friend.delete', { name: 'friend.delete', params: { userId: nico } }, [frame('deleteFriend', { target: nico })]],
    ['group.leave', { name: 'group.leave', params: { groupId: lab } }, [frame('quit', { target: lab })]],
    ['muteAll on', { name: 'group.muteAll', params: { groupId: lab, on: true } }, [frame('muteAll', { target: lab })]],
    [
      'muteAll off',
      { name: 'group.muteAll', params: { groupId: lab, on: false } },
      [frame('unmuteAll', { target: lab })],
    ],
    [
      'config',
      {
        name: 'group.config.set',
        params: { groupId: lab, name: 'New', allowMemberInvite: false, muteAll: true },
      },
      [
        frame('groupConfig', { target: lab, config: { name: 'New', allowMemberInvite: false } }, 'update'),
        frame('muteAll', { target: lab }),
      ],
    ],
    [
      'kick',
      { name: 'group.member.kick', params: asMember },
      [frame('kick', { target: lab, memberId: mio, block: false, msg: '' })],
    ],
    [
      'kick for ever',
      { name: 'group.member.kick', params: { ...asMember, block: true, message: 'bye' } },
      [frame('kick', { target: lab, memberId: mio, block: true, msg: 'bye' })],
    ],
    [
      'mute',
      { name: 'group.member.mute', params: { ...asMember, durationSeconds: 60 } },
      [frame('mute', { target: lab, memberId: mio, time: 60 })],
    ],
    [
      'unmute',
      { name: 'group.member.mute', params: { ...asMember, durationSeconds: 0 } },
      [frame('unmute', { target: lab, memberId: mio })],
    ],
    [
      'admin',
      { name: 'group.member.admin', params: { ...asMember, on: true } },
      [frame('memberAdmin', { target: lab, memberId: mio, assign: true })],
    ],
    [
      'card',
      { name: 'group.member.card', params: { ...asMember, card: '' } },
      [frame('memberInfo', { target: lab, memberId: mio, info: { name: '' } }, 'update')],
    ],
    [
      'title',
      { name: 'group.member.title', params: { ...asMember, title: 'ace' } },
      [frame('memberInfo', { target: lab, memberId: mio, info: { specialTitle: 'ace' } }, 'update')],
    ],
    ['markRead', { name: 'message.markRead', params: { peer: inLab } }, []],
  ]
  test.each(cases)('%s', async (_, action, frames) => {
    expect(await call(action)).toEqual({})
    expect(sent()).toEqual(frames)
  })

  test.each(['message.recall', 'group.essence.set'] as const)('%s', async (name) => {
    const messageId = learn(517, inLab)
    await call({ name, params: { messageId, on: true } } as Action)
    const command = name === 'message.recall' ? 'recall' : 'setEssence'
    expect(sent()).toEqual([frame(command, { messageId: 517, target: lab })])
  })

  const requests: [string, RequestRecord['kind'], object, string, unknown[]][] = [
    ['friend', 'friend', { approve: true }, 'resp_newFriendRequestEvent', [0, '']],
    ['friend', 'friend', { approve: false }, 'resp_newFriendRequestEvent', [1, '']],
    ['friend', 'friend', { approve: false, block: true }, 'resp_newFriendRequestEvent', [2, '']],
    ['group', 'join', { approve: true }, 'resp_memberJoinRequestEvent', [0, '']],
    ['group', 'join', { approve: false, reason: 'no' }, 'resp_memberJoinRequestEvent', [1, 'no']],
    ['group', 'join', { approve: false, ignore: true }, 'resp_memberJoinRequestEvent', [2, '']],
    ['group', 'join', { approve: false, block: true }, 'resp_memberJoinRequestEvent', [3, '']],
    ['group', 'join', { approve: false, ignore: true, block: true }, 'resp_memberJoinRequestEvent', [4, '']],
    ['group', 'invite', { approve: true }, 'resp_botInvitedJoinGroupRequestEvent', [0, '']],
    ['group', 'invite', { approve: false }, 'resp_botInvitedJoinGroupRequestEvent', [1, '']],
  ]
  test.each(requests)('request %s %s %j', async (what, kind, params, command, [operate, message]) => {
    const requestId = mah.state.requests.learn(bot, { kind, native: '1700000000123', userId: nico, groupId: lab })
    await call({ name: `request.${what}.answer`, params: { requestId, ...params } } as Action)
    const content = { eventId: 1700000000123, operate, fromId: nico, groupId: lab, message }
    expect(sent()).toEqual([frame(command, content)])
  })

  test('an event id beyond 2^53 stays exact', async () => {
    const native = '9223372036854775807'
    const requestId = mah.state.requests.learn(bot, { kind: 'friend', native, userId: nico })
    await mah.call('request.friend.answer', { requestId, approve: true, remark: 'Nic' })
    expect(server.requests[0]?.content).toEqual({ eventId: native, operate: 0, fromId: nico, groupId: 0, message: '' })
    expect(mah.losses.map(({ loss }) => loss.what)).toEqual(['remark'])
  })
})

describe('sending', () => {
  beforeEach(() => {
    let number = 600
    for (const name of ['sendGroupMessage', 'sendFriendMessage', 'sendTempMessage']) {
      server.replies.set(name, () => ({ code: 0, msg: 'success', messageId: number++ }))
    }
  })
  const hi: Segment = { type: 'text', text: 'hi' }
  const plain = [{ type: 'Plain', text: 'hi' }]

  test.each<[string, Peer, string]>([
    ['group', inLab, frame('sendGroupMessage', { target: lab, messageChain: plain })],
    ['friend', withNico, frame('sendFriendMessage', { target: nico, messageChain: plain })],
    ['stranger', { kind: 'stranger', userId: nico }, frame('sendFriendMessage', { target: nico, messageChain: plain })],
    [
      'temp',
      { kind: 'temp', userId: mio, groupId: lab },
      frame('sendTempMessage', { qq: mio, group: lab, messageChain: plain }),
    ],
  ])('to a %s', async (_, peer, text) => {
    const { messageId } = await mah.call('message.send', { peer, segments: [hi] })
    expect(sent()).toEqual([text])
    const { messages } = mah.state
    expect(messages.native(bot, messageId)).toEqual({ native: '600', peer })
    expect(messages.get(bot, messageId)).toMatchObject({
      sender: { userId: bot, nickname: 'Botty' },
      segments: [hi],
      peer,
    })
  })

  test('the group of a temporary chat is known from its messages', async () => {
    const peer: Peer = { kind: 'temp', userId: mio }
    expect(await failure(mah.call('message.send', { peer, segments: [hi] }))).toMatchObject({ kind: 'badParameter' })
    server.send({
      syncId: '-1',
      data: { type: 'TempMessage', messageChain: [{ type: 'Source', id: 1, time }], sender: wireMember },
    })
    await until(() => mah.events.length === 1)
    await mah.call('message.send', { peer, segments: [hi] })
    expect(sent()).toEqual([frame('sendTempMessage', { qq: mio, group: lab, messageChain: plain })])
  })

  test('equal numbers in two conversations stay two messages', async () => {
    server.replies.set('sendGroupMessage', () => ({ code: 0, msg: 'success', messageId: 5 }))
    server.replies.set('sendFriendMessage', () => ({ code: 0, msg: 'success', messageId: 5 }))
    const one = await mah.call('message.send', { peer: inLab, segments: [hi] })
    const other = await mah.call('message.send', { peer: withNico, segments: [hi] })
    expect(one.messageId).not.toBe(other.messageId)
    await mah.call('message.recall', { messageId: other.messageId })
    expect(server.requests.at(-1)?.content).toEqual({ messageId: 5, target: nico })
  })

  test('a reply is the quote parameter', async () => {
    const messageId = learn(517, inLab)
    await mah.call('message.send', { peer: inLab, segments: [{ type: 'reply', messageId }, hi] })
    expect(sent()).toEqual([frame('sendGroupMessage', { target: lab, quote: 517, messageChain: plain })])
  })

  test('a reply across conversations goes without its quote, and says so', async () => {
    const messageId = learn(517, withNico)
    await mah.call('message.send', { peer: inLab, segments: [{ type: 'reply', messageId }, hi] })
    expect(sent()).toEqual([frame('sendGroupMessage', { target: lab, messageChain: plain })])
    expect(mah.losses.map(({ loss }) => loss.what)).toEqual(['reply'])
  })

  test('a reply to nothing known', async () => {
    const segments: Segment[] = [{ type: 'reply', messageId: 12345 as MessageId }, hi]
    expect(await failure(mah.call('message.send', { peer: inLab, segments }))).toMatchObject({ kind: 'notFound' })
    expect(sent()).toEqual([])
  })

  test('content', async () => {
    const segments: Segment[] = [
      { type: 'mention', userId: mio },
      { type: 'mentionAll' },
      { type: 'face', id: 123 },
      { type: 'image', base64: 'AAAA' },
      { type: 'image', url: 'http://img.example/1', flash: true },
      { type: 'location', lat: 1, lon: 2, title: 'Here' },
    ]
    await mah.call('message.send', { peer: inLab, segments })
    expect(server.requests[0]?.content['messageChain']).toEqual([
      { type: 'At', target: mio },
      { type: 'AtAll' },
      { type: 'Face', faceId: 123, name: expect.any(String) as string, isSuperFace: false },
      { type: 'Image', base64: 'AAAA' },
      { type: 'FlashImage', url: 'http://img.example/1' },
      { type: 'Plain', text: '[位置] Here (1,2)' },
    ])
    expect(mah.losses).toEqual([
      { direction: 'in', loss: { what: 'location', fidelity: 'asText', reason: 'mirai has no location' } },
    ])
  })

  test('an image that the server sent goes back by its own id', async () => {
    const imageId = '{01E9451B-70ED-EAE3-B37C-101F1EEBF5B5}.jpg'
    server.send({ syncId: '-1', data: groupMessage(1, [{ type: 'Image', imageId, url: 'http://img.example/0' }]) })
    await until(() => mah.events.length === 1)
    const [event] = mah.events
    const [image] = event?.type === 'message' ? event.message.segments : []
    expect(image).toMatchObject({ type: 'image', id: '01E9451B70EDEAE3B37C101F1EEBF5B5.jpg' })
    await mah.call('message.send', { peer: withNico, segments: [image as Segment] })
    expect(server.requests[0]?.content['messageChain']).toEqual([{ type: 'Image', imageId }])
  })

  test('an image that nobody knows', async () => {
    const segments: Segment[] = [{ type: 'image', id: 'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF.jpg' }]
    expect(await failure(mah.call('message.send', { peer: inLab, segments }))).toMatchObject({ kind: 'notFound' })
  })

  test('what mah cannot send at all is refused', async () => {
    const file: Segment = { type: 'file', url: 'http://x.example/a' }
    const sending = mah.call('message.send', { peer: withNico, segments: [file] })
    expect(await failure(sending)).toMatchObject({ kind: 'notSupported', certain: true })
    const voice: Segment = { type: 'voice', base64: 'AAAA' }
    const temp: Peer = { kind: 'temp', userId: mio, groupId: lab }
    expect(await failure(mah.call('message.send', { peer: temp, segments: [voice] }))).toMatchObject({
      kind: 'notSupported',
    })
    expect(await failure(mah.call('message.send', { peer: inLab, segments: [] }))).toMatchObject({
      kind: 'badParameter',
    })
    expect(sent()).toEqual([])
  })

  test('forwards: known messages with their content, others by number, what cannot be sent as text', async () => {
    const known = learn(1, withNico, [{ type: 'reply', messageId: 9 as MessageId }, hi])
    const here = learn(2, inLab)
    const there = learn(3, withNico)
    const nodes = [
      { messageId: known },
      { messageId: here },
      { messageId: there },
      { senderId: nico, senderName: 'Nico', time, segments: [{ type: 'file', name: 'a.txt' } as Segment] },
    ]
    await mah.call('message.send', { peer: inLab, segments: [{ type: 'forward', nodes, title: 'T' }] })
    const node = (senderId: UserId, senderName: string, text: string) => ({
      senderId,
      time,
      senderName,
      messageChain: [{ type: 'Plain', text }],
    })
    expect(server.requests[0]?.content['messageChain']).toEqual([
      {
        type: 'Forward',
        display: { brief: null, preview: null, source: null, summary: null, title: 'T' },
        nodeList: [
          node(mio, 'Mio', 'hi'),
          { messageId: 2 },
          { messageRef: { target: nico, messageId: 3 } },
          node(nico, 'Nico', '[文件: a.txt]'),
        ],
      },
    ])
  })

  test('message.repeat sends the stored content, without its quote elsewhere', async () => {
    const messageId = learn(1, inLab, [{ type: 'reply', messageId: 9 as MessageId }, hi])
    await mah.call('message.repeat', { messageId, peer: withNico })
    expect(sent()).toEqual([frame('sendFriendMessage', { target: nico, messageChain: plain })])
    expect(mah.losses).toEqual([])
  })

  test('message.repeat asks the server for content that is not stored', async () => {
    server.replies.set('messageFromId', data(groupMessage(1, plain)))
    await mah.call('message.repeat', { messageId: learn(1, inLab), peer: withNico })
    expect(sent()).toEqual([
      frame('messageFromId', { messageId: 1, target: lab }),
      frame('sendFriendMessage', { target: nico, messageChain: plain }),
    ])
  })
})

describe('uploads', () => {
  const bytes = Buffer.alloc(3000, 7)
  const image: Segment = { type: 'image', base64: bytes.toString('base64') }

  beforeEach(async () => {
    await mah.close()
    mah = await connect(server, { uploadAboveBytes: 1000 })
    server.replies.set('sendGroupMessage', () => ({ code: 0, msg: 'success', messageId: 1 }))
  })

  test('large images go over http first', async () => {
    await mah.call('message.send', { peer: inLab, segments: [image, { type: 'image', base64: 'AAAA' }] })
    const [upload] = server.uploads
    expect(server.uploads).toHaveLength(1)
    expect(upload?.path).toBe('/uploadImage')
    expect(upload?.headers['sessionkey']).toBe('session-2')
    expect(upload?.form.get('sessionKey')).toBe('session-2')
    expect(upload?.form.get('type')).toBe('group')
    const part = upload?.form.get('img')
    expect(part).toBeInstanceOf(File)
    expect(Buffer.from(await (part as File).arrayBuffer()).equals(bytes)).toBe(true)
    expect(server.requests[0]?.content['messageChain']).toEqual([
      { type: 'Image', imageId: '{01E9451B-70ED-EAE3-B37C-101F1EEBF5B5}.jpg' },
      { type: 'Image', base64: 'AAAA' },
    ])
  })

  test('voices too', async () => {
    server.upload = () => ({ status: 200, body: '{"voiceId":"23C477720A37FEB6A9EE4BCCF654014F.amr"}' })
    await mah.call('message.send', { peer: inLab, segments: [{ type: 'voice', base64: bytes.toString('base64') }] })
    expect(server.uploads[0]?.path).toBe('/uploadVoice')
    expect(server.requests[0]?.content['messageChain']).toEqual([
      { type: 'Voice', voiceId: '23C477720A37FEB6A9EE4BCCF654014F.amr' },
    ])
  })

  test.each([
    ['refused', { status: 200, body: '{"code":400,"msg":"图片上传错误"}' }],
    ['a port without http adapter', { status: 406, body: '' }],
    ['garbage', { status: 200, body: '<html>' }],
  ])('%s: the bytes travel in the message', async (_, answer) => {
    server.upload = () => answer
    await mah.call('message.send', { peer: inLab, segments: [image] })
    expect(server.requests[0]?.content['messageChain']).toEqual([{ type: 'Image', base64: bytes.toString('base64') }])
  })
})

describe('reading', () => {
  test('message.get: mah calls the bot or the recipient the sender, the conversation stays', async () => {
    server.replies.set(
      'messageFromId',
      data({
        type: 'FriendMessage',
        messageChain: [
          { type: 'Source', id: 517, time },
          { type: 'Plain', text: 'mine' },
        ],
        sender: { id: bot, nickname: 'Botty', remark: '' },
      }),
    )
    const messageId = learn(517, withNico)
    expect(await mah.call('message.get', { messageId })).toEqual({
      id: messageId,
      peer: withNico,
      time,
      sender: { userId: bot, nickname: 'Botty', remark: '' },
      segments: [{ type: 'text', text: 'mine' }],
    })
    expect(sent()).toEqual([frame('messageFromId', { messageId: 517, target: nico })])
    expect(mah.state.messages.get(bot, messageId)?.segments).toEqual([{ type: 'text', text: 'mine' }])
  })

  test('message.get: unknown here, unknown there, no content', async () => {
    expect(await failure(mah.call('message.get', { messageId: 4 as MessageId }))).toMatchObject({ kind: 'notFound' })
    expect(sent()).toEqual([])
    server.replies.set('messageFromId', () => ({ code: 5, msg: '指定对象不存在' }))
    expect(await failure(mah.call('message.get', { messageId: learn(1, inLab) }))).toMatchObject({ kind: 'notFound' })
    server.replies.set('messageFromId', data(null))
    expect(await failure(mah.call('message.get', { messageId: learn(1, inLab) }))).toMatchObject({ kind: 'notFound' })
  })

  test('forwards: from the log, from the server, and not there', async () => {
    const inner = learn(3, inLab, [{ type: 'text', text: 'inner' }])
    const literal = { senderId: nico, senderName: 'Nico', time, segments: [{ type: 'text', text: 'x' } as Segment] }
    const logged = learn(1, inLab, [{ type: 'forward', nodes: [literal, { messageId: inner }] }])
    expect(await mah.call('message.forward.get', { id: String(logged) })).toEqual({
      nodes: [
        literal,
        { messageId: inner, senderId: mio, senderName: 'Mio', time, segments: [{ type: 'text', text: 'inner' }] },
      ],
    })
    expect(sent()).toEqual([])
    const nodeList = [
      {
        senderId: nico,
        time,
        senderName: 'Nico',
        messageChain: [{ type: 'Plain', text: 'x' }],
        messageId: null,
        messageRef: null,
      },
    ]
    server.replies.set('messageFromId', data(groupMessage(2, [{ type: 'Forward', display: null, nodeList }])))
    expect(await mah.call('message.forward.get', { id: String(learn(2, inLab)) })).toEqual({ nodes: [literal] })
    for (const id of ['abc', '77', String(inner)]) {
      expect(await failure(mah.call('message.forward.get', { id }))).toMatchObject({ kind: 'notFound' })
    }
  })

  test('history: the window grows until there are enough, oldest first, without doubles', async () => {
    const now = Math.floor(Date.now() / 1000)
    const ages = [100, 5000, 5000, 200_000, 400_000]
    const all = ages.map((age, at) => groupMessage(50 - at, [{ type: 'Plain', text: `${age}` }], now - age))
    server.replies.set('roamingMessages', ({ timeStart, timeEnd }) => {
      const found = all.filter(
        (_, at) => now - (ages[at] ?? 0) >= Number(timeStart) && now - (ages[at] ?? 0) <= Number(timeEnd),
      )
      return { code: 0, msg: '', data: [...found, ...found.slice(0, 1)] }
    })
    const { messages } = await mah.call('message.history', { peer: inLab, count: 4 })
    const natives = messages.map(({ id }) => mah.state.messages.native(bot, id)?.native)
    expect(natives).toEqual(['47', '48', '49', '50'])
    expect(server.requests).toHaveLength(3)
    expect(server.requests[0]?.content).toEqual({
      timeStart: expect.any(Number) as number,
      timeEnd: expect.any(Number) as number,
      target: null,
      qq: null,
      group: lab,
    })
    const before = messages[2]?.id as MessageId
    const older = await mah.call('message.history', { peer: inLab, count: 2, before })
    expect(older.messages.map(({ id }) => mah.state.messages.native(bot, id)?.native)).toEqual(['47', '48'])
  })

  test('history between two times is one request', async () => {
    server.replies.set(
      'roamingMessages',
      data([{ type: 'FriendMessage', messageChain: [{ type: 'Source', id: 1, time }], sender: wireFriend }]),
    )
    const { messages } = await mah.call('message.history', { peer: withNico, timeStart: 0, timeEnd: time })
    expect(messages).toHaveLength(1)
    expect(sent()).toEqual([
      frame('roamingMessages', { timeStart: 0, timeEnd: time, target: nico, qq: null, group: null }),
    ])
    const temp: Peer = { kind: 'temp', userId: mio, groupId: lab }
    expect(await failure(mah.call('message.history', { peer: temp }))).toMatchObject({ kind: 'notSupported' })
  })

  test('profiles', async () => {
    const wire = { nickname: 'Nico', email: 'n@example.org', age: 20, level: 33, sign: 's', sex: 'FEMALE' }
    const profile = { nickname: 'Nico', sex: 'female', age: 20, level: 33, sign: 's', email: 'n@example.org' }
    server.replies.set('botProfile', () => wire).set('userProfile', () => wire)
    expect(await mah.call('bot.info', {})).toEqual({ userId: bot, ...profile })
    expect(await mah.call('user.profile', { userId: nico })).toEqual({ userId: nico, ...profile })
    expect(sent()).toEqual([frame('botProfile', {}), frame('userProfile', { target: nico })])
  })

  test('friends and groups; unreadable entries are left out', async () => {
    server.replies.set('friendList', data([wireFriend, null, { id: 'x' }])).set('groupList', data([wireGroup]))
    expect(await mah.call('friend.list', {})).toEqual([{ userId: nico, nickname: 'Nico', remark: 'Nic' }])
    expect(await mah.call('group.list', {})).toEqual([{ groupId: lab, name: 'Lab', botRole: 'admin' }])
    expect(sent()).toEqual([frame('friendList', {}), frame('groupList', {})])
  })

  test('group.get gathers what three commands know', async () => {
    const config = {
      name: 'Lab',
      confessTalk: false,
      allowMemberInvite: true,
      autoApprove: false,
      anonymousChat: false,
      muteAll: true,
    }
    server.replies
      .set('groupList', data([wireGroup]))
      .set('memberList', data([wireMember]))
      .set('groupConfig.get', () => config)
    const group = { groupId: lab, name: 'Lab', botRole: 'admin' }
    expect(await mah.call('group.get', { groupId: lab })).toEqual({ ...group, memberCount: 2, muteAll: true })
    expect(sent()).toEqual([
      frame('groupList', {}),
      frame('memberList', { target: lab }),
      frame('groupConfig', { target: lab }, 'get'),
    ])
    expect(await mah.call('group.config.get', { groupId: lab })).toEqual(config)
    server.replies
      .set('memberList', () => ({ code: 5, msg: 'x' }))
      .set('groupConfig.get', () => ({ code: 5, msg: 'x' }))
    expect(await mah.call('group.get', { groupId: lab })).toEqual(group)
    expect(await failure(mah.call('group.get', { groupId: 1 as GroupId }))).toMatchObject({ kind: 'notFound' })
  })

  test('members: the bot is added; muted until', async () => {
    const self = {
      ...wireMember,
      id: bot,
      memberName: 'Botty',
      permission: 'ADMINISTRATOR',
      active: { rank: 3, point: 120, honors: ['群聊之火'], temperature: 40 },
    }
    server.replies.set('memberList', data([wireMember])).set('memberInfo.get', () => self)
    const members = await mah.call('group.member.list', { groupId: lab })
    expect(members[0]).toEqual(canonicalMember)
    expect(members[1]).toMatchObject({ userId: bot, role: 'admin', active: { rank: 3, point: 120, temperature: 40 } })
    expect(sent()).toEqual([
      frame('memberList', { target: lab }),
      frame('memberInfo', { target: lab, memberId: bot }, 'get'),
    ])
    server.replies.set('memberInfo.get', () => ({ code: 5, msg: 'x' }))
    expect(await mah.call('group.member.list', { groupId: lab })).toEqual([canonicalMember])
    expect(mah.losses.map(({ loss }) => loss.what)).toEqual(['group.member.list'])
    expect(await failure(mah.call('group.member.get', { groupId: lab, userId: mio }))).toMatchObject({
      kind: 'notFound',
    })
  })

  test('fresh members come from the server itself', async () => {
    server.replies
      .set('latestMemberList', data([{ ...wireMember, muteTimeRemaining: 60 }]))
      .set('memberInfo.get', () => wireMember)
    const [member] = await mah.call('group.member.list', { groupId: lab, fresh: true })
    expect(Math.abs((member?.mutedUntil ?? 0) - Date.now() / 1000 - 60)).toBeLessThan(3)
    expect(sent()[0]).toBe(frame('latestMemberList', { target: lab, memberIds: [] }))
  })
})

describe('refusals', () => {
  test.each<[string, Action]>([
    ['dissolving a group', { name: 'group.leave', params: { groupId: lab, dismiss: true } }],
    ['settings that mah ignores', { name: 'group.config.set', params: { groupId: lab, confessTalk: true } }],
    [
      'nudge in a temporary chat',
      { name: 'nudge.send', params: { peer: { kind: 'temp', userId: mio }, targetId: mio } },
    ],
    ['raw of another dialect', { name: 'raw', params: { dialect: 'onebot11', name: 'get_csrf_token', params: {} } }],
    ['raw uploads', { name: 'raw', params: { dialect: 'mirai', name: 'uploadImage', params: {} } }],
  ])('%s', async (_, action) => {
    expect(await failure(call(action))).toMatchObject({ kind: 'notSupported', certain: true })
    expect(sent()).toEqual([])
  })

  test('taking an essence message back; essence outside groups', async () => {
    const off = mah.call('group.essence.set', { messageId: learn(1, inLab), on: false })
    expect(await failure(off)).toMatchObject({ kind: 'notSupported' })
    const on = mah.call('group.essence.set', { messageId: learn(1, withNico), on: true })
    expect(await failure(on)).toMatchObject({ kind: 'badParameter' })
  })

  test('messages and requests that were never seen', async () => {
    const messageId = 5 as MessageId
    expect(await failure(mah.call('message.recall', { messageId }))).toMatchObject({ kind: 'notFound' })
    const join = mah.state.requests.learn(bot, { kind: 'join', native: '1', userId: nico, groupId: lab })
    const params = { requestId: join, approve: true }
    expect(await failure(mah.call('request.friend.answer', params))).toMatchObject({ kind: 'notFound' })
    expect(await failure(mah.call('request.group.answer', { ...params, requestId: 7 as typeof join }))).toMatchObject({
      kind: 'notFound',
    })
    expect(sent()).toEqual([])
  })

  test('settings that are lost beside others', async () => {
    await mah.call('group.config.set', { groupId: lab, name: 'New', autoApprove: true })
    expect(sent()).toEqual([frame('groupConfig', { target: lab, config: { name: 'New' } }, 'update')])
    expect(mah.losses.map(({ loss }) => loss.reason)).toEqual(['mirai-api-http cannot set autoApprove'])
    await mah.call('group.member.title', { ...asMember, title: 'x', durationSeconds: 60 })
    expect(mah.losses).toHaveLength(2)
  })
})

describe('raw', () => {
  test('commands without a canonical form pass through', async () => {
    server.replies.set('file_list', data([{ id: '/a' }])).set('groupConfig.get', () => ({ name: 'Lab' }))
    const list = { dialect: 'mirai', name: 'file_list', params: { id: '', target: lab } }
    expect(await mah.call('raw', list)).toEqual([{ id: '/a' }])
    expect(await mah.call('raw', { dialect: 'mirai', name: 'groupConfig.get', params: { target: lab } })).toEqual({
      name: 'Lab',
    })
    expect(await mah.call('raw', { dialect: 'mirai', name: 'plugin_thing', params: {} })).toEqual({
      code: 0,
      msg: 'success',
    })
    expect(sent()).toEqual([
      frame('file_list', { id: '', target: lab }),
      frame('groupConfig', { target: lab }, 'get'),
      frame('plugin_thing', {}),
    ])
  })
})

describe('older servers', () => {
  beforeEach(async () => {
    await mah.close()
    server.replies.set('about', data({ version: 'v2.2.1' }))
    mah = await connect(server)
  })

  test('what they leave out leaves a trace', async () => {
    server.replies.set('sendGroupMessage', () => ({ code: 0, msg: 'success', messageId: 90 }))
    const node = { senderId: mio, senderName: 'Mio', time: 5, segments: [{ type: 'text' as const, text: 'x' }] }
    await mah.call('group.member.kick', { groupId: lab, userId: mio, block: true })
    await mah.call('message.send', { peer: inLab, segments: [{ type: 'forward', nodes: [node], title: 't' }] })
    await mah.call('group.member.kick', { groupId: lab, userId: mio, block: false })
    await mah.call('message.send', { peer: inLab, segments: [{ type: 'forward', nodes: [node] }] })
    expect(mah.losses).toEqual([
      {
        direction: 'in',
        loss: { what: 'block', fidelity: 'dropped', reason: 'mirai-api-http v2.2.1 cannot refuse who was kicked' },
      },
      {
        direction: 'in',
        loss: { what: 'forward', fidelity: 'lossy', reason: 'mirai-api-http v2.2.1 writes the outside itself' },
      },
    ])
  })

  test('messages are named by their number alone', async () => {
    server.replies.set('messageFromId', data(groupMessage(517, [])))
    const messageId = learn(517, inLab)
    await mah.call('message.recall', { messageId })
    await mah.call('group.essence.set', { messageId, on: true })
    await mah.call('message.get', { messageId })
    expect(sent()).toEqual([
      frame('recall', { target: 517 }),
      frame('setEssence', { target: 517 }),
      frame('messageFromId', { id: 517 }),
    ])
  })

  test('what they lack', async () => {
    const admin = mah.call('group.member.admin', { ...asMember, on: true })
    expect(await failure(admin)).toMatchObject({ kind: 'notSupported' })
    server.replies.set('friendProfile', () => ({ nickname: 'Nico' })).set('memberList', data([wireMember]))
    await mah.call('user.profile', { userId: nico })
    await mah.call('group.member.list', { groupId: lab, fresh: true })
    expect(server.requests.map(({ command }) => command)).toEqual(['friendProfile', 'memberList', 'memberInfo'])
    const { actions } = mah.outbound.capabilities(bot)
    expect(actions['message.history']?.fidelity).toBe('refused')
    expect(actions['group.member.admin']?.fidelity).toBe('refused')
  })
})

test('capabilities are what the tables say', () => {
  const { actions, segments } = mah.outbound.capabilities(bot)
  const { fidelity, reason } = actionTable['group.essence.set'].mirai
  expect(actions['group.essence.set']).toEqual({ fidelity, reason })
  expect(actions['message.recall']).toBeUndefined()
  expect(segments.file?.fidelity).toBe('refused')
  expect(segments.text).toBeUndefined()
})
