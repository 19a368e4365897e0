// One port for everything: both dialects side by side, several of each by path and by host, backends that connect, media.
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { readYaml } from '../src/cli/yaml.ts'
import { ConfigError, parseConfig, type ConfigInput } from '../src/config.ts'
import { accessToken, adminToken, startBridge, verifyKey, type RunningBridge } from './support/bridge.ts'
import { until } from './support/until.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const onebot = { dialect: 'onebot11', accessToken } as const
const mirai = { dialect: 'mirai', verifyKey } as const
const world = { dialect: 'embedded' } as const

async function freeListen(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await until(() => server.listening)
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `127.0.0.1:${port}`
}

async function run(config: Partial<ConfigInput>): Promise<RunningBridge> {
  const bridge = await startBridge(config)
  closers.push(() => bridge.stop())
  return bridge
}

/** The first frame of a WebSocket. */
async function greeting(listen: string, path: string, headers: Record<string, string> = {}): Promise<unknown> {
  const socket = new WebSocket(`ws://${listen}${path}`, { headers })
  closers.push(() => socket.terminate())
  const [data] = (await once(socket, 'message')) as [Buffer]
  return JSON.parse(data.toString())
}

const greeted = expect.objectContaining({ post_type: 'meta_event', sub_type: 'connect' }) as unknown
const bound = expect.objectContaining({
  syncId: '',
  data: { code: 0, session: expect.any(String) as string },
}) as unknown
const bearer = { authorization: `Bearer ${accessToken}` }

interface Answer {
  status: number
  text: string
}

function get(listen: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const [host = '', port = ''] = listen.split(':')
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, headers, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (piece) => (text += String(piece)))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asked.on('error', reject).end()
  })
}

test('both dialects and the admin on one port, told apart by what they ask for', async () => {
  const listen = await freeListen()
  const inbounds = { onebot: { ...onebot, listen }, mirai: { ...mirai, listen } }
  const bridge = await run({ inbounds, admin: { listen, token: adminToken } })
  expect(new Set(Object.values(bridge.ports())).size).toBe(1)
  const bot = bridge.bots()[0]?.bot
  const key = `verifyKey=${verifyKey}&qq=${bot}`
  expect(await greeting(listen, '/', bearer)).toEqual(greeted)
  expect(await greeting(listen, '/event', bearer)).toEqual(greeted)
  expect(await greeting(listen, `/event?${key}`)).toEqual(bound)
  expect(await greeting(listen, '/event', { verifyKey, qq: String(bot) })).toEqual(bound)
  expect(await greeting(listen, `/all?${key}`)).toEqual(bound)
  expect(JSON.parse((await get(listen, '/get_login_info', bearer)).text)).toMatchObject({ status: 'ok' })
  expect(JSON.parse((await get(listen, '/about')).text)).toMatchObject({ code: 0 })
  expect(JSON.parse((await get(listen, '/no_such_action', bearer)).text)).toMatchObject({ status: 'failed' })
  expect(await get(listen, '/healthz')).toMatchObject({ status: 200 })
})

test('by path: WebSocket, HTTP, server-sent events, each with the bots of its route', async () => {
  const listen = await freeListen()
  const second = { dialect: 'embedded', world: { accounts: [{ id: 10_009, bot: true, nickname: 'second' }] } } as const
  const bridge = await run({
    backends: { world, second },
    inbounds: {
      one: { ...onebot, listen, path: '/one' },
      two: { ...onebot, listen, path: '/two', accessToken: 'another-access-token' },
      old: { ...mirai, listen, path: '/old' },
      rest: { ...mirai, listen },
    },
    routes: [
      { from: ['one', 'old', 'rest'], to: 'world' },
      { from: 'two', to: 'second' },
    ],
  })
  expect(bridge.addresses()).toEqual(
    expect.arrayContaining([`OneBot 11 HTTP and WebSocket: ${listen}/one`, `mirai-api-http ws: ws://${listen}/old`]),
  )
  const other = { authorization: 'Bearer another-access-token' }
  const idOf = ({ text }: Answer): unknown => (JSON.parse(text) as { data: { user_id: number } | null }).data?.user_id
  expect(idOf(await get(listen, '/two/get_login_info', other))).toBe(10_009)
  expect(idOf(await get(listen, '/two/bots/10009/get_login_info', other))).toBe(10_009)
  expect(idOf(await get(listen, '/one/get_login_info', bearer))).toBe(bridge.bots()[0]?.bot)
  expect((await get(listen, '/two/get_login_info', bearer)).status).toBe(403)
  expect((await get(listen, '/get_login_info', bearer)).status).toBe(404)
  expect(await greeting(listen, '/one/event', bearer)).toEqual(greeted)
  expect(await greeting(listen, '/two', other)).toMatchObject({ self_id: 10_009 })
  expect(await greeting(listen, `/old/all?verifyKey=${verifyKey}&qq=${bridge.bots()[0]?.bot}`)).toEqual(bound)
  expect(await greeting(listen, `/all?verifyKey=${verifyKey}&qq=${bridge.bots()[0]?.bot}`)).toEqual(bound)
  const opened = await fetch(`http://${listen}/old/verify`, { method: 'POST', body: JSON.stringify({ verifyKey }) })
  const { session } = (await opened.json()) as { session: string }
  const countAt = async (path: string): Promise<unknown> =>
    (JSON.parse((await get(listen, `${path}/countMessage?sessionKey=${session}`)).text) as { code: number }).code
  // Not bound, and not known.
  expect([await countAt('/old'), await countAt('')]).toEqual([500, 3])
  const events = new AbortController()
  closers.push(() => events.abort())
  const stream = await fetch(`http://${listen}/one/_events`, { headers: bearer, signal: events.signal })
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
})

