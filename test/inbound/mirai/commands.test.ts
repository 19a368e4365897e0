import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Action } from '../../../src/core/action.ts'
import { BridgeError } from '../../../src/core/error.ts'
import { bot, boss, lab, members, mio, nico } from '../../dialect/mirai/fixtures.ts'
import { getText, login, post, postText, startInbound, type Harness } from './setup.ts'

const success = '{"code":0,"msg":"success"}'
const labText = '{"id":30003,"name":"Lab","permission":"MEMBER"}'
const mioText = (active = 'null') =>
  '{"id":40004,"memberName":"Mio","specialTitle":"","permission":"MEMBER","joinTimestamp":1600000000,' +
  `"lastSpeakTimestamp":1700000000,"muteTimeRemaining":0,"group":${labText},"active":${active}}`
const plain = [{ type: 'Plain', text: 'hi' }]
const hi = { type: 'text', text: 'hi' }

let harness: Harness
let session: string
let answers: Harness['answers']
beforeAll(async () => {
  harness = await startInbound()
  session = await login(harness)
  answers = harness.answers
})
afterAll(() => harness.close())
beforeEach(() => {
  harness.calls.length = 0
  harness.losses.length = 0
  harness.requests.clear()
  harness.answers = { ...answers }
})

const ask = (command: string, body: object) => postText(harness, `/${command}`, { sessionKey: session, ...body })
const read = (path: string) => getText(harness, `/${path}`, { sessionKey: session })

/** What reached the backend, without the friend list that decides who is a friend. */
function asked(): Action[] {
  return harness.calls.filter(({ name }) => name !== 'friend.list')
}

describe('sending', () => {
  const group = { kind: 'group', groupId: lab }
  const friend = { kind: 'friend', userId: nico }

  test.each([
    ['sendGroupMessage', { target: lab }, group],
    ['sendGroupMessage', { group: String(lab), target: null }, group],
    ['sendGroupMessage', { target: lab, group: 5 }, group],
    ['sendFriendMessage', { target: nico }, friend],
    ['sendFriendMessage', { qq: nico, target: '' }, friend],
    ['sendFriendMessage', { target: boss }, { kind: 'stranger', userId: boss }],
    ['sendTempMessage', { qq: mio, group: lab, target: 5 }, { kind: 'temp', userId: mio, groupId: lab }],
  ])('%s %j', async (command, target, peer) => {
    expect(await ask(command, { ...target, messageChain: plain })).toBe('{"code":0,"msg":"success","messageId":600}')
    expect(asked()).toEqual([{ name: 'message.send', params: { peer, segments: [hi] } }])
  })

  test.each(['sendGroupMessage', 'sendFriendMessage', 'sendTempMessage'])(
    '%s without target is code 5',
    async (command) => {
      expect(await ask(command, { messageChain: plain })).toBe('{"code":5,"msg":"指定对象不存在"}')
    },
  )

  test('a known friend is not asked for', async () => {
    await ask('sendFriendMessage', { target: nico, messageChain: plain })
    expect(harness.calls).toHaveLength(1)
  })

  test('quote leads, unknown ones are code 5, 0 and null are none', async () => {
    await ask('sendGroupMessage', { target: lab, quote: '517', messageChain: plain })
    expect(asked()[0]).toMatchObject({ params: { segments: [{ type: 'reply', messageId: 517 }, hi] } })
    expect(await ask('sendGroupMessage', { target: lab, quote: 99, messageChain: plain })).toContain('"code":5')
    expect(await ask('sendGroupMessage', { target: lab, quote: 0, messageChain: plain })).toContain('"code":0')
    expect(await ask('sendGroupMessage', { target: lab, quote: null, messageChain: plain })).toContain('"code":0')
  })

  test('nothing visible is code 500, unknown elements 400', async () => {
    expect(await ask('sendGroupMessage', { target: lab, messageChain: [{ type: 'Source', id: 1, time: 1 }] })).toBe(
      '{"code":500,"msg":"message is empty"}',
    )
    expect(await ask('sendGroupMessage', { target: lab, messageChain: [{ type: 'Nope' }] })).toContain('"code":400')
    expect(await ask('sendGroupMessage', { target: lab })).toBe('{"code":400,"msg":"参数错误，缺少字段: messageChain"}')
    expect(asked()).toEqual([])
  })

  test('a path goes on, with the address of the client', async () => {
    await ask('sendGroupMessage', { target: lab, messageChain: [{ type: 'Image', path: 'a.jpg' }] })
    expect(asked()[0]).toMatchObject({ params: { segments: [{ type: 'image', path: 'a.jpg' }] } })
    expect(harness.options.at(-1)).toMatchObject({ loopback: true })
  })

  test('unknown forward nodes are left out and told', async () => {
    const nodeList = [{ messageId: 517 }, { messageId: 99 }]
    await ask('sendGroupMessage', { target: lab, messageChain: [{ type: 'Forward', nodeList }] })
    expect(asked()[0]).toMatchObject({ params: { segments: [{ type: 'forward', nodes: [{ messageId: 517 }] }] } })
    expect(harness.losses).toMatchObject([{ what: 'node', fidelity: 'dropped' }])
  })

  test('ids are durable before the answer leaves', async () => {
    const before = harness.durable
    await ask('sendGroupMessage', { target: lab, messageChain: plain })
    expect(harness.durable).toBe(before + 1)
  })

  test('sendImageMessage answers image ids', async () => {
    expect(await ask('sendImageMessage', { target: lab, urls: ['http://a/b.jpg'] })).toBe(
      '{"code":0,"msg":"","data":["{AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA}.jpg"]}',
    )
    expect(asked()[0]).toMatchObject({ params: { peer: group, segments: [{ type: 'image', url: 'http://a/b.jpg' }] } })
  })

  test.each([
    ['Group', lab, group],
    ['friend', nico, friend],
    ['Stranger', boss, { kind: 'stranger', userId: boss }],
  ])('nudge in %s', async (kind, subject, peer) => {
    expect(await ask('sendNudge', { target: mio, subject, kind })).toBe(success)
    expect(asked()).toEqual([{ name: 'nudge.send', params: { peer, targetId: mio } }])
  })

  test('an unknown nudge kind is an error', async () => {
    expect(await ask('sendNudge', { target: mio, subject: lab, kind: 'Planet' })).toContain('"code":400')
  })
})

