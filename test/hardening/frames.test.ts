// What cannot be read at all: one bad frame costs that frame, one bad body that request; only broken framing costs the link.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminToken, verifyKey } from '../support/bridge.ts'
import {
  bytes,
  http,
  miraiRefusal,
  onebotRefusal,
  stage,
  watch,
  type Client,
  type Stage,
  type Watch,
} from './support.ts'

let on: Stage
let guard: Watch
let api: Client
let all: Client
beforeAll(async () => {
  on = await stage()
  guard = await watch(on)
  api = await on.api()
  all = await on.all()
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
})

const deep = `${'['.repeat(101)}${']'.repeat(101)}`
const endless = '['.repeat(5_000_000)
const broad = `[${'0,'.repeat(200_001)}0]`
const notJson = 'not valid JSON'

const unreadable: [string, string, string][] = [
  ['nothing', ' ', notJson],
  ['half an object', '{"a":', notJson],
  ['a word', 'nonsense', notJson],
  ['single quotes', "{'action':'get_status'}", notJson],
  ['NaN', '{"action":NaN}', notJson],
  ['two objects', '{}{}', notJson],
  ['a control character', '{"action":"\u0001"}', notJson],
  ['too deep', `{"action":"get_status","params":${deep}}`, 'JSON is nested deeper than 100 levels'],
  ['millions of brackets', endless, 'JSON is nested deeper than 100 levels'],
  ['too many values', `{"params":${broad}}`, 'JSON holds more than 200000 values'],
  [
    'an integer of 21 digits',
    '{"action":"get_status","echo":123456789012345678901}',
    'an integer has more than 20 digits',
  ],
]
const noObject: [string, string][] = [
  ['a list', '[1,2]'],
  ['a text', '"x"'],
  ['a number', '5'],
  ['null', 'null'],
  ['true', 'true'],
]

async function expectBothAlive(): Promise<void> {
  api.send('{"action":"get_status","echo":"alive"}')
  expect(await api.next()).toContain('"status":"ok"')
  all.send('{"syncId":"alive","command":"about","content":{}}')
  expect(await all.find((text) => text.startsWith('{"syncId":"alive"'))).toContain('"code":0')
}

describe('OneBot frames', () => {
  test.each(unreadable)('%s', async (_, frame, message) => {
    api.send(frame)
    expect(await api.next()).toBe(onebotRefusal(1400, message))
    await expectBothAlive()
  })

  test.each(noObject)('%s', async (_, frame) => {
    api.send(frame)
    expect(await api.next()).toBe(onebotRefusal(1400, 'a frame must be an object with action, params and echo'))
  })

  const noAction = 'action must be the name of an action'
  test.each<[string, string, string]>([
    ['', noAction, '{"echo":1}'],
    ['"action":5', noAction, '"x"'],
    ['"action":["get_status"]', noAction, '{"a":[1, 2]}'],
    ['"action":{}', noAction, '[]'],
    ['"action":null', noAction, 'null'],
    ['"action":""', noAction, '0'],
    ['"__proto__":{"action":"get_status"}', noAction, '12345678901234567890'],
    ['"action":"get_status","params":[]', 'params must be an object', '"1.0"'],
    ['"action":"get_status","params":"x"', 'params must be an object', '1.0'],
    ['"action":"get_status","params":5', 'params must be an object', 'false'],
  ])('members %s, the echo comes back as it was', async (members, message, echo) => {
    api.send(`{${members === '' ? '' : `${members},`}"echo":${echo}}`)
    expect(await api.next()).toBe(onebotRefusal(1400, message, echo))
  })

  test.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'nope',
    '../get_status',
    'x'.repeat(300),
    'GET_STATUS',
  ])('unknown action %#', async (action) => {
    const message = `不支持的Api ${action.slice(0, 100)}`
    api.send({ action, params: {}, echo: 'e' })
    expect(await api.next()).toBe(onebotRefusal(1404, message, '"e"'))
    const body = JSON.stringify({ action, params: {} })
    expect(await on.onebot.post('/', body)).toMatchObject({ status: 200, text: onebotRefusal(200, message) })
  })
})

