import { afterEach, describe, expect, test } from 'vitest'
import { fail, startInbound, type Script } from './support.ts'

let running: Awaited<ReturnType<typeof startInbound>> | undefined
afterEach(async () => {
  await running?.stop()
  if (running?.errors.length) throw new AggregateError(running.errors)
  running = undefined
})

async function start(options: Parameters<typeof startInbound>[0] = {}, script?: Script) {
  running = await startInbound(options, script)
  return running
}

const sent: Script = (action) => (action.name === 'message.send' ? { messageId: 5 } : {})
const json = { 'content-type': 'application/json' }

describe('parameters', () => {
  test.each<[string, string, RequestInit]>([
    ['query', '/send_group_msg?group_id=30001&message=hi', {}],
    ['JSON', '/send_group_msg', { method: 'POST', headers: json, body: '{"group_id":30001,"message":"hi"}' }],
    [
      'JSON without content type',
      '/send_group_msg',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"group_id":30001,"message":"hi"}' },
    ],
    ['form', '/send_group_msg', { method: 'POST', body: new URLSearchParams({ group_id: '30001', message: 'hi' }) }],
    [
      'form with JSON inside',
      '/send_group_msg/',
      {
        method: 'POST',
        body: new URLSearchParams({ group_id: '30001', message: '[{"type":"text","data":{"text":"hi"}}]' }),
      },
    ],
    [
      'both, the query wins',
      '/send_group_msg/?message=hi',
      { method: 'POST', body: '{"group_id":30001,"message":"no"}' },
    ],
    ['suffix', '/send_group_msg_async?group_id=30001&message=hi', {}],
    ['root', '/', { method: 'POST', body: '{"action":"send_group_msg","params":{"group_id":30001,"message":"hi"}}' }],
  ])('%s', async (_name, path, init) => {
    const { http, calls } = await start({}, sent)
    const response = await fetch(http + path, init)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe('{"status":"ok","retcode":0,"data":{"message_id":5},"message":"","wording":""}')
    expect(calls).toEqual([
      {
        bot: 10001,
        action: {
          name: 'message.send',
          params: { peer: { kind: 'group', groupId: 30001 }, segments: [{ type: 'text', text: 'hi' }] },
        },
        options: { loopback: true },
      },
    ])
  })

  test.each(['', 'null', '[]', '"x"', ' '])('body %j means none', async (body) => {
    const { http } = await start()
    const response = await fetch(`${http}/get_version_info`, { method: 'POST', body })
    expect(await response.json()).toMatchObject({
      status: 'ok',
      data: { app_name: 'onebot-mirai-bridge', protocol_version: 'v11' },
    })
  })

  test('CQ text that begins with a bracket stays text', async () => {
    const { http, calls } = await start({}, sent)
    await fetch(`${http}/send_group_msg?group_id=30001&message=${encodeURIComponent('[CQ:at,qq=1]')}`)
    expect(calls[0]?.action.params).toMatchObject({ segments: [{ type: 'mention', userId: 1 }] })
  })
})

