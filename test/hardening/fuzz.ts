// The fuzzer: `node test/hardening/fuzz.ts --seed 1 --minutes 5`, and `--batch` to repeat the batch that failed. Batches of
// inputs go to a running bridge over every transport of both dialects; after each, what must be true of all answers is checked.
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'
import {
  checkDiscreet,
  checkMirai,
  checkMiraiEvent,
  checkOneBot,
  checkOneBotEvent,
  isJson,
  isReadable,
  Violation,
} from './fuzz-checks.ts'
import * as make from './fuzz-input.ts'
import type { Dice } from './fuzz-input.ts'
import { startLiar, type Liar } from './fuzz-liar.ts'
import { ask, openLine, type Line } from './fuzz-lines.ts'
import { openDamaged, readSomething } from './fuzz-readers.ts'

const bot = 10001
const batchSize = 24
/** Batches that one bridge serves: its world stays small, and stopping is tried too. */
const batchesPerBridge = 100

export interface FuzzOptions {
  seed: number
  /** Ends after that many, or after `milliseconds`. */
  batches?: number
  milliseconds?: number
  /** The first one. Default 0. */
  from?: number
}

export interface FuzzReport {
  batches: number
  inputs: number
  /** By what was answered: `ws 0`, `http 200`... */
  answers: Map<string, number>
  /** Milliseconds that a bystander waited at most. */
  slowestMs: number
  peakMegabytes: number
  failures: string[]
}

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { batches: 0, inputs: 0, answers: new Map(), slowestMs: 0, peakMegabytes: 0, failures: [] }
  const uncaught: unknown[] = []
  const keep = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', keep)
  process.on('unhandledRejection', keep)
  const deadline = performance.now() + (options.milliseconds ?? Infinity)
  const first = options.from ?? 0
  const last = first + (options.batches ?? Infinity)
  let target: Target | undefined
  try {
    for (let batch = first; batch < last && performance.now() < deadline && report.failures.length < 10; batch++) {
      if (batch % batchesPerBridge === 0) {
        await target?.close()
        target = undefined
      }
      target ??= await openTarget(stages[Math.floor(batch / batchesPerBridge) % stages.length])
      const failure = await runBatch(target, make.createDice(options.seed * 1_000_003 + batch), report)
      const crash = uncaught.splice(0).map(String).join('; ')
      if (failure || crash) {
        report.failures.push(
          `--seed ${options.seed} --batch ${batch}: ${failure?.message ?? ''} ${crash}\n${failure?.inputs.join('\n') ?? ''}`,
        )
        await target.close()
        target = undefined
      }
      report.batches++
      report.peakMegabytes = Math.max(report.peakMegabytes, Math.round(process.memoryUsage.rss() / 2 ** 20))
    }
  } finally {
    await target?.close()
    process.off('uncaughtException', keep)
    process.off('unhandledRejection', keep)
  }
  return report
}

/** What the bridge stands before: a world of its own, or a backend of either dialect that lies. */
const stages = ['world', 'onebot11', 'mirai'] as const
type StageName = (typeof stages)[number]

interface Target {
  bridge: RunningBridge
  liar: Liar | undefined
  sessionKey: string
  api: Line
  all: Line
  /** Events of OneBot. */
  hearer: Line
  bystander: Line
  close(): Promise<void>
}

interface Opened {
  bridge: RunningBridge
  liar?: Liar
  close(): Promise<unknown>
}

/** Reconnecting costs no batch, and what is never answered does not either. */
const hasty = { callTimeoutMs: 200, graceMs: 100, reconnect: { firstMs: 20, maxMs: 50, refusedMs: 50 } }

async function openBridge(stage: StageName): Promise<Opened> {
  if (stage === 'world') {
    const bridge = await startBridge()
    return { bridge, close: bridge.stop }
  }
  const far = await startBridge()
  const liar = await startLiar(stage === 'mirai' ? far.miraiPort : far.onebotPort)
  const ws = `ws://127.0.0.1:${liar.port}`
  const backend =
    stage === 'mirai'
      ? { dialect: 'mirai' as const, ws, verifyKey, bots: [bot], ...hasty }
      : { dialect: 'onebot11' as const, ws, accessToken, transferTimeoutMs: 200, ...hasty }
  const bridge = await startBridge({ backends: { far: backend }, enrichDeadlineMs: 50 })
  await until(() => bridge.bots().some(({ online }) => online), 'the account is on line')
  return { bridge, liar, close: () => Promise.all([bridge.stop(), liar.close(), far.stop()]) }
}

