// Several connections at once, each with settings of its own; addresses of one account; what reverse WebSockets owe.
import { afterEach, describe, expect, test, vi } from 'vitest'
import * as printing from '../../../src/dialect/onebot11/event-print.ts'
import { messageEvent } from '../../contract/onebot11-inbound.ts'
import { listenForBridge, listenForPosts, readStream } from './clients.ts'
import { connect, startInbound, type Frame, type Script } from './support.ts'

vi.mock(import('../../../src/dialect/onebot11/event-print.ts'), async (original) => {
  const actual = await original()
  return { ...actual, printEvent: vi.fn<typeof actual.printEvent>(actual.printEvent) }
})

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
  vi.mocked(printing.printEvent).mockClear()
})

async function start(options: Parameters<typeof startInbound>[0] = {}, script?: Script) {
  const running = await startInbound({ heartbeatMs: 0, ...options }, script)
  ends.push(async () => {
    await running.stop()
    expect(running.errors).toEqual([])
  })
  return running
}

async function server(port?: number) {
  const listening = await listenForBridge(port)
  ends.push(listening.close)
  return listening
}

const read = (text: string): Frame => JSON.parse(text) as Frame

test('each connection has its own format and self-report; an event is printed once per format', async () => {
  const hook = await listenForPosts()
  ends.push(hook.close)
  const bots = await server()
  const { ws, http, inbound } = await start({
    ws: { messageFormat: 'string' },
    sse: { reportSelf: true },
    webhooks: [{ url: hook.url, messageFormat: 'string', reportSelf: true }],
    reverse: [
      { url: bots.url, bot: 10001 },
      { url: `${bots.url}2`, bot: 10001, messageFormat: 'string' },
    ],
  })
  const forward = connect(`${ws}/bots/10001`)
  ends.push(forward.close)
  await forward.next()
  const stream = await readStream(`${http}/bots/10001/_events`)
  ends.push(stream.close)
  await stream.events.next()
  const plain = await bots.connections.next()
  const other = await bots.connections.next()
  const [arrays, strings] = plain.path.endsWith('2') ? [other, plain] : [plain, other]
  await Promise.all([arrays.texts.next(), strings.texts.next()])

  inbound.push(messageEvent(1, { origin: 'self' }))
  inbound.push(messageEvent(2))
  expect(await forward.next()).toMatchObject({ message_id: 2, message_format: 'string' })
  expect(read(await arrays.texts.next())).toMatchObject({ message_id: 2, message_format: 'array' })
  expect(read(await strings.texts.next())).toMatchObject({ message_id: 2, message_format: 'string' })
  for (const id of [1, 2]) {
    expect(read(await stream.events.next())).toMatchObject({ message_id: id, message_format: 'array' })
    expect(read((await hook.posts.next()).body.toString())).toMatchObject({ message_id: id, message_format: 'string' })
  }
  expect(vi.mocked(printing.printEvent)).toHaveBeenCalledTimes(4)
})

test('answers on a connection write messages as its events do', async () => {
  const message = { id: 9, peer: { kind: 'friend', userId: 20001 }, time: 1, sender: { userId: 20001, nickname: 'n' } }
  const script: Script = () => ({ ...message, segments: [{ type: 'text', text: 'x' }] })
  const { ws, http } = await start({ ws: { messageFormat: 'string' } }, script)
  const client = connect(`${ws}/api`)
  ends.push(client.close)
  await client.opened
  client.send({ action: 'get_msg', params: { message_id: 9 }, echo: 1 })
  expect(await client.next()).toMatchObject({ data: { message: 'x' } })
  const answer = await fetch(`${http}/get_msg?message_id=9`)
  expect(await answer.json()).toMatchObject({ data: { message: [{ type: 'text', data: { text: 'x' } }] } })
})

test('each has its own heartbeat', async () => {
  const bots = await server()
  const { ws } = await start({
    heartbeatMs: 10,
    ws: { heartbeatMs: 0 },
    reverse: [{ url: bots.url, bot: 10001, heartbeatMs: 15 }],
  })
  const quiet = connect(`${ws}/bots/10001`)
  ends.push(quiet.close)
  const { texts } = await bots.connections.next()
  expect(read(await texts.next())).toMatchObject({ meta_event_type: 'lifecycle' })
  expect(read(await texts.next())).toMatchObject({ meta_event_type: 'heartbeat', interval: 15 })
  await quiet.next()
  quiet.send({ action: 'get_status', echo: 1 })
  expect(await quiet.next()).toMatchObject({ echo: 1 })
})

