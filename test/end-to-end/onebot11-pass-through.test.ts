// OneBot on both sides: what the bridge does not know goes through it as it is, in either direction.
import { describe, expect, test } from 'vitest'
import { accessToken, startBridge, until } from '../support/bridge.ts'
import { connect, type Frame } from '../inbound/onebot11/support.ts'
import { FakeHttp, post, Raw } from '../outbound/onebot11/fake-http.ts'
import { answerTo, FakeOneBot, failed, Members } from '../outbound/onebot11/fake-onebot.ts'
import { groupMessage, time } from '../outbound/onebot11/set-up.ts'

async function start(over: 'ws' | 'sse' | 'webhook' = 'ws', appName?: string) {
  const fake = new FakeOneBot(appName)
  fake.on('get_group_list', []).on('get_friend_list', [])
  const server = over === 'ws' ? await fake.listen() : await new FakeHttp(fake).listen()
  const events = over === 'sse' ? { sse: true } : { webhook: { listen: '127.0.0.1:0', secret: 'signing key' } }
  const place = over === 'ws' ? { ws: fake.url } : { http: `http://127.0.0.1:${server.port}`, ...events }
  const bridge = await startBridge({ backends: { back: { dialect: 'onebot11', ...place } } })
  await until(() => bridge.bots()[0]?.online, 'the bot')
  const client = connect(`ws://127.0.0.1:${bridge.onebotPort}/?access_token=${accessToken}`)
  expect(await client.next()).toMatchObject({ self_id: 10001, meta_event_type: 'lifecycle' })
  let calls = 0
  return {
    fake,
    bridge,
    client,
    async emit(event: unknown): Promise<void> {
      if (!(server instanceof FakeHttp)) return fake.send(event)
      if (over === 'sse') return server.stream(event)
      expect(await post(`http://127.0.0.1:${bridge.ports()['backends.back']}/`, event, 'signing key')).toBe(204)
    },
    async call(action: string, params: object = {}): Promise<Frame> {
      client.send({ action, params, echo: ++calls })
      for (;;) {
        const frame = await client.next()
        if (frame['echo'] === calls) return frame
      }
    },
    async [Symbol.asyncDispose]() {
      client.close()
      await bridge.stop()
      await server.close()
    },
  }
}

test.each(['ws', 'sse', 'webhook'] as const)(
  '%s: an event that nobody knows, with its ids as they are',
  async (over) => {
    await using rig = await start(over)
    const wire = {
      time,
      self_id: 10001,
      post_type: 'notice',
      notice_type: 'made_up',
      sub_type: 'odd',
      message_id: 987654321,
      flag: 'native flag',
      target: { message_id: '-7', list: [null, true, 1.5, { a: [] }] },
      '中文 key': '"quoted" & \\',
    }
    await rig.emit(wire)
    expect(await rig.client.nextText()).toBe(JSON.stringify(wire))
    const other = { self_id: 10001, time, post_type: 'made_up_type', group_id: 30001 }
    await rig.emit(other)
    expect(await rig.client.nextText()).toBe(JSON.stringify(other))
  },
)

test('an event that holds an echo loses it: clients would take it for an answer', async () => {
  await using rig = await start()
  await rig.emit({ self_id: 10001, time, post_type: 'notice', notice_type: 'made_up', echo: 5, a: 1 })
  const { echo: _echo, ...rest } = await rig.client.next()
  expect(_echo).toBeUndefined()
  expect(rest).toEqual({ self_id: 10001, time, post_type: 'notice', notice_type: 'made_up', a: 1 })
})

test('members of a known event that nobody knows', async () => {
  await using rig = await start()
  const extra = { raw: { a: [null, '1'] }, 'odd key': 5, message_style: { bubble_id: 2 } }
  await rig.emit(groupMessage(extra))
  const message = await rig.client.next()
  expect(message).toMatchObject({ post_type: 'message', message_id: 501, ...extra })
  expect(Object.keys(message).slice(-3)).toEqual(Object.keys(extra))
  await rig.emit({
    self_id: 10001,
    time,
    post_type: 'notice',
    notice_type: 'friend_add',
    user_id: 20009,
    source: 'card',
  })
  expect(await rig.client.nextText()).toBe(
    JSON.stringify({
      time,
      self_id: 10001,
      post_type: 'notice',
      notice_type: 'friend_add',
      user_id: 20009,
      source: 'card',
    }),
  )
})

