// The clients of the soak, in a process of their own: sessions that hear, come, go and ask.
import { createCalls, type CallTally } from './soak-calls.ts'
import { createTally, type Tally } from './soak-count.ts'
import { serveOrders, watchUsage, type Usage } from './soak-process.ts'
import { kinds, type Kind, type Session } from './soak-sessions.ts'

export interface JoinOrder {
  ports: { onebot: number; mirai: number }
  bots: readonly number[]
  /** Sessions of each account. */
  mix: Readonly<Record<Kind, number>>
}

export interface LiveOrder {
  /** Sessions that leave, and come back, in a second. */
  moves: number
  /** Messages in a second. */
  calls: number
}

export interface ClientsReport extends Usage {
  tallies: Readonly<Record<Kind, Tally>>
  calls: CallTally
  joined: number
  problems: string[]
}

const sessions: Session[] = []
const names = Object.keys(kinds) as Kind[]
const tallies = Object.fromEntries(names.map((kind) => [kind, createTally()])) as Record<Kind, Tally>
const calls = createCalls()
const usage = watchUsage()
let problems: string[] = []
let joined = 0

function note(text: string): void {
  if (problems.length < 20) problems.push(text)
}

/** Few at a time, as clients come. */
const atOnce = 20

async function join({ ports, bots, mix }: JoinOrder): Promise<number> {
  for (const bot of bots) {
    for (const kind of names) {
      for (let at = 0; at < mix[kind]; at++) {
        const name = `${kind}-${bot}-${at}`
        const problem = (text: string): void => note(`${name}: ${text}`)
        sessions.push(kinds[kind]({ bot, name, ports, tally: tallies[kind], calls, problem }))
      }
    }
  }
  for (let at = 0; at < sessions.length; at += atOnce) {
    await Promise.all(sessions.slice(at, at + atOnce).map((session) => session.join()))
  }
  return sessions.length
}

const awayMs = { least: 200, most: 2000 }
const moving = new Map<Session, Promise<void>>()
let timers: NodeJS.Timeout[] = []

function pick(): Session | undefined {
  return sessions[Math.floor(Math.random() * sessions.length)]
}

function move(): void {
  const session = pick()
  // One that is on its way already would come twice.
  if (!session?.moves || moving.has(session)) return
  const coming = session
    .leave()
    .then(() => pause(awayMs.least + Math.random() * (awayMs.most - awayMs.least)))
    .then(() => session.join())
    .then(() => void joined++)
    .catch((error: unknown) => note(`a session could not come back: ${String(error)}`))
    .finally(() => moving.delete(session))
  moving.set(session, coming)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

serveOrders({
  join,
  live({ moves, calls: asked }: LiveOrder) {
    timers = [setInterval(move, 1000 / moves), setInterval(() => pick()?.send?.(), 1000 / asked)]
  },
  report(): ClientsReport {
    const found = problems
    problems = []
    return { ...usage(), tallies, calls: calls.look(), joined, problems: found }
  },
  /** Resolves when everybody is there. */
  async settle() {
    for (const timer of timers) clearInterval(timer)
    await Promise.all(moving.values())
  },
  /** `sent`: the number of the last event of each account. */
  async finish(sent: ReadonlyMap<number, number>) {
    for (const { bot, name, counter } of sessions) {
      const { last } = counter
      if (last !== sent.get(bot)) note(`${name}: the last event heard is ${last} of ${sent.get(bot)}`)
    }
    await Promise.all(sessions.map((session) => session.leave()))
  },
})
