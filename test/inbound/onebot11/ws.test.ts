import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import type { BridgeEvent } from '../../../src/core/event.ts'
import { connect, fail, startInbound, type Frame, type Script } from './support.ts'

let running: Awaited<ReturnType<typeof startInbound>> | undefined
const clients: { close(): void }[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await running?.stop()
  if (running?.errors.length) throw new AggregateError(running.errors)
  running = undefined
})

async function start(options: Parameters<typeof startInbound>[0] = {}, script?: Script) {
  running = await startInbound(options, script)
  return running
}

function open(url: string, headers?: Record<string, string>) {
  const client = connect(url, headers)
  clients.push(client)
  return client
}

function message(bot: number, text: string, more: object = {}): BridgeEvent {
  return {
    type: 'message',
    bot,
    time: 5,
    origin: 'received',
    message: {
      id: 9,
      peer: { kind: 'friend', userId: 20001 },
      time: 5,
      sender: { userId: 20001, nickname: 'n' },
      segments: [{ type: 'text', text }],
    },
    ...more,
  } as unknown as BridgeEvent
}

const sent: Script = (action) => (action.name === 'message.send' ? { messageId: 5 } : {})

describe('events', () => {
  test.each(['/', '/event', '/event/', '/onebot/v11/ws'])('%s: lifecycle of every account first', async (path) => {
    const { ws, inbound } = await start()
    const client = open(ws + path)
    expect(await client.next()).toMatchObject({ self_id: 10001, meta_event_type: 'lifecycle', sub_type: 'connect' })
    expect(await client.next()).toMatchObject({ self_id: 10002, meta_event_type: 'lifecycle', sub_type: 'connect' })
    inbound.push(message(10001, 'hi'))
    const event = await client.next()
    expect(event).toMatchObject({
      post_type: 'message',
      message: [{ type: 'text', data: { text: 'hi' } }],
      self_id: 10001,
    })
    expect(event).not.toHaveProperty('echo')
  })

  test.each([
    ['/', { 'x-self-id': '10002' }],
    ['/?self_id=10002', {}],
  ])('%s %j: one account', async (path, headers) => {
    const { ws, inbound } = await start()
    const client = open(ws + path, headers)
    expect(await client.next()).toMatchObject({ self_id: 10002, sub_type: 'connect' })
    inbound.push(message(10001, 'no'))
    inbound.push(message(10002, 'yes'))
    expect(await client.next()).toMatchObject({ raw_message: 'yes' })
  })

  test('/api carries none', async () => {
    const { ws, inbound } = await start()
    const client = open(`${ws}/api/`)
    await client.opened
    inbound.push(message(10001, 'no'))
    client.send({ action: 'get_status', echo: 1 })
    expect(await client.next()).toMatchObject({ status: 'ok', echo: 1 })
  })

  test('of an account that appears later come after its lifecycle', async () => {
    const { ws, inbound, bots } = await start()
    const client = open(ws)
    await client.next()
    await client.next()
    bots.push({ bot: 10003 as never, nickname: 'three', online: true })
    inbound.push(message(10003, 'hi'))
    expect(await client.next()).toMatchObject({ self_id: 10003, sub_type: 'connect' })
    expect(await client.next()).toMatchObject({ self_id: 10003, raw_message: 'hi' })
  })

  test('as text, own messages only when asked for, losses told', async () => {
    const { ws, inbound, losses } = await start({ messageFormat: 'string' })
    const client = open(`${ws}/?self_id=10001`)
    await client.next()
    inbound.push(message(10001, 'own', { origin: 'self' }))
    inbound.push({ type: 'friend.remove', bot: 10001, time: 1, userId: 1 } as never)
    inbound.push(message(10001, '[x]', { origin: 'sync' }))
    expect(await client.next()).toMatchObject({
      post_type: 'message_sent',
      message: '&#91;x&#93;',
      message_format: 'string',
    })
    expect(losses).toEqual([
      [10001, 'out', { what: 'friend.remove', fidelity: 'dropped', reason: 'OneBot has no notice of lost friends' }],
    ])
  })

  test('reportSelf', async () => {
    const { ws, inbound } = await start({ reportSelf: true })
    const client = open(`${ws}/?self_id=10001`)
    await client.next()
    inbound.push(message(10001, 'own', { origin: 'self' }))
    expect(await client.next()).toMatchObject({ post_type: 'message_sent', raw_message: 'own' })
  })

  test('heartbeats', async () => {
    const { ws } = await start({ heartbeatMs: 20 })
    const client = open(`${ws}/?self_id=10002`)
    await client.next()
    expect(await client.next()).toMatchObject({
      self_id: 10002,
      post_type: 'meta_event',
      meta_event_type: 'heartbeat',
      status: { online: false, good: true },
      interval: 20,
    })
  })
})