describe('messages', () => {
  const message =
    '{"type":"GroupMessage","messageChain":[{"type":"Source","id":517,"time":1700000000},{"type":"Plain","text":"hi"}],' +
    `"sender":${mioText()}}`

  test('messageFromId, also by its old name', async () => {
    expect(await read('messageFromId?messageId=517&target=30003')).toBe(`{"code":0,"msg":"","data":${message}}`)
    expect(await read('messageFromId?id=517')).toBe(`{"code":0,"msg":"","data":${message}}`)
  })

  test.each([{ messageId: 517, target: lab }, { messageId: 517, target: 5 }, { target: 517 }])(
    'recall %j',
    async (body) => {
      expect(await ask('recall', body)).toBe(success)
      expect(asked()).toEqual([{ name: 'message.recall', params: { messageId: 517 } }])
    },
  )

  test('setEssence', async () => {
    expect(await ask('setEssence', { target: 517 })).toBe(success)
    expect(asked()).toEqual([{ name: 'group.essence.set', params: { messageId: 517, on: true } }])
  })

  test('roamingMessages without the nullable keys', async () => {
    expect(await ask('roamingMessages', { timeStart: 0, timeEnd: 5, target: nico })).toBe(
      `{"code":0,"msg":"","data":[${message}]}`,
    )
    expect(asked()).toEqual([
      { name: 'message.history', params: { peer: { kind: 'friend', userId: nico }, timeStart: 0, timeEnd: 5 } },
    ])
    expect(await ask('roamingMessages', { timeStart: 0, timeEnd: 5 })).toContain('"code":400')
  })
})

