// The soak: `npm run soak`, or for less `node test/hardening/soak.ts --minutes 1 --rate 300 --restart 20`. Four processes: this
// one, a backend of 100 accounts that restarts each minute and tells 1,000 events a second in all, the bridge, and 1,000
// sessions that come, go and ask. Ten of these listen to each account, so that 10,000 deliveries a second are due. What is
// promised: whoever is connected hears each event of his account once and in order; whoever is known when he comes back
// (client ids, Last-Event-ID, queues) misses nothing, whoever was cut at most what was on its way; each call is answered
// once; the memory of the bridge stays flat.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { BackendReport } from './soak-backend.ts'
import type { BridgeReport } from './soak-bridge.ts'
import type { ClientsReport, JoinOrder, LiveOrder } from './soak-clients.ts'
import { startHelper } from './soak-process.ts'
import { judge, printTable, toRow, type Look, type Row } from './soak-report.ts'

const mix = { oneBot: 4, named: 1, stream: 1, mirai: 2, kept: 1, poller: 1 }

interface Ports {
  onebot: number
  mirai: number
  far: number
}

interface BridgeOrders {
  start(given: { folder: string; profileTo: string | undefined }): Ports
  report(given: undefined): BridgeReport
  endProfile(given: undefined): void
}

interface BackendOrders {
  connect(given: { url: string; bots: readonly number[] }): void
  talk(given: { rate: number }): void
  burst(given: { events: number }): void
  restart(given: undefined): void
  hush(given: undefined): ReadonlyMap<number, number>
  report(given: undefined): BackendReport
}

interface ClientsOrders {
  join(given: JoinOrder): number
  live(given: LiveOrder): void
  report(given: undefined): ClientsReport
  settle(given: undefined): void
  finish(given: ReadonlyMap<number, number>): void
}

interface Options {
  minutes: number
  rate: number
  accounts: number
  restartSeconds: number
  /** Seconds between two looks. */
  lookSeconds: number
  /** Events in one go, in the middle of the run. */
  burst: number
  profileTo: string | undefined
}

function startHelpers() {
  return {
    bridge: startHelper<BridgeOrders>('soak-bridge.ts', ['--expose-gc']),
    backend: startHelper<BackendOrders>('soak-backend.ts'),
    clients: startHelper<ClientsOrders>('soak-clients.ts'),
  }
}

type Helpers = ReturnType<typeof startHelpers>

async function takeLook({ bridge, backend, clients }: Helpers): Promise<Look> {
  const [ofBridge, ofBackend, ofClients] = await Promise.all([
    bridge.ask('report', undefined),
    backend.ask('report', undefined),
    clients.ask('report', undefined),
  ])
  return { at: performance.now(), bridge: ofBridge, backend: ofBackend, clients: ofClients }
}

async function setUp({ bridge, backend, clients }: Helpers, folder: string, options: Options): Promise<void> {
  const { onebot, mirai, far } = await bridge.ask('start', { folder, profileTo: options.profileTo })
  const bots = Array.from({ length: options.accounts }, (_, at) => 10_001 + at)
  await backend.ask('connect', { url: `ws://127.0.0.1:${far}/`, bots })
  const count = await clients.ask('join', { ports: { onebot, mirai }, bots, mix })
  console.log(`${count} sessions stand`)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}

/** The looks, the first one from before the events. */
async function live(helpers: Helpers, options: Options): Promise<{ looks: Look[]; restarts: number }> {
  const { backend, clients } = helpers
  const looks = [await takeLook(helpers)]
  await backend.ask('talk', { rate: options.rate })
  await clients.ask('live', { moves: 20, calls: 50 })
  const started = performance.now()
  const lengthMs = options.minutes * 60_000
  let restarts = 0
  let restarting: Promise<unknown> | undefined
  let bursts = 0
  for (let second = 1; performance.now() - started < lengthMs; second++) {
    await pause(started + second * 1000 - performance.now())
    // Of two at a time the second one would dial while the bridge still reads what the accounts said before.
    if (second % options.restartSeconds === 0 && !restarting) {
      restarts++
      restarting = backend.ask('restart', undefined).then(() => (restarting = undefined))
    }
    if (options.burst > 0 && second * 2000 >= lengthMs && bursts++ === 0) {
      await backend.ask('burst', { events: options.burst })
    }
    if (second % options.lookSeconds === 0) {
      const look = await takeLook(helpers)
      looks.push(look)
      console.log(JSON.stringify(toRow(looks.at(-2) as Look, look)))
    }
  }
  await restarting
  return { looks, restarts }
}

const lastMs = 2000
/** Whatever is on its way arrives. */
const settleMs = 5000

async function soak(options: Options): Promise<{ rows: Row[]; summary: object; problems: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'))
  const helpers = startHelpers()
  const { bridge, backend, clients } = helpers
  try {
    await setUp(helpers, folder, options)
    const { looks, restarts } = await live(helpers, options)
    await clients.ask('settle', undefined)
    // Those who came last hear something, too.
    await pause(lastMs)
    const sent = await backend.ask('hush', undefined)
    await pause(settleMs)
    await clients.ask('finish', sent)
    const last = await takeLook(helpers)
    await bridge.ask('endProfile', undefined)
    return judge({ looks, last, restarts, rate: options.rate })
  } finally {
    await Promise.all([clients.end(), backend.end()])
    await bridge.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '1000' },
    accounts: { type: 'string', default: '100' },
    restart: { type: 'string', default: '60' },
    look: { type: 'string' },
    burst: { type: 'string', default: '0' },
    profile: { type: 'string' },
    out: { type: 'string' },
  },
})
const minutes = Number(values.minutes)
const { rows, summary, problems } = await soak({
  minutes,
  rate: Number(values.rate),
  accounts: Number(values.accounts),
  restartSeconds: Number(values.restart),
  lookSeconds: Number(values.look ?? (minutes >= 5 ? 60 : 10)),
  burst: Number(values.burst),
  profileTo: values.profile,
})
printTable(rows)
console.log(summary)
for (const problem of problems) console.error(problem)
if (values.out !== undefined)
  writeFileSync(values.out, `${JSON.stringify({ summary, rows, problems }, undefined, 2)}\n`)
process.exitCode = problems.length === 0 ? 0 : 1
