// Large lists, and events that must not wait behind them. c asks its backend each time: it remembers nothing.
import { bigGroup, hugeGroup } from '../facts.ts'
import { askInLoop, watchEvents, type Asking } from '../loops.ts'
import type { Scenario, Targets } from '../scenario.ts'
import type { Client } from '../stage.ts'
import { withClients } from './clients.ts'

const isList =
  (least: number): Asking['isGood'] =>
  ({ data }) =>
    Array.isArray(data) && data.length >= least

function list(name: string, given: { least: number; targets: Targets; print: Asking['print'] }): Scenario {
  const { least, targets, print } = given
  return {
    name,
    pair: 'mirai to OneBot',
    yardstick: 'c',
    subjects: ['c', 'bridge'],
    count: 40,
    smokeCount: 4,
    targets,
    run: (stage, count) =>
      withClients(stage, 1, ([client]) =>
        askInLoop(client as Client, { parallel: 1, count, print, isGood: isList(least) }),
      ),
  }
}

/** Event latency on one connection while another one asks for the 5,000 members all the time. */
const headOfLine: Scenario = {
  ...list('events while 5,000 members are fetched', { least: 0, targets: { p50: 0.6 }, print: () => '' }),
  count: 200,
  smokeCount: 20,
  run: (stage, count) =>
    withClients(stage, 2, async ([fetching, watching]) => {
      const { socket, speaker } = fetching as Client
      let at = 0
      const fetchAgain = (): void => socket.send(speaker.listMembers(++at, hugeGroup))
      const onMessage = (data: Buffer): void => {
        if (data.length > 100_000) fetchAgain()
      }
      socket.on('message', onMessage)
      fetchAgain()
      const latencies = await watchEvents(stage, [watching as Client], { count, kind: 'text', ahead: 2 })
      socket.off('message', onMessage)
      return latencies
    }),
}

const warm: Targets = { perSecond: 2, cpuMicros: 0.2 }

export const listScenarios: readonly Scenario[] = [
  list('list of 500 groups', { least: 500, targets: warm, print: (speaker, at) => speaker.listGroups(at) }),
  list('list of 1,000 members', {
    least: 999,
    targets: warm,
    print: (speaker, at) => speaker.listMembers(at, bigGroup),
  }),
  list('list of 5,000 members', {
    least: 4999,
    targets: warm,
    print: (speaker, at) => speaker.listMembers(at, hugeGroup),
  }),
  list('list of 5,000 members, asked for anew', {
    least: 4999,
    targets: { perSecond: 0.9, cpuMicros: 1.1 },
    print: (speaker, at) => speaker.listMembers(at, hugeGroup, true),
  }),
  {
    ...list('list of 5,000 members, equal dialects', {
      least: 5000,
      targets: { perSecond: 0.9, cpuMicros: 1.2 },
      print: (speaker, at) => speaker.listMembers(at, hugeGroup),
    }),
    pair: 'OneBot to OneBot',
    yardstick: 'a',
    subjects: ['a', 'bridge'],
  },
  headOfLine,
]
