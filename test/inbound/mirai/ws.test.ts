import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MessageId } from '../../../src/core/ids.ts'
import { bot, lab } from '../../dialect/mirai/fixtures.ts'
import { samples } from '../../dialect/mirai/samples.ts'
import { connect, getText, key, login, postText, startInbound, until, type Client, type Harness } from './setup.ts'

const verifyKey = `verifyKey=${encodeURIComponent(key)}`

let harness: Harness
let clients: Client[]
beforeEach(async () => {
  harness = await startInbound()
  clients = []
})
afterEach(async () => {
  for (const { socket } of clients) socket.terminate()
  await harness.close()
})

function open(path: string, headers?: Record<string, string>): Client {
  const client = connect(harness, path, headers)
  clients.push(client)
  return client
}

async function opened(path = `/all?${verifyKey}&qq=${bot}`): Promise<Client> {
  const client = open(path)
  await client.frame(0)
  return client
}

describe('handshake', () => {
  test.each([
    ['/all?verifyKey=wrong&qq=10001', 1, 'Auth Key错误'],
    ['/all?qq=10001', 1, 'Auth Key错误'],
    [`/all?${verifyKey}&${verifyKey}&qq=10001`, 1, 'Auth Key错误'],
    [`/message?${verifyKey}&qq=5`, 2, '指定Bot不存在'],
    [`/event?${verifyKey}&sessionKey=nope&qq=10001`, 3, 'Session失效或不存在'],
    [`/all?${verifyKey}`, 400, '无效参数'],
    [`/all?${verifyKey}&qq=abc`, 400, '无效参数'],
  ])('%s', async (path, code, msg) => {
    const client = open(path)
    expect(await client.closed).toEqual({ code: 1000, reason: msg })
    expect(client.frames).toEqual([`{"syncId":"","data":{"code":${code},"msg":"${msg}"}}`])
    expect(harness.calls).toEqual([])
  })

  test('a session that is not bound is code 4', async () => {
    const { session } = JSON.parse(await postText(harness, '/verify', { verifyKey: key })) as { session: string }
    const client = open(`/all?${verifyKey}&sessionKey=${session}`)
    expect(await client.frame(0)).toBe('{"syncId":"","data":{"code":4,"msg":"Session未认证"}}')
  })

  test('joins the session of HTTP', async () => {
    const session = await login(harness)
    const client = open(`/all?${verifyKey}&sessionKey=${session}&qq=10002`)
    expect(await client.frame(0)).toBe(`{"syncId":"","data":{"code":0,"session":"${session}"}}`)
  })

  test('credentials in headers win', async () => {
    const client = open('/all?verifyKey=wrong', { verifyKey: key, qq: String(bot) })
    expect(await client.frame(0)).toContain('"code":0')
  })

  test('other paths are not found', async () => {
    const client = open(`/other?${verifyKey}&qq=${bot}`)
    expect((await client.closed).code).toBe(1006)
  })

  test('nothing of a refused client is handled', async () => {
    const client = open('/all?verifyKey=wrong&qq=10001')
    client.socket.on('open', () => client.socket.send('{"syncId":1,"command":"quit","content":{"target":1}}'))
    await client.closed
    expect(harness.calls).toEqual([])
  })

  test('one socket per channel and session: the newer one stays', async () => {
    const session = await login(harness)
    const path = `/all?${verifyKey}&sessionKey=${session}`
    const older = await opened(path)
    const newer = await opened(path)
    expect((await older.closed).code).toBe(1000)
    const other = await opened(path.replace('/all', '/event'))
    expect(await newer.ask({ syncId: '1', command: 'about' })).toContain('2.10.0')
    expect(other.socket.readyState).toBe(other.socket.OPEN)
  })
})

