// The four ways of use as the documentation gives them: each example is started as it stands, between a backend and a bot.
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { launch, launchProgram, type Started } from './hardening/launch.ts'
import { dial, open, type Client } from './hardening/support.ts'
import { listenForBridge } from './inbound/onebot11/clients.ts'
import { FakeMah } from './outbound/mirai/fake-mah.ts'
import { FakeOneBot } from './outbound/onebot11/fake-onebot.ts'
import { until } from './support/until.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const key = 'a-key-for-this-example'

function example(name: string, environment: Record<string, string>): Started {
  const file = resolve('examples', name)
  const isConfig = name.includes('.config.')
  const started = isConfig ? launch(environment, ['--config', file]) : launchProgram(file, environment)
  closers.push(() => started.signal('SIGKILL'))
  return started
}

async function portOf(started: Started, said: string): Promise<number> {
  const text = await started.says(said)
  return Number(/127\.0\.0\.1:(\d+)/.exec(text.slice(text.indexOf(said)))?.[1])
}

/** Two inbounds with one address share its port only when it has a number. */
async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  await new Promise((done) => holder.close(done))
  return port
}

async function napcat(): Promise<FakeOneBot> {
  const fake = await new FakeOneBot().listen()
  closers.push(() => fake.close())
  fake.on('get_friend_list', []).on('get_group_list', [{ group_id: 30001, group_name: 'g', member_count: 2 }])
  fake.on('get_group_member_list', []).on('send_group_msg', { message_id: 77 })
  return fake
}

async function mah(account = 10001): Promise<FakeMah> {
  const fake = new FakeMah()
  fake.account = account
  fake.verifyKey = key
  await fake.listen()
  closers.push(() => fake.close())
  fake.on('friendList', { code: 0, msg: '', data: [] }).on('groupList', { code: 0, msg: '', data: [] })
  fake.on('memberList', { code: 0, msg: '', data: [] })
  return fake.on('sendGroupMessage', { code: 0, msg: 'success', messageId: 88 })
}

/** Tries until the account behind the bridge is there. */
async function mirai(port: number, bot = 10001): Promise<Client> {
  for (;;) {
    const client = await open(dial(`ws://127.0.0.1:${port}/all?verifyKey=${key}&qq=${bot}`))
    if ((await client.next()).includes('"code":0')) {
      closers.push(() => client.raw.terminate())
      return client
    }
    await client.closed
  }
}

async function onebot(port: number): Promise<Client> {
  const client = await open(dial(`ws://127.0.0.1:${port}/`, { authorization: `Bearer ${key}` }))
  closers.push(() => client.raw.terminate())
  return client
}

function groupMessage(id: number, text: string, group = 30001) {
  return {
    ...{ time: 1_700_000_000, self_id: 10001, post_type: 'message', message_type: 'group', sub_type: 'normal' },
    ...{ message_id: id, group_id: group, user_id: 20001, message: [{ type: 'text', data: { text } }] },
    ...{ raw_message: text, font: 14, sender: { user_id: 20001, nickname: 'Ada', card: '', role: 'member' } },
  }
}

const chain = [{ type: 'Plain', text: 'hi' }]

async function ends(started: Started): Promise<void> {
  started.signal('SIGTERM')
  expect((await started.ended).code).toBe(0)
}

test('drop-in: a mirai bot on NapCat', { timeout: 60_000 }, async () => {
  const backend = await napcat()
  const started = example('drop-in.config.ts', { NAPCAT_URL: backend.url, MIRAI_VERIFY_KEY: key })
  const bot = await mirai(await portOf(started, 'mirai-api-http ws'))
  backend.send(groupMessage(5, 'hello'))
  expect(JSON.parse(await bot.next())).toMatchObject({
    syncId: '-1',
    data: { type: 'GroupMessage', messageChain: [{ type: 'Source' }, { type: 'Plain', text: 'hello' }] },
  })
  bot.send({ syncId: '1', command: 'sendGroupMessage', content: { target: 30001, messageChain: chain } })
  expect(JSON.parse(await bot.next())).toEqual({ syncId: '1', data: { code: 0, msg: 'success', messageId: 77 } })
  expect(backend.frames.find(({ action }) => action === 'send_group_msg')?.params).toMatchObject({ group_id: 30001 })
  await ends(started)
})