describe('failures', () => {
  test.each<[string, RequestInit, number, object]>([
    [
      '/get_msg',
      { method: 'POST', body: '{' },
      400,
      { status: 'failed', retcode: 400, data: null, message: 'not valid JSON', wording: 'not valid JSON' },
    ],
    [
      '/get_msg',
      {},
      200,
      {
        status: 'failed',
        retcode: 400,
        data: null,
        message: 'missing parameter: message_id',
        wording: 'missing parameter: message_id',
      },
    ],
    [
      '/nope',
      {},
      200,
      { status: 'failed', retcode: 200, data: null, message: '不支持的Api nope', wording: '不支持的Api nope' },
    ],
    [
      '/__proto__',
      {},
      200,
      {
        status: 'failed',
        retcode: 200,
        data: null,
        message: '不支持的Api __proto__',
        wording: '不支持的Api __proto__',
      },
    ],
    [
      '/get_msg?message_id=9',
      {},
      200,
      { status: 'failed', retcode: 200, data: null, message: 'gone', wording: 'gone' },
    ],
    [
      '/get_msg?message_id=9&self_id=7',
      {},
      200,
      {
        status: 'failed',
        retcode: 200,
        data: null,
        message: 'self_id: no such account here; there are 10001, 10002',
        wording: 'self_id: no such account here; there are 10001, 10002',
      },
    ],
  ])('%s', async (path, init, status, body) => {
    const { http } = await start({}, () => fail('notFound', 'gone'))
    const response = await fetch(http + path, init)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual(body)
  })

  test('our own defects show a number and nothing else', async () => {
    const { http, logs } = await start({}, () => {
      throw new TypeError('secret path')
    })
    const body = (await (await fetch(`${http}/get_msg?message_id=9`)).json()) as { message: string; retcode: number }
    expect(body.message).toMatch(/see E\w+ in its log/)
    expect(logs.join()).toContain('secret path')
  })

  test('busy is HTTP 503, unknown actions may be 404', async () => {
    const { http } = await start({ unknownActionStatus: 404 }, () => fail('busy', 'later'))
    expect((await fetch(`${http}/get_msg?message_id=9`)).status).toBe(503)
    expect((await fetch(`${http}/nope`)).status).toBe(404)
  })

  test('compressed bodies are refused', async () => {
    const { http } = await start()
    const response = await fetch(`${http}/get_msg`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: 'x',
    })
    expect(response.status).toBe(415)
  })
})

describe('echo', () => {
  test.each(['{"b":1,"1":[2, {"x":null}]}', '12345678901234567890', '0', 'false', '""', '"中"', 'null', '1.0'])(
    '%s',
    async (echo) => {
      const { http } = await start()
      for (const path of ['/get_status', '/nope']) {
        const response = await fetch(http + path, { method: 'POST', body: `{"echo":${echo}}` })
        expect((await response.text()).endsWith(`,"echo":${echo}}`)).toBe(true)
      }
    },
  )

  test('in the query is text', async () => {
    const { http } = await start()
    expect(await (await fetch(`${http}/get_status?echo=7`)).text()).toMatch(/,"echo":"7"\}$/)
  })
})

describe('token', () => {
  const secret = 'S3cret token!'
  const status = '/get_status'

  test.each<[string, string, Record<string, string>, number]>([
    ['Bearer', status, { authorization: `Bearer ${secret}` }, 200],
    ['Token', status, { authorization: `Token ${secret}` }, 200],
    ['lower case', status, { authorization: `bearer ${secret}` }, 200],
    ['bare', status, { authorization: secret }, 200],
    ['query', `${status}?access_token=${encodeURIComponent(secret)}`, {}, 200],
    ['a right one beside a wrong one', `${status}?access_token=x`, { authorization: `Bearer ${secret}` }, 200],
    ['none', status, {}, 401],
    ['empty', `${status}?access_token=`, {}, 401],
    ['wrong', status, { authorization: 'Bearer x' }, 403],
    ['unknown action', '/nope', {}, 401],
  ])('%s', async (_name, path, headers, expected) => {
    const { http } = await start({ accessToken: secret })
    const response = await fetch(http + path, { headers })
    expect(response.status).toBe(expected)
    const retcodes: Record<number, number> = { 200: 0, 401: 1401, 403: 1403 }
    expect(await response.json()).toMatchObject({ retcode: retcodes[expected] })
    expect(response.headers.get('www-authenticate')).toBe(expected === 401 ? 'Bearer' : null)
  })

  test('is checked before the body', async () => {
    const { http, calls } = await start({ accessToken: secret })
    const response = await fetch(`${http}/send_msg`, { method: 'POST', body: '{broken' })
    expect(response.status).toBe(401)
    expect(calls).toEqual([])
  })
})

