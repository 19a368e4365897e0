// HTTP API as a way to a backend: what is asked, how refusals and odd answers are read, and where events come from.
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { GroupId } from '../../../src/core/ids.ts'
import { OneBot11OutboundOptions } from '../../../src/outbound/onebot11/options.ts'
import { createSseParser } from '../../../src/transport/sse-client.ts'
import { post, Raw } from './fake-http.ts'
import { FakeOneBot, failed, silence } from './fake-onebot.ts'
import { bot, errorOf, groupMessage, setUpHttp, until } from './set-up.ts'

const groupId = 30001 as GroupId
const read = { name: 'group.get' as const, params: { groupId } }
const send = {
  name: 'message.send' as const,
  params: { peer: { kind: 'group' as const, groupId }, segments: [{ type: 'text' as const, text: 'a' }] },
}

describe('options', () => {
  test.each([
    [{ ws: 'ws://h:1', sse: true }, /they need http$/],
    [{ listen: '127.0.0.1:1', webhook: { listen: '127.0.0.1:2' } }, /they need http$/],
    [{ http: 'http://h:1', sse: true, webhook: { listen: '127.0.0.1:2' } }, /choose one$/],
    [{ http: 'ftp://h:1' }, /expected http/],
    [{ http: 'http://h:1', ws: 'ws://h:1' }, /^exactly one/],
  ])('%j', (given, message) => {
    const result = v.safeParse(OneBot11OutboundOptions, { dialect: 'onebot11', ...given })
    expect(result.issues?.map((issue) => issue.message).join()).toMatch(message)
  })
})

describe('calls', () => {
  test('are POSTs of JSON to the name of the action', async () => {
    const rig = await setUpHttp('none', { options: { accessToken: 'tok', queryToken: true } })
    await rig.next('bot.online')
    expect(rig.server.requests.every(({ method }) => method === 'POST')).toBe(true)
    expect(rig.server.requests[0]).toMatchObject({
      path: '/get_login_info?access_token=tok',
      headers: { authorization: 'Bearer tok', 'content-type': 'application/json', 'content-length': '2' },
    })
  })

  test('keep the path of the address', async () => {
    const fake = new FakeOneBot()
    fake.on('onebot/get_login_info', { user_id: 10001, nickname: 'n' })
    const rig = await setUpHttp('none', { fake })
    const below = await setUpHttp('none', { fake, options: { http: `${rig.server.url}/onebot/` } })
    await below.next('bot.online')
    expect(rig.server.requests.some(({ path }) => path === '/onebot/get_login_info')).toBe(true)
  })

  test.each([
    ['404 without JSON', new Raw(404, '<h1>not found</h1>'), 'notSupported'],
    ['404 with a foreign object', new Raw(404, '{"message":"no route"}'), 'notSupported'],
    ['404 with a failed answer', new Raw(404, '{"status":"failed","retcode":404,"data":null}'), 'notSupported'],
    ['200 without JSON', new Raw(200, 'oops'), 'backend'],
    ['an empty 200', new Raw(200), 'backend'],
    ['500', new Raw(500, 'boom'), 'backend'],
    ['500 with a failed answer', new Raw(500, '{"status":"failed","retcode":100,"msg":"GROUP_NOT_FOUND"}'), 'notFound'],
    ['a list', new Raw(200, '[]'), 'backend'],
  ])('%s', async (_name, answer, kind) => {
    const rig = await setUpHttp('none')
    rig.fake.on('get_group_info', answer)
    expect(await errorOf(rig.call(read))).toEqual({ kind, certain: true })
  })

  test('a send on a kept connection that breaks is not repeated', async () => {
    const rig = await setUpHttp('none')
    rig.fake.on('send_group_msg', () => {
      rig.server.drop()
      return silence
    })
    expect(await errorOf(rig.call(send))).toEqual({ kind: 'offline', certain: false })
    expect(rig.fake.calls).toHaveLength(1)
  })

  test('a refused token: said once, tried again slowly, never shown', async () => {
    const fake = new FakeOneBot()
    const first = await setUpHttp('none', { fake, lazily: true })
    first.server.token = 'right'
    const rig = await setUpHttp('none', {
      fake,
      options: { http: first.server.url, accessToken: 'hush', reconnect: { firstMs: 1, refusedMs: 9000 } },
    })
    const down = await until(() => rig.logs.find((line) => line.includes('next try in')))
    expect(Number(/in (\d+) ms/.exec(down)?.[1])).toBeGreaterThan(7000)
    expect(rig.logs.join()).toContain('refused the access token')
    expect(rig.logs.join()).not.toContain('hush')
    expect(rig.outbound.bots()).toEqual([])
  })

  test('who does not say who it is gets another chance later', async () => {
    const fake = new FakeOneBot()
    fake.on('get_login_info', failed(1200, 'not logged in'))
    const rig = await setUpHttp('none', { fake })
    expect(rig.outbound.bots()).toEqual([])
    fake.on('get_login_info', { user_id: '10001', nickname: 'n' })
    await rig.next('bot.online')
    expect(rig.outbound.bots()).toEqual([{ bot, nickname: 'n', online: true }])
  })
})

