// Scenario files: steps that come true, and what a person reads when one does not.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { withYamlWorlds } from '../../src/cli/yaml.ts'
import type { ConfigInput } from '../../src/config.ts'
import { differences } from '../../src/world/match.ts'
import { parseScenario } from '../../src/scenario/scenario.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

interface Ended {
  code: number
  out: string
  err: string
}

function run(scenario: unknown, { name = 'scenario.json', args = [] as string[], env = {} } = {}): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'))
  folders.push(folder)
  const file = join(folder, name)
  writeFileSync(file, typeof scenario === 'string' ? scenario : JSON.stringify(scenario))
  const command = [join(root, 'src/main.ts'), 'scenario', file, ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: folder, env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

const hello = {
  act: { kind: 'message', chat: 'group', group: 30001, sender: 20001, segments: [{ type: 'text', text: 'hello' }] },
}

/** A OneBot bot in a few lines: answers ping with pong. */
const bot = `
const socket = new WebSocket(process.env.ONEBOT_URL + '?access_token=' + process.env.ONEBOT_ACCESS_TOKEN)
socket.onmessage = ({ data }) => {
  const { raw_message, group_id } = JSON.parse(data)
  if (raw_message === 'ping')
    socket.send(JSON.stringify({ action: 'send_group_msg', params: { group_id, message: 'pong' } }))
}
`

describe('the command', () => {
  test('acts, calls, expectations and saved ids', async () => {
    const { code, out, err } = await run({
      steps: [
        { ...hello, save: { said: 'messageId' }, expect: { type: 'message', text: 'hello' } },
        { call: { bot: 10001, name: 'message.get', params: { messageId: '$said' } }, result: { seq: 1 } },
        {
          act: { kind: 'react', group: 30001, sender: 20002, id: '$said', emoji: '66', on: true },
          expect: { type: 'group.reaction', userId: 20002 },
        },
        { act: { kind: 'mute', group: 30001, user: 20001, operator: 20002, seconds: 9 }, refused: 'cannot mute' },
      ],
    })
    expect([code, err]).toEqual([0, ''])
    expect(out.split('\n')).toEqual([
      'ok    step 1: act, save, expect',
      'ok    step 2: call, result',
      'ok    step 3: act, expect',
      'ok    step 4: act, refused',
      '4 steps came true',
      '',
    ])
  })

  test('a bot program beside it, that connects when it is ready', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bot-'))
    folders.push(folder)
    writeFileSync(join(folder, 'bot.mjs'), bot)
    const ping = { ...hello.act, segments: [{ type: 'text', text: 'ping' }] }
    const pong = { type: 'message', text: 'pong', message: { senderId: 10001 } }
    const { code, err } = await run(
      { steps: [{ name: 'ping', act: ping, expect: pong, every: 200, within: 15_000 }] },
      { args: ['--quiet', '--run', `'${process.execPath}' '${join(folder, 'bot.mjs')}'`] },
    )
    expect([code, err]).toEqual([0, ''])
  })

  test('what does not come true: exit code 1, what was expected, what came nearest', async () => {
    const { code, err } = await run({
      steps: [hello, { name: 'echo', expect: { type: 'message', text: 'echo', message: { seq: 1 } }, within: 50 }],
    })
    expect(code).toBe(1)
    expect(err.split('\n').slice(0, 2)).toEqual([
      'FAIL  step 2 (echo): not within 50 ms: {"type":"message","text":"echo","message":{"seq":1}}',
      expect.stringMatching(/^ {2}nearest: \{"type":"message"/),
    ])
    expect(err).toContain('    - text: expected "echo", got "hello"\n  1 other happenings: message\n')
  })

  test('an act that is refused when it is repeated ends the step', async () => {
    const leave = { kind: 'member_leave', group: 30001, user: 20003, how: 'leave' }
    const { code, err } = await run({ steps: [{ act: leave, every: 50, expect: { type: 'nudge' }, within: 2000 }] })
    expect(code).toBe(1)
    expect(err).toMatch(/^FAIL {2}step 1: .*20003/)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })

  test('a bot that ended by itself is named; what happened often is counted', async () => {
    const { code, err } = await run(
      { steps: [hello, hello, { expect: { type: 'nudge' }, within: 1500 }] },
      { args: ['--quiet', '--run', 'exit 3'] },
    )
    expect(code).toBe(1)
    expect(err).toMatch(/ {2}2 other happenings: message \(2\)\n {2}the bot had ended by itself: exit code 3\n$/)
  })

  test('a faulty file: exit code 2, each fault with its place', async () => {
    const { code, err } = await run({ world: {}, steps: [{ expct: {} }, { act: 5 }], extra: 1 })
    expect(code).toBe(2)
    expect(err).toMatch(/steps\.0\.expct \(line 1\): unknown key, allowed are: .*expect/)
    expect(err).toMatch(/steps\.1\.act \(line 1\): /)
    expect(err).toContain('extra (line 1): unknown key, allowed are: $schema, $comment, world, steps')
  })

  test('the line of each fault, in the scenario and in its world', async () => {
    const lines = [
      '{',
      '  "steps": [',
      '    { "wait": 1 },',
      '    {',
      '      "act": {},',
      '      "expct": {}',
      '    }',
      '  ]',
      '}',
    ]
    const { code, err } = await run(lines.join('\n'))
    expect(code).toBe(2)
    expect(err).toMatch(/steps\.1\.expct \(line 6\): unknown key/)
    const folder = mkdtempSync(join(tmpdir(), 'world-'))
    folders.push(folder)
    writeFileSync(join(folder, 'world.json'), '{ "accounts": [\n  { "id": 1 },\n  { "id": 1,\n  "nickname": "a" }\n] }')
    const faulty = await run({ world: join(folder, 'world.json'), steps: [] })
    expect(faulty.code).toBe(2)
    expect(faulty.err).toContain('accounts.0.nickname (line 2): is missing')
  })

  test('YAML, with a world in YAML beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'world-'))
    folders.push(folder)
    writeFileSync(join(folder, 'world.yaml'), 'accounts:\n  - { id: 1, bot: true, nickname: a }\n')
    const steps = `
world: ${join(folder, 'world.yaml')}
steps:
  - name: profile # of the bot
    call: { bot: 1, name: bot.info }
    result: { nickname: a }
  - act: { kind: nickname, user: 1, nickname: b }
    expect:
      type: profile.nickname
      oldNickname: a
`
    const { code, out, err } = await run(steps, { name: 'scenario.yaml' })
    expect([err, code]).toEqual(['', 0])
    expect(out).toContain('2 steps came true')
    const broken = await run('steps:\n  - [', { name: 'broken.yml' })
    expect(broken.code).toBe(2)
    const faulty = await run('steps:\n  - expct: {}', { name: 'faulty.yml' })
    expect([faulty.code, faulty.err]).toEqual([2, expect.stringContaining('steps.0.expct: unknown key')])
  })

  test('a world in YAML named by the environment, or by a backend', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'world-'))
    folders.push(folder)
    const world = join(folder, 'world.yml')
    writeFileSync(world, 'accounts:\n  - { id: 1, bot: true, nickname: a }\n')
    const steps = [{ call: { bot: 1, name: 'bot.info' }, result: { nickname: 'a' } }]
    const { code, err } = await run({ steps }, { env: { BRIDGE_WORLD: world } })
    expect([err, code]).toEqual(['', 0])
    const backends = { lab: { dialect: 'embedded', world } }
    expect((await withYamlWorlds({ backends, inbounds: {} } as ConfigInput)).backends['lab']).toEqual({
      dialect: 'embedded',
      world: { accounts: [{ id: 1, bot: true, nickname: 'a' }] },
    })
  })

  test('a module with a world of its own', async () => {
    const module = `
      const steps: object[] = [
        { call: { bot: 1, name: 'friend.list' }, result: [{ userId: 2 }] },
        { call: { bot: 1, name: 'friend.list' }, result: [{ userId: 3 }] },
      ]
      export default {
        world: { accounts: [{ id: 1, bot: true, nickname: 'a' }, { id: 2, nickname: 'b' }], friends: [{ of: 1, id: 2 }] },
        steps,
      }`
    const { code, out, err } = await run(module, { name: 'scenario.ts' })
    expect([code, out]).toEqual([1, 'ok    step 1: call, result\n'])
    expect(err).toContain('0.userId: expected 3, got 2')
  })
})