test('segments that nobody knows, with odd data, both ways', async () => {
  await using rig = await start()
  const odd = [
    { type: 'made_up', data: { n: 1, deep: { list: [null, { x: '[CQ:at,qq=1]' }] }, 'odd key': false } },
    { type: 'text', data: { text: 'a' } },
    { type: 'empty_one', data: {} },
  ]
  await rig.emit(groupMessage({ message: odd }))
  const event = await rig.client.next()
  expect(JSON.stringify(event['message'])).toBe(JSON.stringify(odd))
  rig.fake.on('send_group_msg', { message_id: 77 })
  expect(await rig.call('send_group_msg', { group_id: 30001, message: odd })).toMatchObject({ status: 'ok' })
  expect(JSON.stringify(rig.fake.calls.at(-1)?.params['message'])).toBe(JSON.stringify(odd))
})

test.each(['ws', 'sse', 'webhook'] as const)(
  '%s: actions that nobody knows, with odd parameters and answers',
  async (over) => {
    await using rig = await start(over)
    const data = { ok: null, extra: [{ message_id: '5' }, [], 1.5], 'odd key': { status: 'failed', echo: 9 } }
    rig.fake.on('_made_up', data)
    const params = { message_id: 5, user_id: '0123', nested: { a: [null, { b: false }] }, 中文: '值', self_id: 10001 }
    const answer = await rig.call('_made_up', params)
    expect(JSON.stringify(answer)).toBe(
      JSON.stringify({ status: 'ok', retcode: 0, data, message: '', wording: '', echo: 1 }),
    )
    expect(JSON.stringify(rig.fake.calls.at(-1))).toBe(JSON.stringify({ action: '_made_up', params }))
  },
)

test('an action that the backend does not know either is unknown, however often it is asked for', async () => {
  await using rig = await start()
  for (const _again of [1, 2]) {
    expect(await rig.call('_no_such')).toMatchObject({
      status: 'failed',
      retcode: 1404,
      message: '不支持的Api _no_such',
    })
  }
  expect(rig.fake.calls.filter(({ action }) => action === '_no_such')).toHaveLength(1)
})

test('an action that fails there fails here, with its text', async () => {
  await using rig = await start()
  rig.fake.on('_made_up', failed(1200, '某种错误'))
  expect(await rig.call('_made_up')).toMatchObject({ status: 'failed', retcode: 1200, data: null, message: '某种错误' })
})

test('over HTTP in as well, from the query and a form', async () => {
  await using rig = await start()
  rig.fake.on('_made_up', [1])
  const headers = { authorization: `Bearer ${accessToken}` }
  const body = new URLSearchParams({ b: 'x y' })
  const response = await fetch(`http://127.0.0.1:${rig.bridge.onebotPort}/_made_up?a=1`, {
    method: 'POST',
    headers,
    body,
  })
  expect(await response.json()).toMatchObject({ status: 'ok', data: [1] })
  expect(rig.fake.calls.at(-1)).toEqual({ action: '_made_up', params: { b: 'x y', a: '1' } })
})

test('the embedded world has no actions that nobody knows', async () => {
  await using bridge = await startBridge()
  const client = connect(`ws://127.0.0.1:${bridge.onebotPort}/api?access_token=${accessToken}`)
  await client.opened
  client.send({ action: '_made_up', echo: 1 })
  expect(await client.next()).toMatchObject({ status: 'failed', retcode: 1404, echo: 1 })
  client.close()
})

