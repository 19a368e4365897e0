// The wizard on a terminal, as a person uses it: arrow keys, typing, a mistake, giving up.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { readConfigFile } from '../../src/cli/config-file.ts'
import { parseConfig } from '../../src/config.ts'
import { until } from '../support/until.ts'
import { main, makeFolder } from './run.ts'

/** From util-linux: gives a command a terminal. */
const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

function open(cwd: string) {
  const command = `stty cols 100 rows 40; ${process.execPath} ${main} init`
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env: { ...process.env, TERM: 'xterm' } })
  let shown = ''
  child.stdout.on('data', (data: Buffer) => (shown += stripVTControlCharacters(data.toString())))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    ended,
    shown: () => shown,
    /** Once that is on the screen. */
    async type(question: string, keys: string): Promise<void> {
      // With its last line it takes keys.
      await until(() => shown.includes(question) && shown.includes('└'), `${question} in ${shown}`, 30_000)
      shown = ''
      child.stdin.write(keys)
    },
  }
}

const down = '\u001b[B'
const enter = '\r'
const backspace = '\u007f'

test.skipIf(!hasTerminal)('a configuration from arrow keys and typing', { timeout: 90_000 }, async () => {
  const cwd = makeFolder()
  const { type, ended, shown } = open(cwd)
  await type('What has the account?', `${down}${enter}`)
  await type('Who connects?', enter)
  await type('Address of its server?', `nowhere${enter}`)
  await type('an address begins with', `${backspace.repeat(7)}ws://127.0.0.1:3009${enter}`)
  await type('Its access token?', '${TOKEN}\r')
  await type('What do your bots speak?', `${down} ${enter}`)
  await type('Port for mirai bots?', `8099${enter}`)
  await type('Port for health', `0${enter}`)
  await type('Keep message ids', `${down}${enter}`)
  expect(await ended, shown()).toBe(0)
  expect(shown()).toContain('onebot-mirai-bridge check')
  const config = parseConfig(await readConfigFile(join(cwd, 'bridge.config.ts')), { variable: () => 'token-of-napcat' })
  expect(config).toMatchObject({
    backends: { napcat: { dialect: 'onebot11', ws: 'ws://127.0.0.1:3009', accessToken: 'token-of-napcat' } },
    inbounds: { mirai: { dialect: 'mirai', listen: '127.0.0.1:8099' } },
  })
  expect([Object.keys(config.inbounds), config.admin, config.data]).toEqual([['mirai'], undefined, undefined])
})

test.skipIf(!hasTerminal)('Ctrl-C gives up, and nothing is written', { timeout: 60_000 }, async () => {
  const cwd = makeFolder()
  const { type, ended, shown } = open(cwd)
  await type('What has the account?', '\u0003')
  expect(await ended).toBe(1)
  expect(shown()).toContain('nothing was written')
  expect(existsSync(join(cwd, 'bridge.config.ts'))).toBe(false)
})
