// What every way of OneBot clients into the bridge must do, whichever transport it is.
import { afterEach, describe, expect, test } from 'vitest'
import type { BridgeEvent } from '../../src/core/event.ts'
import { fail, type Frame, type Script, type startInbound } from '../inbound/onebot11/support.ts'

export type Options = NonNullable<Parameters<typeof startInbound>[0]>
export type Running = Awaited<ReturnType<typeof startInbound>>

/** A client of account 10001. */
export interface Client {
  /** Text of the answer. `extra`: members beside action and params, as JSON text: `"echo":1`. */
  ask(action: string, params?: object, extra?: string): Promise<string>
  /** Text of the next event. */
  nextEvent(): Promise<string>
}

export interface InboundTransport {
  name: string
  /** Which column of retcodes it has. */
  codes: 'http' | 'ws'
  /** Parts that it has not, and why. */
  without: { events?: string; meta?: string; intruder?: string }
  /** Starts the bridge so that `client` is served. The second one ends the client's side. */
  start(options: Options, script?: Script): Promise<{ client: Client; running: Running; end(): Promise<void> }>
  /** Whether a client without the right token is turned away. */
  intrude?(running: Running): Promise<boolean>
}

const retcodes = {
  http: { unknown: 200, bad: 400, failed: 200 },
  ws: { unknown: 1404, bad: 1400, failed: 1200 },
}
const token = 'contract-token'

export function messageEvent(id: number, more: object = {}): BridgeEvent {
  return {
    type: 'message',
    bot: 10001,
    time: 1_700_000_000,
    origin: 'received',
    message: {
      id,
      peer: { kind: 'friend', userId: 20001 },
      time: 1_700_000_000,
      sender: { userId: 20001, nickname: '老船长' },
      segments: [
        { type: 'mention', userId: 10001 },
        { type: 'text', text: ' [你好] & "x"' },
      ],
    },
    ...more,
  } as unknown as BridgeEvent
}

/** The next one that is no meta event. */
async function eventOf(client: Client): Promise<string> {
  for (;;) {
    const text = await client.nextEvent()
    if (!text.includes('"post_type":"meta_event"')) return text
  }
}

