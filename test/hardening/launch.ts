// The bridge as a process: started, listened to, signalled.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll } from 'vitest'

/** Of this test file; gone at its end. */
export const folder = mkdtempSync(join(tmpdir(), 'process-'))
afterAll(() => rmSync(folder, { recursive: true }))
const main = resolve('src/main.ts')

interface Run {
  code: number | null
  out: string
  err: string
}

export interface Started {
  pid: number
  /** Resolves when the text was printed. */
  says(text: string): Promise<string>
  /** The same for the error output. */
  complains(text: string): Promise<string>
  signal(name: NodeJS.Signals): void
  /** Nobody reads what it prints from now on. */
  deafen(): void
  ended: Promise<Run>
}

/** For the ports of a bridge without a configuration: whichever are free. */
export const freePorts = { MIRAI_PORT: '0', ONEBOT_PORT: '0', ADMIN_PORT: '0' }

export function launch(environment: Record<string, string>, args: string[] = []): Started {
  return launchProgram(main, { ...freePorts, ...environment }, ['start', ...args])
}

/** Any program of the project, in the folder of this test file. */
export function launchProgram(file: string, environment: Record<string, string>, args: string[] = []): Started {
  return launchCommand(process.execPath, [file, ...args], environment)
}

export function launchCommand(command: string, args: readonly string[], environment: Record<string, string>): Started {
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (err += data.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }))
  async function heard(stream: Readable, printed: () => string, text: string): Promise<string> {
    while (!printed().includes(text)) {
      await Promise.race([once(stream, 'data'), ended])
      if (child.exitCode !== null && !printed().includes(text)) throw new Error(`ended with ${child.exitCode}: ${err}`)
    }
    return printed()
  }

  return {
    pid: child.pid ?? 0,
    ended,
    signal: (name) => void child.kill(name),
    deafen() {
      child.stdout.destroy()
      child.stderr.destroy()
    },
    says: (text) => heard(child.stdout, () => out, text),
    complains: (text) => heard(child.stderr, () => err, text),
  }
}

export function configFile(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
