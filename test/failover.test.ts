// A bot with two backends: one serves, the other takes over when it goes, and messages keep their ids.
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ConfigInput } from '../src/config.ts'
import { FakeHttp, post } from './outbound/onebot11/fake-http.ts'
import { FakeOneBot } from './outbound/onebot11/fake-onebot.ts'
import { accessToken, startBridge, type RunningBridge } from './support/bridge.ts'
import { until } from './support/until.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

type Wire = Record<string, unknown>
type Backend = ConfigInput['backends'][string]

type Way = 'ws' | 'http and webhook'

async function setUp(returnAfterSeconds: number, way: Way = 'ws') {
  const first = await standIn('first', way)
  const second = await standIn('second', way)
  const bridge = await startBridge({
    backends: { first: first.backend(), second: second.backend() },
    inbounds: { onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } },
    routes: [{ from: 'onebot', to: ['first', 'second'], returnAfterSeconds }],
  })
  closers.push(() => bridge.stop())
  const ports = bridge.ports()
  for (const one of [first, second]) one.port = ports[`backends.${one.name}`] ?? 0
  await until(() => bridge.backends().every(({ bots }) => bots[0]?.online), 'both backends')
  return { first, second, bridge, client: await connect(bridge) }
}

const reconnect = { firstMs: 20, maxMs: 20 }
const secret = 'signature-of-tests'

async function standIn(name: string, way: Way) {
  const fake = new FakeOneBot()
    .on('get_status', () => ({ online: true, good: true }))
    .on('get_group_list', () => [])
    .on('get_friend_list', () => [])
    .on('get_group_member_list', () => [])
    .on('get_group_info', () => ({ group_id: 30_001, group_name: 'g', member_count: 1, max_member_count: 2 }))
    .on('get_group_member_info', () => ({ group_id: 30_001, user_id: 10_001, nickname: 'b', role: 'member' }))
    .on('get_stranger_info', () => ({ user_id: 20_001, nickname: 'n' }))
    .on('send_msg', () => ({ message_id: name === 'first' ? 111 : 222 }))
    .on('send_group_msg', () => ({ message_id: name === 'first' ? 111 : 222 }))
    .on('delete_msg', () => null)
  const server = way === 'ws' ? fake : new FakeHttp(fake)
  await server.listen()
  closers.push(() => server.close())
  const webhook = { listen: '127.0.0.1:0', secret }
  return {
    name,
    fake,
    /** Of the bridge, where its events are posted to. */
    port: 0,
    backend: (): Backend =>
      way === 'ws'
        ? { dialect: 'onebot11', ws: server.url, reconnect }
        : { dialect: 'onebot11', http: server.url, webhook, pollMs: 20, reconnect },
    async tell(event: Wire) {
      if (way === 'ws') return fake.send(event)
      expect(await post(`http://127.0.0.1:${this.port}/`, event, secret)).toBe(204)
    },
    go: () => server.close(),
    come: () => server.listen(server.port),
  }
}

async function connect(bridge: RunningBridge) {
  const socket = new WebSocket(`ws://127.0.0.1:${bridge.onebotPort}?access_token=${accessToken}`)
  const frames: Wire[] = []
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Wire))
  closers.push(() => socket.terminate())
  await once(socket, 'open')
  let echo = 0
  return {
    texts: () => frames.flatMap((frame) => (frame['post_type'] === 'message' ? [frame['raw_message']] : [])),
    idOf: (text: string) => frames.find((frame) => frame['raw_message'] === text)?.['message_id'],
    async ask(action: string, params: Wire): Promise<Wire> {
      const own = ++echo
      socket.send(JSON.stringify({ action, params, echo: own }))
      return until(() => frames.find((frame) => frame['echo'] === own), action)
    },
  }
}

const time = Math.floor(Date.now() / 1000)
const said = (text: string, message_id: number): Wire => ({
  post_type: 'message',
  message_type: 'group',
  sub_type: 'normal',
  time,
  self_id: 10_001,
  user_id: 20_001,
  group_id: 30_001,
  message_id,
  message: [{ type: 'text', data: { text } }],
  raw_message: text,
  font: 0,
  sender: { user_id: 20_001, nickname: 'n', card: '', role: 'member' },
})
const send = { group_id: 30_001, message: 'hello' }
const asked = (fake: FakeOneBot, action: string) => fake.calls.filter((call) => call.action === action)

test.each(['ws', 'http and webhook'] as const)(
  '%s: calls and events go on with the other one, each event once, and go back when it has stayed',
  async (way) => {
    const { first, second, bridge, client } = await setUp(0.2, way)
    const changes: string[] = []
    bridge.onBotChange(({ backend, online }) => changes.push(`${backend} ${online}`))
    expect(await client.ask('send_group_msg', send)).toMatchObject({ status: 'ok', data: { message_id: 111 } })
    for (const [at, text] of ['one', 'two'].entries()) {
      await first.tell(said(text, 1000 + at))
      await second.tell(said(text, 2000 + at))
    }
    await until(() => client.texts().length === 2, 'two events')

    await first.go()
    await until(() => changes.includes('first false'), 'the first to be off line')
    await second.tell(said('three', 2002))
    await until(() => client.texts().length === 3, 'the third event')
    expect(await client.ask('send_group_msg', send)).toMatchObject({ status: 'ok', data: { message_id: 222 } })

    await first.come()
    await until(() => changes.includes('first true'), 'the first to be back')
    await until(() => {
      void client.ask('send_group_msg', send)
      return asked(first.fake, 'send_group_msg').length > 1
    }, 'calls to go back')
    await first.tell(said('four', 1003))
    await second.tell(said('four', 2003))
    await until(() => client.texts().includes('four'), 'the fourth event')
    expect(client.texts()).toEqual(['one', 'two', 'three', 'four'])
  },
)

test('a message that both have told is known to both by its one id; one that only the other knows is not found', async () => {
  const { first, second, bridge, client } = await setUp(10)
  await first.tell(said('both', 1000))
  await second.tell(said('both', 2000))
  await first.tell(said('only the first', 2001))
  await until(() => client.texts().length === 2, 'two events')
  await first.go()
  await until(() => !bridge.backends()[0]?.bots[0]?.online, 'the first to be off line')
  expect(client.idOf('both')).toBe(1000)
  expect(await client.ask('delete_msg', { message_id: 1000 })).toMatchObject({ status: 'ok' })
  // The second one has another message under this number.
  expect(await client.ask('delete_msg', { message_id: 2001 })).toMatchObject({ status: 'failed', retcode: 1200 })
  expect(asked(second.fake, 'delete_msg').map(({ params }) => params['message_id'])).toEqual([2000])
  expect(await client.ask('get_msg', { message_id: 2001 })).toMatchObject({
    status: 'ok',
    data: { message: [{ type: 'text', data: { text: 'only the first' } }] },
  })
})