export function inboundContract({ name, codes, without, start, intrude }: InboundTransport): void {
  const ends: (() => Promise<void>)[] = []
  const bridges: Running[] = []

  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
    for (const running of bridges.splice(0)) {
      await running.stop()
      expect(running.errors).toEqual([])
    }
  })

  async function begin(options: Options = {}, script?: Script) {
    const standing = await start({ accessToken: token, heartbeatMs: 0, ...options }, script)
    bridges.push(standing.running)
    ends.push(standing.end)
    return standing
  }

  const sent: Script = (action) => (action.name === 'message.send' ? { messageId: -5 } : {})
  const expected = retcodes[codes]

  describe(`${name}: calls`, () => {
    test.each<[string, string, object]>([
      ['plain', 'send_private_msg', { user_id: 20001, message: [{ type: 'text', data: { text: 'hi' } }] }],
      ['numbers as text, CQ text', 'send_private_msg', { user_id: '20001', message: 'hi' }],
      [
        'one segment, nulls',
        'send_msg',
        { user_id: 20001, group_id: null, message: { type: 'text', data: { text: 'hi', x: null } } },
      ],
      ['suffix', 'send_private_msg_async', { user_id: 20001, message: 'hi' }],
      ['what clients add', 'send_private_msg', { user_id: 20001, message: 'hi', self_id: 10001, auto_escape: 'false' }],
    ])('%s', async (_name, action, params) => {
      const { client, running } = await begin({}, sent)
      expect(await client.ask(action, params)).toBe(
        '{"status":"ok","retcode":0,"data":{"message_id":-5},"message":"","wording":""}',
      )
      expect(running.calls).toMatchObject([
        {
          bot: 10001,
          action: {
            name: 'message.send',
            params: { peer: { kind: 'friend', userId: 20001 }, segments: [{ type: 'text', text: 'hi' }] },
          },
        },
      ])
    })

    test.each<[string, string, object, number]>([
      ['an unknown action', 'nope', {}, expected.unknown],
      ['a name of the language', '__proto__', {}, expected.unknown],
      ['a missing parameter', 'get_msg', {}, expected.bad],
      ['a wrong one', 'get_msg', { message_id: 'x' }, expected.bad],
      ['a failure', 'get_msg', { message_id: 9 }, expected.failed],
      ['an account that is not here', 'get_group_list', { self_id: 7 }, expected.failed],
    ])('%s', async (_name, action, params, retcode) => {
      const { client } = await begin({}, () => fail('notFound', 'gone'))
      const answer = JSON.parse(await client.ask(action, params, '"echo":"e"')) as Frame
      expect(answer).toMatchObject({ status: 'failed', retcode, data: null, echo: 'e' })
      expect(answer['message']).toBe(answer['wording'])
      expect(answer['message']).not.toBe('')
    })

    test.each(['0', 'false', '""', 'null', '"é"', '{"seq":1,"0":[null, 1.50]}', '12345678901234567890'])(
      'echo %s comes back as it is',
      async (echo) => {
        const { client } = await begin()
        for (const action of ['get_status', 'nope']) {
          expect((await client.ask(action, {}, `"echo":${echo}`)).endsWith(`,"echo":${echo}}`)).toBe(true)
        }
      },
    )

    test('without an echo none comes back', async () => {
      const { client } = await begin()
      expect(JSON.parse(await client.ask('get_status'))).not.toHaveProperty('echo')
    })

    test('quick operations by name', async () => {
      const { client, running } = await begin({}, sent)
      const context = { post_type: 'message', message_type: 'private', self_id: 10001, user_id: 20001, message_id: 5 }
      expect(await client.ask('.handle_quick_operation_async', { context, operation: { reply: 'pong' } })).toBe(
        '{"status":"ok","retcode":0,"data":null,"message":"","wording":""}',
      )
      expect(running.calls.map(({ action }) => action.name)).toEqual(['message.send'])
    })

    test('messages in answers are written as the inbound says', async () => {
      const message = {
        id: 9,
        peer: { kind: 'friend', userId: 20001 },
        time: 1,
        sender: { userId: 20001, nickname: 'n' },
      }
      const read: Script = () => ({ ...message, segments: [{ type: 'text', text: '[x]' }] })
      const { client } = await begin({ messageFormat: 'string' }, read)
      expect(JSON.parse(await client.ask('get_msg', { message_id: 9 }))).toMatchObject({
        data: { message: '&#91;x&#93;', message_format: 'string' },
      })
    })
  })

  describe.skipIf(intrude === undefined)(`${name}: strangers ${without.intruder ?? ''}`, () => {
    test('are turned away', async () => {
      const { running } = await begin({}, sent)
      expect(await intrude?.(running)).toBe(true)
      expect(running.calls).toEqual([])
    })
  })

  describe.skipIf(without.events !== undefined)(`${name}: events ${without.events ?? ''}`, () => {
    test('are compact JSON, the same over every transport', async () => {
      const { client, running } = await begin()
      running.inbound.push(messageEvent(9))
      expect(await eventOf(client)).toBe(
        '{"self_id":10001,"user_id":20001,"time":1700000000,"message_id":9,"message_seq":9,"real_id":9,"real_seq":"9",' +
          '"message_type":"private","sender":{"user_id":20001,"nickname":"老船长","card":"","sex":"unknown","age":0},' +
          '"message":[{"type":"at","data":{"qq":"10001"}},{"type":"text","data":{"text":" [你好] & \\"x\\""}}],' +
          '"message_format":"array","raw_message":"[CQ:at,qq=10001] &#91;你好&#93; &amp; \\"x\\"","font":14,"sub_type":"friend","target_id":10001,"post_type":"message"}',
      )
    })

    test('as text with CQ codes', async () => {
      const { client, running } = await begin({ messageFormat: 'string' })
      running.inbound.push(messageEvent(9))
      expect(JSON.parse(await eventOf(client))).toMatchObject({
        message: '[CQ:at,qq=10001] &#91;你好&#93; &amp; "x"',
        message_format: 'string',
      })
    })

    test('own messages only when asked for', async () => {
      const { client, running } = await begin()
      running.inbound.push(messageEvent(1, { origin: 'self' }))
      running.inbound.push(messageEvent(2))
      expect(JSON.parse(await eventOf(client))).toMatchObject({ message_id: 2 })
      const reporting = await begin({ reportSelf: true })
      reporting.running.inbound.push(messageEvent(1, { origin: 'self' }))
      expect(JSON.parse(await eventOf(reporting.client))).toMatchObject({ message_id: 1, post_type: 'message_sent' })
    })

    test('in order, none lost, none with an echo', async () => {
      const { client, running } = await begin()
      for (let id = 1; id <= 200; id++) running.inbound.push(messageEvent(id))
      for (let id = 1; id <= 200; id++) {
        const event = JSON.parse(await eventOf(client)) as Frame
        expect(event['message_id']).toBe(id)
        expect(event).not.toHaveProperty('echo')
      }
    })

    test('of other accounts go elsewhere', async () => {
      const { client, running } = await begin()
      running.inbound.push(messageEvent(1, { bot: 10002 }))
      running.inbound.push(messageEvent(2))
      expect(JSON.parse(await eventOf(client))).toMatchObject({ self_id: 10001, message_id: 2 })
    })

    test('of another OneBot implementation pass as they are', async () => {
      const { client, running } = await begin()
      const payload = { time: 1, self_id: 10001, post_type: 'notice', notice_type: 'odd', x: [null, { y: '1' }] }
      running.inbound.push({
        type: 'raw',
        bot: 10001,
        time: 1,
        dialect: 'onebot11',
        name: 'notice.odd',
        payload,
      } as unknown as BridgeEvent)
      expect(await eventOf(client)).toBe(JSON.stringify(payload))
    })

    test('that OneBot has not leave a trace', async () => {
      const { client, running } = await begin()
      running.inbound.push({ type: 'friend.remove', bot: 10001, time: 1, userId: 1 } as unknown as BridgeEvent)
      running.inbound.push(messageEvent(2))
      await eventOf(client)
      expect(running.losses).toMatchObject([[10001, 'out', { what: 'friend.remove', fidelity: 'dropped' }]])
    })
  })

  describe.skipIf(without.meta !== undefined)(`${name}: meta events ${without.meta ?? ''}`, () => {
    test('a lifecycle event is the first', async () => {
      const { client } = await begin()
      expect(JSON.parse(await client.nextEvent())).toMatchObject({
        self_id: 10001,
        post_type: 'meta_event',
        meta_event_type: 'lifecycle',
        sub_type: 'connect',
      })
    })

    test('heartbeats', async () => {
      const { client } = await begin({ heartbeatMs: 15 })
      await client.nextEvent()
      expect(JSON.parse(await client.nextEvent())).toMatchObject({
        self_id: 10001,
        meta_event_type: 'heartbeat',
        status: { online: true, good: true },
        interval: 15,
      })
    })
  })
}