test('members of known segments and of a sender that nobody knows, both ways', async () => {
  await using rig = await start()
  const parts = [
    { type: 'text', data: { text: 'a', style: { bold: true } } },
    { type: 'face', data: { id: '14', raw: { faceIndex: 14 }, chainCount: 2 } },
    { type: 'at', data: { qq: '20001', 'odd key': [null, 1] } },
  ]
  const sender = { user_id: 20001, nickname: 'n', card: 'c', role: 'member', vip: { level: 7 } }
  await rig.emit(groupMessage({ message: parts, sender }))
  const event = await rig.client.next()
  expect(event['message']).toEqual(parts)
  expect(event['sender']).toMatchObject({ user_id: 20001, vip: { level: 7 } })
  rig.fake.on('send_group_msg', { message_id: 77 })
  const image = { type: 'image', data: { file: 'https://a.example/a.png', cache: 0, proxy: true } }
  expect(await rig.call('send_group_msg', { group_id: 30001, message: [...parts, image] })).toMatchObject({
    status: 'ok',
  })
  const [text, face, at, picture] = (rig.fake.calls.at(-1)?.params['message'] ?? []) as Frame[]
  expect([text, face, at]).toEqual(parts)
  expect(picture).toMatchObject({ type: 'image', data: { file: 'https://a.example/a.png', cache: 0, proxy: true } })
})

test('a backend of another kind never sees them', async () => {
  await using bridge = await startBridge()
  const client = connect(`ws://127.0.0.1:${bridge.onebotPort}/api?access_token=${accessToken}`)
  await client.opened
  const message = [{ type: 'text', data: { text: 'plain', style: 1 } }]
  client.send({ action: 'send_group_msg', params: { group_id: 30001, message }, echo: 1 })
  expect(await client.next()).toMatchObject({ status: 'ok' })
  const said = bridge.world().state.conversations.get('g30001')?.at(-1)?.segments
  expect(said).toEqual([{ type: 'text', text: 'plain' }])
  client.close()
})

test('parameters of a known action that nobody knows go with the request that is the action, and not with its helpers', async () => {
  await using rig = await start()
  rig.fake.on('set_group_ban', null).on('_send_group_notice', { notice_id: 'n1' }).on('_get_group_notice', [])
  const odd = { reason: '刷屏', nested: { a: [null, 1] }, nothing: null }
  const ban = { group_id: '30001', user_id: 20001, duration: 60 }
  expect(await rig.call('set_group_ban', { ...ban, ...odd, self_id: 10001 })).toMatchObject({ status: 'ok' })
  expect(JSON.stringify(rig.fake.calls.at(-1))).toBe(
    JSON.stringify({ action: 'set_group_ban', params: { ...ban, group_id: 30001, ...odd } }),
  )
  await rig.call('_send_group_notice', { group_id: 30001, content: 'c', audience: 'new' })
  const [publish, list] = rig.fake.calls.slice(-2)
  expect(publish).toMatchObject({ action: '_send_group_notice', params: { content: 'c', audience: 'new' } })
  expect(list).toEqual({ action: '_get_group_notice', params: { group_id: 30001 } })
})

test('what the bridge says itself wins, and no prototype comes through', async () => {
  await using rig = await start()
  rig.fake.on('send_group_msg', { message_id: 77, real_id: 5, seq: 9 })
  const frame =
    '{"action":"send_group_msg","params":{"group_id":30001,"message":"a","__proto__":{"x":1},"p":2},"echo":1}'
  rig.client.send(frame)
  const answer = await rig.client.next()
  expect(answer['data']).toEqual({ message_id: 77, seq: 9 })
  const { params } = rig.fake.calls.at(-1) ?? {}
  expect(Object.keys(params ?? {})).toEqual(['group_id', 'message', 'p'])
})

