// What the soak shows: a row for each span of time, a summary, and what is not as it was promised. Pure.
import type { BackendReport } from './soak-backend.ts'
import type { BridgeReport } from './soak-bridge.ts'
import type { ClientsReport } from './soak-clients.ts'
import type { Tally } from './soak-count.ts'

export interface Look {
  /** Milliseconds. */
  at: number
  bridge: BridgeReport
  backend: BackendReport
  clients: ClientsReport
}

export interface Row {
  seconds: number
  eventsPerSecond: number
  deliveriesPerSecond: number
  /** Of one core. */
  bridgeCpuPercent: number
  clientsCpuPercent: number
  backendCpuPercent: number
  /** CPU of the bridge for one delivery, its share of all else included. */
  microsPerDelivery: number
  rssMegabytes: number
  liveMegabytes: number
  /** The longest stall of the bridge's event loop, and what of it was its own doing rather than the machine's. */
  stallMs: number
  stallCpuMs: number
  clientsStallMs: number
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20)
}

function sum({ tallies }: ClientsReport, of: (tally: Tally) => number): number {
  return Object.values(tallies).reduce((total, tally) => total + of(tally), 0)
}

export function toRow(before: Look, now: Look): Row {
  const ms = now.at - before.at
  const { bridge, backend, clients } = now
  const heard = sum(clients, ({ heard }) => heard) - sum(before.clients, ({ heard }) => heard)
  const share = (cpuMs: number): number => Math.round((100 * cpuMs) / ms)
  return {
    seconds: Math.round(ms / 1000),
    eventsPerSecond: Math.round((1000 * (backend.sent - before.backend.sent)) / ms),
    deliveriesPerSecond: Math.round((1000 * heard) / ms),
    bridgeCpuPercent: share(bridge.cpuMs),
    clientsCpuPercent: share(clients.cpuMs),
    backendCpuPercent: share(backend.cpuMs),
    microsPerDelivery: Math.round((10_000 * bridge.cpuMs) / Math.max(1, heard)) / 10,
    rssMegabytes: megabytes(bridge.rss),
    liveMegabytes: megabytes(bridge.live),
    stallMs: bridge.longestMs,
    stallCpuMs: bridge.longestCpuMs,
    clientsStallMs: clients.longestMs,
  }
}

/** Milliseconds within which the bridge notices that a link was cut. */
const noticeMs = 2000
/** Milliseconds that no call may take. */
const patienceMs = 3000
/** Of the rate that was asked for; the backend is away for a second of each minute. */
const leastRate = 0.9

interface Run {
  looks: readonly Look[]
  last: Look
  restarts: number
  rate: number
}

export function judge({ looks, last, restarts, rate }: Run): { rows: Row[]; summary: object; problems: string[] } {
  const rows = looks.slice(1).map((look, at) => toRow(looks[at] as Look, look))
  const { tallies, calls, joined } = last.clients
  const [first] = looks
  const end = looks.at(-1)
  const sent = (end?.backend.sent ?? 0) - (first?.backend.sent ?? 0)
  const perSecond = Math.round((1000 * sent) / ((end?.at ?? 0) - (first?.at ?? 0)))
  const peak = (of: (row: Row) => number): number => Math.max(...rows.map(of))
  const summary = {
    eventsSent: last.backend.sent,
    eventsSkipped: last.backend.skipped,
    perSecond,
    restarts,
    comings: joined,
    deliveries: sum(last.clients, ({ heard }) => heard),
    tallies,
    calls,
    peakRssMegabytes: peak((row) => row.rssMegabytes),
    longestStallMs: peak((row) => row.stallMs),
    longestStallCpuMs: peak((row) => row.stallCpuMs),
    handlesAtEnd: last.bridge.handles,
  }
  const problems = [...looks, last].flatMap(({ clients }) => clients.problems)
  const hold = (holds: boolean, text: string): void => {
    if (!holds) problems.push(text)
  }
  for (const [kind, { lost, doubled, newestAtCutMs }] of Object.entries(tallies)) {
    hold(lost === 0, `${kind}: ${lost} events were lost`)
    hold(doubled === 0, `${kind}: ${doubled} events came twice`)
    hold(newestAtCutMs < noticeMs, `${kind}: an event was lost that was sent ${newestAtCutMs} ms after a cut`)
  }
  hold(calls.unasked === 0, `${calls.unasked} answers came that nobody waited for`)
  hold(calls.slowestMs < patienceMs, `a call took ${calls.slowestMs} ms`)
  hold(perSecond > rate * leastRate, `only ${perSecond} events a second`)
  problems.push(...growth(rows))
  return { rows, summary, problems }
}

/** The last third may not hold more than the middle one, some noise aside. */
function growth(rows: readonly Row[]): string[] {
  const live = rows.map((row) => row.liveMegabytes)
  const third = Math.floor(live.length / 3)
  if (third === 0) return []
  const middle = Math.max(...live.slice(third, 2 * third))
  const end = Math.max(...live.slice(2 * third))
  return end < middle * 1.15 + 16 ? [] : [`the memory grew from ${middle} to ${end} MB`]
}

export function printTable(rows: readonly Row[]): void {
  console.table(rows)
}
