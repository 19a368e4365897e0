// GET /_events: its wire form, who may read it, and what slow readers cost.
import { get, type IncomingMessage } from 'node:http'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createEventStream } from '../../../src/transport/sse-server.ts'
import { createTurn } from '../../../src/transport/turn.ts'
import { messageEvent } from '../../contract/onebot11-inbound.ts'
import { readStream } from './clients.ts'
import { startInbound } from './support.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function start(options: Parameters<typeof startInbound>[0] = {}) {
  const running = await startInbound(options)
  ends.push(async () => {
    await running.stop()
    expect(running.errors).toEqual([])
  })
  return running
}

async function read(url: string, headers?: Record<string, string>) {
  const stream = await readStream(url, headers)
  ends.push(stream.close)
  return stream
}

test('data lines, blank lines, nothing else', async () => {
  const { http, inbound } = await start({ heartbeatMs: 0 })
  const { response, events, seen } = await read(`${http}/_events?self_id=10001`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const lifecycle = await events.next()
  expect(JSON.parse(lifecycle)).toMatchObject({ self_id: 10001, meta_event_type: 'lifecycle', sub_type: 'connect' })
  inbound.push(messageEvent(9))
  const event = await events.next()
  expect(JSON.parse(event)).toMatchObject({ message_id: 9 })
  expect(seen()).toBe(`: open\n\ndata: ${lifecycle}\n\ndata: ${event}\n\n`)
})

describe('token', () => {
  const accessToken = 'S3cret token!'
  test.each<[string, string, Record<string, string>, number]>([
    ['header', '', { authorization: `Bearer ${accessToken}` }, 200],
    ['query', `?access_token=${encodeURIComponent(accessToken)}`, {}, 200],
    ['none', '', {}, 401],
    ['wrong', '', { authorization: 'Bearer x' }, 403],
  ])('%s', async (_name, query, headers, status) => {
    const { http } = await start({ accessToken })
    for (const path of ['/_events', '/bots/10001/_events']) {
      const { response, close } = await readStream(`${http}${path}${query}`, headers)
      await close()
      expect(response.status).toBe(status)
    }
  })
})

test.each([
  ['/bots/10002/_events', {}],
  ['/_events?self_id=10002', {}],
  ['/_events', { 'x-self-id': '10002' }],
])('%s %j: one account', async (path, headers) => {
  const { http, inbound } = await start()
  const { events } = await read(http + path, headers)
  await events.next()
  inbound.push(messageEvent(1))
  inbound.push(messageEvent(2, { bot: 10002 }))
  expect(JSON.parse(await events.next())).toMatchObject({ self_id: 10002, message_id: 2 })
})

test('HEAD, POST and accounts that cannot be', async () => {
  const { http } = await start()
  expect((await fetch(`${http}/_events`, { method: 'HEAD' })).status).toBe(405)
  expect((await fetch(`${http}/bots/x/_events`)).status).toBe(404)
  expect(await (await fetch(`${http}/_events`, { method: 'POST' })).json()).toMatchObject({ status: 'failed' })
})

test('settings of its own', async () => {
  const { http, inbound } = await start({ heartbeatMs: 0, sse: { heartbeatMs: 10, messageFormat: 'string' } })
  const { events } = await read(`${http}/bots/10001/_events`)
  await events.next()
  expect(JSON.parse(await events.next())).toMatchObject({ meta_event_type: 'heartbeat', interval: 10 })
  inbound.push(messageEvent(9))
  await vi.waitFor(() => expect(events.all.some((text) => text.includes('"message_format":"string"'))).toBe(true))
})

test('a reader that takes nothing loses the oldest, and holds up nobody', async () => {
  const { http, inbound, logs } = await start({ heartbeatMs: 0 })
  const slow = get(`${http}/bots/10001/_events`)
  ends.push(async () => void slow.destroy())
  const response = await new Promise<IncomingMessage>((resolve) => slow.on('response', resolve))
  response.pause()
  const { events } = await read(`${http}/bots/10001/_events`)
  await events.next()
  const long = 'x'.repeat(40_000)
  for (let id = 1; id <= 1500; id++) {
    inbound.push(
      messageEvent(id, {
        message: { ...(messageEvent(id) as { message: object }).message, segments: [{ type: 'text', text: long }] },
      }),
    )
    expect(JSON.parse(await events.next())).toMatchObject({ message_id: id })
  }
  expect(logs.join()).toContain('were dropped: it reads too slowly')
})

test('a reader that leaves is forgotten; the end of the bridge ends the streams', async () => {
  const running = await startInbound({ heartbeatMs: 0 })
  const first = await readStream(`${running.http}/bots/10001/_events`)
  await first.events.next()
  await first.close()
  const second = await readStream(`${running.http}/bots/10001/_events`)
  await second.events.next()
  await running.stop()
  await second.ended
  expect(running.errors).toEqual([])
})

test('comments keep an idle stream alive', async () => {
  const turn = createTurn(() => {})
  const { response, close } = createEventStream({
    turn,
    pingMs: 5,
    onDrop: () => {},
    onStalled: () => {},
    accept: () => () => {},
  })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const texts = [await reader.read(), await reader.read()].map(({ value }) => new TextDecoder().decode(value))
  expect(texts).toEqual([': open\n\n', ': ping\n\n'])
  close()
})

describe('a reader who says who it is', () => {
  const blocks = (text: string): string[] => text.split('\n\n').filter((block) => block.includes('"message_id"'))
  const idOf = (block: string | undefined): string => /^id: (\S+)$/m.exec(block ?? '')?.[1] ?? ''
  const numbersIn = (text: string): unknown[] =>
    blocks(text).map(
      (block) => (JSON.parse(block.slice(block.indexOf('data: ') + 6)) as { message_id: number }).message_id,
    )

  test('goes on behind the last event that it has', async () => {
    const { http, inbound } = await start({ heartbeatMs: 0 })
    const first = await read(`${http}/bots/10001/_events?client_id=one`)
    await vi.waitFor(() => expect(first.seen()).toContain('lifecycle'))
    for (const id of [1, 2, 3]) inbound.push(messageEvent(id))
    await vi.waitFor(() => expect(numbersIn(first.seen())).toEqual([1, 2, 3]))
    const ids = blocks(first.seen()).map(idOf)
    expect(new Set(ids).size).toBe(3)
    await first.close()
    inbound.push(messageEvent(4))
    const second = await read(`${http}/bots/10001/_events?client_id=one`, { 'last-event-id': ids[1] ?? '' })
    inbound.push(messageEvent(5))
    await vi.waitFor(() => expect(numbersIn(second.seen())).toEqual([3, 4, 5]))
    expect(second.seen().indexOf('lifecycle')).toBeLessThan(second.seen().indexOf('"message_id":3'))
    expect(idOf(blocks(second.seen())[0])).toBe(ids[2])
  })

  test('without an id, or with one of another run, gets what no stream of it was given; another reader gets nothing', async () => {
    const { http, inbound } = await start({ heartbeatMs: 0 })
    const first = await read(`${http}/bots/10001/_events?client_id=one`)
    await vi.waitFor(() => expect(first.seen()).toContain('lifecycle'))
    inbound.push(messageEvent(1))
    await vi.waitFor(() => expect(numbersIn(first.seen())).toEqual([1]))
    const gone = first.close()
    // That it is gone is noticed some time later: what was given to the dead stream until then only an id would bring back.
    for (let id = 2; id <= 60; id++) {
      inbound.push(messageEvent(id))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await gone
    const other = await read(`${http}/bots/10001/_events?client_id=two`, { 'last-event-id': 'gone-0' })
    const second = await read(`${http}/bots/10001/_events?client_id=one`, { 'last-event-id': 'gone-7' })
    inbound.push(messageEvent(61))
    await vi.waitFor(() => expect(numbersIn(second.seen()).at(-1)).toBe(61))
    await vi.waitFor(() => expect(numbersIn(other.seen())).toEqual([61]))
    const got = numbersIn(second.seen())
    expect(got.length).toBeGreaterThan(1)
    expect(got).toEqual(Array.from({ length: got.length }, (_, at) => 62 - got.length + at))
  })

  test('has one stream: a new one ends the old one', async () => {
    const { http, inbound } = await start({ heartbeatMs: 0 })
    const first = await read(`${http}/bots/10001/_events?client_id=one`)
    await vi.waitFor(() => expect(first.seen()).toContain('lifecycle'))
    const second = await read(`${http}/bots/10001/_events?client_id=one`)
    await first.ended
    inbound.push(messageEvent(1))
    await vi.waitFor(() => expect(numbersIn(second.seen())).toEqual([1]))
    expect(numbersIn(first.seen())).toEqual([])
  })
})
