// Backends whose links lie: about who is logged in, whose events these are, which call an answer is for; and one that floods.
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { accessToken, adminToken } from '../support/bridge.ts'
import { until } from '../support/until.ts'
import { FaultBackend } from './fault-backend.ts'
import { connectClients } from './fault-clients.ts'
import { backendKey, stand, ways, type Stand } from './fault-ways.ts'
import { account, toEvent } from './fault-wire.ts'
import { dial, http, open } from './support.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function start(name: string, timeoutMs?: number): Promise<Stand> {
  const on = await stand(name, timeoutMs)
  closers.push(on.close)
  return on
}

async function dropped({ bridge }: Stand): Promise<Record<string, number>> {
  const headers = { authorization: `Bearer ${adminToken}` }
  const { text } = await http(bridge.adminPort, { path: '/metrics', headers })
  const lines = text.matchAll(/^bridge_dropped_total\{backend="far",what="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...lines].map(([, what, count]) => [what, Number(count)]))
}

const isHttp = (name: string): boolean => ways[name]?.isSocket === false

test.each(Object.keys(ways).filter(isHttp))('%s: one connection that breaks costs one call', async (name) => {
  const on = await start(name)
  const { kinds } = await connectClients(on.bridge)
  on.backend.plan = (text) =>
    text.startsWith('slow')
      ? [
          { do: 'wait', ms: 150 },
          { do: 'answer', as: 'good' },
        ]
      : text === 'cut'
        ? [{ do: 'cut' }]
        : undefined
  const slow = Promise.all(kinds.map((send, at) => send(`slow ${at}`)))
  await until(() => on.backend.sent.length === kinds.length, 'the slow ones under way')
  expect(await kinds[0]?.('cut')).toMatchObject({ ending: 'unknown' })
  expect((await slow).map(({ ending }) => ending)).toEqual(['ok', 'ok', 'ok', 'ok'])
  expect(on.isOnline()).toBe(true)
})

/** `FLOOD=100000` for a larger one. */
const floods = Number(process.env['FLOOD'] ?? 20_000)

/** As fast as the bridge takes them. */
async function flood({ backend }: Stand): Promise<void> {
  const hasRoom = (): boolean => [...backend.sockets].every((socket) => socket.bufferedAmount < 1024 * 1024)
  for (let at = 0; at < floods; at++) {
    backend.say(`flood ${at}`)
    if (at % 100 === 0) await until(hasRoom, 'room', 60_000)
  }
}

test.each(['OneBot ws', 'mah ws'])(
  '%s: a flood of events reaches who reads, in order, and others are served',
  { timeout: 120_000 },
  async (name) => {
    // An answer comes behind the events that were sent before it.
    const on = await start(name, 60_000)
    const authorization = `Bearer ${accessToken}`
    const reader = new WebSocket(`ws://127.0.0.1:${on.bridge.onebotPort}/event`, { headers: { authorization } })
    let next = 0
    reader.on('message', (data: Buffer) => {
      if (data.includes(`flood ${next}`)) next++
    })
    const side = await open(dial(`ws://127.0.0.1:${on.sidePort}/api`, { authorization }))
    const far = await open(dial(`ws://127.0.0.1:${on.bridge.onebotPort}/api`, { authorization }))
    await until(() => reader.readyState === WebSocket.OPEN, 'the reader')
    const before = process.memoryUsage().rss
    const flooding = flood(on)
    far.send({ action: 'send_group_msg', params: { group_id: 30001, message: 'behind' }, echo: 'behind' })
    const slowest = { ms: 0, bytes: 0 }
    const isThrough = (): boolean => next >= floods
    while (!isThrough()) {
      const began = performance.now()
      side.send({ action: 'get_status', echo: next })
      await side.next()
      slowest.ms = Math.max(slowest.ms, performance.now() - began)
      slowest.bytes = Math.max(slowest.bytes, process.memoryUsage().rss - before)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await flooding
    expect(await far.find((text) => text.includes('"behind"'))).toContain('"status":"ok"')
    expect(slowest.ms).toBeLessThan(3000)
    // The messages themselves are among them: without a data folder they are in memory.
    expect(slowest.bytes).toBeLessThan(700 * 1024 * 1024)
    reader.terminate()
  },
)

test.each(['OneBot ws', 'OneBot reverse ws', 'OneBot http and SSE'])(
  '%s: events that name another account are dropped and counted',
  async (name) => {
    const on = await start(name)
    const clients = await connectClients(on.bridge)
    on.backend.say('of a stranger', account + 1)
    on.backend.say('of its own')
    await until(() => clients.heard('of its own'), 'the other event')
    expect(clients.frames().filter((frame) => frame.includes('of a stranger'))).toEqual([])
    expect(await dropped(on)).toEqual({ event: 1 })
  },
)

test('OneBot ws: another account logs in there, and the first one comes back', async () => {
  const on = await start('OneBot ws')
  const { kinds } = await connectClients(on.bridge)
  const states = () =>
    on.bridge
      .backends()
      .find(({ name }) => name === 'far')
      ?.bots.map(({ bot, online }) => [bot, online])
  on.backend.account = account + 1
  for (const socket of on.backend.sockets) socket.terminate()
  await until(() => states()?.length === 2, 'the other account')
  expect(states()).toEqual([
    [account, false],
    [account + 1, true],
  ])
  on.backend.say('of the first', account)
  // A session of mah belongs to the first account, which is away.
  expect(await kinds[2]?.('to the first')).toMatchObject({ ending: 'refused' })
  expect(await dropped(on)).toEqual({ event: 1 })
  expect(on.backend.sent).toEqual([])
  on.backend.account = account
  for (const socket of on.backend.sockets) socket.terminate()
  await until(() => states()?.[0]?.[1] === true, 'the first account')
  expect(states()).toEqual([
    [account, true],
    [account + 1, false],
  ])
  expect(await kinds[2]?.('to the first')).toMatchObject({ ending: 'ok' })
})

test('OneBot reverse ws: an answer by the link of another account is nobody’s', async () => {
  const on = await start('OneBot reverse ws')
  const { kinds } = await connectClients(on.bridge)
  const other = new FaultBackend('onebot11')
  other.account = account + 1
  closers.push(() => other.close())
  const { 'backends.far': port = 0 } = on.bridge.ports()
  other.dial(`ws://127.0.0.1:${port}/`, {
    'x-self-id': String(account + 1),
    'x-client-role': 'Universal',
    authorization: `Bearer ${backendKey}`,
  })
  await until(
    () => on.bridge.bots().some(({ bot, online }) => Number(bot) === account + 1 && online),
    'the other account',
  )
  let echo: unknown
  for (const socket of on.backend.sockets) {
    socket.on('message', (data: Buffer) => (echo = (JSON.parse(data.toString()) as { echo: unknown }).echo))
  }
  on.backend.plan = () => [
    { do: 'wait', ms: 100 },
    { do: 'answer', as: 'good' },
  ]
  const sent = kinds[2]?.('mine')
  await until(() => on.backend.sent.length === 1, 'the call')
  for (const socket of other.sockets) {
    socket.send(
      JSON.stringify({ status: 'failed', retcode: 100, data: null, message: 'a lie', wording: 'a lie', echo }),
    )
  }
  expect(await sent).toMatchObject({ ending: 'ok' })
  expect(await dropped(on)).toEqual({ unasked: 1 })
})

test('mah ws: an answer by the link that came after is nobody’s', async () => {
  const on = await start('mah ws')
  const { kinds } = await connectClients(on.bridge)
  const ids: unknown[] = []
  on.backend.plan = () => [{ do: 'cut' }]
  for (const socket of on.backend.sockets) {
    socket.on('message', (data: Buffer) => ids.push((JSON.parse(data.toString()) as { syncId: unknown }).syncId))
  }
  expect(await kinds[0]?.('lost')).toMatchObject({ ending: 'unknown' })
  await until(on.isOnline, 'a new link')
  on.backend.plan = () => [
    { do: 'wait', ms: 100 },
    { do: 'answer', as: 'good' },
  ]
  const sent = kinds[0]?.('found')
  await until(() => on.backend.sent.length === 2, 'the second call')
  for (const socket of on.backend.sockets) {
    for (const syncId of ids) socket.send(JSON.stringify({ syncId, data: { code: 500, msg: 'a lie' } }))
  }
  expect(await sent).toMatchObject({ ending: 'ok' })
  expect(await dropped(on)).toEqual({ unasked: ids.length })
})

test('mah http: a queue that is no list, or full of what is none, is counted and asked again', async () => {
  const on = await start('mah http')
  const clients = await connectClients(on.bridge)
  on.backend.queue.push(null, 5, 'text', [], {}, { type: 5 }, { type: 'GroupMessage' }, toEvent('mirai', 'a good one'))
  await until(() => clients.heard('a good one'), 'the good one')
  expect(await dropped(on)).toEqual({ frame: 6, event: 1 })
})
