// Who has no secret, or a wrong one, or one in a shape that is none, gets the refusal of the dialect and nothing else.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessToken, adminToken, verifyKey } from '../support/bridge.ts'
import {
  bytes,
  dial,
  http,
  miraiRefusal,
  onebotRefusal,
  open,
  refusedUpgrade,
  stage,
  watch,
  type Stage,
  type Watch,
} from './support.ts'

let on: Stage
let guard: Watch
beforeAll(async () => {
  on = await stage()
  guard = await watch(on)
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
})

const near = `${accessToken.slice(0, -1)}x`
const none = onebotRefusal(1401, 'an access token is needed')
const wrong = onebotRefusal(1403, 'the access token is wrong')

const onebotCases: [string, string, Record<string, string | string[]>, number][] = [
  ['nothing', '', {}, 401],
  ['an empty header', '', { authorization: '' }, 401],
  ['an empty query', '?access_token=', {}, 401],
  ['a scheme without token', '', { authorization: 'Bearer ' }, 403],
  ['a near miss', '', { authorization: `Bearer ${near}` }, 403],
  ['a far miss', '', { authorization: 'Bearer x' }, 403],
  ['other case', '', { authorization: `Bearer ${accessToken.toUpperCase()}` }, 403],
  ['a prefix', `?access_token=${accessToken.slice(0, 4)}`, {}, 403],
  ['the query key twice, both right', `?access_token=${accessToken}&access_token=${accessToken}`, {}, 403],
  ['the query key twice, one right', `?access_token=x&access_token=${accessToken}`, {}, 403],
  ['the query key as a list', `?access_token[]=${accessToken}`, {}, 401],
  ['the key in the name of another', `?access_token%00=${accessToken}`, {}, 401],
  ['another dialect’s header', '', { verifyKey: accessToken, sessionKey: accessToken }, 401],
  ['a list inside', '', { authorization: `Bearer ["${accessToken}"]` }, 403],
]

describe('OneBot', () => {
  test.each(onebotCases)('HTTP with %s', async (_, query, headers, status) => {
    const body = '{"group_id":30001,"message":"from a stranger"}'
    const answer = await http(on.bridge.onebotPort, { path: `/send_group_msg${query}`, headers, body })
    expect([answer.status, answer.text]).toEqual([status, status === 401 ? none : wrong])
    expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined)
  })

  test.each(onebotCases)('WebSocket with %s', async (_, query, headers) => {
    const client = dial(`ws://127.0.0.1:${on.bridge.onebotPort}/${query}`, headers as Record<string, string>)
    await open(client)
    client.send({ action: 'send_group_msg', params: { group_id: 30001, message: 'from a stranger' }, echo: 1 })
    expect(await client.next()).toBe(onebotRefusal(1403, 'token验证失败', 'null'))
    expect(await client.closed).toEqual({ code: 1008, reason: 'wrong access token' })
    expect(client.frames).toEqual([])
  })

  test('a body is not read, an action not looked up, before the token is right', async () => {
    const { onebotPort } = on.bridge
    for (const path of ['/', '/no_such_action', '/__proto__']) {
      expect((await http(onebotPort, { path, body: '{' })).text).toBe(none)
    }
    const head = 'POST /send_msg HTTP/1.1\r\nHost: x\r\nContent-Length: 60000000\r\n\r\n'
    expect(await bytes(onebotPort, head)).toContain('HTTP/1.1 401')
  })

  test.each([`Bearer ${accessToken}`, `Token ${accessToken}`, accessToken])(
    'the right one as %#',
    async (authorization) => {
      const answer = await http(on.bridge.onebotPort, { path: '/get_status', headers: { authorization } })
      expect(answer.status).toBe(200)
    },
  )
})

test('refusals as HTTP statuses, when asked for', async () => {
  const inbounds = {
    mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey },
    onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken, refuseStyle: 'http' },
  } as const
  const other = await stage({ inbounds })
  const url = `ws://127.0.0.1:${other.bridge.onebotPort}/`
  expect(await refusedUpgrade(url)).toBe(401)
  expect(await refusedUpgrade(url, { authorization: 'Bearer x' })).toBe(403)
  await other.bridge.stop()
})

