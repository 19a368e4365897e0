// The examples of docs/testing.md, as a reader would copy them: each block into the file that its first line names.
import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { startBridge } from '../support/bridge.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'src/main.ts')
const page = readFileSync(join(root, 'docs/testing.md'), 'utf8')
const folders: string[] = []
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** A folder with the named blocks of the page, where the package can be imported. */
function copyExamples(names: readonly string[], change = (text: string) => text): string {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'))
  folders.push(folder)
  for (const name of names) {
    const [, text] = new RegExp(`\`\`\`\\w+\\n(?://|#) ${name.replace('.', '\\.')}\\n([^]*?)\`\`\``).exec(page) ?? []
    if (text === undefined) throw new Error(`the page has no example ${name}`)
    writeFileSync(join(folder, name), change(text))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

interface Ended {
  code: number
  text: string
}

function run(command: string, args: readonly string[], { cwd = root, env = {} } = {}): Promise<Ended> {
  const options = { cwd, env: { ...process.env, ...env }, timeout: 90_000, killSignal: 'SIGKILL' as const }
  return new Promise((resolve) => {
    execFile(command, args, options, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, text: `${out}${err}` }),
    )
  })
}

test('TypeScript: both tests of the page pass, and a broken bot fails them', { timeout: 100_000 }, async () => {
  const folder = copyExamples(['bot.ts', 'bot.test.ts'])
  const alias = { 'onebot-mirai-bridge/testing': join(root, 'src/testing.ts') }
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify({ resolve: { alias } })}`)
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, '--no-color']
  const passed = await run(process.execPath, vitest, { cwd: folder })
  expect(passed.text).toMatch(/Tests +2 passed/)
  expect(passed.code).toBe(0)
  const bot = join(folder, 'bot.ts')
  writeFileSync(bot, readFileSync(bot, 'utf8').replace('user_id, duration: 60', 'user_id, duration: 61'))
  const failed = await run(process.execPath, vitest, { cwd: folder })
  expect(failed.text).toContain('durationSeconds: expected 60, got 61')
  expect(failed.code).toBe(1)
})

/** `PYTHON` names another interpreter than python3, such as that of a virtual environment. */
const python = process.env['PYTHON'] ?? 'python3'
const needed = 'import nonebot, nonebot.adapters.onebot, httpx, websockets, pytest'
const hasNoneBot = (await run(python, ['-c', needed])).code === 0

describe.skipIf(!hasNoneBot)('Python, needs nonebot2, nonebot-adapter-onebot, httpx, websockets and pytest', () => {
  test('the test of the page passes', { timeout: 100_000 }, async () => {
    // Its ports may be in use here: two that were free a moment ago.
    const probe = await startBridge()
    await probe.stop()
    const folder = copyExamples(['bot.py', 'test_bot.py'], (text) =>
      text.replaceAll('15700', String(probe.onebotPort)).replaceAll('15800', String(probe.adminPort)),
    )
    const npx = join(folder, 'npx')
    writeFileSync(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${main}" "$@"\n`)
    chmodSync(npx, 0o755)
    const path = [folder, dirname(process.execPath), process.env['PATH']].join(':')
    const { code, text } = await run(python, ['-m', 'pytest', '-q'], { cwd: folder, env: { PATH: path } })
    expect(text).toContain('1 passed')
    expect(code).toBe(0)
  })
})
