// Events for clients that die, stall, leave and come back: in order, each once, and nobody waits for anybody else.
import { afterEach, describe, expect, test } from 'vitest'
import type { ConfigInput } from '../../src/config.ts'
import { group } from '../../src/world/index.ts'
import { dial, open, type Client } from '../hardening/support.ts'
import { listenForBridge } from '../inbound/onebot11/clients.ts'
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'
import { startProxy } from '../support/proxy.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A dead link is found after 150 ms. */
const limits = { pingMs: 50, missedPings: 2 }

async function start(config: Partial<ConfigInput> = {}): Promise<RunningBridge> {
  const bridge = await startBridge({ limits, ...config })
  closers.push(() => bridge.stop())
  return bridge
}

async function proxyTo(port: number) {
  const proxy = await startProxy(port)
  closers.push(() => proxy.close())
  return proxy
}

function say(bridge: RunningBridge, ...texts: string[]): void {
  for (const text of texts) bridge.world().as(20001).say(group(30001), text)
}

/** The texts of the messages among these frames, of either dialect. */
function textsIn(frames: readonly string[]): string[] {
  return frames.flatMap((frame) => [...frame.matchAll(/"text":"(e\d+)"/g)].map(([, text]) => text ?? ''))
}

async function onebot(port: number, query = ''): Promise<Client> {
  const client = await open(dial(`ws://127.0.0.1:${port}/${query}`, { authorization: `Bearer ${accessToken}` }))
  closers.push(() => client.raw.terminate())
  await until(() => client.frames.some((text) => text.includes('"lifecycle"')), 'the greeting')
  return client
}

async function mirai(port: number, who: Record<string, string>): Promise<Client & { key: string }> {
  const client = await open(dial(`ws://127.0.0.1:${port}/all?${new URLSearchParams({ verifyKey, ...who }).toString()}`))
  closers.push(() => client.raw.terminate())
  const { data } = JSON.parse(await client.next()) as { data: { code: number; session: string } }
  return { ...client, key: data.session ?? '' }
}

const connections = (bridge: RunningBridge, state: 'waiting' | 'delivered'): boolean =>
  bridge.trace(bridge.traces().at(-1)?.id ?? '')?.steps.some(({ kind }) => kind === state) ?? false

describe('a OneBot client that says who it is', () => {
  test('whose link dies unnoticed: what it did not hear comes when it is back', async () => {
    const bridge = await start()
    const proxy = await proxyTo(bridge.onebotPort)
    const first = await onebot(proxy.port, '?client_id=one')
    say(bridge, 'e1')
    await until(() => textsIn(first.frames).length === 1, 'the first event')
    proxy.stall()
    // The first ping of the dead link is out: from here on nothing can arrive.
    await new Promise((resolve) => setTimeout(resolve, limits.pingMs * 1.5))
    say(bridge, 'e2')
    await until(() => {
      say(bridge, 'e3')
      return connections(bridge, 'waiting')
    }, 'the link counts as dead')
    const second = await onebot(proxy.port, '?client_id=one')
    say(bridge, 'e4')
    await until(() => textsIn(second.frames).includes('e4'), 'the events')
    const [head, ...rest] = textsIn(second.frames)
    expect(head).toBe('e2')
    expect(rest.at(-1)).toBe('e4')
    expect(new Set(rest.slice(0, -1))).toEqual(new Set(['e3']))
    expect(textsIn(first.frames)).toEqual(['e1'])
  })

  test('that says good-bye while things happen and comes back hears each of them once, in order', async () => {
    const bridge = await start()
    const all = Array.from({ length: 300 }, (_, at) => `e${at}`)
    let client = await onebot(bridge.onebotPort, '?client_id=one')
    let said = 0
    const saying = setInterval(() => {
      for (let at = 0; at < 5 && said < all.length; at++) say(bridge, all[said++] ?? '')
    }, 1)
    closers.push(() => clearInterval(saying))
    const frames: string[] = []
    while (!textsIn(frames).includes('e299')) {
      const now = client
      await until(() => textsIn(now.frames).length > 0, 'an event')
      now.raw.close(1000)
      await now.closed
      frames.push(...now.frames)
      client = await onebot(bridge.onebotPort, '?client_id=one')
    }
    expect(textsIn(frames)).toEqual(all)
  })

  test('that connects again takes over, and misses nothing in between', async () => {
    const bridge = await start()
    const first = await onebot(bridge.onebotPort, '?client_id=one')
    say(bridge, 'e1')
    const second = await onebot(bridge.onebotPort, '?client_id=one')
    expect(await first.closed).toEqual({ code: 1000, reason: 'another connection of this client took over' })
    say(bridge, 'e2')
    await until(() => textsIn(second.frames).length === 1, 'the event')
    expect([textsIn(first.frames), textsIn(second.frames)]).toEqual([['e1'], ['e2']])
  })

  test('gets no more than the outbox holds, the newest', async () => {
    const inbound = { dialect: 'onebot11' as const, listen: '127.0.0.1:0', accessToken, outbox: { events: 2 } }
    const bridge = await start({ inbounds: { onebot: inbound } })
    const first = await onebot(bridge.onebotPort, '?client_id=one')
    first.raw.close()
    await first.closed
    await until(() => {
      say(bridge, 'e0')
      return connections(bridge, 'waiting')
    }, 'it is gone')
    say(bridge, 'e1', 'e2', 'e3')
    const second = await onebot(bridge.onebotPort, '?client_id=one')
    await until(() => textsIn(second.frames).length === 2, 'the events')
    expect(textsIn(second.frames)).toEqual(['e2', 'e3'])
  })

  test('another one, and one without a name, get nothing that was kept for it', async () => {
    const bridge = await start()
    const first = await onebot(bridge.onebotPort, '?client_id=one')
    first.raw.terminate()
    await until(() => {
      say(bridge, 'e1')
      return connections(bridge, 'waiting')
    }, 'it is gone')
    const [other, nameless] = [await onebot(bridge.onebotPort, '?client_id=two'), await onebot(bridge.onebotPort)]
    say(bridge, 'e2')
    await until(() => textsIn(other.frames).length > 0 && textsIn(nameless.frames).length > 0, 'the event')
    expect([textsIn(other.frames), textsIn(nameless.frames)]).toEqual([['e2'], ['e2']])
  })
})