async function openTarget(stage: StageName = 'world'): Promise<Target> {
  const { bridge, liar, close } = await openBridge(stage)
  const authorization = `Bearer ${accessToken}`
  const oneBot = `ws://127.0.0.1:${bridge.onebotPort}/api`
  const [api, bystander, hearer, all] = await Promise.all([
    openLine(oneBot, { authorization }),
    openLine(oneBot, { authorization }),
    openLine(`ws://127.0.0.1:${bridge.onebotPort}/event`, { authorization }),
    openLine(`ws://127.0.0.1:${bridge.miraiPort}/all`, { verifyKey, qq: String(bot) }),
  ])
  const verified = await ask(bridge.miraiPort, {
    method: 'POST',
    path: '/verify',
    headers: {},
    body: JSON.stringify({ verifyKey }),
  })
  const sessionKey = (JSON.parse(verified.text) as { session: string }).session
  await ask(bridge.miraiPort, {
    method: 'POST',
    path: '/bind',
    headers: {},
    body: JSON.stringify({ sessionKey, qq: bot }),
  })
  return {
    ...{ bridge, liar, sessionKey, api, all, hearer, bystander },
    async close() {
      for (const line of [api, all, hearer, bystander]) line.raw.terminate()
      await close()
    },
  }
}

async function runBatch(target: Target, dice: Dice, report: FuzzReport): Promise<Violation | undefined> {
  const { liar } = target
  liar?.lie(dice)
  try {
    await dice.pick(plays)(target, dice, report)
    checkHeard(target, liar?.told() ?? [])
    await expectServed(target, report)
    return undefined
  } catch (thrown) {
    const told = liar?.told() ?? []
    if (!(thrown instanceof Violation)) return new Violation(`the fuzzer itself: ${(thrown as Error).stack}`, told)
    return new Violation(thrown.message, [...thrown.inputs, '--- what the backend said', ...told])
  } finally {
    liar?.lie(undefined)
  }
}

/** Whatever the backend says, clients hear well-formed events of their dialect. */
function checkHeard({ hearer, all }: Target, told: readonly string[]): void {
  for (const text of hearer.frames.splice(0)) checkOneBotEvent(text, told)
  for (const text of all.frames.splice(0)) if (text.startsWith('{"syncId":"-1"')) checkMiraiEvent(text, told)
}

type Play = (target: Target, dice: Dice, report: FuzzReport) => Promise<void>

function count({ answers }: FuzzReport, what: string): void {
  answers.set(what, (answers.get(what) ?? 0) + 1)
}

/** Far from each other: a mutant does not hit one of another. */
function echoOf(at: number): string {
  return (Math.imul(at + 1, 2_654_435_761) >>> 0).toString(36)
}

/** Frames as they are; each is answered exactly once, those that could be read with their echo. */
const oneBotFrames: Play = async ({ api }, dice, report) => {
  const frames = Array.from({ length: batchSize }, (_, at) => make.mutate(dice, make.makeOneBotFrame(dice, echoOf(at))))
  report.inputs += frames.length
  api.frames.length = 0
  for (const frame of frames) api.raw.send(frame)
  const complete = await api.until(() => api.frames.length >= frames.length)
  // One call more, behind all others: what comes twice is here by then.
  api.raw.send('{"action":"get_status","echo":"last"}')
  await api.until(() => api.frames.some((text) => text.endsWith('"echo":"last"}')))
  const answers = api.frames.splice(0)
  if (!complete || answers.length !== frames.length + 1) {
    throw new Violation(`${frames.length} frames, ${answers.length - 1} answers`, [...frames, '---', ...answers])
  }
  for (const text of answers) count(report, `onebot ws ${checkOneBot(text, 'ws', frames)}`)
  for (const [at, frame] of frames.entries()) {
    if (!frame.endsWith(`,"echo":"${echoOf(at)}"}`) || !isReadable(frame)) continue
    const own = answers.filter((text) => text.endsWith(`,"echo":"${echoOf(at)}"}`))
    if (own.length !== 1) throw new Violation(`${own.length} answers with echo ${echoOf(at)}`, [frame, ...own])
  }
}

const miraiFrames: Play = async ({ all }, dice, report) => {
  const frames = Array.from({ length: batchSize }, (_, at) => make.mutate(dice, make.makeMiraiFrame(dice, echoOf(at))))
  report.inputs += frames.length
  all.frames.length = 0
  const answersOf = (): string[] => all.frames.filter((text) => !text.startsWith('{"syncId":"-1"'))
  for (const frame of frames) all.raw.send(frame)
  const complete = await all.until(() => answersOf().length >= frames.length)
  all.raw.send('{"syncId":"last","command":"about"}')
  await all.until(() => answersOf().some((text) => text.startsWith('{"syncId":"last"')))
  const answers = answersOf()
  all.frames.length = 0
  if (!complete || answers.length !== frames.length + 1) {
    throw new Violation(`${frames.length} frames, ${answers.length - 1} answers`, [...frames, '---', ...answers])
  }
  for (const text of answers) count(report, `mirai ws ${checkMirai(text, 'ws', frames)}`)
}

const oneBotRequests: Play = async ({ bridge }, dice, report) => {
  await Promise.all(
    Array.from({ length: batchSize }, async () => {
      const { name, method, params } = make.makeOneBotCall(dice)
      const body = method === 'POST' ? make.mutate(dice, params) : undefined
      const query = method === 'GET' ? `?${toQuery(params)}` : ''
      const path = `/${encodeURIComponent(name)}${query}`
      const type = dice.pick([
        'application/json',
        'application/json',
        'text/plain',
        'application/x-www-form-urlencoded',
      ])
      const input = [`${method} ${path} ${type}`, body ?? '']
      const headers = { authorization: `Bearer ${accessToken}`, 'content-type': type }
      const answer = await asked(ask(bridge.onebotPort, { method, path, headers, body }), input)
      if (![200, 400, 503].includes(answer.status)) throw new Violation(`HTTP ${answer.status}`, input)
      report.inputs++
      count(report, `onebot http ${answer.status} ${checkOneBot(answer.text, 'http', input)}`)
    }),
  )
}

