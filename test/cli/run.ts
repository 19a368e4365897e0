// The command line as a user has it: a process of its own in an empty folder, ended after a while whatever it does.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

export const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Ended {
  code: number
  out: string
  err: string
}

const folders: string[] = []
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'))
  folders.push(folder)
  return folder
}

export interface RunOptions {
  cwd?: string
  env?: Record<string, string>
  input?: string
}

export function run(
  args: readonly string[],
  { cwd = makeFolder(), env = {}, input = '' }: RunOptions = {},
): Promise<Ended> {
  const { BRIDGE_CONFIG: _, ADMIN_TOKEN: _token, ...rest } = process.env
  return new Promise((resolve) => {
    const options = { cwd, env: { ...rest, ...env }, timeout: 20_000, killSignal: 'SIGKILL' as const }
    const child = execFile(process.execPath, [main, ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin?.end(input)
  })
}