test('by host name', async () => {
  const listen = await freeListen()
  await run({
    inbounds: {
      one: { ...onebot, listen, host: 'One.example.org' },
      two: { ...onebot, listen, host: 'two.example.org', accessToken: 'another-access-token' },
    },
  })
  const statuses = ['one.example.org', 'two.example.org:80', 'three.example.org'].map(
    async (host) => (await get(listen, '/get_login_info', { ...bearer, host })).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 403, 404])
  expect(await greeting(listen, '/', { ...bearer, host: 'one.example.org' })).toEqual(greeted)
})

test('a backend that connects or posts to a path shares the port; media are served beside it', async () => {
  const listen = await freeListen()
  const token = 'token-of-the-backend'
  const bridge = await run({
    backends: {
      world,
      far: { dialect: 'onebot11', listen, accessToken: token, path: '/onebot' },
      posts: {
        dialect: 'onebot11',
        http: 'http://127.0.0.1:9',
        webhook: { listen, path: '/hook', secret: 's'.repeat(20) },
      },
    },
    inbounds: { onebot: { ...onebot, listen }, mirai: { ...mirai, listen } },
  })
  const socket = new WebSocket(`ws://${listen}/onebot`, {
    headers: { authorization: `Bearer ${token}`, 'x-self-id': '10777', 'x-client-role': 'Universal' },
  })
  closers.push(() => socket.terminate())
  socket.on('message', (data: Buffer) => {
    const { echo } = JSON.parse(data.toString()) as { echo: unknown }
    socket.send(JSON.stringify({ status: 'ok', retcode: 0, data: { user_id: 10_777, nickname: 'far' }, echo }))
  })
  await until(() => bridge.backends().find(({ name }) => name === 'far')?.bots.length === 1, 'the account')
  expect((await fetch(`http://${listen}/hook`, { method: 'POST', body: '{}' })).status).toBe(401)
  expect(await greeting(listen, '/', bearer)).toEqual(greeted)
  expect((await get(listen, '/media/nothing')).status).toBe(404)
})

test('the example of docs/sharing.md', async () => {
  const page = readFileSync(new URL('../docs/sharing.md', import.meta.url), 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'sharing-'))
  closers.push(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'a.yaml'), /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
  const example = (await readYaml(join(folder, 'a.yaml'))) as Partial<ConfigInput>
  const config = { backends: { napcat: { dialect: 'onebot11', ws: 'ws://127.0.0.1:1' } }, ...example }
  const { inbounds } = parseConfig(config, { variable: () => 'a-secret-of-sixteen-characters' })
  expect(Object.values(inbounds).map(({ path }) => path)).toEqual(['/shop', '/games', undefined])
})