describe('without events', () => {
  test('get_status tells whether the account is logged in', async () => {
    const rig = await setUpHttp('none', { options: { pollMs: 15 } })
    await rig.next('bot.online')
    rig.fake.on('get_status', { online: false, good: true })
    await rig.next('bot.offline')
    rig.fake.on('get_status', { online: true, good: true })
    expect(await rig.next('bot.online')).toMatchObject({ again: true })
  })

  test('a backend that stops answering is found out, and found again', async () => {
    const rig = await setUpHttp('none', { options: { pollMs: 15, callTimeoutMs: 40, graceMs: 5 } })
    await rig.next('bot.online')
    rig.fake.on('get_status', silence).on('get_login_info', silence)
    await rig.next('bot.offline')
    rig.fake.on('get_status', { online: true }).on('get_login_info', { user_id: 10001, nickname: 'n' })
    expect(await rig.next('bot.online')).toMatchObject({ again: true })
  })

  test('get_status may be missing; 0 never asks', async () => {
    const asking = await setUpHttp('none', { options: { pollMs: 5 } })
    const quiet = await setUpHttp('none', { options: { pollMs: 0 } })
    await until(() => asking.fake.frames.filter(({ action }) => action === 'get_status').length > 2)
    expect(asking.outbound.bots()[0]?.online).toBe(true)
    expect(quiet.fake.frames.filter(({ action }) => action === 'get_status')).toEqual([])
  })
})

describe('webhook', () => {
  const event = groupMessage()

  test.each<[string, Record<string, string>, number]>([
    ['right', {}, 204],
    ['upper case', { 'x-signature': 'UPPER' }, 204],
    ['none', { 'x-signature': '' }, 401],
    ['another scheme', { 'x-signature': `sha256=${'0'.repeat(64)}` }, 401],
    ['too short', { 'x-signature': 'sha1=00' }, 401],
    ['not hexadecimal', { 'x-signature': `sha1=${'g'.repeat(40)}` }, 401],
    ['wrong', { 'x-signature': `sha1=${'0'.repeat(40)}` }, 403],
  ])('signature: %s', async (name, headers, status) => {
    const rig = await setUpHttp('webhook')
    await rig.next('bot.online')
    if (name === 'upper case') {
      const { createHmac } = await import('node:crypto')
      const hex = createHmac('sha1', 'signing key').update(JSON.stringify(event)).digest('hex').toUpperCase()
      headers = { 'x-signature': `sha1=${hex}` }
    }
    expect(await post(rig.hook, event, 'signing key', headers)).toBe(status)
    if (status === 204) await rig.next('message')
    else expect(rig.events.filter(({ type }) => type === 'message')).toEqual([])
    expect(rig.logs.join()).not.toContain('signing key')
  })

  test('a wrong key is refused before the body is looked at', async () => {
    const rig = await setUpHttp('webhook')
    expect(await post(rig.hook, '{broken', 'other key')).toBe(403)
    expect(await post(rig.hook, '{broken', 'signing key')).toBe(400)
  })

  test('the signature is over the bytes, not over what they mean', async () => {
    const rig = await setUpHttp('webhook')
    expect(await post(rig.hook, `  ${JSON.stringify(event, null, 2)}\r\n`, 'signing key')).toBe(204)
    expect(
      await post(rig.hook, JSON.stringify({ ...event, message_id: 502, raw_message: '你好😀' }), 'signing key'),
    ).toBe(204)
    await rig.next('message')
    await rig.next('message')
  })

  test('only POST, only at its path', async () => {
    const rig = await setUpHttp('webhook')
    expect((await fetch(rig.hook)).status).toBe(404)
    expect(await post(`${rig.hook}/`, event, 'signing key')).toBe(204)
    expect(await post(rig.hook.replace('/hook', '/other'), event, 'signing key')).toBe(404)
  })

  test('without a secret nothing is checked', async () => {
    const rig = await setUpHttp('webhook', { options: { webhook: { listen: '127.0.0.1:0', path: '/hook' } } })
    expect(await post(rig.hook, event, 'x', { 'x-signature': '' })).toBe(204)
    await rig.next('message')
  })

  test('events from before the API answers wait for it, and make the bridge look again', async () => {
    const fake = new FakeOneBot()
    const options = { reconnect: { firstMs: 1, maxMs: 60_000, refusedMs: 1 } }
    const rig = await setUpHttp('webhook', { fake, lazily: true, options })
    await rig.server.close()
    await until(() => rig.logs.some((line) => line.includes('next try in')))
    expect(await post(rig.hook, event, 'signing key')).toBe(204)
    await rig.server.listen(rig.server.port)
    expect(await post(rig.hook, groupMessage({ message_id: 502 }), 'signing key')).toBe(204)
    await rig.next('bot.online')
    expect([(await rig.next('message')).message.id, (await rig.next('message')).message.id]).toEqual([501, 502])
  })

  test('a closed backend takes no events', async () => {
    const rig = await setUpHttp('webhook')
    await rig.outbound.close()
    expect(await post(rig.hook, event, 'signing key')).toBe(404)
  })
})

