// What only Tencent's servers can do: refused over the wire in both dialects, with the reason, and nothing happens. A world file
// may give canned answers instead.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onebot11Actions, type OneBot11ActionRow } from '../../../mappings/onebot11-actions.ts'
import { demoWorld } from '../../../src/world/index.ts'
import { login } from '../../hardening/support.ts'
import { accessToken, type RunningBridge, startBridge } from '../../support/bridge.ts'

let bridge: RunningBridge
let answering: RunningBridge
const happened: string[] = []

const image = 'base64://aGk='
const params = {
  group_id: 30001,
  user_id: 20001,
  character: 'c',
  text: 't',
  words: ['fog'],
  bot_appid: '1',
  cmd: 'c',
  data: '00',
  url: 'https://example.org',
  domain: 'qun.qq.com',
  image,
}

/** Kinds that a world can answer from what it is: it has no guilds, and knows its groups. */
const known = new Set(['guild.list', 'guild.profile', 'group.extra'])
const rows = Object.entries<OneBot11ActionRow>(onebot11Actions).filter(([, row]) => row.to === 'server.ask')
const asks = rows.flatMap(([name, { ask = '' }]): [string, string][] => (known.has(ask) ? [] : [[name, ask]]))

beforeAll(async () => {
  bridge = await startBridge()
  bridge.world().watch(({ type }) => happened.push(type))
  const answers = Object.fromEntries(asks.map(([, ask]) => [ask, { canned: ask }]))
  answering = await startBridge({ backends: { lab: { dialect: 'embedded', world: { ...demoWorld, answers } } } })
})
afterAll(async () => {
  await bridge.stop()
  await answering.stop()
})

async function callOneBot(port: number, action: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/${action}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(params),
  })
  expect(response.status).toBe(200)
  return response.json()
}

describe('OneBot', () => {
  test.each(asks)('%s: %s', async (name, ask) => {
    const reason = expect.stringMatching(new RegExp(`only Tencent's servers can answer ${ask}; .*"answers"$`)) as string
    expect(await callOneBot(bridge.onebotPort, name)).toEqual({
      status: 'failed',
      retcode: 200,
      data: null,
      message: reason,
      wording: reason,
    })
    expect(await callOneBot(answering.onebotPort, name)).toMatchObject({ status: 'ok', retcode: 0 })
  })

  test('names without a canonical home are unknown here, whatever they are', async () => {
    for (const name of ['get_group_album_list', 'send_guild_channel_msg', 'nonsense', '__proto__'])
      expect(await callOneBot(bridge.onebotPort, name), name).toMatchObject({ status: 'failed', data: null })
  })
})

test('mah: code 6 with the reason, for what is no command HTTP 404', async () => {
  const sessionKey = await login(bridge.miraiPort)
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${bridge.miraiPort}${path}`, {
      method: 'POST',
      body: JSON.stringify({ sessionKey, target: 1, messageChain: [{ type: 'Plain', text: 'x' }] }),
    })
  const refused = await ask('/sendOtherClientMessage')
  expect([refused.status, await refused.json()]).toEqual([
    200,
    { code: 6, msg: expect.stringMatching(/.{6,}/) as string },
  ])
  expect((await ask('/ocr')).status).toBe(404)
})

test('a raw call of either dialect is no action of a world', async () => {
  for (const dialect of ['onebot11', 'mirai'] as const)
    await expect(
      bridge.call(10001, { name: 'raw', params: { dialect, name: 'send_packet', params: {} } }),
    ).rejects.toMatchObject({
      kind: 'notSupported',
      message: expect.stringContaining('canonical actions only') as string,
    })
})

test('none of it had an effect', () => expect(happened).toEqual([]))
