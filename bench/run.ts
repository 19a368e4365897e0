// `npm run bench`: round trips and events per second through the bridge, beside a relay that only copies frames (a), the
// least that a translator can do (c), and the same with the writes of a turn joined (c+). Every subject is a process of its
// own; they take turns in each round, so that other load hits all alike. Full runs write bench/RESULTS.md.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import type { Usage } from './subject.ts'

const smoke = process.argv.includes('--smoke')
const rounds = smoke ? 1 : 5
const sends = smoke ? 2000 : 20_000
const events = smoke ? 2000 : 20_000
const inFlight = [1, 16, 64]

interface Speaker {
  url: string
  /** A send to the group with this number, and the number in its answer. */
  ask(at: number): string
  numberOf(frame: Record<string, unknown>): number | undefined
  isAnswerOk(frame: Record<string, unknown>): boolean
  isEvent(frame: Record<string, unknown>): boolean
}

interface Figure {
  perSecond: number
  cpuMicros: number
  p50: number
  p99: number
}

async function launch(file: string, ...args: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const died = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it was ready`)
  })
  const [message] = (await Promise.race([once(child, 'message'), died])) as [{ port: number }]
  died.catch(() => {})
  return { child, port: message.port }
}

function oneBot(port: number): Speaker {
  return {
    url: `ws://127.0.0.1:${port}`,
    ask: (at) =>
      JSON.stringify({
        action: 'send_group_msg',
        params: { group_id: 30001, message: [{ type: 'text', data: { text: `message ${at}` } }] },
        echo: String(at),
      }),
    numberOf: (frame) => (frame['echo'] === undefined ? undefined : Number(frame['echo'])),
    isAnswerOk: (frame) => typeof (frame['data'] as { message_id?: unknown } | null)?.message_id === 'number',
    isEvent: (frame) => frame['post_type'] === 'message',
  }
}

function mirai(port: number): Speaker {
  return {
    url: `ws://127.0.0.1:${port}/all?verifyKey=benchmark-key&qq=10001`,
    ask: (at) =>
      JSON.stringify({
        syncId: String(at),
        command: 'sendGroupMessage',
        content: { target: 30001, messageChain: [{ type: 'Plain', text: `message ${at}` }] },
      }),
    numberOf: (frame) => (frame['syncId'] === '' || frame['syncId'] === '-1' ? undefined : Number(frame['syncId'])),
    isAnswerOk: (frame) => typeof (frame['data'] as { messageId?: unknown }).messageId === 'number',
    isEvent: (frame) => frame['syncId'] === '-1' && (frame['data'] as { type?: string }).type === 'GroupMessage',
  }
}

async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const greeting = once(socket, 'message')
  await once(socket, 'open')
  await greeting
  return socket
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  child.send({ usage: true })
  const [message] = (await once(child, 'message')) as [{ usage: Usage }]
  return message.usage
}

async function measure(
  child: ChildProcess,
  count: number,
  work: (latencies: number[]) => Promise<void>,
): Promise<Figure> {
  const latencies: number[] = []
  const before = await usageOf(child)
  const started = performance.now()
  await work(latencies)
  const seconds = (performance.now() - started) / 1000
  const after = await usageOf(child)
  const sorted = latencies.toSorted((a, b) => a - b)
  return {
    perSecond: count / seconds,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / count,
    p50: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  }
}

/** Closed loop: so many asked, each answered exactly once, or the run fails. */
function roundTrips(socket: WebSocket, speaker: Speaker, parallel: number): (latencies: number[]) => Promise<void> {
  return (latencies) =>
    new Promise((resolve, reject) => {
      const startedAt = new Map<number, number>()
      let asked = 0
      let answered = 0
      const ask = (): void => {
        const at = ++asked
        startedAt.set(at, performance.now())
        socket.send(speaker.ask(at))
      }
      const onMessage = (data: Buffer): void => {
        const frame = JSON.parse(data.toString('utf8')) as Record<string, unknown>
        const at = speaker.numberOf(frame)
        if (at === undefined) return
        const started = startedAt.get(at)
        if (started === undefined || !speaker.isAnswerOk(frame)) {
          return reject(new Error(`a wrong, doubled or failed answer: ${data.toString('utf8')}`))
        }
        startedAt.delete(at)
        latencies.push(performance.now() - started)
        answered++
        if (asked < sends) ask()
        else if (answered === sends) {
          socket.off('message', onMessage)
          resolve()
        }
      }
      socket.on('message', onMessage)
      for (let at = 0; at < parallel; at++) ask()
    })
}

