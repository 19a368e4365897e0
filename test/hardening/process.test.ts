// The process: what it says and with which code it ends when it cannot start, and that it ends when it is told to.
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ConfigError, parseConfig } from '../../src/config.ts'
import { configFile, launch } from './launch.ts'
import { dial, open } from './support.ts'

function problemsOf(input: unknown): readonly string[] {
  try {
    parseConfig(input)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const embedded = { world: { dialect: 'embedded' } }

test.concurrent.each(['MIRAI_PORT', 'ADMIN_PORT'])('%s in use: exit code 1, the port named', async (variable) => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const { code, out, err } = await launch({ [variable]: String(port) }).ended
  expect(code).toBe(1)
  expect(err).toMatch(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use by another program\\. .*\\n$`))
  expect(out).toBe('')
  await new Promise((done) => holder.close(done))
})

describe('configurations that cannot be used: exit code 2', () => {
  const inbound = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: 'a-secret-for-this-test' }
  test.each<[string, unknown, (string | RegExp)[]]>([
    [
      'everything wrong at once',
      {
        backends: { far: { dialect: 'onebot11', wss: 'x' }, gone: { dialect: 'mirai', ws: 'http://x', bots: ['1'] } },
        inbounds: { a: { ...inbound, accesToken: 5 }, b: { dialect: 'mirai', listen: 5, verifyKey: 12345678 } },
        routs: [],
        enrichDeadlineMs: -1,
      },
      [
        /backends\.far\.wss: unknown key; did you mean ws\?/,
        /backends\.gone\.ws: expected ws:\/\/ or wss:\/\/, got "http:\/\/x"/,
        /backends\.gone\.bots\.0: expected/,
        /inbounds\.a\.accesToken: unknown key; did you mean accessToken\?/,
        /inbounds\.b\.listen: expected a text, got 5/,
        /inbounds\.b\.verifyKey: expected a text, got something else/,
        /routs: unknown key; did you mean routes\?/,
        /enrichDeadlineMs: expected 0 or more, got -1/,
      ],
    ],
    [
      'unknown dialect',
      { backends: { a: { dialect: 'telegram' } }, inbounds: {} },
      [/backends\.a\.dialect: expected onebot11, mirai or embedded, got "telegram"/],
    ],
    [
      'routes to nowhere',
      { backends: embedded, inbounds: { a: inbound }, routes: [{ from: 'b', to: '__proto__' }] },
      ['routes.0.from: no inbound is called b', 'routes.0.to: no backend is called __proto__'],
    ],
    [
      'an address that is none',
      { backends: embedded, inbounds: { a: { ...inbound, listen: 'here' } } },
      ['inbounds.a.listen: expected host:port, got here'],
    ],
    ['nothing', {}, [/backends: /, /inbounds: /]],
    ['a list', [], [/backends: |configuration: /]],
    [
      'an unset variable',
      { backends: embedded, inbounds: { a: { ...inbound, accessToken: '${NOT_SET_AT_ALL}' } } },
      ['environment variable NOT_SET_AT_ALL is not set'],
    ],
    ...['', '123456', 'napcat', 'short'].map((accessToken): [string, unknown, (string | RegExp)[]] => [
      `the secret "${accessToken}" on 0.0.0.0`,
      { backends: embedded, inbounds: { a: { ...inbound, listen: '0.0.0.0:0', accessToken } } },
      [
        /inbounds\.a: 0\.0\.0\.0:0 can be reached from outside and accessToken is .*; set inbounds\.a\.accessToken to a random text/,
      ],
    ]),
    [
      'verification off on ::',
      {
        backends: embedded,
        inbounds: {
          a: { dialect: 'mirai', listen: '[::]:0', verifyKey: 'a-secret-for-this-test', enableVerify: false },
        },
      },
      [/inbounds\.a: \[::\]:0 can be reached from outside and verifyKey is empty/],
    ],
    [
      'an open console',
      { backends: embedded, inbounds: {}, admin: { listen: '0.0.0.0:0', token: 'admin' } },
      [/admin: 0\.0\.0\.0:0 .* token is .*; set admin\.token/],
    ],
  ])('%s', (_, content, expected) => {
    const problems = problemsOf(content).join('\n')
    for (const line of expected) {
      if (typeof line === 'string') expect(problems).toContain(line)
      else expect(problems).toMatch(line)
    }
    expect(problems).not.toContain('a-secret-for-this-test')
  })

  const weak = { backends: embedded, inbounds: { a: { ...inbound, listen: '0.0.0.0:0', accessToken: 'napcat' } } }
  test.concurrent.each<[string, unknown, RegExp]>([
    ['weak', weak, /inbounds\.a: 0\.0\.0\.0:0 .*accessToken is a well-known one; set inbounds\.a\.accessToken to/],
    ['typo', { ...weak, allowInsecure: true, routs: [] }, /routs: unknown key; did you mean routes\?/],
    ['cut', '{"backends":', /cut\.json/],
  ])('%s', async (name, content, line) => {
    const { code, out, err } = await launch({}, ['--config', configFile(`${name}.json`, content)]).ended
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^The configuration cannot be used:\n {2}/)
    expect(err).toMatch(line)
    expect(err).not.toMatch(/\n\s+at |node:internal/)
  })

  test.concurrent.each<[Record<string, string>, RegExp]>([
    [{ MIRAI_PORT: 'x' }, /MIRAI_PORT: expected a port from 0 to 65535, got x/],
    [{ ADMIN_PORT: '70000' }, /ADMIN_PORT: expected a port/],
    [{ BRIDGE_CONFIG: 'gone.json' }, /there is no configuration file/],
    [{ BRIDGE_WORLD: 'gone.json' }, /gone\.json/],
  ])('%j', async (environment, text) => {
    const { code, out, err } = await launch(environment).ended
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(text)
    expect(err).not.toMatch(/\n\s+at /)
  })
})

test.concurrent('allowInsecure starts all the same and says so', async () => {
  const config = {
    backends: embedded,
    inbounds: { a: { dialect: 'onebot11', listen: '0.0.0.0:0' } },
    allowInsecure: true,
  }
  const started = launch({}, ['--config', configFile('insecure.json', config)])
  await started.says('OneBot 11')
  started.signal('SIGTERM')
  const { code, out, err } = await started.ended
  expect(code).toBe(0)
  expect(out + err).toMatch(/allowInsecure|reached from outside/)
})

test.concurrent.each(['SIGTERM', 'SIGINT'] as const)('%s: clients are told, exit code 0', async (signal) => {
  const started = launch({ ONEBOT_ACCESS_TOKEN: 'a-token-for-this-test' })
  const out = await started.says('World control')
  const port = /ws {4}(ws:\/\/127\.0\.0\.1:\d+)\n +\{ "url"/.exec(out)?.[1] ?? ''
  const client = await open(dial(port, { authorization: 'a-token-for-this-test' }))
  started.signal(signal)
  expect((await client.closed).code).toBe(1001)
  const { code, err } = await started.ended
  expect([code, err]).toEqual([0, `${signal}: stopping\n`])
  expect(out).not.toContain('a-token-for-this-test')
})

test.concurrent('backends that are away do not keep it from starting or ending', async () => {
  const config = {
    backends: {
      one: { dialect: 'onebot11', ws: 'ws://127.0.0.1:1', accessToken: 'a-token-for-this-test' },
      two: { dialect: 'mirai', ws: 'ws://127.0.0.1:1', verifyKey: 'a-token-for-this-test', bots: [10001] },
    },
    inbounds: { a: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: 'another-token-for-this-test' } },
  }
  const started = launch({}, ['--config', configFile('away.json', config)])
  await started.says('OneBot 11')
  started.signal('SIGTERM')
  const { code, out, err } = await started.ended
  expect(code).toBe(0)
  expect(out + err).not.toContain('token-for-this-test')
})