describe('mah frames', () => {
  const bare = '{"code":400,"msg":"无效参数"}'
  test.each([...unreadable.map(([name, frame]): [string, string] => [name, frame]), ...noObject])(
    '%s',
    async (_, frame) => {
      all.send(frame)
      expect(await all.next()).toBe(bare)
      await expectBothAlive()
    },
  )

  test.each([
    '{"syncId":1}',
    '{"syncId":1,"command":5}',
    '{"syncId":1,"command":["about"]}',
    '{"syncId":1,"command":null}',
    '{"syncId":[1],"command":"about"}',
    '{"syncId":{},"command":"about"}',
  ])('%s', async (frame) => {
    all.send(frame)
    expect(await all.next()).toBe(bare)
  })

  test.each([
    ['"a"', '"a"'],
    ['"-2"', '"-2"'],
    ['7', '"7"'],
    ['12345678901234567890', '"12345678901234567890"'],
    ['""', '""'],
    ['"\\u0000\\"{"', '"\\u0000\\"{"'],
  ])('syncId %s comes back in refusals', async (given, shown) => {
    for (const command of ['__proto__', 'constructor', 'toString', 'nope', '', 'verify', 'About', 'send friend']) {
      all.send(`{"syncId":${given},"command":${JSON.stringify(command)},"content":{}}`)
      expect(await all.next()).toBe(miraiRefusal(6, '指定操作不支持', shown))
    }
    all.send(`{"syncId":${given},"command":"friendList","content":[]}`)
    expect(await all.next()).toBe(miraiRefusal(400, '无效参数', shown))
    all.send(`{"syncId":${given},"command":"memberList","content":{}}`)
    expect(await all.next()).toBe(miraiRefusal(400, '无效参数', shown))
  })

  test.each(['__proto__', 'constructor', 'x'])('subcommand %s', async (subCommand) => {
    all.send({ syncId: 's', command: 'groupConfig', subCommand, content: { target: 30001 } })
    expect(await all.next()).toBe(miraiRefusal(6, '指定操作不支持', '"s"'))
  })
})

describe('framing', () => {
  const reserved = Buffer.from([0xf1, 0x80, 0, 0, 0, 0])
  const badText = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])
  const unmasked = Buffer.from([0x81, 0x02, 0x7b, 0x7d])
  const huge = Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])

  test.each<[string, Buffer, number]>([
    ['reserved bits', reserved, 1002],
    ['bad UTF-8', badText, 1007],
    ['no mask', unmasked, 1002],
    ['4 GiB announced', huge, 1009],
  ])('%s', async (_, frame, code) => {
    for (const connect of [on.api, on.all]) {
      const client = await connect()
      ;(client.raw as unknown as { _socket: { write(data: Buffer): void } })._socket.write(frame)
      expect((await client.closed).code).toBe(code)
    }
  })

  test('bytes that are no text are 1003, JSON as bytes is read', async () => {
    for (const connect of [on.api, on.all]) {
      const client = await connect()
      client.raw.send(Buffer.from('{"action":"get_status","syncId":"1","command":"about","echo":"b"}'), {
        binary: true,
      })
      expect(await client.next()).toMatch(/"status":"ok"|"code":0/)
      client.raw.send(Buffer.from([0xff, 0xfe, 0x00]), { binary: true })
      expect((await client.closed).code).toBe(1003)
    }
  })
})

