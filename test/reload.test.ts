// A running bridge follows another configuration: what is the same does not notice, what is not begins and ends by itself.
import { unlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { ConfigError, type ConfigInput } from '../src/config.ts'
import { databaseIn } from '../src/state/database.ts'
import { group } from '../src/world/index.ts'
import { makeFolder } from './cli/run.ts'
import { accessToken, startBridge, verifyKey, type RunningBridge } from './support/bridge.ts'
import { until } from './support/until.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const onebot = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } as const
const mirai = { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey } as const
const world = { dialect: 'embedded' } as const
const token = 'admin-token-of-tests'

async function run(config: Partial<ConfigInput> = {}): Promise<RunningBridge> {
  const bridge = await startBridge(config)
  closers.push(() => bridge.stop())
  return bridge
}

interface Frame {
  post_type?: string
  raw_message?: string
}

/** A OneBot client that has been greeted. */
async function connect(port: number, path = ''): Promise<{ frames: Frame[]; closed: () => number | undefined }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}?access_token=${accessToken}`)
  const frames: Frame[] = []
  let code: number | undefined
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Frame))
  socket.on('close', (given) => (code = given))
  socket.on('error', () => {})
  closers.push(() => socket.terminate())
  await until(() => frames.length > 0, 'the greeting')
  return { frames, closed: () => code }
}

function textsOf(frames: readonly Frame[]): string[] {
  return frames.flatMap(({ post_type, raw_message }) => (post_type === 'message' ? [raw_message ?? ''] : []))
}

async function statusOf(port: number, token = accessToken): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/get_login_info`, {
    headers: { authorization: `Bearer ${token}`, connection: 'close' },
  })
  return response.status
}

describe('what is the same', () => {
  test('keeps its sockets and sessions, and hears every event once while everything else changes', async () => {
    const bridge = await run({ inbounds: { onebot, mirai, other: onebot } })
    const client = await connect(bridge.onebotPort)
    const leaving = await connect(bridge.ports()['other'] ?? 0)
    const verified = await fetch(`http://127.0.0.1:${bridge.miraiPort}/verify`, {
      method: 'POST',
      body: JSON.stringify({ verifyKey }),
    })
    const { session } = (await verified.json()) as { session: string }
    const world20001 = bridge.world().as(20_001)
    const said: string[] = []
    const say = (): void => {
      const text = `said ${said.length}`
      said.push(text)
      world20001.say(group(30_001), text)
    }
    const chatter = setInterval(say, 2)
    closers.push(() => clearInterval(chatter))
    const base = bridge.config()
    for (const inbounds of [
      { onebot, mirai },
      { onebot, mirai, third: onebot },
      { onebot, mirai },
    ]) {
      await bridge.apply({ ...base, inbounds, admin: { listen: '127.0.0.1:0', token: 'another-token-of-tests' } })
    }
    clearInterval(chatter)
    say()
    await until(() => textsOf(client.frames).includes(said.at(-1) ?? ''), 'the last message')
    expect(textsOf(client.frames)).toEqual(said)
    expect([client.closed(), leaving.closed()]).toEqual([undefined, 1001])
    const answer = await fetch(`http://127.0.0.1:${bridge.miraiPort}/bind`, {
      method: 'POST',
      body: JSON.stringify({ sessionKey: session, qq: bridge.bots()[0]?.bot }),
    })
    expect(await answer.json()).toEqual({ code: 0, msg: 'success' })
  })

  test('the same configuration changes nothing', async () => {
    const bridge = await run()
    expect(await bridge.apply(bridge.config())).toEqual({ changes: [], later: [] })
  })
})