describe('contacts', () => {
  const profile = '{"nickname":"Nico","email":"","age":20,"level":33,"sign":"","sex":"UNKNOWN"}'

  test.each([
    ['friendList', '{"code":0,"msg":"","data":[{"id":20002,"nickname":"Nico","remark":""}]}'],
    ['groupList', `{"code":0,"msg":"","data":[${labText}]}`],
    ['latestMemberList?target=30003&memberIds=40004', `{"code":0,"msg":"","data":[${mioText()}]}`],
    ['latestMemberList?target=30003&memberIds=40004&memberIds=1', `{"code":0,"msg":"","data":[${mioText()}]}`],
    ['latestMemberList?target=30003&memberIds[]=40004', `{"code":0,"msg":"","data":[${mioText()}]}`],
    ['latestMemberList?target=30003&memberIds=40004,5', `{"code":0,"msg":"","data":[${mioText()}]}`],
    ['friendProfile?target=20002', profile],
    ['userProfile?target=20002&unknown=1', profile],
    ['memberProfile?target=30003&memberId=40004', profile],
    ['botProfile', '{"nickname":"bot","email":"","age":0,"level":0,"sign":"","sex":"UNKNOWN"}'],
    [
      'groupConfig?target=30003',
      '{"name":"Lab","confessTalk":false,"allowMemberInvite":true,"autoApprove":false,"anonymousChat":false,"muteAll":false}',
    ],
    ['memberInfo?target=30003&memberId=40004', mioText('{"rank":0,"point":0,"honors":[],"temperature":0}')],
  ])('%s', async (path, answer) => {
    expect(await read(path)).toBe(answer)
  })

  // OneBot's group list does not say it, and everybody looked like a plain member.
  test('group lists ask what the bot is where the backend did not say', async () => {
    const [owned, silent] = [30097, 30098] as (typeof lab)[]
    harness.answers['group.list'] = () => [
      { groupId: owned!, name: 'a' },
      { groupId: silent!, name: 'b' },
    ]
    harness.answers['group.member.get'] = ({ groupId }: { groupId: number }) => {
      if (groupId !== owned) throw new BridgeError('notFound', 'no such member')
      return { ...members[0]!, userId: bot, role: 'owner' }
    }
    expect(JSON.parse(await read('groupList'))).toMatchObject({
      data: [
        { id: owned, permission: 'OWNER' },
        { id: silent, permission: 'MEMBER' },
      ],
    })
  })

  test('member lists leave the bot out', async () => {
    const { data } = JSON.parse(await read('memberList?target=30003')) as { data: { id: number }[] }
    expect(data.map(({ id }) => id)).toEqual(members.map(({ userId }) => userId).filter((id) => id !== bot))
  })

  test('who is no friend or member is code 5', async () => {
    harness.answers['group.member.get'] = () => {
      throw new BridgeError('notFound', 'no such member')
    }
    expect(await read('friendProfile?target=5')).toContain('"code":5')
    expect(await read('memberProfile?target=30003&memberId=5')).toContain('"code":5')
  })

  test.each([
    ['deleteFriend', { target: nico }, { name: 'friend.delete', params: { userId: nico } }],
    [
      'kick',
      { target: lab, memberId: mio, block: 'true', msg: 'bye' },
      { name: 'group.member.kick', params: { groupId: lab, userId: mio, block: true, message: 'bye' } },
    ],
    ['quit', { target: lab }, { name: 'group.leave', params: { groupId: lab } }],
    ['muteAll', { target: lab }, { name: 'group.muteAll', params: { groupId: lab, on: true } }],
    ['unmuteAll', { target: lab }, { name: 'group.muteAll', params: { groupId: lab, on: false } }],
    [
      'mute',
      { target: lab, memberId: mio, time: 60 },
      { name: 'group.member.mute', params: { groupId: lab, userId: mio, durationSeconds: 60 } },
    ],
    [
      'unmute',
      { target: lab, memberId: mio },
      { name: 'group.member.mute', params: { groupId: lab, userId: mio, durationSeconds: 0 } },
    ],
    [
      'memberAdmin',
      { target: lab, memberId: mio, assign: false },
      { name: 'group.member.admin', params: { groupId: lab, userId: mio, on: false } },
    ],
    [
      'groupConfig',
      {
        target: lab,
        config: { name: 'New', allowMemberInvite: 'true', muteAll: true, announcement: 'x', autoApprove: true },
      },
      { name: 'group.config.set', params: { groupId: lab, name: 'New', allowMemberInvite: true, muteAll: true } },
    ],
  ])('%s', async (command, body, action) => {
    expect(await ask(command, body)).toBe(success)
    expect(asked()).toEqual([action])
  })

  test('memberInfo sets the card, then the title', async () => {
    const info = { name: '', specialTitle: 'Dr' }
    expect(await ask('memberInfo', { target: lab, memberId: mio, info })).toBe(success)
    expect(asked()).toEqual([
      { name: 'group.member.card', params: { groupId: lab, userId: mio, card: '' } },
      { name: 'group.member.title', params: { groupId: lab, userId: mio, title: 'Dr' } },
    ])
    harness.calls.length = 0
    expect(await ask('memberInfo', { target: lab, memberId: mio, info: { name: null } })).toBe(success)
    expect(asked()).toEqual([])
  })

  test('mute needs a time and a member', async () => {
    expect(await ask('mute', { target: lab, memberId: mio })).toContain('"code":500')
    expect(await ask('mute', { target: lab, time: 5 })).toContain('"code":5,')
  })
})

