// Configurations as files of every kind, secrets that stand elsewhere, and what is said about mistakes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { readConfigFile } from '../src/cli/config-file.ts'
import { ConfigError, env, parseConfig } from '../src/config.ts'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function write(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'))
  folders.push(folder)
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

function problemsOf(input: unknown): readonly string[] {
  try {
    parseConfig(input, { variable: () => undefined })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const backends = { lab: { dialect: 'embedded' } }
const inbound = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: 'a-secret' }

describe('files', () => {
  const json = `{ "backends": { "lab": { "dialect": "embedded" } }, "inbounds": { "a": { "dialect": "mirai", "listen": "127.0.0.1:0" } } }`
  const yaml = `
# a comment
backends:
  lab: { dialect: embedded }
inbounds:
  a:
    dialect: mirai
    listen: 127.0.0.1:0
`
  test.each([
    ['a.json', json],
    ['a.yaml', yaml],
    ['a.yml', yaml],
    ['a.ts', `const port: number = 0\nexport default { ...${json}, hosts: [] as string[] }\nvoid port`],
    ['a.mts', `export default ${json}`],
    ['a.js', `export default ${json}`],
    ['a.mjs', `export default ${json}`],
  ])('%s', async (name, text) => {
    const config = parseConfig(await readConfigFile(write(name, text)))
    expect(config.backends).toEqual({ lab: { dialect: 'embedded' } })
    expect(config.inbounds['a']).toMatchObject({ dialect: 'mirai', listen: '127.0.0.1:0' })
  })

  test.each([
    ['a.json', '{'],
    ['a.yaml', 'a: [1'],
    ['a.ts', 'export default {'],
  ])('%s that cannot be read names the file', async (name, text) => {
    const file = write(name, text)
    await expect(readConfigFile(file)).rejects.toThrow(ConfigError)
    await expect(readConfigFile(file)).rejects.toThrow(file)
  })
})

describe('secrets that stand elsewhere', () => {
  test('in files, in variables, in files that variables name', () => {
    const file = write('token', 'from-the-file\n')
    const input = {
      backends: { far: { dialect: 'onebot11', ws: 'ws://127.0.0.1:1', accessToken: '${TOKEN}' } },
      inbounds: { a: { ...inbound, accessToken: `file:${file}` } },
      admin: { listen: '127.0.0.1:0', token: '${PLACE}' },
    }
    const values: Record<string, string> = { TOKEN: 'from-the-variable', PLACE: `file:${file}` }
    const config = parseConfig(input, { variable: (name) => values[name] })
    expect(config.backends['far']).toMatchObject({ accessToken: 'from-the-variable' })
    expect(config.inbounds['a']).toMatchObject({ accessToken: 'from-the-file' })
    expect(config.admin?.token).toBe('from-the-file')
  })

  test('other texts keep what they say', () => {
    expect(parseConfig({ backends, inbounds: {}, data: 'file:/nowhere' }).data).toBe('file:/nowhere')
  })

  test.each([
    ['file:/nowhere/at/all', /^inbounds\.a\.accessToken: the secret file cannot be used: ENOENT/],
    ['', /is empty/],
    ['two\nlines\n', /more than one line/],
  ])('%j', (content, problem) => {
    const accessToken = content.startsWith('file:') ? content : `file:${write('token', content)}`
    const [line, ...rest] = problemsOf({ backends, inbounds: { a: { ...inbound, accessToken } } })
    expect(rest).toEqual([])
    expect(line).toMatch(problem)
    expect(line).not.toContain('lines')
  })
})

describe('environment variables', () => {
  afterEach(() => vi.unstubAllEnvs())

  test('one that is set to nothing opens no door', () => {
    vi.stubEnv('BRIDGE_TEST_SECRET', '')
    expect(() => env('BRIDGE_TEST_SECRET')).toThrow('environment variable BRIDGE_TEST_SECRET is empty')
    expect(env('BRIDGE_TEST_SECRET', 'fallback')).toBe('fallback')
    const accessToken = '${BRIDGE_TEST_SECRET}'
    expect(() => parseConfig({ backends, inbounds: { a: { ...inbound, accessToken } } })).toThrow(
      'inbounds.a.accessToken: environment variable BRIDGE_TEST_SECRET is empty',
    )
    const far = { dialect: 'onebot11', ws: 'ws://x', accessToken }
    expect(parseConfig({ backends: { far }, inbounds: { a: inbound } }).backends['far']).toMatchObject({
      accessToken: '',
    })
  })
})

describe('mistakes', () => {
  test('all at once, whatever their kind', () => {
    expect(
      problemsOf({
        backends: { far: { dialect: 'onebot11', ws: 'ws://x', accessToken: '${GONE}' }, one: { dialect: 'onebot' } },
        inbounds: { a: { ...inbound, acessToken: 'x' }, b: {} },
        routes: [{ from: 'c', to: ['far', 'near'] }],
        log: { lvel: 'info', level: 'inf' },
      }),
    ).toEqual([
      'backends.far.accessToken: environment variable GONE is not set',
      'backends.one.dialect: expected onebot11, mirai or embedded, got "onebot"; did you mean onebot11?',
      'inbounds.a.acessToken: unknown key; did you mean accessToken?',
      expect.stringMatching(/^inbounds\.b\.dialect: is missing; expected /),
      expect.stringMatching(/^log\.level: expected .*, got "inf"; did you mean info\?$/),
      'log.lvel: unknown key; did you mean level?',
      'routes.0.from: no inbound is called c; there are: a, b',
      'routes.0.to: no backend is called near; there are: far, one',
    ])
  })

  test.each([
    [{ log: { color: true } }, 'log.color: unknown key; known keys are level, json'],
    [
      { backends: { w: { dialect: 'embedded', port: 1 } } },
      'backends.w.port: unknown key; known keys are dialect, world',
    ],
    [
      { routes: [{ from: 'a', to: 'lab', limit: 1 }] },
      /^routes\.0\.limit: unknown key; known keys are from, to, returnAfterSeconds, /,
    ],
    [
      { backends: { r: { dialect: 'onebot11', ws: 'ws://x', reconnect: { slow: 1 } } } },
      'backends.r.reconnect.slow: unknown key; known keys are firstMs, maxMs, refusedMs',
    ],
    [
      { inbounds: { a: { ...inbound, reverse: [{ url: 'ws://x', rol: 'API' }] } } },
      'inbounds.a.reverse.0.rol: unknown key; did you mean role?',
    ],
  ])('%j names the keys of the very object', (part, line) => {
    const problems = problemsOf({ backends, inbounds: { a: inbound }, ...part }).filter((one) => one.includes('key'))
    expect(problems).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)])
  })

  test('names that are no names of ours', () => {
    const routes = [{ from: '__proto__', to: 'constructor' }]
    expect(problemsOf({ backends, inbounds: {}, routes })).toEqual([
      'routes.0.from: no inbound is called __proto__; there are: none',
      'routes.0.to: no backend is called constructor; there are: lab',
    ])
  })
})