test(
  'OneBot frontend: OneBot bots on mirai-api-http, over a listener and reverse WebSocket',
  { timeout: 60_000 },
  async () => {
    const backend = await mah()
    const server = await listenForBridge()
    closers.push(() => server.close())
    const started = example('onebot-frontend.config.ts', {
      MAH_URL: `ws://127.0.0.1:${backend.port}`,
      MAH_VERIFY_KEY: key,
      ONEBOT_ACCESS_TOKEN: key,
      ONEBOT_REVERSE_URL: server.url,
    })
    const dialled = await server.connections.next()
    expect(dialled.headers).toMatchObject({ 'x-self-id': '10001', authorization: `Bearer ${key}` })
    expect(await dialled.texts.next()).toContain('"lifecycle"')
    const bot = await onebot(await portOf(started, 'OneBot 11 HTTP'))
    bot.send({ action: 'send_group_msg', params: { group_id: 30001, message: 'hi' }, echo: 'e' })
    const answer = JSON.parse(await bot.find((text) => text.includes('"echo":"e"'))) as Record<string, unknown>
    expect(answer).toMatchObject({ status: 'ok', retcode: 0 })
    expect(backend.calls).toContainEqual({
      command: 'sendGroupMessage',
      content: { target: 30001, messageChain: chain },
    })
    await ends(started)
  },
)

test('sidecar: a program around the bridge hears and acts beside the bot', { timeout: 60_000 }, async () => {
  const backend = await napcat()
  const started = example('sidecar.ts', { NAPCAT_URL: backend.url, MIRAI_VERIFY_KEY: key, MIRAI_PORT: '0' })
  const bot = await mirai(await portOf(started, 'mirai-api-http ws'))
  backend.send(groupMessage(5, '/alive'))
  const asked = await until(() => backend.frames.find(({ action }) => action === 'send_group_msg'), 'the answer')
  expect(asked.params).toMatchObject({
    group_id: 30001,
    message: [{ type: 'text', data: { text: 'the bridge is alive' } }],
  })
  expect(await bot.next()).toContain('"text":"/alive"')
  await ends(started)
})

test('routing: one port for both dialects, filters, lists of actions', { timeout: 60_000 }, async () => {
  const [backend, second] = [await napcat(), await mah(10002)]
  const port = await freePort()
  const started = example('routing.config.yaml', {
    ...{ BRIDGE_DATA: './routing', BRIDGE_PORT: String(port), MIRAI_VERIFY_KEY: key, ONEBOT_ACCESS_TOKEN: key },
    ...{ NAPCAT_URL: backend.url, NAPCAT_TOKEN: '', ADMIN_TOKEN: key },
    ...{ MAH_URL: `ws://127.0.0.1:${second.port}`, MAH_VERIFY_KEY: key },
  })
  await started.says('OneBot 11 HTTP')
  const [old, fresh] = [await mirai(port), await onebot(port)]
  for (const bot of [10001, 10002])
    await fresh.find((text) => text.includes(`"self_id":${bot}`) && text.includes('lifecycle'))
  backend.send(groupMessage(5, 'not for the old ones'))
  backend.send(groupMessage(6, '/old elsewhere', 30002))
  backend.send(groupMessage(7, '/old news'))
  expect(JSON.parse(await old.next())).toMatchObject({ data: { messageChain: [{}, { type: 'Plain', text: 'news' }] } })
  const heard: string[] = []
  while (heard.length < 3) {
    const frame = await fresh.find((text) => text.includes('"message_type"'))
    heard.push((JSON.parse(frame) as { raw_message: string }).raw_message)
  }
  // Groups do not wait for each other.
  expect(heard.toSorted()).toEqual(['/old elsewhere', '/old news', 'not for the old ones'])
  fresh.send({ action: 'set_group_leave', params: { group_id: 30001, self_id: 10001 }, echo: 'no' })
  const refusal = JSON.parse(await fresh.find((text) => text.includes('"echo":"no"'))) as Record<string, unknown>
  expect(refusal).toMatchObject({ status: 'failed', message: expect.stringContaining('group.leave') as unknown })
  expect(backend.frames.map(({ action }) => action)).not.toContain('set_group_leave')
  await ends(started)
})