/** Events as fast as they are delivered: a new batch for each that has arrived, a few on their way. */
function eventFlood(socket: WebSocket, speaker: Speaker, backend: ChildProcess): () => Promise<void> {
  const batch = 200
  const ahead = 5
  return () =>
    new Promise((resolve) => {
      let seen = 0
      const onMessage = (data: Buffer): void => {
        if (!speaker.isEvent(JSON.parse(data.toString('utf8')) as Record<string, unknown>)) return
        seen++
        if (seen % batch === 0 && seen + ahead * batch <= events) backend.send({ events: batch })
        if (seen < events) return
        socket.off('message', onMessage)
        resolve()
      }
      socket.on('message', onMessage)
      backend.send({ events: ahead * batch })
    })
}

const subjects = {
  a: { file: './relay.ts', args: [], speaker: oneBot },
  c: { file: './translator.ts', args: [], speaker: mirai },
  'c+': { file: './translator.ts', args: ['joined'], speaker: mirai },
  bridge: { file: './bridge.ts', args: [], speaker: mirai },
} as const
type Subject = keyof typeof subjects
const names = Object.keys(subjects) as Subject[]

/** Scenario -> subject -> one figure a round. */
type Results = Map<string, Record<Subject, Figure[]>>

async function runRound(results: Results): Promise<void> {
  for (const name of names) {
    const { file, args, speaker: speakerFor } = subjects[name]
    const backend = await launch('./backend.ts')
    const { child, port } = await launch(file, `ws://127.0.0.1:${backend.port}`, ...args)
    const speaker = speakerFor(port)
    const socket = await connect(speaker.url)
    await roundTrips(socket, speaker, 16)([])
    for (const parallel of inFlight) {
      const figure = await measure(child, sends, roundTrips(socket, speaker, parallel))
      keep(results, { scenario: `sends, ${parallel} in flight`, name, figure })
    }
    const figure = await measure(child, events, eventFlood(socket, speaker, backend.child))
    keep(results, { scenario: 'events to one client', name, figure })
    socket.close()
    child.kill()
    backend.child.kill()
    await Promise.all([once(child, 'exit'), once(backend.child, 'exit')])
  }
}

function keep(results: Results, { scenario, name, figure }: { scenario: string; name: Subject; figure: Figure }): void {
  const row = results.get(scenario) ?? { a: [], c: [], 'c+': [], bridge: [] }
  row[name].push(figure)
  results.set(scenario, row)
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** Ratios are made within a round, then the median of the rounds is taken. */
function ratio(row: Record<Subject, Figure[]>, to: Subject, key: keyof Figure): string {
  const ratios = row.bridge.map((figure, round) => figure[key] / (row[to][round]?.[key] || Number.NaN))
  const middle = median(ratios.filter((one) => !Number.isNaN(one)))
  return middle === 0 ? '-' : middle.toFixed(2)
}

function render(results: Results): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const head = ['scenario', ...names.map((name) => `${name} /s`), ...names.map((name) => `${name} us CPU`)]
  const ratios = ['bridge/a', 'bridge/c', 'CPU bridge/c', 'p50 bridge/c', 'p99 bridge/c']
  const lines = [...results].map(([scenario, figures]) => {
    const of = (key: keyof Figure, digits: number) =>
      names.map((name) => median(figures[name].map((figure) => figure[key])).toFixed(digits))
    return row([
      scenario,
      ...of('perSecond', 0),
      ...of('cpuMicros', 1),
      ratio(figures, 'a', 'perSecond'),
      ratio(figures, 'c', 'perSecond'),
      ratio(figures, 'c', 'cpuMicros'),
      ratio(figures, 'c', 'p50'),
      ratio(figures, 'c', 'p99'),
    ])
  })
  return [
    'mirai client -> subject -> OneBot backend over WebSocket. a: a relay that copies OneBot frames; c: a translator without',
    'validation, ids, directory or traces; c+: c with the writes of a turn joined; bridge: everything on, state in memory.',
    `Node ${process.version}, ${availableParallelism()} cores, ${rounds} round(s), ${sends} sends, ${events} events, medians.`,
    '',
    row([...head, ...ratios]),
    row([...head, ...ratios].map(() => '---')),
    ...lines,
    '',
  ].join('\n')
}

if (process.argv.includes('--world')) {
  await import('./world.ts')
  process.exit()
}
const results: Results = new Map()
for (let round = 0; round < rounds; round++) await runRound(results)
const text = render(results)
process.stdout.write(text)
if (!smoke) {
  const day = new Date().toISOString().slice(0, 10)
  writeFileSync(new URL('./RESULTS.md', import.meta.url), `# Benchmark, ${day}\n\n${text}`)
}