describe('OneBot bodies', () => {
  test.each(unreadable.slice(1))('%s', async (_, body, message) => {
    const answer = await on.onebot.post('/send_msg', body)
    expect([answer.status, answer.text]).toEqual([400, onebotRefusal(400, message)])
    expect(answer.headers['content-type']).toBe('application/json')
  })

  test('wrong UTF-8 is 400', async () => {
    const body = Buffer.concat([
      Buffer.from('{"group_id":30001,"message":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ])
    const answer = await on.onebot.post('/send_group_msg', body)
    expect([answer.status, answer.text]).toEqual([400, onebotRefusal(400, 'the body is not UTF-8')])
  })

  test.each(['gzip', 'deflate', 'br', 'zstd'])('compressed with %s is 415', async (encoding) => {
    const answer = await on.onebot.post('/get_status', gzipSync('{}'), { 'content-encoding': encoding })
    expect([answer.status, answer.text]).toEqual([415, onebotRefusal(400, 'compressed bodies are not accepted')])
    expect(answer.headers.connection).toBe('close')
  })

  test('too large by its own word is 413, without waiting for it', async () => {
    const answer = await on.onebot.post('/get_status', undefined, { 'content-length': 64 * 1024 * 1024 + 1 })
    expect(answer.status).toBe(413)
    expect(answer.text).toBe(onebotRefusal(400, 'the body is larger than 67108864 bytes'))
  })

  test.each(['"x"', '[1]', '5', 'true'])('params %s at the root', async (params) => {
    const answer = await on.onebot.post('/', `{"action":"get_msg","params":${params},"echo":[1, 2]}`)
    expect([answer.status, answer.text]).toEqual([400, onebotRefusal(400, 'params must be an object', '[1, 2]')])
  })

  test.each(['__proto__', 'constructor', 'toString', '%5f%5fproto%5f%5f', 'nope', 'send_msg%00', 'a%2fb'])(
    'path /%s',
    async (path) => {
      const answer = await on.onebot.get(`/${path}`)
      expect([answer.status, answer.text]).toEqual([200, onebotRefusal(200, `不支持的Api ${decodeURIComponent(path)}`)])
    },
  )

  test('a prototype key in a body sets nothing', async () => {
    await on.onebot.post(
      '/get_status',
      '{"__proto__":{"message_id":1,"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    )
    expect('polluted' in {}).toBe(false)
    expect((await on.onebot.post('/get_msg', '{"__proto__":{"message_id":1}}')).text).toBe(
      onebotRefusal(400, 'missing parameter: message_id'),
    )
    expect((await on.onebot.get('/get_msg?__proto__=1')).text).toBe(onebotRefusal(400, 'missing parameter: message_id'))
  })
})

describe('mah bodies', () => {
  test.each([...unreadable.map(([name, body]): [string, string] => [name, body]), ...noObject])(
    '%s',
    async (_, body) => {
      const answer = await on.mirai.post('/sendFriendMessage', body)
      expect([answer.status, answer.text]).toEqual([200, miraiRefusal(400, 'Illegal input')])
    },
  )

  test('wrong UTF-8', async () => {
    const answer = await on.mirai.post('/muteAll', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]))
    expect(answer.text).toBe(miraiRefusal(400, 'Illegal input'))
  })

  test('compressed 415, too large 413, both without a body', async () => {
    const compressed = await on.mirai.post('/muteAll', gzipSync('{}'), { 'content-encoding': 'gzip' })
    expect([compressed.status, compressed.text]).toEqual([415, ''])
    const large = await on.mirai.post('/muteAll', undefined, { 'content-length': 64 * 1024 * 1024 + 1 })
    expect([large.status, large.text]).toEqual([413, ''])
  })

  test('before anybody is known bodies are short', async () => {
    const body = JSON.stringify({ verifyKey: 'x'.repeat(70_000) })
    const answer = await http(on.bridge.miraiPort, { path: '/verify', body })
    expect([answer.status, answer.text]).toEqual([413, ''])
    const right = JSON.stringify({ verifyKey, more: 'x'.repeat(60_000) })
    expect(JSON.parse((await http(on.bridge.miraiPort, { path: '/verify', body: right })).text)).toMatchObject({
      code: 0,
    })
  })

  test.each(['/__proto__', '/constructor', '/toString', '/nope', '/About', '/about/x', '/friendlist'])(
    'path %s is 404',
    async (path) => {
      expect((await on.mirai.get(path)).status).toBe(404)
      expect((await on.mirai.post(path, '{}')).status).toBe(404)
    },
  )

  test('multipart that is none', async () => {
    for (const [type, body] of [
      ['application/json', '{}'],
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=b', 'x'],
      ['multipart/form-data; boundary=b', '--b\r\nnonsense\r\n'],
    ] as const) {
      const answer = await on.mirai.post('/uploadImage', body, { 'content-type': type })
      expect([answer.status, answer.text]).toEqual([200, miraiRefusal(400, '无效参数')])
    }
  })
})

describe('admin bodies', () => {
  const headers = { authorization: `Bearer ${adminToken}` }
  test.each([
    '{',
    '[]',
    '"x"',
    'null',
    '5',
    deep,
    endless,
    '{"do":5}',
    '{"do":"__proto__"}',
    '{"__proto__":{"do":"say"}}',
  ])('%#', async (body) => {
    const answer = await http(on.bridge.adminPort, { path: '/world/act', headers, body })
    expect(answer.status).toBe(400)
    expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(['error'])
  })

  test('compressed 415, too large 413, an unknown world, an unknown path', async () => {
    const { adminPort } = on.bridge
    const act = { path: '/world/act', headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync('{}') }
    expect((await http(adminPort, act)).status).toBe(415)
    const large = {
      ...act,
      method: 'POST',
      headers: { ...headers, 'content-length': 64 * 1024 * 1024 + 1 },
      body: undefined,
    }
    expect((await http(adminPort, large)).status).toBe(413)
    expect((await http(adminPort, { path: '/world?world=__proto__', headers })).status).toBe(400)
    expect((await http(adminPort, { path: '/world/nope', headers })).status).toBe(404)
  })
})

describe('broken HTTP', () => {
  test.each([
    ['nonsense', 'nonsense\r\n\r\n', '400'],
    ['no host', 'GET /get_status HTTP/1.1\r\n\r\n', '400'],
    ['a bad host', 'GET /get_status HTTP/1.1\r\nHost: a b/c?d#e\r\n\r\n', '400'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', '400'],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['a header that is too long', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
    [
      'an upgrade to a bad path',
      'GET /%ff HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      '400',
    ],
    [
      'an upgrade without a key',
      'GET /all HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      '400',
    ],
  ])('%s', async (_, text, status) => {
    for (const port of [on.bridge.onebotPort, on.bridge.miraiPort]) {
      expect((await bytes(port, text)).slice(0, 12)).toBe(`HTTP/1.1 ${status}`)
    }
  })

  test.each([
    '//evil.example/get_status',
    '/%',
    '/%ff',
    '/%c3%28',
    '/get_status?a=%ff',
    '/..',
    '/./get_status',
    '*',
    'http://evil.example/get_status',
  ])('path %s does not bring anything down', async (path) => {
    for (const port of [on.bridge.onebotPort, on.bridge.miraiPort, on.bridge.adminPort]) {
      const answer = await bytes(port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
      expect(Number(answer.slice(9, 12))).toBeLessThan(500)
    }
  })
})