describe('calls', () => {
  test('are answered with their echo', async () => {
    const { ws, calls } = await start({}, sent)
    const client = open(`${ws}/api`)
    await client.opened
    client.send({ action: 'send_private_msg', params: { user_id: 20001, message: 'hi' }, echo: { seq: 1 } })
    expect(await client.nextText()).toBe(
      '{"status":"ok","retcode":0,"data":{"message_id":5},"message":"","wording":"","echo":{"seq":1}}',
    )
    expect(calls[0]?.options).toMatchObject({ loopback: true })
  })

  test.each([
    '0',
    'false',
    '""',
    '"x"',
    'null',
    '[1]',
    '{"b":1,"1":2}',
    '12345678901234567890',
    '"12345678901234567890"',
    '1.50',
  ])('echo %s comes back as it is', async (echo) => {
    const { ws } = await start()
    const client = open(`${ws}/api`)
    await client.opened
    for (const action of ['get_status', 'nope', 'get_msg']) {
      client.send(`{"action":"${action}","echo":${echo}}`)
      expect((await client.nextText()).endsWith(`,"echo":${echo}}`), action).toBe(true)
    }
  })

  test.each<[string, number, boolean]>([
    ['{', 1400, false],
    ['[]', 1400, false],
    ['"x"', 1400, false],
    ['null', 1400, false],
    ['{"action":"nope"}', 1404, false],
    ['{"action":"nope","echo":1}', 1404, true],
    ['{"echo":1}', 1400, true],
    ['{"action":"get_msg","params":[],"echo":1}', 1400, true],
    ['{"action":"get_msg","params":null,"echo":1}', 1400, true],
    ['{"action":"get_msg","params":{"message_id":9},"echo":1}', 1200, true],
  ])('%s fails with %i', async (frame, retcode, hasEcho) => {
    const { ws } = await start({}, () => fail('notFound', 'gone'))
    const client = open(`${ws}/api`)
    await client.opened
    client.send(frame)
    const answer = await client.next()
    expect(answer).toMatchObject({ status: 'failed', retcode, data: null })
    expect('echo' in answer).toBe(hasEcho)
  })

  test('in binary frames', async () => {
    const { ws } = await start()
    const client = open(`${ws}/api`)
    await client.opened
    client.socket.send(Buffer.from('{"action":"get_status","echo":1}'), { binary: true })
    expect(await client.next()).toMatchObject({ echo: 1 })
  })

  test('overtake each other, and beyond 256 nothing more is read', async () => {
    const gates: ((value: object) => void)[] = []
    const { ws } = await start({}, () => new Promise((resolve) => gates.push(resolve)))
    const client = open(`${ws}/api`)
    await client.opened
    for (let echo = 0; echo < 300; echo++) client.send({ action: 'get_group_info', params: { group_id: 1 }, echo })
    await vi.waitFor(() => expect(gates).toHaveLength(256))
    gates[7]?.({ groupId: 1, name: 'g' })
    expect(await client.next()).toMatchObject({ status: 'ok', echo: 7, data: { group_name: 'g' } })
    await vi.waitFor(() => expect(gates).toHaveLength(257))
    for (let at = 0; at < 300; at++) {
      await vi.waitFor(() => expect(gates.length).toBeGreaterThan(at))
      gates[at]?.({ groupId: 1, name: 'g' })
    }
  })

  test('to an account named in the parameters', async () => {
    const { ws, calls } = await start({}, () => [])
    const client = open(`${ws}/api`)
    await client.opened
    client.send({ action: 'get_group_list', params: { self_id: 10002 }, echo: 1 })
    await client.next()
    expect(calls[0]?.bot).toBe(10002)
  })

  test('to a friend that only the list knows', async () => {
    const script: Script = (action) => (action.name === 'friend.list' ? [{ userId: 20009 }] : { messageId: 5 })
    const { ws, calls } = await start({}, script)
    const client = open(`${ws}/api`)
    await client.opened
    client.send({ action: 'send_msg', params: { user_id: 20009, message: 'a' }, echo: 1 })
    await client.next()
    expect(calls.at(-1)?.action.params).toMatchObject({ peer: { kind: 'stranger', userId: 20009 } })
  })
})

