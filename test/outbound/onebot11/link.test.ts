// The life of a forward WebSocket: greeting, tokens, heartbeats, loss and return.
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { UserId } from '../../../src/core/ids.ts'
import { OneBot11OutboundOptions } from '../../../src/outbound/onebot11/options.ts'
import { FakeOneBot, failed, silence } from './fake-onebot.ts'
import { bot, groupMessage, setUpForward, until } from './set-up.ts'

const heartbeat = (online: boolean, interval = 30_000) => ({
  time: 1,
  self_id: 10001,
  post_type: 'meta_event',
  meta_event_type: 'heartbeat',
  status: { online, good: true },
  interval,
})

describe('options', () => {
  test.each([[{}], [{ ws: 'ws://127.0.0.1:1', listen: '127.0.0.1:1' }]])(
    '%j: exactly one of ws, listen and http',
    (given) => {
      const result = v.safeParse(OneBot11OutboundOptions, { dialect: 'onebot11', ...given })
      expect(result.issues?.[0].message).toMatch(/^exactly one of ws, listen and http/)
    },
  )

  test('defaults', () => {
    expect(v.parse(OneBot11OutboundOptions, { dialect: 'onebot11', ws: 'ws://h:1' })).toEqual({
      dialect: 'onebot11',
      ws: 'ws://h:1',
      accessToken: '',
      sse: false,
      pollMs: 30_000,
      queryToken: false,
      callTimeoutMs: 30_000,
      transferTimeoutMs: 300_000,
      callsInFlight: 1000,
      answerBytes: 64 * 1024 * 1024,
      unsentBytes: 160 * 1024 * 1024,
      flavour: 'auto',
      handshakeTimeoutMs: 10_000,
      graceMs: 5000,
      silenceMs: 60_000,
      reconnect: { firstMs: 1000, maxMs: 30_000, refusedMs: 10_000 },
    })
  })
})

describe('greeting', () => {
  test('asks who and what it is, then the bot is there', async () => {
    const rig = await setUpForward()
    expect(rig.fake.frames.map(({ action, params }) => [action, params])).toEqual([
      ['get_login_info', {}],
      ['get_version_info', {}],
    ])
    expect(rig.outbound.bots()).toEqual([{ bot, nickname: '桥', online: true }])
    expect(rig.events).toMatchObject([{ type: 'bot.online', bot, again: false }])
    expect(rig.outbound.capabilities(bot)).toMatchObject({ implementation: 'NapCat.Onebot', version: '4.8.1' })
  })

  test.each([
    ['NapCat.Onebot', 'share'],
    ['LLOneBot', 'location'],
    ['Lagrange.OneBot', 'file'],
    ['go-cqhttp', 'marketFace'],
  ])('%s is known by its name', async (appName, limited) => {
    const rig = await setUpForward({ appName })
    const type = limited === 'share' ? 'link' : limited
    expect(Object.keys(rig.outbound.capabilities(bot).segments)).toContain(type)
  })

  test('the configuration may say what it is', async () => {
    const rig = await setUpForward({ appName: 'x', options: { flavour: 'gocq' } })
    expect(rig.outbound.capabilities(bot)).toMatchObject({
      implementation: 'x',
      segments: { file: { fidelity: 'refused' } },
    })
  })

  test('without an answer the lifecycle event says who it is', async () => {
    const fake = await new FakeOneBot().listen()
    fake.on('get_login_info', (_params: unknown, _frame: unknown, socket: { send(text: string): void }) => {
      socket.send(
        '{"post_type":"meta_event","meta_event_type":"lifecycle","sub_type":"connect","self_id":10001,"time":1}',
      )
      return failed(1200, 'x')
    })
    fake.on('get_version_info', failed(1404, 'x'))
    const rig = await setUpForward({ fake })
    expect(rig.outbound.bots()).toEqual([{ bot, nickname: '', online: true }])
  })

  test('who does not say who it is gets another chance later', async () => {
    const fake = await new FakeOneBot().listen()
    fake.on('get_login_info', silence)
    const rig = await setUpForward({ fake, options: { callTimeoutMs: 20 } })
    expect(rig.outbound.bots()).toEqual([])
    fake.on('get_login_info', { user_id: '10001', nickname: 'n' })
    await rig.next('bot.online')
    expect(rig.outbound.bots()).toEqual([{ bot, nickname: 'n', online: true }])
  })

  test('events that come before wait for it', async () => {
    const fake = await new FakeOneBot().listen()
    fake.on('get_login_info', (_params: unknown, _frame: unknown, socket: { send(text: string): void }) => {
      socket.send(JSON.stringify(groupMessage()))
      return { user_id: 10001, nickname: 'n' }
    })
    const rig = await setUpForward({ fake })
    await rig.next('message')
    expect(rig.events.map(({ type }) => type)).toEqual(['bot.online', 'message'])
  })

  test('a backend that is down does not hold up the start', async () => {
    const rig = await setUpForward({ options: { ws: 'ws://127.0.0.1:1' } })
    expect(rig.outbound.bots()).toEqual([])
    expect(rig.logs.join()).toContain('ECONNREFUSED')
  })
})