test.each([
  ['set_group_card', { group_id: 30001, user_id: 20001, card: 'c' }, { done: true, n: [1] }, { done: true, n: [1] }],
  ['set_group_card', { group_id: 30001, user_id: 20001, card: 'c' }, null, null],
  [
    'get_group_info',
    { group_id: 30001 },
    { group_id: 30001, group_name: 'g', member_count: 3, group_level: 2, group_memo: null },
    {
      ...{ group_id: 30001, group_name: 'g', member_count: 3, max_member_count: 0, group_all_shut: 0 },
      ...{ group_remark: '', group_level: 2, group_memo: null },
    },
  ],
  [
    'get_online_clients',
    {},
    [{ app_id: 1, device_name: 'd', device_kind: 'k', login_time: 5 }],
    [{ app_id: 1, device_name: 'd', device_kind: 'k', login_time: 5 }],
  ],
  [
    'set_essence_msg',
    { message_id: 77 },
    { errCode: '0', errMsg: '', result: { wording: 'w', digestUin: '1', digestTime: 7, msg: {}, errorCode: 0 }, t: 1 },
    { errCode: '0', errMsg: '', result: { wording: 'w', digestUin: '1', digestTime: 7, msg: {}, errorCode: 0 }, t: 1 },
  ],
  [
    'get_group_honor_info',
    { group_id: 30001, type: 'talkative' },
    {
      group_id: 30001,
      talkative_list: [{ user_id: 1, nickname: 'n', avatar: 'a', description: 'd', day_count: 2, x: 1 }],
    },
    {
      group_id: 30001,
      current_talkative: {},
      talkative_list: [{ user_id: 1, nickname: 'n', avatar: 'a', description: 'd', day_count: 2, x: 1 }],
      ...{ performer_list: [], legend_list: [], strong_newbie_list: [], emotion_list: [] },
    },
  ],
])('%s: members of the answer that nobody knows', async (action, params, data, answered) => {
  await using rig = await start()
  rig.fake.on('send_group_msg', { message_id: 77 }).on(action, data)
  await rig.call('send_group_msg', { group_id: 30001, message: 'a' })
  const answer = await rig.call(action, params)
  expect(JSON.stringify(answer['data'])).toBe(JSON.stringify(answered))
})

test('fillers give way to what the backend says', async () => {
  await using rig = await start()
  const person = { user_id: 20001, nickname: 'n', card: '', role: 'member', join_time: 1, last_sent_time: 2 }
  const said = { area: '四川', qq_level: 40, is_robot: true, title_expire_time: -1, qage: 9, level: '12' }
  rig.fake.on('get_group_member_info', { group_id: 30001, ...person, ...said })
  const member = await rig.call('get_group_member_info', { group_id: 30001, user_id: 20001 })
  expect(member['data']).toMatchObject({ ...person, ...said, unfriendly: false })
  rig.fake.on('get_stranger_info', { user_id: 20001, nickname: 'n', uid: 'u_1', is_vip: true, vip_level: 3, likes: 7 })
  const stranger = await rig.call('get_stranger_info', { user_id: 20001 })
  expect(stranger['data']).toMatchObject({ uid: 'u_1', is_vip: true, vip_level: 3, likes: 7, login_days: 0 })
})

test('members of the envelope that nobody knows, of failures too', async () => {
  await using rig = await start()
  const members = { trace: { id: 'x' }, stream: 'stream-action', cost: 1.5 }
  rig.fake.on('delete_friend', new Members({ status: 'ok', retcode: 0, data: null, ...members }))
  expect(JSON.stringify(await rig.call('delete_friend', { user_id: 20001 }))).toBe(
    JSON.stringify({
      ...{ status: 'ok', retcode: 0, data: { result: 0, errMsg: '' }, message: '', wording: '' },
      ...{ ...members, echo: 1 },
    }),
  )
  const refusal = { status: 'failed', retcode: 100, data: null, msg: 'NOT_MANAGEABLE', wording: '机器人权限不足' }
  rig.fake.on('set_group_card', new Members(refusal))
  expect(await rig.call('set_group_card', { group_id: 30001, user_id: 20001, card: 'c' })).toEqual({
    ...{ status: 'failed', retcode: 1200, data: null, message: '机器人权限不足', wording: '机器人权限不足' },
    ...{ msg: 'NOT_MANAGEABLE', echo: 2 },
  })
})

test('members of forward nodes that nobody knows, both ways', async () => {
  await using rig = await start()
  rig.fake.on('send_group_forward_msg', { message_id: 77, forward_id: 'f' })
  const content = [{ type: 'text', data: { text: 'a' } }]
  const data = { user_id: '20001', nickname: 'n', content, avatar: 'https://a.example/a', badge: [1] }
  expect(
    await rig.call('send_group_forward_msg', { group_id: 30001, messages: [{ type: 'node', data }], fold: 1 }),
  ).toMatchObject({ status: 'ok' })
  expect(rig.fake.calls.at(-1)?.params).toMatchObject({ messages: [{ type: 'node', data }], fold: 1 })
  const sender = { user_id: 20001, nickname: 'n', card: 'c', vip: { level: 3 } }
  const entry = { ...groupMessage({ message: content, sender }), message_id: 4, emoji_likes_list: [], badge: 2 }
  rig.fake.on('get_forward_msg', { messages: [entry], more: false })
  const answer = (await rig.call('get_forward_msg', { id: 'R9' }))['data'] as Frame
  const author = { user_id: 20001, nickname: 'n', card: '', vip: { level: 3 } }
  expect(answer).toMatchObject({ messages: [{ badge: 2, emoji_likes_list: [], message_id: 0 }], more: false })
  expect((answer['messages'] as Frame[])[0]?.['sender']).toEqual(author)
})