describe('what is different', () => {
  test('inbounds come and go, and say so', async () => {
    const bridge = await run()
    const base = bridge.config()
    const applied = await bridge.apply({
      ...base,
      inbounds: { onebot: { ...onebot, accessToken: 'another-access-token' }, fresh: onebot },
      log: { level: 'silent', json: true },
    })
    expect(applied).toEqual({
      changes: [
        'inbounds.mirai: removed',
        'inbounds.onebot: changed, begun anew',
        'inbounds.fresh: added',
        'log: changed',
      ],
      later: [],
    })
    const { fresh = 0, onebot: changed = 0, mirai: gone } = bridge.ports()
    expect(gone).toBeUndefined()
    expect(changed).toBe(bridge.onebotPort)
    expect(await statusOf(fresh)).toBe(200)
    expect(await statusOf(changed)).toBe(403)
    expect(await statusOf(changed, 'another-access-token')).toBe(200)
    await expect(fetch(`http://127.0.0.1:${bridge.miraiPort}/about`)).rejects.toThrow('fetch failed')
  })

  test('another port: the new one is there, the old one is not', async () => {
    const bridge = await run()
    const free = await freePort()
    const client = await connect(bridge.onebotPort)
    const base = bridge.config()
    await bridge.apply({ ...base, inbounds: { onebot: { ...onebot, listen: `127.0.0.1:${free}` } } })
    expect(await statusOf(free)).toBe(200)
    await until(() => client.closed() === 1001, 'the farewell')
    await expect(statusOf(bridge.onebotPort)).rejects.toThrow('fetch failed')
    // The same port, open to the outside: only one of the two can have it.
    const wide = { ...onebot, accessToken: 'long-enough-to-be-a-secret', listen: `0.0.0.0:${free}` }
    await bridge.apply({ ...base, inbounds: { onebot: wide } })
    expect(await statusOf(free, wide.accessToken)).toBe(200)
  })

  test('a backend is added, used and removed; its accounts are announced', async () => {
    const bridge = await run()
    const client = await connect(bridge.onebotPort)
    const changes: string[] = []
    bridge.onBotChange(({ backend, bot, online, gone }) => changes.push(`${backend} ${bot} ${online} ${gone}`))
    const base = bridge.config()
    const second = { dialect: 'embedded', world: worldOf(10_009) } as const
    await bridge.apply({ ...base, backends: { world, second } })
    expect(bridge.bots().map(({ bot }) => bot)).toContain(10_009)
    expect(changes).toEqual(['second 10009 true false'])
    await until(() => client.frames.some((frame) => (frame as { self_id?: number }).self_id === 10_009), 'its greeting')
    await bridge.apply(base)
    expect(bridge.bots().map(({ bot }) => bot)).not.toContain(10_009)
    expect(changes).toEqual(['second 10009 true false', 'second 10009 false true'])
    expect(client.closed()).toBeUndefined()
  })

  test('routes are followed at once', async () => {
    const bridge = await run()
    const client = await connect(bridge.onebotPort)
    const base = bridge.config()
    const say = (text: string): void => {
      bridge.world().as(20_001).say(group(30_001), text)
    }
    say('one')
    await until(() => textsOf(client.frames).includes('one'), 'the first message')
    await bridge.apply({ ...base, routes: [{ from: 'onebot', to: 'world', events: { groups: [] } }] })
    say('two')
    await bridge.apply(base)
    say('three')
    await until(() => textsOf(client.frames).includes('three'), 'the last message')
    expect(textsOf(client.frames)).toEqual(['one', 'three'])
  })

  test('what cannot change while it runs is named', async () => {
    const bridge = await run()
    const applied = await bridge.apply({
      ...bridge.config(),
      data: '/nowhere/at/all',
      limits: { messageDays: 3, characters: 10 },
    })
    expect(applied).toEqual({ changes: ['limits.characters: changed'], later: ['data', 'limits.messageDays'] })
  })
})