describe('tokens', () => {
  test('go as a header, and in the address when that is wanted', async () => {
    const plain = await setUpForward({ options: { accessToken: 's e&cret' } })
    expect(plain.fake.requests[0]?.headers.authorization).toBe('Bearer s e&cret')
    expect(plain.fake.requests[0]?.url).toBe('/')
    const query = await setUpForward({ options: { accessToken: 's e&cret', queryToken: true } })
    expect(new URL(`http://x${query.fake.requests[0]?.url}`).searchParams.get('access_token')).toBe('s e&cret')
    const none = await setUpForward()
    expect(none.fake.requests[0]?.headers.authorization).toBeUndefined()
  })

  test('a frame with 1403 is a refusal: slower from then on, and the operator is told', async () => {
    const fake = await new FakeOneBot().listen()
    fake.on(
      'get_login_info',
      (_params: unknown, _frame: unknown, socket: { send(text: string): void; close(): void }) => {
        socket.send('{"status":"failed","retcode":1403,"data":null,"message":"token验证失败","echo":null}')
        socket.close()
        return silence
      },
    )
    const rig = await setUpForward({
      fake,
      options: { accessToken: 'hush', reconnect: { firstMs: 1, refusedMs: 9000 } },
    })
    expect(rig.outbound.bots()).toEqual([])
    const down = await until(() => rig.logs.find((line) => line.includes('next try in')))
    expect(Number(/in (\d+) ms/.exec(down)?.[1])).toBeGreaterThan(7000)
    expect(rig.logs.join()).toContain('refused the access token')
    expect(rig.logs.join()).not.toContain('hush')
  })
})

describe('on line and off line', () => {
  test('a short loss is nobody’s business', async () => {
    const rig = await setUpForward()
    rig.fake.drop()
    await until(() => rig.outbound.bots()[0]?.online === false)
    await until(() => rig.outbound.bots()[0]?.online)
    expect(rig.events.map(({ type }) => type)).toEqual(['bot.online'])
  })

  test('a long one is dropped, and then online again', async () => {
    const rig = await setUpForward({ options: { graceMs: 20 } })
    const { port } = rig.fake
    await rig.next('bot.online')
    await rig.fake.close()
    expect(await rig.next('bot.offline')).toMatchObject({ bot, how: 'dropped' })
    await rig.fake.listen(port)
    expect(await rig.next('bot.online')).toMatchObject({ bot, again: true })
    expect(rig.outbound.bots()[0]?.online).toBe(true)
  })

  test('heartbeats say whether the account is logged in', async () => {
    const rig = await setUpForward()
    await rig.next('bot.online')
    rig.fake.send(heartbeat(false))
    expect(await rig.next('bot.offline')).toMatchObject({ how: 'dropped' })
    expect(rig.outbound.bots()[0]?.online).toBe(false)
    rig.fake.send(heartbeat(false))
    rig.fake.send(heartbeat(true))
    expect(await rig.next('bot.online')).toMatchObject({ again: true })
    expect(rig.events).toHaveLength(3)
  })

  test('a notice that the account was kicked is passed on once', async () => {
    const rig = await setUpForward()
    rig.fake.send({
      self_id: 10001,
      time: 5,
      post_type: 'notice',
      notice_type: 'bot_offline',
      user_id: 10001,
      tag: 'T',
      message: 'M',
    })
    expect(await rig.next('bot.offline')).toEqual({
      type: 'bot.offline',
      bot,
      time: 5,
      how: 'force',
      title: 'T',
      message: 'M',
    })
    rig.fake.send(heartbeat(false))
    rig.fake.send(groupMessage())
    await rig.next('message')
    expect(rig.events.filter(({ type }) => type === 'bot.offline')).toHaveLength(1)
    expect(rig.outbound.bots()[0]?.online).toBe(false)
  })

  test('silence after a heartbeat is a dead link; without heartbeats it is not', async () => {
    const rig = await setUpForward({ options: { silenceMs: 40 } })
    const first = [...rig.fake.sockets][0]
    rig.fake.send(heartbeat(true, 10))
    await until(() => !rig.fake.sockets.has(first!))
    await until(() => rig.fake.sockets.size === 1)
    expect(rig.logs.join()).toContain('the link is dead')
  })

  test('another account behind the same address is another bot', async () => {
    const rig = await setUpForward({ options: { graceMs: 10 } })
    rig.fake.on('get_login_info', { user_id: 10002, nickname: 'other' })
    rig.fake.drop()
    await until(() => rig.outbound.bots().length === 2)
    await rig.next('bot.offline')
    expect(rig.outbound.bots()).toEqual([
      { bot, nickname: '桥', online: false },
      { bot: 10002 as UserId, nickname: 'other', online: true },
    ])
  })
})
