// Processes of the soak: each takes orders from the one that started it and answers them, and ends with it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

export interface Helper<Orders> {
  ask<Name extends keyof Orders & string>(name: Name, given: OrderOf<Orders, Name>): Promise<AnswerOf<Orders, Name>>
  end(): Promise<void>
}

/** An order takes one value and gives one answer; both survive structured cloning. */
export type Orders = Readonly<Record<string, (given: never) => unknown>>
type OrderOf<O, Name extends keyof O> = O[Name] extends (given: infer Given) => unknown ? Given : never
type AnswerOf<O, Name extends keyof O> = O[Name] extends (given: never) => infer Answer ? Awaited<Answer> : never

interface Asked {
  id: number
  name: string
  given: unknown
}

interface Answered {
  id: number
  answer?: unknown
  error?: string
}

export function startHelper<O>(script: string, flags: readonly string[] = []): Helper<O> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = fork(path, [], { execArgv: [...flags], serialization: 'advanced' })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let last = 0
  child.on('message', ({ id, answer, error }: Answered) => {
    const promised = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) promised?.resolve(answer)
    else promised?.reject(new Error(`${script}: ${error}`))
  })
  child.once('exit', (code) => {
    for (const promised of waiting.values()) promised.reject(new Error(`${script} ended with ${code}`))
  })
  return {
    ask(name, given) {
      const promised = Promise.withResolvers<unknown>()
      const id = ++last
      waiting.set(id, promised)
      child.send({ id, name, given } satisfies Asked)
      return promised.promise as ReturnType<Helper<O>['ask']> as never
    },
    async end() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** `end` runs when the starter is gone; then this process exits. */
export function serveOrders(orders: Orders, end: () => Promise<unknown> = () => Promise.resolve()): void {
  const byName = new Map(Object.entries(orders))
  async function obey({ id, name, given }: Asked): Promise<Answered> {
    try {
      return { id, answer: await byName.get(name)?.(given as never) }
    } catch (error) {
      return { id, error: String(error) }
    }
  }
  process.on('message', (asked: Asked) => void obey(asked).then((answered) => process.send?.(answered)))
  process.once('disconnect', () => void end().then(() => process.exit(0)))
}

/** What a process used since the last look. */
export interface Usage {
  /** CPU of all its threads, milliseconds. */
  cpuMs: number
  /** The longest that its event loop stood still, milliseconds: on a busy machine it may have waited for its turn itself. */
  longestMs: number
  /** The most CPU that it used while its event loop stood still, milliseconds. */
  longestCpuMs: number
}

const lookMs = 10

export function watchUsage(): () => Usage {
  const delay = monitorEventLoopDelay({ resolution: lookMs })
  delay.enable()
  let before = process.cpuUsage()
  let longestCpuMs = 0
  let turn = process.cpuUsage()
  setInterval(() => {
    longestCpuMs = Math.max(longestCpuMs, toMs(process.cpuUsage(turn)))
    turn = process.cpuUsage()
  }, lookMs).unref()
  return () => {
    const usage = {
      cpuMs: toMs(process.cpuUsage(before)),
      longestMs: Math.round(delay.max / 1e6),
      longestCpuMs: Math.round(longestCpuMs),
    }
    before = process.cpuUsage()
    turn = before
    longestCpuMs = 0
    delay.reset()
    return usage
  }
}

function toMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000
}