describe('requests', () => {
  const friend = { kind: 'friend', native: 'f', userId: mio, answered: false, expired: false } as const
  const join = { kind: 'join', native: 'j', userId: mio, groupId: lab, answered: false, expired: false } as const
  const invite = { kind: 'invite', native: 'i', userId: mio, groupId: lab, answered: false, expired: false } as const

  test.each([
    ['newFriendRequestEvent', friend, 0, { approve: true }],
    ['newFriendRequestEvent', friend, 1, { approve: false }],
    ['newFriendRequestEvent', friend, 2, { approve: false, block: true }],
    ['memberJoinRequestEvent', join, 0, { approve: true }],
    ['memberJoinRequestEvent', join, 1, { approve: false, reason: 'no' }],
    ['memberJoinRequestEvent', join, 2, { approve: false, ignore: true }],
    ['memberJoinRequestEvent', join, 3, { approve: false, reason: 'no', block: true }],
    ['memberJoinRequestEvent', join, 4, { approve: false, ignore: true, block: true }],
    ['botInvitedJoinGroupRequestEvent', invite, 0, { approve: true }],
    ['botInvitedJoinGroupRequestEvent', invite, 1, { approve: false }],
  ])('%s %#', async (name, record, operate, params) => {
    harness.requests.set(7, record)
    expect(await ask(`resp/${name}`, { eventId: 7, fromId: mio, groupId: 0, operate, message: 'no' })).toBe(success)
    const action = record.kind === 'friend' ? 'request.friend.answer' : 'request.group.answer'
    expect(asked()).toEqual([{ name: action, params: { requestId: 7, ...params } }])
  })

  test('answered before, never asked, of another kind: code 5', async () => {
    harness.requests.set(7, { ...join, answered: true })
    harness.requests.set(8, invite)
    for (const eventId of [7, 8, 9]) {
      expect(await ask('resp/memberJoinRequestEvent', { eventId, operate: 0 })).toContain('"code":5')
    }
    expect(asked()).toEqual([])
    expect(await ask('resp/memberJoinRequestEvent', {})).toBe(
      '{"code":400,"msg":"参数错误，缺少字段: eventId, operate"}',
    )
  })
})

describe('the edges of HTTP', () => {
  test('any Content-Type is JSON', async () => {
    const body = { sessionKey: session, target: lab }
    expect(await postText(harness, '/quit', body, { 'content-type': 'text/plain' })).toBe(success)
  })

  test.each(['', '{', '[]', '"x"', 'null'])('body %j is illegal input', async (body) => {
    const response = await post(harness, '/quit', body, { sessionKey: session })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe('{"code":400,"msg":"Illegal input"}')
  })

  test('GET mistakes are code 500', async () => {
    for (const path of ['memberList', 'memberList?target=', 'memberList?target=abc']) {
      expect(await read(path)).toContain('"code":500')
    }
  })

  test('405, 404, 415', async () => {
    expect((await fetch(`${harness.url}/quit`)).status).toBe(405)
    expect((await fetch(`${harness.url}/nothing`)).status).toBe(404)
    expect((await post(harness, '/quit', '{}', { 'content-encoding': 'gzip' })).status).toBe(415)
  })

  test('messages to other devices are honestly refused', async () => {
    expect(await ask('sendOtherClientMessage', { target: 5, messageChain: plain })).toBe(
      '{"code":6,"msg":"指定操作不支持"}',
    )
  })

  test('errors of the backend, and our own', async () => {
    const fail = (thrown: unknown) => () => {
      throw thrown
    }
    const quit = () => ask('quit', { target: lab })
    harness.answers['group.leave'] = fail(new BridgeError('noPermission', 'x'))
    expect(await quit()).toBe('{"code":10,"msg":"无操作权限"}')
    harness.answers['group.leave'] = fail(new BridgeError('timeout', 'no answer within 30 s'))
    expect(await quit()).toBe('{"code":500,"msg":"no answer within 30 s"}')
    harness.answers['group.leave'] = fail(new Error('/secret/path'))
    expect(await quit()).toMatch(/^\{"code":500,"msg":"the bridge failed on this call, see E\w+ in its log"\}$/)
    expect(harness.logs.at(-1)).toContain('/secret/path')
    harness.answers['group.leave'] = fail(new BridgeError('busy', 'too many'))
    expect((await post(harness, '/quit', { sessionKey: session, target: lab })).status).toBe(503)
  })
})