test('a message keeps its odd members in get_msg, also when the bridge answers from its log', async () => {
  await using rig = await start()
  await rig.emit(groupMessage({ message_style: null, raw: { msgId: '7' } }))
  expect(await rig.client.next()).toMatchObject({ message_style: null, raw: { msgId: '7' } })
  const answer = await rig.call('get_msg', { message_id: 501 })
  expect(answer['data']).toMatchObject({ message_id: 501, message_style: null, raw: { msgId: '7' } })
  expect(rig.fake.calls.map(({ action }) => action)).not.toContain('get_msg')
})

test('members inside of what an event names', async () => {
  await using rig = await start()
  const file = { id: 'f', name: 'a.txt', size: 3, busid: 102, md5: 'm', sha: { a: 1 } }
  await rig.emit({
    ...{ time, self_id: 10001, post_type: 'notice', notice_type: 'offline_file', user_id: 20001 },
    ...{ file, title: 'not of this event', name: 5 },
  })
  const event = await rig.client.next()
  expect(event).toMatchObject({ notice_type: 'offline_file', title: 'not of this event', name: 5 })
  expect(event['file']).toMatchObject({ id: 'f', name: 'a.txt', size: 3, md5: 'm', sha: { a: 1 } })
})

test('local files hide in odd parameters no better than in known ones', async () => {
  await using rig = await start()
  rig.fake.on('set_group_card', null)
  const answer = await rig.call('set_group_card', {
    group_id: 30001,
    user_id: 20001,
    card: 'c',
    cover: 'file:///etc/passwd',
  })
  expect(answer).toMatchObject({ status: 'ok' })
  const http = await fetch(`http://127.0.0.1:${rig.bridge.onebotPort}/set_group_card`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'x-forwarded-for': '203.0.113.5' },
    body: JSON.stringify({ group_id: 30001, user_id: 20001, card: 'c', cover: 'file:///etc/passwd' }),
  })
  expect(await http.json()).toMatchObject({ status: 'failed', retcode: 400 })
})

const pieces = [
  { type: 'stream', data_type: 'file_info', file_name: 'a.bin', file_size: 4 },
  { type: 'stream', data_type: 'file_chunk', index: 0, data: 'AAECAw==' },
  { type: 'response', data_type: 'file_complete', total_chunks: 1 },
]

describe.each(['ws', 'sse'] as const)('an answer in pieces, the backend reached over %s', (over) => {
  const inPieces =
    (said: readonly object[]) => (_params: unknown, frame: never, socket: { send(text: string): void }) => {
      const wires = said.map((data) => new Members({ status: 'ok', retcode: 0, data, stream: 'stream-action' }))
      const texts = wires.map((wire) => JSON.stringify(answerTo(frame, wire)))
      if (over === 'sse') return new Raw(200, texts.join('\r\n\r\n'))
      for (const text of texts.slice(0, -1)) socket.send(text)
      return wires.at(-1)
    }
  const told = pieces.map((data) => {
    const around = { message: '', wording: '', stream: 'stream-action', echo: 1 }
    return { status: 'ok', retcode: 0, data, ...around }
  })

  test('a client over WebSocket gets each of them', async () => {
    await using rig = await start(over)
    rig.fake.on('download_file_stream', inPieces(pieces))
    rig.client.send({ action: 'download_file_stream', params: { file: 'f' }, echo: 1 })
    expect([await rig.client.next(), await rig.client.next(), await rig.client.next()]).toEqual(told)
  })

  test('a client over HTTP gets one text after the other', async () => {
    await using rig = await start(over)
    rig.fake.on('download_file_stream', inPieces(pieces))
    const url = `http://127.0.0.1:${rig.bridge.onebotPort}/download_file_stream?access_token=${accessToken}&file=f&echo=1`
    const text = await (await fetch(url)).text()
    expect(text).toBe(told.map((answer) => JSON.stringify({ ...answer, echo: '1' })).join('\r\n\r\n'))
  })

  test('one that fails at once is an answer like any other', async () => {
    await using rig = await start(over)
    rig.fake.on('test_download_stream', failed(1200, 'no such file'))
    const url = `http://127.0.0.1:${rig.bridge.onebotPort}/test_download_stream?access_token=${accessToken}`
    expect(await (await fetch(url)).json()).toMatchObject({ status: 'failed', retcode: 200, message: 'no such file' })
  })

  test('uploads are answered piece by piece, each by itself', async () => {
    await using rig = await start(over)
    const data = { type: 'stream', stream_id: 's', status: 'chunk_received', received_chunks: 1 }
    rig.fake.on('upload_file_stream', new Members({ status: 'ok', retcode: 0, data, stream: 'stream-action' }))
    expect(await rig.call('upload_file_stream', { stream_id: 's', chunk_data: 'AA==' })).toMatchObject({ data })
  })
})

