// Programs that others wrote for mah log in and talk, unchanged.
import { createRequire } from 'node:module'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Mirai as MiraiTs } from 'mirai-ts'
import { bot, lab } from '../../dialect/mirai/fixtures.ts'
import { samples } from '../../dialect/mirai/samples.ts'
import { startInbound, until, type Harness } from './setup.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startInbound({ verifyKey: 'a-key-of-a-client' })
})
afterEach(() => harness.close())

function sent(): unknown {
  return harness.calls.find(({ name }) => name === 'message.send')?.params
}

/** Its package names an entry file that it does not contain. */
async function loadMiraiTs(): Promise<typeof MiraiTs> {
  const entry = new URL('../../../node_modules/mirai-ts/dist/index.js', import.meta.url).href
  return ((await import(entry)) as { Mirai: typeof MiraiTs }).Mirai
}

test('mirai-ts', async () => {
  const Mirai = await loadMiraiTs()
  const port = harness.listener.port
  const place = { host: '127.0.0.1', port }
  const mirai = new Mirai({
    host: '127.0.0.1',
    verifyKey: 'a-key-of-a-client',
    enableVerify: true,
    singleMode: false,
    adapters: ['http', 'ws'],
    adapterSettings: { http: place, ws: place },
  } as unknown as ConstructorParameters<typeof MiraiTs>[0])
  mirai.logger.level = 0
  mirai.api.logger.level = 0
  const heard: string[] = []
  mirai.on('GroupMessage', async (message) => {
    heard.push(message.plain)
    await message.reply('pong', true)
  })
  await mirai.link(bot)
  expect(mirai.verified).toBe(true)
  mirai.listen()
  await until(() => mirai.api.ws.sessionKey !== '')
  harness.inbound.push(samples['GroupMessage']!)
  await until(() => sent() !== undefined)
  expect(heard).toEqual(['hi'])
  expect(sent()).toEqual({
    peer: { kind: 'group', groupId: lab },
    segments: [
      { type: 'reply', messageId: 517 },
      { type: 'text', text: 'pong' },
    ],
  })
  expect(await mirai.api.botProfile()).toMatchObject({ nickname: 'bot' })
  expect(await mirai.api.friendList()).toMatchObject({ code: 0, data: [{ nickname: 'Nico' }] })
  expect(await mirai.api.release()).toMatchObject({ code: 0 })
  ;(mirai.api.ws as unknown as { client: { terminate(): void } }).client.terminate()
})

interface NodeMirai {
  onSignal(name: string, run: () => unknown): void
  onMessage(run: (message: { reply(text: string): void }) => void): void
  listen(what: string): void
  verify(): Promise<unknown>
  sendGroupMessage(text: string, target: number): Promise<{ messageId: number }>
  getGroupList(): Promise<unknown>
  wsHost: { terminate(): void } | null
}

type NodeMiraiClass = new (config: Record<string, unknown>) => NodeMirai

test.each([
  ['HTTP and WebSocket', { enableWebsocket: true }],
  ['WebSocket alone', { wsOnly: true }],
])('node-mirai-sdk over %s', async (_, mode) => {
  const Bot = createRequire(import.meta.url)('node-mirai-sdk') as NodeMiraiClass
  const client = new Bot({ host: harness.url, verifyKey: 'a-key-of-a-client', qq: bot, ...mode })
  let ready = false
  client.onSignal('authed', () => void client.verify())
  client.onSignal('verified', () => {
    ready = true
  })
  client.listen('all')
  client.onMessage((message) => message.reply('pong'))
  await until(
    () => ready && client.wsHost !== null && (client.wsHost as unknown as { readyState: number }).readyState === 1,
  )
  let answer: { messageId: number } | undefined
  await until(async () => {
    answer ??= await client.sendGroupMessage('ping', lab)
    return answer.messageId === 600
  })
  harness.calls.length = 0
  harness.inbound.push(samples['GroupMessage']!)
  await until(() => sent() !== undefined)
  expect(sent()).toMatchObject({ peer: { kind: 'group', groupId: lab }, segments: [{ type: 'text', text: 'pong' }] })
  client.wsHost?.terminate()
})
