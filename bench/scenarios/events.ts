// Events of the backend on their way to clients.
import type { EventKind } from '../facts.ts'
import { watchEvents } from '../loops.ts'
import type { Scenario, Targets } from '../scenario.ts'
import { withClients } from './clients.ts'

function events(clients: number, count: number, targets: Targets): Scenario {
  return {
    name: `events to ${clients} client${clients === 1 ? '' : 's'}`,
    pair: 'mirai to OneBot',
    yardstick: 'c',
    subjects: clients === 1 ? ['a', 'c', 'c+', 'bridge'] : ['c', 'bridge'],
    count,
    smokeCount: Math.max(5, Math.ceil(count / 20)),
    targets,
    run: toRun(clients, 'text'),
  }
}

function toRun(clients: number, kind: EventKind): Scenario['run'] {
  return (stage, count) => withClients(stage, clients, (all) => watchEvents(stage, all, { count, kind }))
}

/** Each event is answered at once, as a bot does. At most 16 are under way. */
const answered: Scenario = {
  name: 'event to answer, 16 in flight',
  pair: 'mirai to OneBot',
  yardstick: 'c',
  subjects: ['c', 'bridge'],
  count: 2000,
  smokeCount: 200,
  targets: { perSecond: 0.9, cpuMicros: 0.9, p99: 1.2 },
  run: (stage, count) =>
    withClients(stage, 1, async ([client]) => {
      if (!client) return []
      const { socket, speaker } = client
      const { promise: allAnswered, resolve, reject } = Promise.withResolvers<void>()
      let answers = 0
      let asked = 0
      const onMessage = (data: Buffer): void => {
        if (data.includes('"GroupMessage"')) return
        const answer = speaker.readAnswer(data.toString('utf8'))
        if (!answer) return
        if (typeof answer.messageId !== 'number') reject(new Error(`answer ${answer.at} was not sent`))
        if (++answers === count) resolve()
      }
      socket.on('message', onMessage)
      const watching = { count, kind: 'text' as const, ahead: 16 }
      const onEvent = (): void => socket.send(speaker.send(++asked, { text: `answer ${asked}` }))
      const latencies = await watchEvents(stage, [client], { ...watching, onEvent })
      await allAnswered
      socket.off('message', onMessage)
      return latencies
    }),
}

export const eventScenarios: readonly Scenario[] = [
  events(1, 5000, { perSecond: 0.9, cpuMicros: 1, p99: 1.3 }),
  {
    ...events(1, 4000, { perSecond: 0.9, cpuMicros: 1.15, p99: 1.3 }),
    name: 'events to 1 client, quote, mention, text and image',
    subjects: ['c', 'bridge'],
    run: toRun(1, 'mixed'),
  },
  events(10, 1000, { perSecond: 0.9, cpuMicros: 1 }),
  events(100, 200, { perSecond: 1.1, cpuMicros: 0.5, p99: 1.1 }),
  events(1000, 20, { perSecond: 1.1, cpuMicros: 0.5, p99: 1.1 }),
  answered,
]