describe('what cannot be told apart is said when the configuration is read', () => {
  const listen = '127.0.0.1:8080'
  const problemsOf = (config: ConfigInput): readonly string[] => {
    try {
      parseConfig(config)
    } catch (error) {
      if (error instanceof ConfigError) return error.problems
      throw error
    }
    return []
  }
  const far = { dialect: 'onebot11', listen } as const
  const mah = { dialect: 'mirai' as const, listen, bots: [10_001] }
  const fix = (key: string, path: string): string => `set ${key}.path, to ${path} for one`

  test.each<[string, Partial<ConfigInput>, string[]]>([
    [
      'two of the same dialect',
      { inbounds: { a: { ...onebot, listen }, b: { ...onebot, listen } } },
      [
        `inbounds.b: OneBot clients at ${listen} cannot be told from those of inbounds.a; ${fix('inbounds.b', '/b')}, or inbounds.b.host, or listen on another port`,
      ],
    ],
    [
      'two that share what they offer',
      { inbounds: { a: { ...mirai, listen, path: '/x' }, b: { ...mirai, listen, path: '/x', adapters: ['ws'] } } },
      [
        `inbounds.b: mirai WebSocket clients at ${listen}/x cannot be told from those of inbounds.a; ${fix('inbounds.b', '/b')}, or inbounds.b.host, or listen on another port`,
      ],
    ],
    [
      'two implementations that connect to any path',
      { backends: { a: far, b: far } },
      [
        `backends.b: implementations that connect at ${listen} cannot be told from those of backends.a; ${fix('backends.b', '/b')}, or listen on another port`,
      ],
    ],
    [
      'a server that connects to the root, and OneBot clients',
      { backends: { mah }, inbounds: { a: { ...onebot, listen } } },
      [
        `backends.mah: connections to the path itself at ${listen} cannot be told from those of inbounds.a; ${fix('backends.mah', '/mah')}, or listen on another port`,
      ],
    ],
    [
      'events that are posted to the root, and OneBot clients',
      {
        backends: { hook: { dialect: 'onebot11', http: 'http://127.0.0.1:9', webhook: { listen } } },
        inbounds: { a: { ...onebot, listen } },
      },
      [
        `backends.hook: requests to the path itself at ${listen} cannot be told from those of inbounds.a; ${fix('backends.hook.webhook', '/hook')}, or listen on another port`,
      ],
    ],
    [
      'the same port written in two ways',
      { inbounds: { a: { ...onebot, listen }, b: { ...mirai, listen: 'localhost:8080' } } },
      [
        `inbounds.b.listen: localhost:8080 and ${listen} of inbounds.a are the same port; write both alike to share it, or choose another port`,
      ],
    ],
    [
      'every address and one of them',
      { inbounds: { a: { ...onebot, listen }, b: { ...mirai, verifyKey: 'x'.repeat(20), listen: '0.0.0.0:8080' } } },
      [
        `inbounds.b.listen: 0.0.0.0:8080 and ${listen} of inbounds.a are the same port; write both alike to share it, or choose another port`,
      ],
    ],
    [
      'a path that is taken',
      { inbounds: { a: { ...onebot, listen, path: '/media/x' } } },
      ['inbounds.a.path: /media is where the bridge offers media on each of its ports; choose another path'],
    ],
    [
      'a path that is none',
      { inbounds: { a: { ...onebot, listen, path: 'napcat/' } } },
      ['inbounds.a.path: expected a path like /napcat, without a slash at its end, got "napcat/"'],
    ],
    [
      'a host with a port',
      { inbounds: { a: { ...onebot, listen, host: 'a.example.org:80' } } },
      ['inbounds.a.host: expected a host name like a.example.org, without a port, got "a.example.org:80"'],
    ],
  ])('%s', (_, part, problems) => {
    expect(problemsOf({ backends: {}, inbounds: {}, ...part })).toEqual(problems)
  })

  test.each<[string, Partial<ConfigInput>]>([
    ['both dialects', { inbounds: { a: { ...onebot, listen }, b: { ...mirai, listen } } }],
    ['other hosts', { inbounds: { a: { ...onebot, listen, host: 'a.org' }, b: { ...onebot, listen, host: 'b.org' } } }],
    [
      'HTTP here, WebSocket there',
      {
        inbounds: { a: { ...mirai, listen, adapters: ['http'] }, b: { ...mirai, listen, adapters: ['ws', 'webhook'] } },
      },
    ],
    [
      'an implementation that says who it is, and OneBot clients',
      { backends: { far }, inbounds: { a: { ...onebot, listen } } },
    ],
    [
      'ports that the system chooses',
      {
        inbounds: { a: { ...onebot, listen: '127.0.0.1:0' }, b: { ...onebot, listen: '127.0.0.1:0' } },
      },
    ],
    ['IPv6 and IPv4', { inbounds: { a: { ...onebot, listen }, b: { ...onebot, listen: '[::1]:8080' } } }],
  ])('%s can share', (_, part) => {
    expect(problemsOf({ backends: {}, inbounds: {}, ...part })).toEqual([])
  })
})