const miraiRequests: Play = async ({ bridge, sessionKey }, dice, report) => {
  await Promise.all(
    Array.from({ length: batchSize }, async () => {
      const call = make.makeMiraiCall(dice, false)
      const method = dice.chance(0.03) ? dice.pick(['GET', 'POST', 'PUT']) : call.method
      const body = method === 'POST' ? make.mutate(dice, call.params) : undefined
      const path = call.path + (method === 'GET' ? `?${toQuery(call.params)}` : '')
      const input = [`${method} ${path}`, body ?? '']
      const headers = { sessionKey, 'content-type': 'application/json' }
      const answer = await asked(ask(bridge.miraiPort, { method, path, headers, body }), input)
      report.inputs++
      if ([404, 405, 415].includes(answer.status)) return count(report, `mirai http ${answer.status}`)
      if (answer.status !== 200) throw new Violation(`HTTP ${answer.status}`, input)
      count(report, `mirai http ${checkMirai(answer.text, 'http', input)}`)
      return undefined
    }),
  )
}

async function asked<T>(answer: Promise<T>, input: readonly string[]): Promise<T> {
  return answer.catch((error: unknown) => {
    throw new Violation(String(error), input)
  })
}

function toQuery(params: string): string {
  const members = isJson(params) ? (JSON.parse(params) as unknown) : {}
  if (typeof members !== 'object' || members === null) return 'x'
  const pairs = Object.entries(members).map(([name, value]): [string, string] => [name, toParameter(value)])
  return new URLSearchParams(pairs).toString().slice(0, 6000)
}

function toParameter(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const upgrade = `GET /api HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${accessToken}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`
/** A masked text frame `{"action":"get_status"}` with the mask 0. */
const text = '{"action":"get_status"}'
const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])

/** What comes back is of no interest here, only that nothing falls over. */
const brokenBytes: Play = async ({ bridge }, dice, report) => {
  await Promise.all(
    Array.from({ length: batchSize }, async () => {
      const form = dice.below(3)
      const { name, params } = make.makeOneBotCall(dice)
      const post = `POST /${name} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${accessToken}\r\nContent-Length: ${Buffer.byteLength(params)}\r\n\r\n${params}`
      const whole = Buffer.from(form === 0 ? post : upgrade)
      const start =
        form === 2
          ? Buffer.concat([whole, make.mutateBytes(dice, Buffer.concat([frame, frame, frame]))])
          : make.mutateBytes(dice, whole)
      const port = dice.pick([bridge.onebotPort, bridge.miraiPort, bridge.adminPort])
      const socket = connect(port, '127.0.0.1')
      let heard = ''
      socket.on('error', () => {})
      socket.on('data', (data: Buffer) => (heard += data.toString()))
      socket.write(start)
      await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 30))])
      socket.destroy()
      report.inputs++
      count(report, `bytes ${/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? 'nothing'}`)
      checkDiscreet(heard, [start.toString('latin1')])
    }),
  )
}

const filesRead: Play = async (_, dice, report) => {
  for (let at = 0; at < batchSize; at++) count(report, readSomething(dice))
  count(report, openDamaged(dice))
  report.inputs += batchSize + 1
}

const plays: readonly Play[] = [
  ...[oneBotFrames, oneBotFrames, oneBotFrames, miraiFrames, miraiFrames, miraiFrames],
  ...[oneBotRequests, oneBotRequests, miraiRequests, miraiRequests, brokenBytes, filesRead],
]

async function expectServed({ bystander, bridge }: Target, report: FuzzReport): Promise<void> {
  const started = performance.now()
  bystander.frames.length = 0
  bystander.raw.send('{"action":"get_status","echo":"bystander"}')
  if (!(await bystander.until(() => bystander.frames.length > 0)))
    throw new Violation('other clients are not served', [])
  const { status } = await ask(bridge.miraiPort, { method: 'GET', path: '/about', headers: {} })
  if (status !== 200) throw new Violation(`/about answers ${status}`, [])
  report.slowestMs = Math.max(report.slowestMs, Math.round(performance.now() - started))
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, minutes: { type: 'string' }, batch: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const where =
    values.batch === undefined
      ? { milliseconds: Number(values.minutes ?? 5) * 60_000 }
      : { from: Number(values.batch), batches: 1 }
  const { answers, failures, ...figures } = await fuzz({ seed, ...where })
  console.log({ seed, ...figures })
  console.table(Object.fromEntries([...answers].toSorted(([one], [other]) => one.localeCompare(other))))
  for (const failure of failures) console.error(failure)
  process.exitCode = failures.length === 0 ? 0 : 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