describe('token', () => {
  test.each(['/?access_token=s3cret-token', '/api?access_token=s3cret-token'])('%s', async (path) => {
    const { ws } = await start({ accessToken: 's3cret-token' })
    const client = open(ws + path)
    await client.opened
    client.send({ action: 'get_status', echo: 'x' })
    let frame: Frame = {}
    while (frame['echo'] !== 'x') frame = await client.next()
    expect(frame['status']).toBe('ok')
  })

  test('wrong: a 1403 frame, then 1008, and nothing else', async () => {
    const { ws, calls } = await start({ accessToken: 's3cret-token' }, sent)
    const client = open(ws, { authorization: 'Bearer wrong' })
    await client.opened
    client.send({ action: 'send_msg', params: { group_id: 1, message: 'a' }, echo: 1 })
    expect(await client.next()).toMatchObject({ status: 'failed', retcode: 1403, data: null, echo: null })
    expect(await client.closed).toMatchObject({ code: 1008 })
    expect(calls).toEqual([])
  })

  test.each([
    [{}, 401],
    [{ authorization: 'Bearer wrong' }, 403],
  ] as const)('refuseStyle http: %j is %i', async (headers, status) => {
    const { ws } = await start({ accessToken: 's3cret-token', refuseStyle: 'http' })
    expect(await open(ws, headers as Record<string, string>).refused).toBe(status)
  })
})

describe('reverse', () => {
  async function server() {
    const http = createServer()
    const wss = new WebSocketServer({ server: http })
    const seen: {
      headers: IncomingHttpHeaders
      path: string | undefined
      frames: Frame[]
      send(frame: object): void
    }[] = []
    wss.on('connection', (socket, request) => {
      const frames: Frame[] = []
      socket.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame))
      seen.push({
        headers: request.headers,
        path: request.url,
        frames,
        send: (frame) => socket.send(JSON.stringify(frame)),
      })
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    clients.push({
      close: () => {
        for (const socket of wss.clients) socket.terminate()
        http.close()
      },
    })
    return { seen, url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` }
  }

  test('one connection for each account, with the four headers', async () => {
    const { url, seen } = await server()
    await start({ accessToken: 'tok', reverse: [{ url: `${url}/onebot/v11/ws` }] })
    await vi.waitFor(() => expect(seen).toHaveLength(2))
    await vi.waitFor(() => expect(seen.every(({ frames }) => frames.length > 0)).toBe(true))
    const [first] = seen.toSorted((a, b) => Number(a.headers['x-self-id']) - Number(b.headers['x-self-id']))
    expect(first?.headers).toMatchObject({
      'x-self-id': '10001',
      'x-client-role': 'Universal',
      authorization: 'Bearer tok',
      'user-agent': 'OneBot/11',
    })
    expect(first?.path).toBe('/onebot/v11/ws')
    expect(first?.frames[0]).toMatchObject({ self_id: 10001, sub_type: 'connect' })
  })

  test('events and calls of the account', async () => {
    const { url, seen } = await server()
    const { inbound, calls } = await start({ reverse: [{ url, bot: 10002, accessToken: 'own' }] }, sent)
    await vi.waitFor(() => expect(seen[0]?.frames).toHaveLength(1))
    expect(seen[0]?.headers.authorization).toBe('Bearer own')
    inbound.push(message(10001, 'no'))
    inbound.push(message(10002, 'yes'))
    seen[0]?.send({ action: 'send_msg', params: { user_id: 20001, message: 'a' }, echo: { seq: 1 } })
    await vi.waitFor(() => expect(seen[0]?.frames).toHaveLength(3))
    expect(seen[0]?.frames[1]).toMatchObject({ raw_message: 'yes' })
    expect(seen[0]?.frames[2]).toMatchObject({ status: 'ok', echo: { seq: 1 } })
    expect(calls[0]).toMatchObject({ bot: 10002, options: { loopback: true } })
  })

  test('roles API and Event', async () => {
    const { url, seen } = await server()
    const { inbound, calls } = await start(
      {
        reverse: [
          { url: `${url}/api`, bot: 10001, role: 'API' },
          { url: `${url}/event`, bot: 10001, role: 'Event' },
        ],
      },
      sent,
    )
    await vi.waitFor(() => expect(seen).toHaveLength(2))
    const api = seen.find(({ path }) => path === '/api')
    const event = seen.find(({ path }) => path === '/event')
    expect([api?.headers['x-client-role'], event?.headers['x-client-role']]).toEqual(['API', 'Event'])
    inbound.push(message(10001, 'hi'))
    await vi.waitFor(() => expect(event?.frames).toHaveLength(2))
    event?.send({ action: 'send_msg', params: { user_id: 20001, message: 'a' }, echo: 1 })
    api?.send({ action: 'get_status', echo: 2 })
    await vi.waitFor(() => expect(api?.frames).toHaveLength(1))
    expect(api?.frames[0]).toMatchObject({ echo: 2 })
    expect(calls).toEqual([])
  })
})
