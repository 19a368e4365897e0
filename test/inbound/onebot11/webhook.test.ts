// HTTP POST: what exactly is sent, what the answer does, and what a bad server costs.
import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { messageEvent } from '../../contract/onebot11-inbound.ts'
import { listenForPosts, type Answer, type Post } from './clients.ts'
import { startInbound, type Script } from './support.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

type Webhook = NonNullable<NonNullable<Parameters<typeof startInbound>[0]>['webhooks']>[number]
type Decide = (post: Post) => Answer | undefined | Promise<Answer>

async function listen(decide?: Decide, port?: number) {
  const server = await listenForPosts(decide, port)
  ends.push(server.close)
  return server
}

async function start(webhooks: Webhook[], options: Parameters<typeof startInbound>[0] = {}, script?: Script) {
  const running = await startInbound({ ...options, webhooks }, script)
  ends.push(async () => {
    await running.stop()
    expect(running.errors).toEqual([])
  })
  return running
}

const groupMessage = (id: number) =>
  messageEvent(id, {
    message: {
      id,
      peer: { kind: 'group', groupId: 30001 },
      time: 1,
      sender: { userId: 20001, nickname: 'n' },
      segments: [{ type: 'text', text: 'ping' }],
    },
  })

const idOf = (post: Post): unknown => (JSON.parse(post.body.toString()) as { message_id: unknown }).message_id
const sent: Script = (action) => (action.name === 'message.send' ? { messageId: 6 } : {})

describe('the request', () => {
  test('has the exact headers, and a signature over the very bytes', async () => {
    const server = await listen()
    const { inbound } = await start([{ url: server.url, secret: 'k€y' }])
    inbound.push(messageEvent(9))
    const { method, path, headers, body } = await server.posts.next()
    expect([method, path]).toEqual(['POST', '/hook?key=1'])
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-self-id': '10001',
      'user-agent': 'OneBot/11',
      'x-signature': `sha1=${createHmac('sha1', 'k€y').update(body).digest('hex')}`,
      'content-length': String(body.length),
    })
    // Koishi signs its own serialisation of what it parsed.
    expect(JSON.stringify(JSON.parse(body.toString()))).toBe(body.toString())
    expect(body.toString()).toContain('老船长')
  })

  test('has no signature without a secret, and never the access token', async () => {
    const server = await listen()
    const { inbound } = await start([{ url: server.url }], { accessToken: 'access-token' })
    inbound.push(messageEvent(9))
    const { headers } = await server.posts.next()
    expect(headers['x-signature']).toBeUndefined()
    expect(headers.authorization).toBeUndefined()
  })

  test('names the account of the event; one account when that is wanted', async () => {
    const all = await listen()
    const one = await listen()
    const { inbound } = await start([{ url: all.url }, { url: one.url, bot: 10002 }])
    inbound.push(messageEvent(1))
    inbound.push(messageEvent(2, { bot: 10002 }))
    expect([(await all.posts.next()).headers['x-self-id'], (await all.posts.next()).headers['x-self-id']]).toEqual([
      '10001',
      '10002',
    ])
    expect((await one.posts.next()).headers['x-self-id']).toBe('10002')
  })

  test('no lifecycle; heartbeats only when asked for', async () => {
    const quiet = await listen()
    const beating = await listen()
    await start([{ url: quiet.url }, { url: beating.url, heartbeatMs: 15 }], { heartbeatMs: 5 })
    const { body } = await beating.posts.next()
    expect(JSON.parse(body.toString())).toMatchObject({ meta_event_type: 'heartbeat', interval: 15 })
    expect(quiet.posts.all).toEqual([])
  })
})

