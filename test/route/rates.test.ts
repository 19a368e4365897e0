// Rates over real sockets: messages in turn and unchanged in order, refusals in the client's dialect.
import { afterEach, describe, expect, test } from 'vitest'
import { ConfigError, parseConfig, type ConfigInput } from '../../src/config.ts'
import { accessToken, startBridge, verifyKey } from '../support/bridge.ts'
import { miraiClient, onebotClient } from './clients.ts'

const bot = 10001
const onebot = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } as const
const mirai = { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey } as const

const open: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

async function start(rate: NonNullable<ConfigInput['routes']>[number]['rate']) {
  const bridge = await startBridge({
    inbounds: { onebot, mirai },
    routes: [{ from: ['onebot', 'mirai'], to: 'world', rate }],
  })
  open.push({ close: () => bridge.stop() })
  const said: string[] = []
  bridge.onEvent(({ event }) => {
    const [first] = event.type === 'message' ? event.message.segments : []
    if (first?.type === 'text') said.push(first.text)
  })
  return { bridge, said }
}

test('who is too fast is held back in turn; reading is not held back', async () => {
  const { bridge, said } = await start({ perClient: { messages: 20, seconds: 1, burst: 2 } })
  const client = await onebotClient(bridge.onebotPort)
  open.push(client)
  const began = performance.now()
  const texts = ['1', '2', '3', '4', '5', '6']
  const sends = texts.map((message) => client.ask('send_group_msg', { group_id: 30001, message }))
  expect(await client.ask('get_group_list')).toMatchObject({ status: 'ok' })
  expect(await Promise.all(sends)).toMatchObject(texts.map(() => ({ status: 'ok' })))
  // Two at once, then four with 50 ms before each.
  expect(performance.now() - began).toBeGreaterThan(190)
  expect(said).toEqual(texts)
})

test('the limit of one connection or session is not that of another', async () => {
  const { bridge } = await start({ perClient: { messages: 1, seconds: 60 }, over: 'refuse' })
  const [one, other] = [await onebotClient(bridge.onebotPort), await onebotClient(bridge.onebotPort)]
  const mah = await miraiClient(bridge.miraiPort, bot)
  open.push(one, other, mah)
  const hello = { group_id: 30001, message: 'hi' }
  const chain = { target: 30001, messageChain: [{ type: 'Plain', text: 'hi' }] }
  expect(await one.ask('send_group_msg', hello)).toMatchObject({ status: 'ok' })
  const message = expect.stringMatching(
    /^too many messages: routes\.0\.rate\.perClient of the bridge; try again in \d+ ms$/,
  ) as string
  expect(await one.ask('send_group_msg', hello)).toMatchObject({ status: 'failed', retcode: 1200, message })
  expect(await other.ask('send_group_msg', hello)).toMatchObject({ status: 'ok' })
  expect(await mah.ask('sendGroupMessage', chain)).toMatchObject({ code: 0 })
  expect(await mah.ask('sendGroupMessage', chain)).toEqual({ code: 500, msg: message })
  const url = `http://127.0.0.1:${bridge.onebotPort}/send_group_msg?group_id=30001&message=hi&access_token=${accessToken}`
  expect([(await fetch(url)).status, (await fetch(url)).status]).toEqual([200, 503])
  expect(bridge.losses().filter(({ fidelity }) => fidelity === 'refused')).toHaveLength(3)
})

describe('mistakes', () => {
  test.each<[unknown, string]>([
    [{}, 'routes.0.rate: needs perClient, perGroup or perBot'],
    [{ perGroup: { messages: 0 } }, 'routes.0.rate.perGroup.messages: expected 1 or more, got 0'],
    [{ perGroup: { second: 1, messages: 1 } }, 'routes.0.rate.perGroup.second: unknown key; did you mean seconds?'],
    [
      { perGuild: { messages: 1 } },
      'routes.0.rate.perGuild: unknown key; known keys are perClient, perGroup, perBot, over, maxWaitMs, counts',
    ],
    [
      { perBot: { messages: 1 }, over: 'waits' },
      'routes.0.rate.over: expected wait or refuse, got "waits"; did you mean wait?',
    ],
    [{ perBot: { messages: 1 }, maxWaitMs: 1e9 }, 'routes.0.rate.maxWaitMs: expected 60000 or less, got 1000000000'],
  ])('%j', (rate, problem) => {
    const config = {
      backends: { w: { dialect: 'embedded' } },
      inbounds: { a: onebot },
      routes: [{ from: 'a', to: 'w', rate }],
    }
    const fault = (() => {
      try {
        parseConfig(config)
      } catch (error) {
        return error
      }
    })() as ConfigError
    expect(fault).toBeInstanceOf(ConfigError)
    expect(fault.problems).toEqual([problem])
  })
})
