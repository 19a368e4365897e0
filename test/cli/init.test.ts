// What init writes is what start reads.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { readConfigFile } from '../../src/cli/config-file.ts'
import { toConfigInput } from '../../src/cli/init-answers.ts'
import { askQuestions } from '../../src/cli/init-questions.ts'
import { parseConfig } from '../../src/config.ts'
import { makeFolder, run } from './run.ts'

const napcat = ['--backend', 'napcat', '--backend-url', 'ws://127.0.0.1:3001', '--backend-secret', "it's ${A_TOKEN}"]

describe.concurrent('init', () => {
  test.for(['bridge.config.ts', 'bridge.config.json', 'bridge.config.yaml'])('%s', async (name, { expect }) => {
    const cwd = makeFolder()
    const file = join(cwd, name)
    const { code, out, err } = await run(
      ['init', '--file', name, ...napcat, '--onebot-reverse', 'ws://127.0.0.1:9/x'],
      { cwd },
    )
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('onebot-mirai-bridge check')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const config = parseConfig(await readConfigFile(file), { variable: () => '5' })
    expect(config.backends['napcat']).toMatchObject({
      ws: 'ws://127.0.0.1:3001',
      accessToken: "it's 5",
      flavour: 'napcat',
    })
    const { mirai, onebot } = config.inbounds
    expect(mirai).toMatchObject({ dialect: 'mirai', listen: '127.0.0.1:8080' })
    expect(onebot).toMatchObject({ dialect: 'onebot11', listen: '127.0.0.1:5700' })
    const secrets = [
      mirai?.dialect === 'mirai' ? mirai.verifyKey : '',
      onebot?.dialect === 'onebot11' ? onebot.accessToken : '',
      config.admin?.token ?? '',
    ]
    expect(new Set(secrets).size).toBe(3)
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{32}$/)
  })

  test('a mirai backend, OneBot bots only, no admin, nothing kept', async ({ expect }) => {
    const cwd = makeFolder()
    const flags = ['--backend', 'mirai', '--backend-url', 'ws://127.0.0.1:8081', '--bots', '10001, 10002']
    const rest = ['--clients', 'onebot11', '--admin-port', '0', '--data', '', '--file', 'a.json']
    expect(await run(['init', ...flags, ...rest], { cwd })).toMatchObject({ code: 0 })
    expect(JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8'))).toEqual({
      $schema: './node_modules/onebot-mirai-bridge/schemas/config.schema.json',
      backends: { mah: { dialect: 'mirai', ws: 'ws://127.0.0.1:8081', bots: [10001, 10002] } },
      inbounds: {
        onebot: { dialect: 'onebot11', listen: '127.0.0.1:5700', accessToken: expect.any(String) as unknown },
      },
    })
  })

  test.for([
    [['--backend', 'telegram'], /--backend: expected napcat/],
    [['--backend', 'napcat'], /one of --backend-url and --backend-listen/],
    [['--backend', 'mirai', '--backend-url', 'ws://x', '--bots', 'me'], /--bots: expected accounts/],
    [['--clients', 'qq'], /--clients: expected mirai or onebot11, got qq/],
    [['--mirai-port', '99999'], /--mirai-port: expected a port/],
    [['--file', 'x.toml'], /--file: expected/],
    [[], /there is no terminal to ask on/],
  ] as const)('%j is refused and nothing is written', async ([flags, reason], { expect }) => {
    const cwd = makeFolder()
    const { code, err } = await run(['init', ...flags], { cwd })
    expect([code, existsSync(join(cwd, 'bridge.config.ts'))]).toEqual([1, false])
    expect(err).toMatch(reason)
  })

  test('does not overwrite unless forced', async ({ expect }) => {
    const cwd = makeFolder()
    const file = join(cwd, 'bridge.config.ts')
    writeFileSync(file, 'mine', { mode: 0o644 })
    expect(await run(['init', '--yes'], { cwd })).toMatchObject({ code: 1 })
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(await run(['init', '--yes', '--force'], { cwd })).toMatchObject({ code: 0 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('the dialogue asks what belongs to the answers', async ({ expect }) => {
    const asked: string[] = []
    const answers = await askQuestions({
      async choose(question, choices) {
        asked.push(question)
        const wanted = ['lagrange', 'backend', './data']
        return choices.find(({ value }) => wanted.includes(value))?.value ?? ''
      },
      async several(question) {
        asked.push(question)
        return ['mirai']
      },
      async text({ question, fallback = '', fault }) {
        asked.push(question)
        expect(fault?.(fallback)).toBeUndefined()
        return fallback
      },
    })
    expect(asked).toEqual([
      'What has the account?',
      'Who connects?',
      'Where shall it connect to?',
      'Its access token? ${NAME} reads it from the environment',
      'What do your bots speak?',
      'Port for mirai bots?',
      'Port for health, tail and world control? 0: none',
      'Keep message ids and media over a restart?',
    ])
    expect(toConfigInput(answers)).toMatchObject({
      data: './data',
      backends: { lagrange: { dialect: 'onebot11', listen: '127.0.0.1:9002', flavour: 'lagrange' } },
      inbounds: { mirai: { dialect: 'mirai' } },
    })
  })
})
