// A short run of what comes and goes; longer ones: leak-process.ts.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { cycles } from './leak-cycles.ts'
import type { Left } from './leak-process.ts'

/** A connection that is held on to costs more; a collection that comes early or late, less. */
const mostBytes = 4096

async function run(cycleCount: number, kind?: string): Promise<Left[]> {
  const script = fileURLToPath(new URL('leak-process.ts', import.meta.url))
  const args = ['--expose-gc', script, String(cycleCount), ...(kind === undefined ? [] : [kind])]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const lines = stdout.trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Left)
}

function isLeft({ bytes, handles }: Left): boolean {
  return bytes > mostBytes || handles > 0
}

test('of connections, sessions, readers, accounts and configurations that came and went nothing is left', async () => {
  const left = await run(40)
  expect(left.map(({ kind }) => kind)).toEqual(Object.keys(cycles))
  // A leak is one in three times as many cycles, too; what the engine did at a bad moment is not.
  const again: Left[] = []
  for (const { kind } of left.filter(isLeft)) again.push(...(await run(120, kind)))
  expect(again.filter(isLeft)).toEqual([])
}, 240_000)