describe('what cannot be followed leaves everything as it was', () => {
  test('a configuration with mistakes names all of them', async () => {
    const bridge = await run()
    const client = await connect(bridge.onebotPort)
    const bad = { ...bridge.config(), backnds: {}, routes: [{ from: 'nobody', to: 'world' }] } as ConfigInput
    const failure = await bridge.apply(bad).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ConfigError)
    expect((failure as ConfigError).problems).toEqual([
      'backnds: unknown key; did you mean backends?',
      'routes.0.from: no inbound is called nobody; there are: mirai, onebot',
    ])
    expect(client.closed()).toBeUndefined()
    expect(await statusOf(bridge.onebotPort)).toBe(200)
  })

  test('a weak secret on a public address opens no door, and nothing else of that configuration comes true', async () => {
    const bridge = await run({ inbounds: { onebot } })
    const open = { ...onebot, listen: '0.0.0.0:0', accessToken: '1234567890' }
    const inbounds = { onebot: { ...onebot, accessToken: 'another-access-token' }, open }
    await expect(bridge.apply({ backends: { world }, inbounds, log: { level: 'silent' } })).rejects.toThrow(ConfigError)
    expect(bridge.ports()['open']).toBeUndefined()
    expect(await statusOf(bridge.onebotPort)).toBe(200)
    expect(await statusOf(bridge.onebotPort, 'another-access-token')).toBe(403)
  })

  test('a port that is taken', async () => {
    const bridge = await run()
    const client = await connect(bridge.onebotPort)
    const owner = createServer().listen(0, '127.0.0.1')
    closers.push(() => owner.close())
    await until(() => owner.listening)
    const { port } = owner.address() as AddressInfo
    const base = bridge.config()
    const inbounds = { mirai, onebot: { ...onebot, listen: `127.0.0.1:${port}` }, more: onebot }
    await expect(bridge.apply({ ...base, inbounds })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(bridge.config()).toBe(base)
    expect(Object.keys(bridge.ports())).toEqual(['mirai', 'onebot', 'admin'])
    expect([client.closed(), await statusOf(bridge.onebotPort)]).toEqual([undefined, 200])
  })

  test('a world file that is gone: ports that made way and those that are new are as before', async () => {
    const port = await freePort()
    const narrow = { ...onebot, listen: `127.0.0.1:${port}` }
    const bridge = await run({ inbounds: { onebot: narrow }, admin: { listen: '127.0.0.1:0', token } })
    const client = await connect(port)
    const [base, ports] = [bridge.config(), bridge.ports()]
    const fresh = await freePort()
    await expect(
      bridge.apply({
        ...base,
        backends: { world: { dialect: 'embedded', world: '/nowhere/at/all.json' }, second: world },
        inbounds: {
          onebot: { ...onebot, accessToken: 'long-enough-to-be-a-secret', listen: `0.0.0.0:${port}` },
          more: { ...onebot, listen: `127.0.0.1:${fresh}` },
        },
        admin: { listen: '127.0.0.1:0', token: 'another-token-of-tests' },
      }),
    ).rejects.toThrow(/world file \/nowhere\/at\/all\.json: ENOENT/)
    await expectWhole(bridge, client)
    expect([bridge.config(), bridge.ports()]).toEqual([base, ports])
    await expect(statusOf(fresh)).rejects.toThrow('fetch failed')
    const { status } = await fetch(`http://127.0.0.1:${ports['admin']}/metrics`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(status).toBe(200)
  })

  test('a file of a filter that vanishes between the look at it and its use', async () => {
    const bridge = await run()
    const client = await connect(bridge.onebotPort)
    const base = bridge.config()
    const file = join(makeFolder(), 'filter.json')
    writeFileSync(file, '{"message_type":"private"}')
    const routes = [{ from: 'onebot', to: 'world', filter: file }]
    const applied = bridge.apply({ ...base, routes, inbounds: { onebot } })
    // The configuration was looked at in the turn before, its parts are made in one of the next.
    await Promise.resolve()
    unlinkSync(file)
    await expect(applied).rejects.toThrow('ENOENT')
    await expectWhole(bridge, client)
    expect(bridge.config()).toBe(base)
    expect(Object.keys(bridge.ports())).toEqual(['mirai', 'onebot', 'admin'])
  })

  test('a database that somebody else holds', async () => {
    const data = makeFolder()
    const bridge = await run({ data })
    const client = await connect(bridge.onebotPort)
    const base = bridge.config()
    const other = new DatabaseSync(databaseIn(data))
    closers.push(() => other.close())
    // Whatever is begun here until then is written already.
    await until(() => {
      try {
        other.exec('BEGIN IMMEDIATE')
        return true
      } catch {
        return false
      }
    }, 'the lock')
    const wanted = { ...base, backends: { world: { ...world, world: worldOf(10_008) }, second: world }, inbounds: {} }
    await expect(bridge.apply(wanted)).rejects.toThrow('database is locked')
    other.exec('ROLLBACK')
    await expectWhole(bridge, client)
    expect(bridge.bots().map(({ bot }) => bot)).toEqual([10_001])
    expect(await bridge.apply(wanted)).toMatchObject({ changes: expect.arrayContaining(['backends.second: added']) })
  })

  test('a faulty world', async () => {
    const bridge = await run()
    const base = bridge.config()
    const second = { dialect: 'embedded', world: { bots: 'none' } } as const
    await expect(bridge.apply({ ...base, backends: { second }, inbounds: {} })).rejects.toThrow(/^world: /)
    expect(await statusOf(bridge.onebotPort)).toBe(200)
  })

  test('before the start and after the end', async () => {
    const bridge = await run()
    await bridge.stop()
    await expect(bridge.apply(bridge.config())).rejects.toMatchObject({ kind: 'offline' })
  })
})

/** Who was connected is, hears what happens, and is answered. */
async function expectWhole(bridge: RunningBridge, client: Awaited<ReturnType<typeof connect>>): Promise<void> {
  bridge.world().as(20_001).say(group(30_001), 'still here')
  await until(() => textsOf(client.frames).includes('still here'), 'what is said')
  expect([client.closed(), textsOf(client.frames)]).toEqual([undefined, ['still here']])
  expect(await statusOf(bridge.ports()['onebot'] ?? 0)).toBe(200)
}

function worldOf(bot: number): Record<string, unknown> {
  return { accounts: [{ id: bot, bot: true, nickname: 'second' }] }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await until(() => server.listening)
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
