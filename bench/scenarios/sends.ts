// Messages that clients send, in a closed loop.
import { Agent } from 'node:http'
import { bot, groupId, verifyKey } from '../facts.ts'
import { postJson } from '../post.ts'
import { askInLoop, type Asking } from '../loops.ts'
import type { Scenario, Targets } from '../scenario.ts'
import type { Client, Pair, Stage } from '../stage.ts'
import { withClients } from './clients.ts'

type Print = Asking['print']

const plain: Print = (speaker, at) => speaker.send(at, { text: `message ${at}` })
const long =
  (length: number): Print =>
  (speaker, at) =>
    speaker.send(at, { text: `${at} ${'x'.repeat(length)}` })

function loop(client: Client, parallel: number, count: number, print: Print = plain): Promise<number[]> {
  return askInLoop(client, { parallel, count, print, isGood: ({ messageId }) => typeof messageId === 'number' })
}

/** Targets of the mirai to OneBot direction are those of the other one, too. */
function sends(parallel: number, targets: Targets, pair: Pair = 'mirai to OneBot'): Scenario {
  return {
    name: `sends, ${parallel} in flight, ${pair}`,
    pair,
    yardstick: 'c',
    count: parallel === 1 ? 1500 : 4000,
    smokeCount: 300,
    targets,
    run: (stage, count) => withClients(stage, 1, ([client]) => loop(client as Client, parallel, count)),
  }
}

const manyConnections: Scenario = {
  name: 'sends, 64 connections, 1 in flight each',
  pair: 'mirai to OneBot',
  yardstick: 'c',
  subjects: ['c', 'bridge'],
  count: 4096,
  smokeCount: 640,
  targets: { perSecond: 1, cpuMicros: 0.75 },
  run: (stage, count) =>
    withClients(stage, 64, async (clients) => {
      const all = await Promise.all(clients.map((client) => loop(client, 1, count / 64)))
      return all.flat()
    }),
}

function content(name: string, count: number, print: Print): Scenario {
  return {
    name: `sends, 16 in flight, ${name}`,
    pair: 'mirai to OneBot',
    yardstick: 'c',
    subjects: ['c', 'bridge'],
    count,
    smokeCount: 200,
    targets: { perSecond: 0.9, cpuMicros: 0.9 },
    run: (stage, total) => withClients(stage, 1, ([client]) => loop(client as Client, 16, total, print)),
  }
}

/** What is quoted must have been sent. */
const mixed: Scenario = {
  ...content('quote, mention, text and image', 3000, plain),
  run: (stage, count) =>
    withClients(stage, 1, async ([client]) => {
      let quote = 0
      const asking = { parallel: 1, count: 1, print: plain }
      await askInLoop(client as Client, { ...asking, isGood: ({ messageId = 0 }) => (quote = messageId) !== 0 })
      return loop(client as Client, 16, count, (speaker, at) => speaker.send(at, { text: `message ${at}`, quote }))
    }),
}

const overHttp: Scenario = {
  name: 'sends, 16 in flight over HTTP',
  pair: 'mirai to OneBot',
  yardstick: 'c',
  subjects: ['c', 'bridge'],
  count: 1500,
  smokeCount: 200,
  targets: { perSecond: 0.9, cpuMicros: 1.15, p99: 1.2 },
  run: postInLoop,
}

interface HttpAnswer {
  session?: string
  messageId?: number
}

async function postInLoop({ subject, httpPort }: Stage, count: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const post = (path: string, body: object): Promise<HttpAnswer> =>
    postJson({ port: httpPort, path, body: JSON.stringify(body), agent }) as Promise<HttpAnswer>
  const sessionKey = subject === 'bridge' ? await startSession(post) : ''
  const latencies: number[] = []
  let asked = 0
  async function ask(): Promise<void> {
    while (asked < count) {
      const at = ++asked
      const started = performance.now()
      const messageChain = [{ type: 'Plain', text: `message ${at}` }]
      const { messageId } = await post('/sendGroupMessage', { sessionKey, target: groupId, messageChain })
      if (typeof messageId !== 'number') throw new Error(`message ${at} was not sent`)
      latencies.push(performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: 16 }, ask))
  agent.destroy()
  return latencies
}

async function startSession(post: (path: string, body: object) => Promise<HttpAnswer>): Promise<string> {
  const { session = '' } = await post('/verify', { verifyKey })
  await post('/bind', { sessionKey: session, qq: bot })
  return session
}

export const sendScenarios: readonly Scenario[] = [
  sends(64, { perSecond: 1, cpuMicros: 0.75, p99: 1.2 }),
  sends(16, { perSecond: 0.9, cpuMicros: 0.9, p50: 1.1 }),
  sends(1, { perSecond: 0.93, cpuMicros: 1.15, p50: 1.1 }),
  sends(64, { perSecond: 1, cpuMicros: 0.75, p99: 1.2 }, 'OneBot to mirai'),
  sends(16, { perSecond: 0.9, cpuMicros: 0.9, p50: 1.1 }, 'OneBot to mirai'),
  sends(1, { perSecond: 0.93, cpuMicros: 1.15, p50: 1.1 }, 'OneBot to mirai'),
  manyConnections,
  mixed,
  content('1 KiB of text', 3000, long(1024)),
  content('16 KiB of text', 1000, long(16 * 1024)),
  overHttp,
  {
    ...sends(64, { perSecond: 0.9, cpuMicros: 1.2, p99: 1.2 }, 'OneBot to OneBot'),
    name: 'equal dialects, 64 in flight',
    yardstick: 'a',
  },
  {
    ...sends(1, { perSecond: 0.9, cpuMicros: 1.2, p99: 1.2 }, 'OneBot to OneBot'),
    name: 'equal dialects, 1 in flight',
    yardstick: 'a',
  },
]