describe('/bots/<account>', () => {
  const list: Script = () => []

  test.each([
    ['/bots/10002/get_group_list', {}],
    ['/bots/10002/get_group_list/', {}],
    ['/bots/10002/get_group_list?self_id=10002', {}],
    ['/bots/10002/get_group_list', { 'x-self-id': '10001' }],
    ['/bots/10002?action=get_group_list', {}],
  ])('%s %j is a call of that account', async (path, headers) => {
    const { http, calls } = await start({}, list)
    expect(await (await fetch(http + path, { headers })).json()).toMatchObject({ status: 'ok' })
    expect(calls.map(({ bot }) => bot)).toEqual([10002])
  })

  test.each([
    ['/bots/10001/get_group_list?self_id=10002', 'self_id: this address is for account 10001 only'],
    ['/bots/10009/get_group_list', 'self_id: no such account here; there are 10001, 10002'],
    ['/bots/abc/get_group_list', 'self_id: no such account here; there are 10001, 10002'],
    ['/bots/10001/nope', '不支持的Api nope'],
    ['/bots', '不支持的Api bots'],
  ])('%s fails', async (path, message) => {
    const { http, calls } = await start({}, list)
    const response = await fetch(http + path)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'failed', retcode: 200, message })
    expect(calls).toEqual([])
  })

  test.each(['/bots/10002', '/bots/10002/', '/bots/10002/event', '/bots/10002/onebot/v11/ws'])(
    '%s: events and calls of that account',
    async (path) => {
      const { ws, inbound, calls } = await start({}, list)
      const client = connect(ws + path, { 'x-self-id': '10001' })
      ends.push(client.close)
      expect(await client.next()).toMatchObject({ self_id: 10002, sub_type: 'connect' })
      inbound.push(messageEvent(1))
      inbound.push(messageEvent(2, { bot: 10002 }))
      expect(await client.next()).toMatchObject({ self_id: 10002, message_id: 2 })
      client.send({ action: 'get_group_list', echo: 1 })
      expect(await client.next()).toMatchObject({ status: 'ok', echo: 1 })
      client.send({ action: 'get_group_list', params: { self_id: 10001 }, echo: 2 })
      expect(await client.next()).toMatchObject({ status: 'failed', retcode: 1200, echo: 2 })
      expect(calls.map(({ bot }) => bot)).toEqual([10002])
    },
  )

  test('/bots/<account>/api carries no events; an account that cannot be is no place', async () => {
    const { ws, inbound } = await start({}, list)
    const client = connect(`${ws}/bots/10002/api/`)
    ends.push(client.close)
    await client.opened
    inbound.push(messageEvent(2, { bot: 10002 }))
    client.send({ action: 'get_status', echo: 1 })
    expect(await client.next()).toMatchObject({ data: { online: false }, echo: 1 })
    expect(await connect(`${ws}/bots/x/api`).refused).toBe(404)
  })
})

describe('calls that name no account', () => {
  const list: Script = () => []
  const choices =
    'self_id: which account? there are 10001, 10002; name one by the parameter self_id, the header X-Self-ID or the address /bots/<account>/'

  test('are refused when there are several, with what there is to choose from', async () => {
    const { http, ws, calls } = await start({ bot: undefined }, list)
    expect(await (await fetch(`${http}/get_group_list`)).json()).toEqual({
      status: 'failed',
      retcode: 200,
      data: null,
      message: choices,
      wording: choices,
    })
    const client = connect(`${ws}/api`)
    ends.push(client.close)
    await client.opened
    client.send({ action: 'send_group_msg', params: { group_id: 30001, message: 'a' }, echo: 1 })
    expect(await client.next()).toMatchObject({ status: 'failed', retcode: 1200, message: choices, echo: 1 })
    // What needs no account, and what nobody knows, is answered all the same.
    client.send({ action: 'get_version_info', echo: 2 })
    expect(await client.next()).toMatchObject({ status: 'ok', echo: 2 })
    client.send({ action: 'nope', echo: 3 })
    expect(await client.next()).toMatchObject({ retcode: 1404, echo: 3 })
    expect(calls).toEqual([])
  })

  test.each<[string, string, Record<string, string>]>([
    ['the parameter', '/get_group_list?self_id=10002', { 'x-self-id': '10001' }],
    ['the header', '/get_group_list', { 'x-self-id': '10002' }],
    ['the path', '/bots/10002/get_group_list', {}],
  ])('%s names one', async (_, path, headers) => {
    const { http, calls } = await start({ bot: undefined }, list)
    expect(await (await fetch(http + path, { headers })).json()).toMatchObject({ status: 'ok' })
    expect(calls.map(({ bot }) => bot)).toEqual([10002])
  })

  test('are of the account of the inbound, or of the only one', async () => {
    const one = await start({ bot: 10002 }, list)
    expect(await (await fetch(`${one.http}/get_group_list`)).json()).toMatchObject({ status: 'ok' })
    const other = await start({ bot: undefined }, list)
    other.bots.splice(1)
    expect(await (await fetch(`${other.http}/get_group_list`)).json()).toMatchObject({ status: 'ok' })
    expect([...one.calls, ...other.calls].map(({ bot }) => bot)).toEqual([10002, 10001])
  })
})

