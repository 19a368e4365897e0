// How the process ends, and what it leaves behind: calls under way, defects, locks, damaged files, rights, kill -9.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { FakeOneBot, silence } from '../outbound/onebot11/fake-onebot.ts'
import { accessToken } from '../support/bridge.ts'
import { until } from '../support/until.ts'
import { configFile, folder, freePorts, launch, launchCommand, type Started } from './launch.ts'
import { dial, open, type Client } from './support.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

let configs = 0

/** A bridge process before a backend of this test. `head`: code that runs in it. */
async function start(
  data: string,
  backend: FakeOneBot,
  head = '',
  level = 'error',
): Promise<{ started: Started; url: string }> {
  const config = {
    data: join(folder, data),
    backends: { far: { dialect: 'onebot11', ws: backend.url, reconnect: { firstMs: 20 } } },
    inbounds: { a: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } },
    log: { level },
  }
  const path = configFile(`endings-${configs++}.mjs`, `${head}\nexport default ${JSON.stringify(config)}`)
  const started = launch({}, ['--config', path])
  closers.push(() => started.signal('SIGKILL'))
  const said = await started.says('WebSocket: ')
  const port = /WebSocket: (?:\S*?)127\.0\.0\.1:(\d+)/.exec(said)?.[1]
  await until(() => backend.sockets.size > 0, 'the backend is connected to')
  return { started, url: `ws://127.0.0.1:${port}/api` }
}

async function fake(): Promise<FakeOneBot> {
  const backend = await new FakeOneBot().listen()
  closers.push(() => backend.close())
  backend.on('get_friend_list', []).on('get_group_list', [])
  return backend
}