describe('the answer', () => {
  test.each([
    ['an object', '{"reply":"pong","at_sender":true}'],
    ['with 200 and another content type', ' {"reply" : "pong", "at_sender": "true"} '],
  ])('is a quick operation: %s', async (_name, body) => {
    const server = await listen(() => ({ status: 200, body }))
    const { inbound, calls } = await start([{ url: server.url }], {}, sent)
    inbound.push(groupMessage(5))
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    expect(calls).toEqual([
      {
        bot: 10001,
        action: {
          name: 'message.send',
          params: {
            peer: { kind: 'group', groupId: 30001 },
            segments: [
              { type: 'reply', messageId: 5 },
              { type: 'mention', userId: 20001 },
              { type: 'text', text: ' ' },
              { type: 'text', text: 'pong' },
            ],
          },
        },
        options: { loopback: true },
      },
    ])
  })

  test.each([
    [204, ''],
    [200, ''],
    [200, '{}'],
    [200, 'ok'],
    [200, 'null'],
    [200, '["reply"]'],
    [200, '{"reply":'],
    [201, '"x"'],
  ])('%i %j means nothing', async (status, body) => {
    const server = await listen(() => (body === '' ? { status } : { status, body }))
    const { inbound, calls } = await start([{ url: server.url }], {}, sent)
    inbound.push(groupMessage(5))
    inbound.push(groupMessage(6))
    expect([idOf(await server.posts.next()), idOf(await server.posts.next())]).toEqual([5, 6])
    expect(calls).toEqual([])
  })

  test('answers a request', async () => {
    const server = await listen(() => ({ status: 200, body: '{"approve":true,"remark":"r"}' }))
    const { inbound, calls } = await start([{ url: server.url }])
    inbound.push({
      type: 'request.friend',
      bot: 10002,
      time: 1,
      requestId: 3,
      userId: 20009,
      comment: 'hi',
    } as never)
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    expect(calls[0]).toMatchObject({
      bot: 10002,
      action: { name: 'request.friend.answer', params: { requestId: 3, approve: true, remark: 'r' } },
    })
  })

  test('that cannot be carried out is told in the log and holds nothing up', async () => {
    const server = await listen((post) => ({ status: 200, body: idOf(post) === 5 ? '{"reply":[{"type":5}]}' : '{}' }))
    const { inbound, logs } = await start([{ url: server.url }])
    inbound.push(groupMessage(5))
    inbound.push(groupMessage(6))
    await server.posts.next()
    expect(idOf(await server.posts.next())).toBe(6)
    await vi.waitFor(() => expect(logs.join()).toContain('a quick operation of 127.0.0.1'))
  })
})

describe('a bad server', () => {
  test('gets an event again when it is busy, and then the next one', async () => {
    let failures = 0
    const server = await listen(() => ({ status: ++failures < 3 ? 503 : 204 }))
    const { inbound } = await start([{ url: server.url, retryMs: 5 }])
    inbound.push(messageEvent(1))
    inbound.push(messageEvent(2))
    const ids = [1, 2, 3, 4].map(async () => idOf(await server.posts.next()))
    expect(await Promise.all(ids)).toEqual([1, 1, 1, 2])
  })

  test.each([
    [503, 3],
    [404, 1],
    [401, 1],
    [302, 1],
  ])('that answers %i sees each event %i times, then no more', async (status, times) => {
    const server = await listen(() => ({ status }))
    const { inbound, logs } = await start([{ url: server.url, retryMs: 2, retries: 2 }])
    inbound.push(messageEvent(1))
    inbound.push(messageEvent(2))
    const ids = Array.from({ length: times * 2 }, async () => idOf(await server.posts.next()))
    expect(await Promise.all(ids)).toEqual([...Array(times).fill(1), ...Array(times).fill(2)])
    await vi.waitFor(() => expect(logs.join()).toContain(`dropped: HTTP ${status}`))
    // Its address may hold a key.
    expect(logs.join()).not.toContain('key=1')
  })

  test('that never answers sees an event once, and delays nobody else', async () => {
    const dead = await listen(() => undefined)
    const live = await listen()
    const { inbound, logs } = await start([{ url: dead.url, timeoutMs: 60 }, { url: live.url }])
    for (let id = 1; id <= 5; id++) inbound.push(messageEvent(id))
    const started = performance.now()
    const ids = [1, 2, 3, 4, 5].map(async () => idOf(await live.posts.next()))
    expect(await Promise.all(ids)).toEqual([1, 2, 3, 4, 5])
    expect(performance.now() - started).toBeLessThan(60)
    expect([idOf(await dead.posts.next()), idOf(await dead.posts.next())]).toEqual([1, 2])
    expect(logs.join()).toContain('did not answer within 60 ms')
  })

  test('that is away gets the newest thousand when it comes', async () => {
    const gate = Promise.withResolvers<Answer>()
    let posts = 0
    const server = await listen(() => (++posts === 1 ? gate.promise : { status: 204 }))
    const { inbound, logs } = await start([{ url: server.url }])
    inbound.push(messageEvent(1))
    expect(idOf(await server.posts.next())).toBe(1)
    for (let id = 2; id <= 1101; id++) inbound.push(messageEvent(id))
    gate.resolve({ status: 204 })
    expect(idOf(await server.posts.next())).toBe(102)
    expect(logs.join()).toContain('were dropped: it takes them too slowly or not at all')
  })

  test('that is not there at all gets everything in order when it comes, however often it was tried', async () => {
    const before = await listenForPosts()
    await before.close()
    const { inbound, logs } = await start([{ url: before.url, retryMs: 5, retries: 0 }])
    for (let id = 1; id <= 3; id++) inbound.push(messageEvent(id))
    await vi.waitFor(() => expect(logs.join()).toContain('its events wait'))
    const server = await listen(undefined, before.port)
    const ids = [1, 2, 3].map(async () => idOf(await server.posts.next()))
    expect(await Promise.all(ids)).toEqual([1, 2, 3])
  })

  test('does not hold up the end', async () => {
    const server = await listen(() => undefined)
    const running = await startInbound({ webhooks: [{ url: server.url }] })
    running.inbound.push(messageEvent(1))
    await server.posts.next()
    const started = performance.now()
    await running.stop()
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