describe('server-sent events', () => {
  test('are asked for with the token', async () => {
    const rig = await setUpHttp('sse', { options: { accessToken: 'tok' } })
    const asked = await until(() => rig.server.requests.find(({ path }) => path === '/_events'))
    expect(asked).toMatchObject({
      method: 'GET',
      headers: { authorization: 'Bearer tok', accept: 'text/event-stream' },
    })
  })

  test('a lost stream is opened again; calls go on meanwhile', async () => {
    const rig = await setUpHttp('sse')
    await rig.next('bot.online')
    rig.fake.on('send_group_msg', { message_id: 7 })
    for (const stream of rig.server.streams) stream.destroy()
    expect(await rig.call(send)).toEqual({ messageId: 7 })
    await until(() => rig.server.streams.size === 1)
    rig.server.stream(groupMessage())
    await rig.next('message')
    expect(rig.events.filter(({ type }) => type === 'bot.offline')).toEqual([])
    expect(rig.logs.join()).toContain('no events: the stream ended')
  })

  test('silence after a heartbeat is a dead stream', async () => {
    const rig = await setUpHttp('sse', { options: { silenceMs: 40 } })
    await rig.next('bot.online')
    const [first] = rig.server.streams
    rig.server.stream({
      self_id: 10001,
      time: 1,
      post_type: 'meta_event',
      meta_event_type: 'heartbeat',
      status: { online: true, good: true },
      interval: 10,
    })
    await until(() => first && !rig.server.streams.has(first) && rig.server.streams.size === 1)
    expect(rig.logs.join()).toContain('the link is dead')
  })

  test('silence after a comment, too', async () => {
    const rig = await setUpHttp('sse', { options: { silenceMs: 40 } })
    await rig.next('bot.online')
    const [first] = rig.server.streams
    first?.write(': ping\n\n')
    await until(() => first && !rig.server.streams.has(first) && rig.server.streams.size === 1)
    expect(rig.logs.join()).toContain('no events: silent for too long')
  })

  test('what is not a stream is said', async () => {
    const fake = new FakeOneBot()
    const rig = await setUpHttp('none', { fake })
    rig.server.token = 'x'
    const other = await setUpHttp('sse', { fake, options: { accessToken: 'y', http: rig.server.url } })
    const said = await until(() => other.logs.find((line) => line.includes('no events')))
    expect(said).toContain('the server answered HTTP 403')
  })

  test.each([
    ['lines', ['data: a\n\ndata:b\n\n'], ['a', 'b']],
    ['carriage returns', ['data: a\r\n\r\ndata: b\r\n\r\n'], ['a', 'b']],
    ['several data lines', ['data: a\ndata: b\n\n'], ['a\nb']],
    ['pieces', ['da', 'ta: a', 'b\n', '\nda', 'ta: c\n\n'], ['ab', 'c']],
    ['other fields and comments', [': hi\nevent: x\nid: 1\nretry: 5\ndata: a\n\n: ping\n\n'], ['a']],
    ['an event without data', ['event: x\n\n\n\n'], []],
    ['an unfinished one', ['data: a\n'], []],
  ])('%s', (_name, pieces, expected) => {
    const got: string[] = []
    const parser = createSseParser({ onData: (text) => got.push(text), onComment: () => {}, maxChars: 100 })
    for (const piece of pieces) expect(parser.push(piece)).toBe(true)
    expect(got).toEqual(expected)
  })

  test('an event without an end is given up', () => {
    const parser = createSseParser({ onData: () => {}, onComment: () => {}, maxChars: 100 })
    expect(parser.push(`data: ${'x'.repeat(50)}`)).toBe(true)
    expect(parser.push('x'.repeat(100))).toBe(false)
  })
})
