// check, call, inspect and the help, each as a process.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/cli/check.ts'
import type { InspectRow } from '../../src/translate/inspect.ts'
import { accessToken, startBridge, verifyKey } from '../support/bridge.ts'
import { makeFolder, run } from './run.ts'

function writeConfig(config: unknown): string {
  const file = join(makeFolder(), 'some.json')
  writeFileSync(file, JSON.stringify(config))
  return file
}

interface Checked {
  ok: boolean
  backends: Finding[]
}

describe.concurrent('check', () => {
  test('every backend says what it is', async ({ expect }) => {
    await using bridge = await startBridge()
    const config = writeConfig({
      backends: {
        lab: { dialect: 'embedded' },
        bot: { dialect: 'onebot11', ws: `ws://127.0.0.1:${bridge.onebotPort}`, accessToken },
        mah: { dialect: 'mirai', ws: `ws://127.0.0.1:${bridge.miraiPort}`, verifyKey, bots: [10001] },
      },
      inbounds: {},
    })
    const { code, out } = await run(['check', '--config', config, '--json'])
    const { ok, backends } = JSON.parse(out) as Checked
    expect([code, ok]).toEqual([0, true])
    expect(backends.map(({ backend, bots }) => [backend, bots[0]?.bot, bots[0]?.online])).toEqual([
      ['lab', 10001, true],
      ['bot', 10001, true],
      ['mah', 10001, true],
    ])
    const mah = backends[2]
    expect(mah).toMatchObject({ implementation: 'mirai-api-http', version: '2.10.0', ok: true })
    expect(Object.keys(mah?.unsupported ?? {})).toContain('message.react')
    const readable = await run(['check', '--config', config])
    expect(readable.out).toMatch(/^ok {4}mah {2}mirai ws:\/\/127\.0\.0\.1:\d+: mirai-api-http 2\.10\.0$/m)
    expect(readable.out).toContain('every backend is there')
  })

  test('a backend that is away: why, soon, and without hiding the others', async ({ expect }) => {
    const config = writeConfig({
      backends: { lab: { dialect: 'embedded' }, gone: { dialect: 'onebot11', ws: 'ws://127.0.0.1:1' } },
      inbounds: {},
    })
    const { code, out } = await run(['check', '--config', config, '--timeout', '15'])
    expect(code).toBe(1)
    expect(out).toMatch(/FAIL {2}gone {2}onebot11 ws:\/\/127\.0\.0\.1:1\n {6}not connected: ECONNREFUSED\n/)
    expect(out).toMatch(/ok {4}lab/)
  })

  test('nobody comes: bounded, and told what it waits for', async ({ expect }) => {
    const config = writeConfig({ backends: { rev: { dialect: 'onebot11', listen: '127.0.0.1:0' } }, inbounds: {} })
    const { code, out, err } = await run(['check', '--config', config, '--timeout', '1.3'])
    expect(code).toBe(1)
    expect(out).toContain('no account came on line within 1.3 s')
    expect(err).toBe('waiting for rev (1 s)\n')
  })

  test('a configuration that cannot be used: 2', async ({ expect }) => {
    const { code, err } = await run(['check', '--config', writeConfig({ backends: {}, inbounds: { a: {} } })])
    expect(code).toBe(2)
    expect(err).toMatch(/inbounds\.a\.dialect: is missing/)
  })
})

describe.concurrent('a configuration file', () => {
  test.for([
    [
      'yaml',
      'admin:\n  token: some-secret\nroutes: [\n',
      'unexpected end of the stream within a flow collection (4:1)',
    ],
    ['json', '{\n  "admin": { "token": some-secret }\n}', "Unexpected token 's' (line 2)"],
    ['json', '{ "admin": { "token": "some-secret"', 'at position 35 (line 1 column 36)'],
    ['ts', `export default { admin: { token: 'some-secret'`, 'ParseError: Unexpected token'],
  ] as const)('that does not parse (%s): the place of the fault, not what stands there', async (row, { expect }) => {
    const [ending, text, fault] = row
    const file = join(makeFolder(), `some.${ending}`)
    writeFileSync(file, text)
    const { code, err } = await run(['check', '--config', file])
    expect(code).toBe(2)
    expect(err).toMatch(/^The configuration cannot be used:\n {2}[^\n]+\n$/)
    expect(err).toContain(fault)
    expect(err).not.toMatch(/some-|secret/)
  })

  test('has the library by its name wherever it lies, the one that runs', async ({ expect }) => {
    const file = join(makeFolder(), 'some.ts')
    const config = `{ backends: { napcat: { dialect: 'onebot11', ws: env('NAPCAT_URL') } }, inbounds: {} }`
    writeFileSync(
      file,
      `import { defineConfig, env } from 'onebot-mirai-bridge'\nexport default defineConfig(${config})`,
    )
    const { code, err } = await run(['inspect', '--config', file])
    expect([code, err]).toEqual([
      2,
      'The configuration cannot be used:\n  environment variable NAPCAT_URL is not set\n',
    ])
    const { code: asked, out } = await run(['inspect', '--config', file], { env: { NAPCAT_URL: 'ws://127.0.0.1:1' } })
    expect([asked, out]).toEqual([0, expect.stringContaining('For each row: --from')])
  })
})