test('an essence message by the numbers that QQ knows it by', async () => {
  await using rig = await start()
  const data = {
    errCode: '0',
    errMsg: '',
    result: { wording: '', digestUin: '5', digestTime: 7, msg: {}, errorCode: 0 },
  }
  rig.fake.on('delete_essence_msg', data)
  const essence = {
    message_id: 501,
    msg_seq: 77,
    msg_random: 4_000_000_000,
    sender_id: 20001,
    operator_id: 10001,
    content: [],
  }
  rig.fake.on('get_essence_msg_list', [essence])
  const listed = (await rig.call('get_essence_msg_list', { group_id: 30001 }))['data'] as Frame[]
  expect(listed).toMatchObject([{ message_id: 501, msg_seq: 77, msg_random: 4_000_000_000 }])
  const params = { group_id: '30001', msg_seq: '77', msg_random: '4000000000' }
  expect(await rig.call('delete_essence_msg', params)).toMatchObject({ status: 'ok', data })
  expect(rig.fake.calls.at(-1)).toEqual({ action: 'delete_essence_msg', params })
  expect(await rig.call('delete_essence_msg', { msg_seq: '77' })).toMatchObject({
    retcode: 1400,
    message: 'missing parameter: message_id',
  })
})

test('requests as Lagrange lists them are answered by the flags that are given out', async () => {
  await using rig = await start('ws', 'Lagrange.OneBot')
  const request = { time, self_id: 10001, post_type: 'request', request_type: 'group', user_id: 20009, group_id: 30001 }
  const add = { ...request, sub_type: 'add', comment: '让我进来', flag: '5-30001-1-0' }
  rig.fake.on('get_group_requests', [add]).on('set_group_add_request', null)
  const [told] = (await rig.call('get_group_requests'))['data'] as [Frame]
  expect(told).toEqual({ ...request, time: 0, sub_type: 'add', invitor_id: 0, comment: '让我进来', flag: told['flag'] })
  expect(await rig.call('set_group_add_request', { flag: told['flag'], approve: true })).toMatchObject({ status: 'ok' })
  expect(rig.fake.calls.at(-1)?.params).toMatchObject({ flag: '5-30001-1-0', sub_type: 'add', approve: true })
  const system = (await rig.call('get_group_system_msg'))['data'] as { join_requests: Frame[] }
  expect(system.join_requests).toMatchObject([{ requester_uin: 20009, group_id: 30001, message: '让我进来' }])
})

test('meta events that nobody knows, and what a heartbeat says of the state', async () => {
  await using rig = await start()
  const odd = { time, self_id: 10001, post_type: 'meta_event', meta_event_type: 'made_up', message_id: 5 }
  await rig.emit(odd)
  expect(await rig.client.nextText()).toBe(JSON.stringify(odd))
  const status = { online: true, good: true, app_good: true, stat: { message_sent: 7 } }
  await rig.emit({
    time,
    self_id: 10001,
    post_type: 'meta_event',
    meta_event_type: 'heartbeat',
    interval: 5000,
    status,
  })
  await until(() => rig.bridge.bots()[0]?.extra, 'the heartbeat')
  expect((await rig.call('get_status'))['data']).toEqual(status)
})