describe('matching', () => {
  test.each([
    [{ a: 1 }, { a: 1, b: 2 }, []],
    [{ a: { b: 1 } }, { a: 5 }, ['a: expected {"b":1}, got 5']],
    [{ a: [1] }, { a: [1, 2] }, ['a: expected 1 entries: [1], got [1,2]']],
    [{ a: { $match: '^x' } }, { a: 'xy' }, []],
    [{ a: { $match: '^x' } }, { a: 'y' }, ['a: expected /^x/u, got "y"']],
    [{ a: { $any: true } }, {}, ['a: expected anything, got nothing']],
    [{ constructor: {} }, {}, ['constructor: expected {}, got nothing']],
    [5, 6, ['all of it: expected 5, got 6']],
  ])('%j in %j', (expected, actual, lines) => {
    expect(differences(expected, actual)).toEqual(lines)
  })

  test('acts, actions and happenings that do not exist are refused before anything is played', () => {
    const said = {
      kind: 'message',
      chat: 'group',
      group: 30001,
      sender: 20001,
      segments: [{ type: 'text', text: 'x' }],
    }
    const react = { kind: 'react', group: 30001, sender: 20002, id: '$said', emoji: '66', on: true }
    const quoting = { ...said, quote: { id: '$said' }, segments: [{ type: 'reply', messageId: '$said' }] }
    const steps = [
      { act: { ...said, grup: 1 } },
      { act: { kind: 'shout' } },
      { act: react },
      { act: said, save: { said: 'messageId' } },
      { act: react },
      { act: quoting },
      { act: { ...said, segments: [{ type: 'at', target: 'x' }] } },
      { call: { bot: 1, name: 'message.geet' } },
      { call: { bot: 1, name: 'message.get', params: { messageId: '$said' } } },
      { call: { bot: 1, name: 'message.get' } },
      { expect: { type: 'massage' } },
      { expect: { type: { $any: true } } },
    ]
    const refusal = (): string => {
      try {
        return JSON.stringify(parseScenario({ steps }))
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(refusal().split('\n')).toEqual([
      'the scenario has faults:',
      expect.stringContaining('- steps.0.act.grup: unknown field, allowed are: kind, bot, chat'),
      expect.stringContaining('- steps.1.act.kind: unknown kind, allowed are: message, recall'),
      '- steps.2.act.id: must be a message id',
      '- steps.6.act.segments.0.target: must be an account',
      expect.stringContaining('- steps.7.call.name: no action is called message.geet, allowed are: message.send'),
      expect.stringContaining('- steps.9.call.params.messageId: '),
      expect.stringContaining('- steps.10.expect.type: nothing of that type happens in a world, allowed are: '),
    ])
  })

  test('a step that does nothing is refused', () => {
    expect(() => parseScenario({ steps: [{ name: 'x' }] })).toThrow('a step needs act, call, expect or wait')
  })
})
