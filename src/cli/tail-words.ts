// Events and traces in a line for a person.
import type { HeardEvent } from '../bridge.ts'
import type { BridgeEvent } from '../core/event.ts'
import type { Peer } from '../core/ids.ts'
import type { StepView, TraceView } from '../route/trace-view.ts'
import { toPlainText } from '../translate/plain-text.ts'
import { toPrintable } from './table.ts'

/** One of the two, as it comes over the wire. */
export type Heard = HeardEvent & TraceView

export function isOfBot({ event, bot }: Partial<HeardEvent> & { bot?: number | undefined }, wanted: number): boolean {
  return (event?.bot ?? bot) === wanted
}

export function describeHeard({ backend, event }: HeardEvent): string {
  return toPrintable(`${timeOf(event.time * 1000)}  ${backend} ${event.bot}  ${event.type}  ${describe(event)}`)
}

/** One line: what, from where, how it ended, how long it took, what was lost. */
export function describeTrace({ id, at, where, bot, name, kind, state, ms, error, losses }: TraceView): string {
  const outcome = error ? `${error.kind}: ${error.message}` : losses.length > 0 ? `${state}, not exact` : state
  const what = name === '' ? kind : name
  return toPrintable(`${timeOf(at)}  ${id}  ${where} ${bot ?? '-'}  ${what}  ${ms.toFixed(1)} ms  ${outcome}`)
}

/** The line, and below it each text on its way. */
export function describeWay(trace: TraceView, width: number): string {
  const { source, steps, answer, losses, ms } = trace
  const lines = [
    ...(source === '' ? [] : [`    0.0 ms  ${trace.where} got   ${source}`]),
    ...steps.flatMap(describeStep),
    ...losses.map(({ what, fidelity, reason }) => `            ! ${what} ${fidelity}: ${reason}`),
    ...(answer === undefined ? [] : [`${toTime(ms)}  ${trace.where} said  ${answer}`]),
  ]
  return [describeTrace(trace), ...lines.map((line) => toPrintable(clip(line, width)))].join('\n')
}

const words: Record<StepView['kind'], string> = {
  action: '=',
  asked: 'asked',
  delivered: 'told',
  waiting: 'will be told',
}

function describeStep({ kind, place, ms, value, answer, took, times }: StepView): string[] {
  const who = times === undefined ? place : `${times} of ${place}`
  const line = `${toTime(ms)}  ${kind === 'action' ? '' : `${who} `}${words[kind]}  ${value}`
  if (answer === undefined || took === undefined) return [line]
  return [line, `${toTime(ms + took)}  ${kind === 'action' ? '=' : `${place} said`}  ${answer}`]
}

function toTime(ms: number): string {
  return `${ms.toFixed(1).padStart(7)} ms`
}

function clip(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}

function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8)
}

function describe(event: BridgeEvent): string {
  if (event.type === 'message') {
    const { peer, sender, segments, id } = event.message
    const name = 'card' in sender && sender.card ? sender.card : sender.nickname
    return `${place(peer)} ${name} (${sender.userId}): ${segments.map(toPlainText).join('')}  #${id}`
  }
  const { type: _, bot: _bot, time: _time, ...rest } = event
  return Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}

function place(peer: Peer): string {
  return peer.kind === 'group' ? `group ${peer.groupId}` : peer.kind
}