describe('requests', () => {
  test.each([
    [7, '"7"'],
    ['7', '"7"'],
    ['', '""'],
    [0, '"0"'],
    [null, 'null'],
    [undefined, 'null'],
    [true, '"true"'],
  ])('syncId %j comes back as %s', async (syncId, echoed) => {
    const client = await opened()
    expect(await client.ask({ syncId, command: 'about', content: {} })).toBe(
      `{"syncId":${echoed},"data":{"code":0,"msg":"","data":{"version":"2.10.0"}}}`,
    )
  })

  test.each(['', 'x', '[]', '5', '{}', '{"syncId":"1"}', '{"syncId":{},"command":"about"}', '{"command":5}'])(
    'no envelope: %s',
    async (text) => {
      const client = await opened()
      expect(await client.ask(text)).toBe('{"code":400,"msg":"无效参数"}')
      expect(await client.ask({ syncId: 1, command: 'botList' })).toContain('[10001,10002]')
    },
  )

  test.each([
    'nope',
    'constructor',
    'uploadImage',
    'uploadVoice',
    'file_upload',
    'verify',
    'bind',
    'fetchMessage',
    'groupConfig',
  ])('%s is not offered', async (command) => {
    const client = await opened()
    expect(await client.ask({ syncId: '1', command, content: {} })).toBe(
      '{"syncId":"1","data":{"code":6,"msg":"指定操作不支持"}}',
    )
  })

  test.each([undefined, null, {}, 'x', []])('content %j where parameters are needed', async (content) => {
    const client = await opened()
    expect(await client.ask({ syncId: '1', command: 'memberList', content })).toBe(
      '{"syncId":"1","data":{"code":400,"msg":"无效参数"}}',
    )
  })

  test('content may be missing where nothing is asked', async () => {
    const client = await opened()
    for (const command of ['about', 'botList', 'friendList', 'groupList', 'botProfile', 'sessionInfo']) {
      expect(await client.ask({ syncId: '1', command })).not.toContain('"code":4')
    }
  })

  test('sub-commands, also misspelt, also where they mean nothing', async () => {
    const client = await opened()
    const content = { target: lab }
    expect(await client.ask({ syncId: '1', command: 'groupConfig', subCommand: 'get', content })).toContain(
      '"name":"Lab"',
    )
    expect(await client.ask({ syncId: '1', command: 'groupConfig', subcommand: 'get', content })).toContain(
      '"name":"Lab"',
    )
    expect(await client.ask({ syncId: '1', command: 'groupConfig', subCommand: 'gets', content })).toContain('"code":6')
    expect(await client.ask({ syncId: '1', command: 'quit', subCommand: 'update', content })).toContain('success')
  })

  test('sends', async () => {
    const client = await opened()
    const content = { sessionKey: null, target: lab, messageChain: [{ type: 'Plain', text: 'hi' }] }
    expect(await client.ask({ syncId: '1', command: 'sendGroupMessage', subCommand: null, content })).toBe(
      '{"syncId":"1","data":{"code":0,"msg":"success","messageId":600}}',
    )
  })

  test('a slow command does not hold up the next; too many wait', async () => {
    await harness.close()
    harness = await startInbound({ limits: { callsPerConnection: 2 } })
    const client = await opened()
    const waiting: (() => void)[] = []
    harness.answers['message.send'] = () =>
      new Promise((resolve) => waiting.push(() => resolve({ messageId: 600 as MessageId })))
    const send = { command: 'sendGroupMessage', content: { target: lab, messageChain: [{ type: 'Plain', text: 'x' }] } }
    client.socket.send(JSON.stringify({ syncId: 'slow', ...send }))
    await until(() => waiting.length === 1)
    expect(await client.ask({ syncId: 'fast', command: 'about' })).toContain('"fast"')
    client.socket.send(JSON.stringify({ syncId: 'slow', ...send }))
    client.socket.send(JSON.stringify({ syncId: 'third', ...send }))
    client.socket.send(JSON.stringify({ syncId: 'last', command: 'about' }))
    await until(() => waiting.length === 2)
    expect(client.frames).toHaveLength(2)
    waiting.splice(0).forEach((go) => go())
    await until(() => waiting.length === 1)
    waiting.splice(0).forEach((go) => go())
    await until(() => client.frames.length === 6)
  })

  test('a session that ended takes its sockets along', async () => {
    const client = await opened()
    await harness.inbound.stop()
    expect((await client.closed).code).toBe(1000)
  })
})

describe('pushes', () => {
  const greeting = samples['FriendMessage']!
  const online = samples['BotOnlineEvent']!

  test('each channel gets its own, the queue gets all, printed once', async () => {
    const session = await login(harness)
    const join = (channel: string) => opened(`/${channel}?${verifyKey}&sessionKey=${session}`)
    const [all, message, event] = await Promise.all([join('all'), join('message'), join('event')])
    harness.inbound.push(greeting)
    harness.inbound.push(online)
    const hello =
      '{"type":"FriendMessage","messageChain":[{"type":"Source","id":517,"time":1700000000},{"type":"Plain","text":"hi"}],' +
      '"sender":{"id":20002,"nickname":"Nico","remark":""}}'
    const up = '{"type":"BotOnlineEvent","qq":10001}'
    expect(await all.frame(2)).toBe(`{"syncId":"-1","data":${up}}`)
    expect(all.frames[1]).toBe(`{"syncId":"-1","data":${hello}}`)
    expect(await message.frame(1)).toBe(all.frames[1])
    expect(await event.frame(1)).toBe(all.frames[2])
    expect(await getText(harness, '/fetchMessage', { sessionKey: session })).toBe(
      `{"code":0,"msg":"","data":[${hello},${up}]}`,
    )
    expect([message.frames.length, event.frames.length]).toEqual([2, 2])
  })

  test('only for the bot of the session', async () => {
    const other = await opened(`/all?${verifyKey}&qq=10002`)
    const own = await opened()
    harness.inbound.push(online)
    await own.frame(1)
    expect(await other.ask({ syncId: '1', command: 'about' })).toContain('"syncId":"1"')
    expect(other.frames).toHaveLength(2)
  })

  test('the reserved syncId can be another', async () => {
    await harness.close()
    harness = await startInbound({ reservedSyncId: '-7' })
    const client = await opened()
    harness.inbound.push(online)
    expect(await client.frame(1)).toContain('"syncId":"-7"')
  })

  test('what mirai has no element for comes as text', async () => {
    const client = await opened()
    if (greeting.type !== 'message') throw new Error('a message')
    const segments = [{ type: 'markdown', content: '# hi' } as const]
    harness.inbound.push({ ...greeting, message: { ...greeting.message, segments } })
    expect(await client.frame(1)).toContain('{"type":"Plain","text":"# hi"}')
    expect(harness.losses).toMatchObject([{ what: 'markdown', fidelity: 'asText' }])
  })

  test('nobody listens: nothing is printed', () => {
    harness.inbound.push(samples['OtherClientOnlineEvent']!)
    expect(harness.losses).toEqual([])
  })
})