test('servers of OneBot clients: a dead link is dialled anew, what they missed follows the greeting', async () => {
  const server = await listenForBridge()
  const proxy = await proxyTo(server.port)
  closers.push(() => server.close())
  const reverse = [{ url: `ws://127.0.0.1:${proxy.port}/` }]
  const bridge = await start({ inbounds: { onebot: { dialect: 'onebot11', reverse } } })
  const first = await server.connections.next()
  expect(await first.texts.next()).toContain('lifecycle')
  proxy.stall()
  await new Promise((resolve) => setTimeout(resolve, limits.pingMs * 1.5))
  say(bridge, 'e1')
  const second = await server.connections.next()
  expect(await second.texts.next()).toContain('lifecycle')
  say(bridge, 'e2')
  expect(textsIn([await second.texts.next(), await second.texts.next()])).toEqual(['e1', 'e2'])
})

describe('mirai clients', () => {
  test('a socket that broke off is continued by its sessionKey', async () => {
    const bridge = await start()
    const first = await mirai(bridge.miraiPort, { qq: '10001' })
    say(bridge, 'e1')
    await until(() => textsIn(first.frames).length === 1, 'the first event')
    first.raw.terminate()
    await until(() => {
      say(bridge, 'e2')
      return connections(bridge, 'waiting')
    }, 'it is gone')
    const second = await mirai(bridge.miraiPort, { sessionKey: first.key })
    expect(second.key).toBe(first.key)
    say(bridge, 'e3')
    await until(() => textsIn(second.frames).includes('e3'), 'the events')
    expect(new Set(textsIn(second.frames))).toEqual(new Set(['e2', 'e3']))
    expect(textsIn(second.frames).at(-1)).toBe('e3')
  })

  test('a half-open socket is taken over by a new one of its session', async () => {
    const bridge = await start({ limits: { pingMs: 50, missedPings: 1000 } })
    const proxy = await proxyTo(bridge.miraiPort)
    const first = await mirai(proxy.port, { qq: '10001' })
    proxy.stall()
    await new Promise((resolve) => setTimeout(resolve, limits.pingMs * 1.5))
    say(bridge, 'e1')
    const second = await mirai(proxy.port, { sessionKey: first.key })
    say(bridge, 'e2')
    await until(() => textsIn(second.frames).length === 2, 'the events')
    expect(textsIn(second.frames)).toEqual(['e1', 'e2'])
  })

  test('one that says good-bye, and one whose time is up, leave no session', async () => {
    const inbound = { dialect: 'mirai' as const, listen: '127.0.0.1:0', verifyKey, limits: { outboxSeconds: 0.05 } }
    const bridge = await start({ inbounds: { mirai: inbound } })
    const codeOf = async (key: string): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${bridge.miraiPort}/sessionInfo?sessionKey=${key}`)
      return ((await answer.json()) as { code: number }).code
    }
    for (const leave of ['close', 'terminate'] as const) {
      const client = await mirai(bridge.miraiPort, { qq: '10001' })
      expect(await codeOf(client.key)).toBe(0)
      client.raw[leave]()
      while ((await codeOf(client.key)) !== 3) await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })

  test('their servers (reverse-ws): the session goes on when the same target verifies again', async () => {
    const server = await listenForBridge()
    closers.push(() => server.close())
    const inbound = {
      dialect: 'mirai' as const,
      listen: '127.0.0.1:0',
      verifyKey,
      reverse: [{ url: `ws://127.0.0.1:${server.port}/` }],
    }
    const bridge = await start({ inbounds: { mirai: inbound } })
    const hello = { syncId: 'v', command: 'verify', content: { verifyKey, sessionKey: null, qq: 10001 } }
    const first = await server.connections.next()
    first.socket.send(JSON.stringify(hello))
    const greeting = await first.texts.next()
    first.socket.terminate()
    await until(() => {
      say(bridge, 'e1')
      return connections(bridge, 'waiting')
    }, 'it is gone')
    const second = await server.connections.next()
    second.socket.send(JSON.stringify(hello))
    expect(await second.texts.next()).toBe(greeting)
    expect(textsIn([await second.texts.next()])).toEqual(['e1'])
  })
})

test('a client that takes nothing delays nobody', async () => {
  const bridge = await start({ limits: { pingMs: 10_000 } })
  const proxy = await proxyTo(bridge.onebotPort)
  const [dead, deadMirai] = [await onebot(proxy.port), await mirai(bridge.miraiPort, { qq: '10001' })]
  const [alive, aliveMirai] = [await onebot(bridge.onebotPort), await mirai(bridge.miraiPort, { qq: '10001' })]
  dead.raw.pause()
  deadMirai.raw.pause()
  proxy.stall()
  const texts = Array.from({ length: 500 }, (_, at) => `e${at}`)
  const began = performance.now()
  say(bridge, ...texts)
  await until(() => textsIn(alive.frames).length === 500 && textsIn(aliveMirai.frames).length === 500, 'all events')
  expect(performance.now() - began).toBeLessThan(5000)
  expect(textsIn(alive.frames)).toEqual(texts)
  expect(textsIn(aliveMirai.frames)).toEqual(texts)
})