describe('reverse WebSocket', () => {
  test('without a token no Authorization is sent; paths and queries are kept', async () => {
    const bots = await server()
    await start({ reverse: [{ url: `${bots.url}/ws/?a=1`, bot: 10001 }] })
    const { headers, path } = await bots.connections.next()
    expect(headers.authorization).toBeUndefined()
    expect(path).toBe('/onebot/v11/ws/ws/?a=1')
  })

  test('what happened while the server was away comes after the lifecycle, in order, without heartbeats', async () => {
    const first = await server()
    const { inbound, logs } = await start({ heartbeatMs: 5, reverse: [{ url: first.url, bot: 10001 }] })
    await first.connections.next()
    await first.close()
    await vi.waitFor(() => expect(logs.join()).toContain('next attempt in'))
    for (const id of [1, 2, 3]) inbound.push(messageEvent(id))
    inbound.push(messageEvent(4, { origin: 'self' }))
    const second = await server(first.port)
    const { texts } = await second.connections.next()
    expect(read(await texts.next())).toMatchObject({ meta_event_type: 'lifecycle' })
    for (const id of [1, 2, 3]) expect(read(await texts.next())).toMatchObject({ message_id: id })
  })

  test('a bot that closes with 1008 (wrong account or role) is left alone for a while', async () => {
    const bots = await server()
    const { logs } = await start({ reverse: [{ url: bots.url, bot: 10001 }] })
    const { socket } = await bots.connections.next()
    socket.close(1008, 'invalid selfId')
    await vi.waitFor(() => expect(logs.join()).toContain('closed with 1008'))
    const wait = Number(/next attempt in (\d+) ms/.exec(logs.join())?.[1])
    expect(wait).toBeGreaterThanOrEqual(8000)
  })

  test('an account that is gone is no longer connected', async () => {
    const bots = await server()
    const running = await start({ reverse: [{ url: bots.url }] })
    const both = [await bots.connections.next(), await bots.connections.next()]
    const gone = both.find(({ headers }) => headers['x-self-id'] === '10002')
    const closed = new Promise((resolve) => gone?.socket.on('close', resolve))
    running.bots.splice(1, 1)
    expect(await closed).toBe(1001)
  })

  test('aiocqhttp: one server for calls at /ws/api, one for events at /ws/event; echo objects come back', async () => {
    const bots = await server()
    const base = bots.url.replace('/onebot/v11/ws', '/ws')
    await start(
      {
        reverse: [
          { url: `${base}/api`, bot: 10001, role: 'API' },
          { url: `${base}/event`, bot: 10001, role: 'Event' },
        ],
      },
      () => ({ messageId: 5 }),
    )
    const both = [await bots.connections.next(), await bots.connections.next()]
    const api = both.find(({ path }) => path === '/ws/api')
    const event = both.find(({ path }) => path === '/ws/event')
    expect([api?.headers['x-client-role'], event?.headers['x-client-role']]).toEqual(['API', 'Event'])
    expect(read((await event?.texts.next()) ?? '{}')).toMatchObject({ meta_event_type: 'lifecycle' })
    api?.socket.send('{"action":"send_msg","params":{"user_id":20001,"message":"x","self_id":10001},"echo":{"seq":7}}')
    expect(await api?.texts.next()).toMatch(/,"echo":\{"seq":7\}\}$/)
  })
})
