// What is measured once and as it is: start-up, memory, growth. Each gives rows of a table of its own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GroupId, UserId } from '../../src/core/ids.ts'
import { createState } from '../../src/state/index.ts'
import { bot, groupId } from '../facts.ts'
import { askInLoop, watchEvents } from '../loops.ts'
import { measure, median, type Scenario } from '../scenario.ts'
import { bridgeStartUpMs, buildPrograms, translatorStartUpMs } from '../start-up.ts'
import { openStage, type Client, type Subject } from '../stage.ts'
import type { Figures } from '../world.ts'
import { eventScenarios } from './events.ts'
import { withClients } from './clients.ts'

export interface Row {
  name: string
  c?: string
  bridge: string
  target?: string
}

export interface Single {
  name: string
  run(smoke: boolean): Promise<Row[]>
}

async function ofBoth(measureOne: (subject: Subject) => Promise<number>): Promise<{ c: number; bridge: number }> {
  return { c: await measureOne('c'), bridge: await measureOne('bridge') }
}

function sendSome(client: Client, count: number): Promise<number[]> {
  return askInLoop(client, {
    parallel: 16,
    count,
    print: (speaker, at) => speaker.send(at, { text: `message ${at}` }),
    isGood: ({ messageId }) => typeof messageId === 'number',
  })
}

const startUp: Single = {
  name: 'start-up',
  async run(smoke) {
    const rounds = Array.from({ length: smoke ? 1 : 5 })
    buildPrograms()
    const [c, bridge]: [number[], number[]] = [[], []]
    for (const _ of rounds) {
      c.push(await translatorStartUpMs())
      bridge.push(await bridgeStartUpMs())
    }
    const name = 'start-up to first accepted send, ms'
    return [{ name, c: median(c).toFixed(0), bridge: median(bridge).toFixed(0), target: '300' }]
  },
}

const memory: Single = {
  name: 'memory',
  async run(smoke) {
    const count = smoke ? 100 : 1000
    const { c, bridge } = await ofBoth(async (subject) => {
      const stage = await openStage('mirai to OneBot', subject)
      await withClients(stage, 50, async () => {})
      const before = await stage.usage()
      const after = await withClients(stage, count, () => stage.usage())
      await stage.close()
      return (after.rssBytes - before.rssBytes) / 1024 / count
    })
    return [{ name: `KiB for each of ${count} clients`, c: c.toFixed(1), bridge: bridge.toFixed(1), target: '24' }]
  },
}

/** Sends and events for a minute; the first third is for warming up. */
const soak: Single = {
  name: 'soak',
  async run(smoke) {
    const seconds = smoke ? 3 : 60
    const stage = await openStage('mirai to OneBot', 'bridge')
    const sizes: number[] = []
    await withClients(stage, 1, async ([client]) => {
      const until = performance.now() + seconds * 1000
      while (performance.now() < until) {
        await sendSome(client as Client, 500)
        await watchEvents(stage, [client as Client], { count: 500, kind: 'text' })
        sizes.push((await stage.usage()).rssBytes / 1024 / 1024)
      }
    })
    await stage.close()
    const third = Math.ceil(sizes.length / 3)
    const [middle, end] = [median(sizes.slice(third, -third)), median(sizes.slice(-third))]
    const name = `RSS in the last third of ${seconds} s, to the middle one`
    return [{ name, bridge: `${end.toFixed(0)} / ${middle.toFixed(0)} MiB`, target: 'flat' }]
  },
}

/** CPU of the bridge for each event, to as many clients in all. */
async function eventMicros(clients: number, groups: number, smoke: boolean): Promise<number> {
  const [first] = eventScenarios
  const stage = await openStage('mirai to OneBot', 'bridge', String(groups))
  const scenario: Scenario = {
    ...(first as Scenario),
    // The others listen to nothing that is said: they are there.
    run: (given, count) => withClients(given, 1, (watching) => watchEvents(given, watching, { count, kind: 'text' })),
  }
  const figures = await withIdle(clients - 1, stage, async () => {
    const rounds: number[] = []
    await measure(stage, scenario, smoke ? 200 : 3000)
    for (let round = 0; round < (smoke ? 1 : 5); round++) {
      rounds.push((await measure(stage, scenario, smoke ? 200 : 2000)).cpuMicros)
    }
    return median(rounds)
  })
  await stage.close()
  return figures
}

/** Connected, but to the other channel: they get no messages. */
async function withIdle<T>(count: number, stage: Awaited<ReturnType<typeof openStage>>, task: () => Promise<T>) {
  const idle = { ...stage, open: () => stage.open('event') }
  return withClients(idle, count, task)
}

const growth: Single = {
  name: 'growth',
  async run(smoke) {
    const rows: Row[] = []
    const add = (name: string, micros: number): void => void rows.push({ name, bridge: micros.toFixed(1) })
    for (const groups of [10, 100, 1000]) {
      add(`us CPU an event, ${groups} groups`, await eventMicros(1, groups, smoke))
    }
    for (const clients of smoke ? [1, 100] : [1, 100, 1000]) {
      add(`us CPU an event, ${clients} clients of which one reads messages`, await eventMicros(clients, 10, smoke))
    }
    for (const { messages, micros } of learnMicros(smoke ? [10_000] : [10_000, 100_000, 1_000_000])) {
      add(`us CPU to learn a message beside ${messages} others, 16 a commit`, micros)
    }
    return rows
  },
}

function* learnMicros(sizes: readonly number[]) {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-bench-'))
  const { messages, commit, close } = createState({ folder, keep: { days: 30, messages: 10_000_000 } })
  const sender = { userId: 20001 as UserId, nickname: 'c' }
  const peer = { kind: 'group' as const, groupId: groupId as GroupId }
  let last = 0
  const learn = (count: number): number => {
    const before = process.cpuUsage()
    for (let at = 0; at < count; at++) {
      const segments = [{ type: 'text' as const, text: `message ${++last}` }]
      messages.learn(bot as UserId, { native: String(last), peer }, { sender, time: 1_700_000_000, segments }, true)
      if (last % 16 === 0) commit()
    }
    const { user, system } = process.cpuUsage(before)
    return (user + system) / count
  }
  try {
    for (const size of sizes) {
      learn(size - last)
      const rounds = Array.from({ length: 9 }, () => learn(500))
      yield { messages: size, micros: median(rounds) }
    }
  } finally {
    close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const largeWorld: Single = {
  name: 'large world',
  async run(smoke) {
    const child = fork(fileURLToPath(new URL('../world.ts', import.meta.url)), smoke ? ['--smoke'] : [], {
      silent: true,
    })
    const [[figures], [code]] = await Promise.all([once(child, 'message'), once(child, 'exit')])
    if (code !== 0) throw new Error(`the large world ended with ${code}`)
    const { startMs, peakMiB, messages, membersOverHttpMs } = figures as Figures
    const what = `a kept world of ${messages} messages`
    return [
      { name: `${what}: start, ms`, bridge: startMs.toFixed(0), target: '5000' },
      { name: `${what}: peak RSS, MiB`, bridge: peakMiB.toFixed(0), target: '1024' },
      { name: `${what}: list of 5,000 members over HTTP, ms`, bridge: membersOverHttpMs.toFixed(1), target: '20' },
    ]
  },
}

export const singles: readonly Single[] = [startUp, memory, soak, growth, largeWorld]