describe.concurrent('call', () => {
  test.for([
    ['get_login_info', [], { status: 'ok', retcode: 0, data: { user_id: 10001 } }],
    ['friendList', [], { code: 0, data: expect.any(Array) as unknown }],
    ['memberInfo.get', ['{"target":30001,"memberId":20001}'], { id: 20001, permission: 'OWNER' }],
    ['group.get', ['{"groupId":30001}'], { groupId: 30001, botRole: 'admin' }],
    ['about', [], { code: 0, data: { version: '2.10.0' } }],
  ] as const)('%s', async ([action, params, answer], { expect }) => {
    const { code, out } = await run(['call', '10001', action, ...params])
    expect(JSON.parse(out)).toMatchObject(answer)
    expect(code).toBe(0)
  })

  test('through a backend that runs, parameters from the standard input', async ({ expect }) => {
    await using bridge = await startBridge()
    const backend = { dialect: 'onebot11', ws: `ws://127.0.0.1:${bridge.onebotPort}`, accessToken }
    const config = writeConfig({ backends: { bot: backend }, inbounds: {} })
    const input = JSON.stringify({ group_id: 30001, message: 'from the shell' })
    const { code } = await run(['call', '10001', 'send_group_msg', '-', '--config', config], { input })
    expect(code).toBe(0)
    const said = [...bridge.world().state.messages.values()].at(-1)
    expect(said?.segments).toEqual([{ type: 'text', text: 'from the shell' }])
  })

  test.for([
    [['10001', 'group.get', '{"groupId":1}'], /^notFound: /],
    [['10001', 'group.gte'], /^unknownAction: no such action: group\.gte/],
    [['10001', 'group.get', '{'], /^the parameters cannot be read/],
    [['10001', 'group.get', '[]'], /^the parameters must be a JSON object/],
    [['me', 'group.list'], /^expected the number of an account/],
    [['1', 'group.list', '--timeout', '0.1'], /^account 1 is not there; there are: 10001/],
    [['10001', 'group.list', '--dialect', 'qq'], /^--dialect: expected canonical, onebot11, mirai/],
    [['10001', 'group.list', '--backend', 'x'], /^no backend is called x; there are: world/],
  ] as const)('%j: 1 and the reason', async ([args, reason], { expect }) => {
    const { code, out, err } = await run(['call', ...args])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(reason)
    expect(err).not.toMatch(/\n\s+at /)
  })

  test('a refusal in the words of the dialect: printed, 1', async ({ expect }) => {
    const { code, out } = await run(['call', '10001', 'send_group_msg', '{"group_id":1,"message":"x"}', '--compact'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ status: 'failed', data: null })
  })

  test('--trace tells what was asked and answered, beside the answer', async ({ expect }) => {
    const { code, out, err } = await run([
      'call',
      '10001',
      'get_group_info',
      '{"group_id":30001}',
      '--compact',
      '--trace',
    ])
    expect([code, JSON.parse(out)]).toMatchObject([0, { status: 'ok' }])
    expect(err).toMatch(/shell 10001 {2}group\.get {2}[0-9.]+ ms {2}ok\n.* = {2}\{"name":"group\.get"/s)
  })
})

describe.concurrent('inspect', () => {
  test('a pair by its names, as JSON and as a table', async ({ expect }) => {
    const config = writeConfig({
      backends: { mah: { dialect: 'mirai', ws: 'ws://127.0.0.1:1', bots: [10001] } },
      inbounds: { new: { dialect: 'onebot11', listen: '127.0.0.1:0' } },
    })
    const pair = ['inspect', '--config', config, '--from', 'new', '--to', 'mah']
    const rows = JSON.parse((await run([...pair, '--json'])).out) as InspectRow[]
    const find = (kind: string, name: string) => rows.find((row) => row.kind === kind && row.name === name)
    expect(find('action', 'message.send')).toMatchObject({ fidelity: 'exact' })
    expect(find('action', 'message.react')).toMatchObject({
      fidelity: 'refused',
      names: expect.arrayContaining(['set_msg_emoji_like']) as unknown,
    })
    expect(find('content in', 'markdown')).toMatchObject({ fidelity: 'asText' })
    expect(
      rows.every(({ fidelity, reason }) => fidelity === 'exact' || reason !== undefined || fidelity === 'asText'),
    ).toBe(true)
    const { out } = await run(pair)
    expect(out).toMatch(/^from new \(onebot11\) to mah \(mirai\)\n\nKIND +NAME +FIDELITY/)
    expect(out).toMatch(/^action +message\.react +refused +set_msg_emoji_like/m)
    expect(out).not.toMatch(/^action +message\.send /m)
  })

  test('without names: each pair of the routes', async ({ expect }) => {
    const { code, out } = await run(['inspect'])
    expect(code).toBe(0)
    expect(out).toMatch(/^from mirai to world \(embedded\)\n {2}\d+ exact, \d+ lossy/)
    expect(out).toMatch(/^from onebot \(onebot11\) to world/m)
  })

  test('half a pair', async ({ expect }) => {
    expect(await run(['inspect', '--from', 'mirai'])).toMatchObject({
      code: 1,
      err: '--from and --to belong together\n',
    })
  })
})

describe.concurrent('help', () => {
  test.for(['', 'start', 'init', 'check', 'inspect', 'call', 'tail', 'scenario'])(
    '%s teaches by examples',
    async (name, { expect }) => {
      const { code, out } = await run([...(name === '' ? [] : [name]), '--help'])
      expect(code).toBe(0)
      expect(out).toMatch(/^ {2}\$ onebot-mirai-bridge |^ {2}\$ \w+=.* onebot-mirai-bridge /m)
    },
  )

  test('a misspelt command', async ({ expect }) => {
    expect(await run(['chekc'])).toEqual({
      code: 1,
      out: '',
      err: "error: unknown command 'chekc'; did you mean check?\n",
    })
    expect(await run(['dance', '--watch'])).toMatchObject({ code: 1, err: "error: unknown command 'dance'\n" })
  })
})