describe('uploads', () => {
  function upload(path: string, fields: Record<string, string | Blob>, headers: Record<string, string> = {}) {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') form.append(name, value)
      else form.append(name, value, 'payload.jpg')
    }
    return fetch(harness.url + path, { method: 'POST', body: form, headers }).then((response) => response.text())
  }
  const bytes = new Blob(['xyz'])
  const image =
    '{"imageId":"{BBBBBBBB-BBBB-BBBB-BBBB-BBBBBBBBBBBB}.png","url":"http://media.example/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB.png"}'

  test('an image, the key in the form or in a header', async () => {
    expect(await upload('/uploadImage', { sessionKey: session, type: 'group', img: bytes })).toBe(image)
    expect(await upload('/uploadImage', { img: bytes, type: 'Friend' }, { sessionKey: session })).toBe(image)
  })

  test('an image by address, which wins', async () => {
    const fields = { sessionKey: session, type: 'temp', img: bytes, url: 'http://a/b.jpg' }
    expect(await upload('/uploadImage', fields)).toBe(
      '{"imageId":"{AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA}.jpg","url":"http://a/b.jpg"}',
    )
    expect(await upload('/uploadImage', { ...fields, url: 'file:///etc/passwd' })).toContain('"code":400')
  })

  test('voice and video', async () => {
    expect(await upload('/uploadVoice', { sessionKey: session, type: 'group', voice: bytes })).toBe(
      '{"voiceId":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB.amr"}',
    )
    const video = { sessionKey: session, type: 'group', video: bytes, thumbnail: bytes }
    expect(await upload('/uploadShortVideo', video)).toContain('"videoId":"BBBB')
  })

  test('what is missing or wrong', async () => {
    const good = { sessionKey: session, type: 'group' }
    expect(await upload('/uploadImage', good)).toBe('{"code":400,"msg":"无效参数"}')
    expect(await upload('/uploadImage', { ...good, img: 'text' })).toBe('{"code":400,"msg":"缺少参数 img"}')
    expect(await upload('/uploadImage', { ...good, type: 'planet', img: bytes })).toContain('"code":400')
    expect(await upload('/uploadImage', { type: 'group', img: bytes })).toContain('"code":3')
    expect(await upload('/file/upload', { ...good, type: 'Group', file: bytes })).toBe(
      '{"code":6,"msg":"指定操作不支持"}',
    )
    expect(await postText(harness, '/uploadImage', '{}', { sessionKey: session })).toContain('"code":400')
  })

  test('a file into a folder of a group', async () => {
    harness.answers['file.upload'] = () => ({ fileId: '/b2' })
    const fields = { sessionKey: session, type: 'group', target: String(lab), path: 'docs', file: bytes }
    const known = await read('file/info?target=30003&path=/docs/b.txt')
    expect(await upload('/file/upload', fields)).toBe(known)
    expect(asked().find(({ name }) => name === 'file.upload')).toEqual({
      name: 'file.upload',
      params: {
        peer: { kind: 'group', groupId: lab },
        name: 'payload.jpg',
        id: 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB.mp3',
        folderId: '/0b1c',
      },
    })
    expect(await upload('/file/upload', { ...fields, path: '/nothing' })).toContain('"code":5')
    expect(await upload('/file/upload', { ...fields, target: 'x' })).toContain('"code":400')
    expect(await upload('/file/upload', { ...fields, file: 'text' })).toBe('{"code":400,"msg":"缺少参数 file"}')
  })

  test('a file whose id the backend does not tell', async () => {
    harness.answers['file.upload'] = () => ({})
    const fields = { sessionKey: session, type: 'group', target: String(lab), path: '', file: bytes }
    expect(JSON.parse(await upload('/file/upload', fields))).toMatchObject({
      code: 0,
      data: { name: 'payload.jpg', id: null, path: '/payload.jpg', parent: { id: '/' }, size: 3, uploaderId: bot },
    })
  })

  test('too large is 413', async () => {
    const small = await startInbound({ limits: { uploadBytes: 10 } })
    const key = await login(small)
    const form = new FormData()
    form.append('sessionKey', key)
    form.append('img', new Blob(['x'.repeat(100_000)]), 'a.jpg')
    const response = await fetch(`${small.url}/uploadImage`, { method: 'POST', body: form })
    expect(response.status).toBe(413)
    await small.close()
  })
})