describe('local answers', () => {
  test.each<[string, unknown]>([
    ['/get_status', { online: true, good: true, stat: {} }],
    ['/get_status?self_id=10002', { online: false, good: true, stat: {} }],
    ['/can_send_image', { yes: true }],
    ['/can_send_record', { yes: false }],
  ])('%s', async (path, data) => {
    const { http } = await start()
    expect(await (await fetch(http + path)).json()).toMatchObject({ status: 'ok', data })
  })

  test('get_guild_service_profile is nothing where the backend has none', async () => {
    const { http } = await start({}, () => fail('notSupported', 'no guilds'))
    const response = await fetch(`${http}/get_guild_service_profile`)
    expect(await response.json()).toMatchObject({ status: 'ok', data: null })
  })

  test('X-Self-ID names the account', async () => {
    const { http, calls } = await start({}, () => [])
    await fetch(`${http}/get_group_list`, { headers: { 'x-self-id': '10002' } })
    expect(calls[0]?.bot).toBe(10002)
  })

  test('other actions are passed through', async () => {
    const { http, calls } = await start({}, () => ['album'])
    const response = await fetch(`${http}/get_qun_album_list?group_id=1`)
    expect(await response.json()).toMatchObject({ status: 'ok', data: ['album'] })
    expect(calls[0]?.action).toEqual({
      name: 'raw',
      params: { dialect: 'onebot11', name: 'get_qun_album_list', params: { group_id: '1' } },
    })
  })
})

describe('quick operations', () => {
  const run = async (context: object, operation: object) => {
    const { http, calls } = await start({}, sent)
    const response = await fetch(`${http}/.handle_quick_operation_async`, {
      method: 'POST',
      body: JSON.stringify({ context, operation }),
    })
    return { answer: (await response.json()) as object, actions: calls.map(({ action }) => action) }
  }
  const context = {
    post_type: 'message',
    message_type: 'group',
    self_id: 10001,
    group_id: 30001,
    user_id: 20002,
    message_id: 5,
    time: 1,
  }

  test('in a group', async () => {
    const { answer, actions } = await run(context, {
      reply: 'hi',
      at_sender: true,
      delete: true,
      kick: true,
      ban: true,
      ban_duration: 60,
    })
    expect(answer).toMatchObject({ status: 'ok', data: null })
    expect(actions).toEqual([
      {
        name: 'message.send',
        params: {
          peer: { kind: 'group', groupId: 30001 },
          segments: [
            { type: 'reply', messageId: 5 },
            { type: 'mention', userId: 20002 },
            { type: 'text', text: ' ' },
            { type: 'text', text: 'hi' },
          ],
        },
      },
      { name: 'message.recall', params: { messageId: 5 } },
      { name: 'group.member.kick', params: { groupId: 30001, userId: 20002 } },
      { name: 'group.member.mute', params: { groupId: 30001, userId: 20002, durationSeconds: 60 } },
    ])
  })

  test('in private', async () => {
    const { actions } = await run(
      { ...context, message_type: 'private', group_id: undefined, user_id: 20001 },
      { reply: 'hi', delete: true },
    )
    expect(actions).toEqual([
      {
        name: 'message.send',
        params: { peer: { kind: 'friend', userId: 20001 }, segments: [{ type: 'text', text: 'hi' }] },
      },
    ])
  })

  test('on a request', async () => {
    const request = { post_type: 'request', request_type: 'group', self_id: 10001, flag: '7' }
    expect((await run(request, { approve: false, reason: 'no' })).actions).toEqual([
      { name: 'request.group.answer', params: { requestId: 7, approve: false, reason: 'no' } },
    ])
  })

  test('that say nothing', async () => {
    expect((await run(context, {})).actions).toEqual([])
  })

  test('that cannot be read', async () => {
    expect((await run({ post_type: 'notice' }, {})).answer).toMatchObject({ status: 'failed', retcode: 400 })
  })
})