describe('mah', () => {
  test.each<[string, unknown, number, string]>([
    ['a near miss', { verifyKey: `${verifyKey}x` }, 1, 'Auth Key错误'],
    ['a far miss', { verifyKey: 'x' }, 1, 'Auth Key错误'],
    ['empty', { verifyKey: '' }, 1, 'Auth Key错误'],
    ['a list', { verifyKey: [verifyKey] }, 400, 'verifyKey must be text'],
    ['an object', { verifyKey: { toString: verifyKey } }, 400, 'verifyKey must be text'],
    ['a number', { verifyKey: 0 }, 1, 'Auth Key错误'],
    ['true', { verifyKey: true }, 1, 'Auth Key错误'],
    ['null', { verifyKey: null }, 400, '参数错误，缺少字段: verifyKey'],
    ['nothing', {}, 400, '参数错误，缺少字段: verifyKey'],
    ['only in the prototype', { __proto__: { verifyKey } }, 400, '参数错误，缺少字段: verifyKey'],
  ])('/verify with %s', async (_, body, code, msg) => {
    const answer = await http(on.bridge.miraiPort, { path: '/verify', body: JSON.stringify(body) })
    expect([answer.status, answer.text]).toEqual([200, miraiRefusal(code, msg)])
  })

  test('a prototype key in the text is no key', async () => {
    const body = `{"__proto__":{"verifyKey":"${verifyKey}"}}`
    const answer = await http(on.bridge.miraiPort, { path: '/verify', body })
    expect(answer.text).toBe(miraiRefusal(400, '参数错误，缺少字段: verifyKey'))
  })

  test.each<[string, string, Record<string, string>]>([
    ['nothing', '?qq=10001', {}],
    ['a wrong header', '?qq=10001', { verifyKey: 'x' }],
    ['a wrong query', '?qq=10001&verifyKey=x', {}],
    ['the query key twice', `?qq=10001&verifyKey=${verifyKey}&verifyKey=${verifyKey}`, {}],
    ['the query key as a list', `?qq=10001&verifyKey[]=${verifyKey}`, {}],
    ['a right query behind a wrong header', `?qq=10001&verifyKey=${verifyKey}`, { verifyKey: 'x' }],
    ['only a session key', '?sessionKey=AAAAAAAA', {}],
    ['the key of the other dialect', `?qq=10001&access_token=${verifyKey}`, { authorization: `Bearer ${verifyKey}` }],
  ])('WebSocket with %s', async (_, query, headers) => {
    const client = dial(`ws://127.0.0.1:${on.bridge.miraiPort}/all${query}`, headers)
    await open(client)
    client.send({ syncId: 1, command: 'about', content: {} })
    expect(await client.next()).toBe(miraiRefusal(1, 'Auth Key错误', '""'))
    expect(await client.closed).toEqual({ code: 1000, reason: 'Auth Key错误' })
    expect(client.frames).toEqual([])
  })

  test.each<[string, string, number, string]>([
    ['no account', '', 400, '无效参数'],
    ['an account that is none', '?qq=1e4', 400, '无效参数'],
    ['an unknown account', '?qq=99', 2, '指定Bot不存在'],
    ['an unknown session', '?sessionKey=__proto__', 3, 'Session失效或不存在'],
  ])('WebSocket with the key and %s', async (_, query, code, msg) => {
    const client = dial(`ws://127.0.0.1:${on.bridge.miraiPort}/message${query}`, { verifyKey })
    expect(await client.next()).toBe(miraiRefusal(code, msg, '""'))
    expect((await client.closed).code).toBe(1000)
  })

  test.each(['__proto__', 'constructor', 'toString', '', 'SINGLE_SESSION', 'x'.repeat(5000)])(
    'session %#',
    async (sessionKey) => {
      const none = miraiRefusal(3, 'Session失效或不存在')
      const { miraiPort } = on.bridge
      const post = { path: '/sendFriendMessage', body: JSON.stringify({ sessionKey, target: 20001, messageChain: [] }) }
      expect((await http(miraiPort, post)).text).toBe(none)
      expect((await http(miraiPort, { path: `/friendList?sessionKey=${sessionKey}` })).text).toBe(none)
      expect((await http(miraiPort, { path: '/friendList', headers: { sessionKey } })).text).toBe(none)
    },
  )

  test.each([[['x']], [{}], [true], [5]])('session %j', async (sessionKey) => {
    const body = JSON.stringify({ sessionKey, target: 20001 })
    expect((await http(on.bridge.miraiPort, { path: '/muteAll', body })).text).toBe(
      miraiRefusal(3, 'Session失效或不存在'),
    )
  })

  test('a verified session that is not bound is code 4, a released one code 3', async () => {
    const { miraiPort } = on.bridge
    const call = async (path: string, body: object) =>
      (await http(miraiPort, { path, body: JSON.stringify(body) })).text
    const verified = JSON.parse(await call('/verify', { verifyKey })) as { session: string }
    const sessionKey = verified.session
    expect(await call('/muteAll', { sessionKey, target: 30001 })).toBe(miraiRefusal(4, 'Session未认证'))
    expect(await call('/bind', { sessionKey, qq: 99 })).toBe(miraiRefusal(2, '指定Bot不存在'))
    expect(await call('/bind', { sessionKey, qq: 10001 })).toBe('{"code":0,"msg":"success"}')
    expect(await call('/release', { sessionKey, qq: 10001 })).toBe('{"code":0,"msg":"success"}')
    expect(await call('/muteAll', { sessionKey, target: 30001 })).toBe(miraiRefusal(3, 'Session失效或不存在'))
    expect(await call('/bind', { sessionKey, qq: 10001 })).toBe(miraiRefusal(3, 'Session失效或不存在'))
  })
})

describe('admin', () => {
  test.each<[string, string, Record<string, string>, number, string]>([
    ['nothing', '', {}, 401, 'no token'],
    ['another scheme', '', { authorization: `Basic ${adminToken}` }, 401, 'no token'],
    ['a query', `?access_token=${adminToken}`, {}, 401, 'no token'],
    ['a wrong one', '', { authorization: 'Bearer x' }, 403, 'wrong token'],
    ['the token of another door', '', { authorization: `Bearer ${accessToken}` }, 403, 'wrong token'],
  ])('%s', async (_, query, headers, status, error) => {
    const paths = ['/world', '/world/messages', '/world/events', '/world/__proto__']
    const asked = [
      ...paths.map((path) => http(on.bridge.adminPort, { path: path + query, headers })),
      http(on.bridge.adminPort, { path: `/world/act${query}`, headers, body: '{' }),
    ]
    for (const answer of await Promise.all(asked)) {
      expect([answer.status, JSON.parse(answer.text)]).toEqual([status, { error }])
    }
  })
})
