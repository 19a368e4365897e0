// A backend that dies and comes back, again and again: calls fail at once meanwhile, both directions work afterwards, and
// nothing is heard or done twice because a listener of before is still there.
import { afterEach, describe, expect, test } from 'vitest'
import { dial, open, type Client } from '../hardening/support.ts'
import { FakeOneBot } from '../outbound/onebot11/fake-onebot.ts'
import { FakeMah } from '../outbound/mirai/fake-mah.ts'
import { key } from '../outbound/mirai/setup.ts'
import { accessToken, startBridge, until, type RunningBridge } from '../support/bridge.ts'
import { startProxy } from '../support/proxy.ts'
import { ways, type Stand } from './backend-returns.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const inbounds = { onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } } as const

interface Scene {
  stand: Stand
  bridge: RunningBridge
  port: number
  client: Client
  isOnline(): boolean
}

async function setUp(make: () => Stand): Promise<Scene> {
  const stand = make()
  await stand.come(0)
  closers.push(() => stand.go())
  const bridge = await startBridge({ backends: { far: stand.backend }, inbounds })
  closers.push(() => bridge.stop())
  const { 'backends.far': port = 0, onebot = 0 } = bridge.ports()
  const isOnline = (): boolean => bridge.bots()[0]?.online === true
  // One that comes to the bridge could not know where before.
  if ('listen' in stand.backend) await stand.come(port)
  await until(isOnline, 'the account')
  const client = await open(dial(`ws://127.0.0.1:${onebot}/`, { authorization: `Bearer ${accessToken}` }))
  closers.push(() => client.raw.terminate())
  return { stand, bridge, port, client, isOnline }
}

function textsHeard({ frames }: Client): string[] {
  return frames.flatMap((frame) => {
    const { post_type, raw_message = '' } = JSON.parse(frame) as { post_type?: string; raw_message?: string }
    return post_type === 'message' ? [raw_message] : []
  })
}

let echo = 0
async function send({ client }: Scene, message: string): Promise<unknown> {
  const mark = `"echo":"asked ${++echo}"`
  client.send({ action: 'send_group_msg', params: { group_id: 30_001, message }, echo: `asked ${echo}` })
  const answer = await until(() => client.frames.find((frame) => frame.includes(mark)), `the answer to ${message}`)
  const { retcode } = JSON.parse(answer) as { retcode: number }
  return retcode
}

describe.each(Object.entries(ways))('%s', (way, make) => {
  test('calls and events go on after each return, once each; while it is away calls fail at once', async () => {
    const scene = await setUp(make)
    const { stand, port, client, isOnline } = scene
    const heard: string[] = []
    const done: string[] = []
    for (const round of ['one', 'two', 'three']) {
      await stand.tell(`event ${round}`, port)
      heard.push(`event ${round}`)
      await until(() => textsHeard(client).length === heard.length, `event ${round}`)
      expect(await send(scene, `call ${round}`)).toBe(0)
      done.push(`call ${round}`)

      await stand.go()
      await until(() => !isOnline(), 'it is away')
      const began = performance.now()
      expect(await send(scene, 'while away')).toBe(1200)
      expect(performance.now() - began).toBeLessThan(1000)
      // Only what comes by another channel can be told meanwhile.
      await stand.tell(`away ${round}`, port)
      if (way.endsWith('webhook')) heard.push(`away ${round}`)

      await stand.come(port)
      await until(isOnline, 'it is back')
    }
    await stand.tell('the last', port)
    heard.push('the last')
    await until(() => textsHeard(client).includes('the last'), 'the last event')
    expect(await send(scene, 'the last')).toBe(0)
    expect(textsHeard(client)).toEqual(heard)
    expect(stand.sent()).toEqual([...done, 'the last'])
    expect(stand.links()).toBe(1)
  })
})

describe('a link to a backend that goes dead without a word is found by the pings of the configuration', () => {
  const limits = { pingMs: 50, missedPings: 2 }
  const reconnect = { firstMs: 20, maxMs: 20 }

  test('OneBot ws', async () => {
    const fake = await new FakeOneBot().on('get_status', { online: true, good: true }).listen()
    closers.push(() => fake.close())
    await expectRevival(fake.port, (port) => ({ dialect: 'onebot11', ws: `ws://127.0.0.1:${port}`, reconnect }))
    expect(fake.requests).toHaveLength(2)
  })

  test('mah ws', async () => {
    const fake = await new FakeMah().listen()
    closers.push(() => fake.close())
    await expectRevival(fake.port, (port) => ({
      dialect: 'mirai',
      ws: `ws://127.0.0.1:${port}`,
      verifyKey: key,
      bots: [10_001],
      reconnect,
    }))
    expect(fake.handshakes).toBe(2)
  })

  async function expectRevival(target: number, backendAt: (port: number) => Stand['backend']): Promise<void> {
    const proxy = await startProxy(target)
    closers.push(() => proxy.close())
    const bridge = await startBridge({ backends: { far: backendAt(proxy.port) }, inbounds, limits })
    closers.push(() => bridge.stop())
    const changes: boolean[] = []
    bridge.onBotChange(({ online }) => changes.push(online))
    await until(() => bridge.bots()[0]?.online, 'the account')
    changes.length = 0
    proxy.stall()
    await until(() => changes.length === 2, 'the link is found dead and dialled anew')
    expect(changes).toEqual([false, true])
  }
})
