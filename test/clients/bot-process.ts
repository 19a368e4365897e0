// A bot written by others, in a process of its own.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { until } from '../support/bridge.ts'
import type { Connection } from './bots/serve.ts'

/** What the bot's client library made of a frame. */
export type Heard = Record<string, unknown>

export interface Bot {
  readonly events: readonly Heard[]
  /** The first event that has all of these values, among those that came and those to come. */
  heard(like: Heard): Promise<Heard>
  /** Rejects with what the library rejected with. */
  call<T = unknown>(method: string, ...args: unknown[]): Promise<T>
  /** What it printed, for looking at failures. */
  output(): string
  [Symbol.asyncDispose](): Promise<void>
}

type Frame = { ready: true } | { event: Heard } | { id: number; result?: unknown; error?: unknown }

interface Waiting {
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/** Resolves when the bot is logged in and listens. */
export async function startBot(script: string, connection: Connection): Promise<Bot> {
  const file = new URL(`bots/${script}`, import.meta.url)
  const { PATH = '' } = process.env
  const child = fork(file, [JSON.stringify(connection)], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH, NO_COLOR: '1' },
  })
  const events: Heard[] = []
  const waiting = new Map<number, Waiting>()
  let output = ''
  let ready = false
  let lastId = 0
  const keep = (data: Buffer): void => void (output += data.toString())
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.on('message', (frame: Frame) => {
    if ('ready' in frame) ready = true
    else if ('event' in frame) events.push(frame.event)
    else settle(waiting, frame)
  })
  child.on('exit', () => waiting.forEach(({ reject }) => reject(new Error(`the bot has ended:\n${output}`))))

  async function stop(): Promise<void> {
    await end(child)
  }

  try {
    await until(() => ready || hasEnded(child), `login of ${script}`)
    if (!ready) throw new Error('the bot ended before it was ready')
  } catch (error) {
    await stop()
    throw new Error(`${script}: ${output}`, { cause: error })
  }
  return {
    events,
    output: () => output,
    heard: (like) => until(() => events.find((event) => isLike(event, like)), `an event like ${JSON.stringify(like)}`),
    call<T>(method: string, ...args: unknown[]) {
      if (hasEnded(child)) return Promise.reject(new Error(`the bot has ended:\n${output}`))
      const id = ++lastId
      child.send({ id, method, args })
      return new Promise<T>((resolve, reject) => void waiting.set(id, { resolve, reject }))
    },
    [Symbol.asyncDispose]: stop,
  }
}

function settle(waiting: Map<number, Waiting>, frame: { id: number; result?: unknown; error?: unknown }): void {
  const call = waiting.get(frame.id)
  waiting.delete(frame.id)
  if ('error' in frame) call?.reject(typeof frame.error === 'string' ? new Error(frame.error) : frame.error)
  else call?.resolve(frame.result)
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function isLike(value: unknown, like: unknown): boolean {
  if (typeof like !== 'object' || like === null) return value === like
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(like).every(([key, inner]) => isLike((value as Heard)[key], inner))
}