/** A client whose account is there. */
async function connect(url: string): Promise<Client> {
  const client = await open(dial(url, { authorization: `Bearer ${accessToken}` }))
  for (;;) {
    client.send({ action: 'get_login_info', echo: 'up' })
    if ((await client.find((text) => text.includes('"echo":"up"'))).includes('10001')) return client
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const send = { action: 'send_group_msg', params: { group_id: 30001, message: 'hi' } }

test('SIGTERM: a call under way is answered, a new one refused, then 1001 and exit code 0', async () => {
  const backend = await fake()
  backend.on('send_group_msg', silence)
  const { started, url } = await start('graceful', backend)
  const client = await connect(url)
  client.send({ ...send, echo: 'early' })
  const asked = await until(() => backend.frames.find(({ action }) => action === 'send_group_msg'), 'the call')
  started.signal('SIGTERM')
  for (let refused = false; !refused;) {
    client.send({ action: 'get_group_info', params: { group_id: 30001 }, echo: 'late' })
    refused = (await client.find((text) => text.includes('"echo":"late"'))).includes('the bridge is stopping')
  }
  backend.send({ status: 'ok', retcode: 0, data: { message_id: 77 }, message: '', wording: '', echo: asked.echo })
  const answer = JSON.parse(await client.find((text) => text.includes('"echo":"early"'))) as object
  expect(answer).toMatchObject({ status: 'ok', retcode: 0 })
  expect((await client.closed).code).toBe(1001)
  expect((await started.ended).code).toBe(0)
})

test('SIGTERM under load: what reached the backend is answered with its result, all else is refused, then 1001', async () => {
  const backend = await fake()
  let native = 0
  backend.on('send_group_msg', () => ({ message_id: ++native }))
  const { started, url } = await start('loaded', backend)
  const clients = await Promise.all([1, 2, 3, 4].map(() => connect(url)))
  const answers = new Map<string, string>()
  const twice: string[] = []
  const sendings = clients.map(async (client, at) => {
    const own = { answered: 0 }
    client.raw.on('message', (data: Buffer) => {
      const { echo, status } = JSON.parse(data.toString()) as { echo: string; status: string }
      if (answers.has(echo)) twice.push(echo)
      answers.set(echo, status)
      own.answered++
    })
    for (let number = 0; client.raw.readyState === client.raw.OPEN; number++) {
      const echo = `${at}-${number}`
      client.send({ action: 'send_group_msg', params: { group_id: 30001, message: echo }, echo })
      // 32 are under way; what is refused while it stops comes faster than what is served.
      while (number - own.answered > 32 && client.raw.readyState === client.raw.OPEN) {
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
  })
  await until(() => answers.size > 500, 'the load')
  started.signal('SIGTERM')
  const codes = await Promise.all(clients.map(({ closed }) => closed.then(({ code }) => code)))
  expect(codes).toEqual([1001, 1001, 1001, 1001])
  expect((await started.ended).code).toBe(0)
  await Promise.all(sendings)
  const reached = backend.frames
    .filter(({ action }) => action === 'send_group_msg')
    .map(({ params }) => /\d+-\d+/.exec(JSON.stringify(params['message']))?.[0] ?? '')
  expect(twice).toEqual([])
  expect(reached.filter((echo) => answers.get(echo) !== 'ok')).toEqual([])
  expect([...answers.values()].filter((status) => status === 'ok')).toHaveLength(reached.length)
})

test('a second signal ends at once, whatever is under way', async () => {
  const backend = await fake()
  backend.on('send_group_msg', silence)
  const { started, url } = await start('twice', backend)
  const client = await connect(url)
  client.send({ ...send, echo: 'early' })
  await until(() => backend.frames.find(({ action }) => action === 'send_group_msg'), 'the call')
  started.signal('SIGTERM')
  await new Promise((resolve) => setTimeout(resolve, 100))
  const told = performance.now()
  started.signal('SIGTERM')
  expect((await started.ended).code).toBe(130)
  expect(performance.now() - told).toBeLessThan(2000)
})

test('an uncaught error is logged, what was learnt written, exit code 70', async () => {
  const backend = await fake()
  backend.on('send_group_msg', { message_id: 77 })
  const head = `process.on('SIGUSR2', () => { throw new Error('a defect of this test') })`
  const { started, url } = await start('defect', backend, head)
  const client = await connect(url)
  client.send({ ...send, echo: 's' })
  await client.find((text) => text.includes('"echo":"s"'))
  started.signal('SIGUSR2')
  expect((await client.closed).code).toBe(1001)
  const { code, err } = await started.ended
  expect(code).toBe(70)
  expect(err).toContain('a defect of this test')
  // The log of the database was written back and the lock is gone: it was closed in order.
  expect(readdirSync(join(folder, 'defect')).toSorted()).toEqual(['bridge.db', 'media'])
})

test('a promise that fails and that nobody waits for: as an uncaught error', async () => {
  const backend = await fake()
  const head = `process.on('SIGUSR2', () => { void Promise.reject(new Error('refused: {"accessToken":"canary-of-the-defect"}')) })`
  const { started } = await start('rejection', backend, head)
  started.signal('SIGUSR2')
  const { code, err } = await started.ended
  expect(code).toBe(70)
  expect(err).toContain('uncaught: Error: refused: {"accessToken":"***"}')
  expect(readdirSync(join(folder, 'rejection')).toSorted()).toEqual(['bridge.db', 'media'])
})

test('an error while it stops: exit code 70', async () => {
  const backend = await fake()
  backend.on('send_group_msg', silence)
  const head = `process.on('SIGUSR2', () => { throw new Error('a defect of this test') })`
  const { started, url } = await start('late-defect', backend, head)
  const client = await connect(url)
  client.send({ ...send, echo: 'early' })
  const asked = await until(() => backend.frames.find(({ action }) => action === 'send_group_msg'), 'the call')
  started.signal('SIGTERM')
  await started.complains('SIGTERM: stopping')
  started.signal('SIGUSR2')
  await started.complains('a defect of this test')
  backend.send({ status: 'ok', retcode: 0, data: { message_id: 77 }, message: '', wording: '', echo: asked.echo })
  expect(await client.find((text) => text.includes('"echo":"early"'))).toContain('"status":"ok"')
  expect((await started.ended).code).toBe(70)
})

test('output that nobody reads any more does not end it', async () => {
  const backend = await fake()
  backend.on('send_group_msg', { message_id: 77 })
  const { started, url } = await start('deaf', backend, '', 'debug')
  const client = await connect(url)
  started.deafen()
  for (let echo = 1; echo <= 20; echo++) {
    // Each of them is logged: they are not what they should be.
    backend.send(`{"post_type":"message","self_id":10001,"time":${echo}}`)
    backend.send({ status: 'ok', retcode: 0, data: null, echo: `nobody ${echo}` })
    client.send({
      ...send,
      params: {
        group_id: 30001,
        message: [
          { type: 'made_up', data: {} },
          { type: 'text', data: { text: 'hi' } },
        ],
      },
      echo,
    })
    expect(await client.next()).toContain('"status":"ok"')
  }
  started.signal('SIGTERM')
  expect((await client.closed).code).toBe(1001)
  expect((await started.ended).code).toBe(0)
})

test.each([
  ['a file', (path: string) => writeFileSync(path, 'x'), /cannot be used: something else has its name \(EEXIST: /],
  [
    'with a folder for a journal',
    (path: string) => mkdirSync(join(path, 'bridge.journal'), { recursive: true }),
    /\(EISDIR: /,
  ],
])('a data folder that is %s: exit code 1, without a stack', async (name, make, words) => {
  const data = join(folder, `unusable-${name.replaceAll(' ', '-')}`)
  make(data)
  const { code, err } = await launch({ BRIDGE_DATA: data }, ['--no-config']).ended
  expect(code).toBe(1)
  expect(err).toMatch(words)
  expect(err).not.toMatch(/\n\s+at /)
})

const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0

/** A bridge with its data on a disk of its own, of so many kB. */
function launchOnDisk(place: string, kilobytes: number, readOnly: boolean): Started {
  mkdirSync(place)
  const mount = `mount -t tmpfs -o size=${kilobytes}k tmpfs '${place}'${readOnly ? ` && mount -o remount,ro '${place}'` : ''}`
  const args = [
    '-rm',
    'sh',
    '-c',
    `${mount} && exec "$0" "$@"`,
    process.execPath,
    resolve('src/main.ts'),
    'start',
    '--no-config',
  ]
  return launchCommand('unshare', args, { ...freePorts, BRIDGE_DATA: place, ONEBOT_ACCESS_TOKEN: accessToken })
}

test.skipIf(!canMount).each([
  ['full', 64, false, 'busy: the data folder .* cannot be used: the disk is full'],
  ['read-only', 1024, true, 'noPermission: the data folder .* cannot be used: this user may not write there'],
] as const)(
  'a disk that is %s at the start: said, exit code 1, nothing is moved aside',
  async (name, size, ro, words) => {
    const { code, err } = await launchOnDisk(join(folder, `disk-${name}`), size, ro).ended
    expect(code).toBe(1)
    expect(err).toMatch(new RegExp(`^${words}`))
    expect(err).not.toContain('moved')
  },
)

test.skipIf(!canMount)('a disk that gets full: said once, and everybody is served as before', async () => {
  const started = launchOnDisk(join(folder, 'disk-small'), 600, false)
  closers.push(() => started.signal('SIGKILL'))
  const out = await started.says('World control')
  const [, url = ''] = /ws {4}(ws:\/\/127\.0\.0\.1:\d+)\n/.exec(out) ?? []
  const client = await open(dial(url, { authorization: accessToken }))
  const long = 'x'.repeat(2000)
  for (let echo = 1; echo <= 600; echo++) {
    client.send({ action: 'send_group_msg', params: { group_id: 30001, message: `${echo} ${long}` }, echo })
    expect(await client.find((text) => text.includes(`"echo":${echo}}`))).toContain('"status":"ok"')
  }
  started.signal('SIGTERM')
  const { code, out: all, err } = await started.ended
  expect(code).toBe(0)
  const complaints = (all + err).match(/what was learnt could not be written/g) ?? []
  expect(complaints.length).toBeGreaterThan(0)
  expect(complaints.length).toBeLessThan(5)
  expect(all + err).not.toMatch(/unexpected|uncaught/)
})

test(
  'kill -9 during a thousand sends: every id that a client received still leads to its message',
  { timeout: 120_000 },
  async () => {
    const backend = await fake()
    let native = 2_000_000_000_000
    const texts = new Map<string, string>()
    backend.on('send_group_msg', (params: Record<string, unknown>) => {
      const id = String(++native)
      texts.set(id, JSON.stringify(params['message']))
      return { message_id: id }
    })
    backend.on('delete_msg', null)
    const received = new Map<number, string>()
    for (let round = 1; round <= 3; round++) {
      const { started, url } = await start('killed', backend)
      const client = await connect(url)
      let at = 0
      const load = async (): Promise<void> => {
        for (;;) {
          const text = `${round}-${++at}`
          client.send({ action: 'send_group_msg', params: { group_id: 30001, message: text }, echo: text })
          const answer = JSON.parse(await client.find((said) => said.includes(`"echo":"${text}"`))) as {
            data: { message_id: number }
          }
          received.set(answer.data.message_id, text)
        }
      }
      const loading = load().catch(() => {})
      await until(() => received.size >= round * 334, 'the load', 30_000)
      started.signal('SIGKILL')
      await Promise.all([loading, started.ended])
      await until(() => backend.sockets.size === 0, 'the end')
    }
    const { url } = await start('killed', backend)
    const client = await connect(url)
    const before = backend.frames.length
    // From the log: this backend knows no get_msg.
    for (const [id, text] of received) {
      client.send({ action: 'get_msg', params: { message_id: id }, echo: id })
      const { data } = JSON.parse(await client.next()) as { data: unknown }
      expect(data).toMatchObject({ message_id: id, message: [{ type: 'text', data: { text } }] })
    }
    for (const id of received.keys()) {
      client.send({ action: 'delete_msg', params: { message_id: id }, echo: id })
      expect(JSON.parse(await client.next())).toMatchObject({ status: 'ok', echo: id })
    }
    const recalled = backend.frames.slice(before).filter(({ action }) => action === 'delete_msg')
    const found = recalled.map(({ params }) => texts.get(String(params['message_id'])) ?? '')
    const wanted = [...received.values()]
    expect(found.length).toBe(wanted.length)
    expect(wanted.filter((text, at) => !found[at]?.includes(`"${text}"`))).toEqual([])
  },
)

test('a damaged data file is set aside', async () => {
  const data = join(folder, 'damaged')
  mkdirSync(data)
  writeFileSync(join(data, 'bridge.db'), Buffer.alloc(8192, 'x'))
  const backend = await fake()
  const { started } = await start('damaged', backend)
  started.signal('SIGTERM')
  const { code, out, err } = await started.ended
  expect(code).toBe(0)
  expect(out + err).toMatch(/the data file could not be read .* it was moved to .*bridge\.db\.damaged-\d+/)
  const names = readdirSync(data)
  const aside = names.find((name) => name.startsWith('bridge.db.damaged-')) ?? ''
  expect(readFileSync(join(data, aside)).equals(Buffer.alloc(8192, 'x'))).toBe(true)
  expect(names).toContain('bridge.db')
})

test('a data folder has one owner, a killed one is followed; nobody else may read it', async () => {
  const backend = await fake()
  const first = await start('owned', backend)
  const data = join(folder, 'owned')
  expect(statSync(data).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(data)) {
    expect([name, statSync(join(data, name)).mode & 0o777]).toEqual([name, name === 'media' ? 0o700 : 0o600])
  }
  const second = await start('owned', backend).catch((error: Error) => error.message)
  expect(second).toContain('ended with 1: ')
  expect(second).toContain(
    `the data folder ${data} is in use by process ${first.started.pid}. Stop it or set data to another folder`,
  )
  expect(second).not.toMatch(/\n\s+at /)
  first.started.signal('SIGKILL')
  await first.started.ended
  expect(readdirSync(data)).toContain('bridge.lock')
  const third = await start('owned', backend)
  third.started.signal('SIGTERM')
  expect((await third.started.ended).code).toBe(0)
  expect(readdirSync(data)).not.toContain('bridge.lock')
})
