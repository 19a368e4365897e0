// A short run of what comes and goes; longer ones: leak-process.ts.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { cycles } from './leak-cycles.ts'
import type { Left } from './leak-process.ts'

/** A connection that is held on to costs more; a collection that comes early or late, less. */
const mostBytes = 4096

test('of connections, sessions, readers, accounts and configurations that came and went nothing is left', async () => {
  const script = fileURLToPath(new URL('leak-process.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, '40'])
  const left = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Left)
  expect(left.map(({ kind }) => kind)).toEqual(Object.keys(cycles))
  expect(left.filter(({ bytes, handles }) => bytes > mostBytes || handles > 0)).toEqual([])
}, 240_000)
