// Events and traces in a line for a person.
import type { HeardEvent } from '../bridge.ts'
import type { BridgeEvent } from '../core/event.ts'
import type { TraceRecord } from '../core/fidelity.ts'
import type { Peer } from '../core/ids.ts'
import { toPlainText } from '../translate/plain-text.ts'
import { toPrintable } from './table.ts'

/** One of the two, as it comes over the wire. */
export type Heard = HeardEvent & TraceRecord

export function isOfBot(value: { event?: { bot: number }; bot?: number | undefined }, bot: number): boolean {
  return (value.event?.bot ?? value.bot) === bot
}

export function describeHeard({ backend, event }: HeardEvent): string {
  return toPrintable(`${timeOf(event.time * 1000)}  ${backend} ${event.bot}  ${event.type}  ${describe(event)}`)
}

export function describeTrace({ at, where, bot, direction, what, fidelity, reason }: TraceRecord): string {
  const way = direction === 'in' ? 'to the backend' : 'to the client'
  return toPrintable(`${timeOf(at)}  ${where} ${bot ?? '-'}  ${fidelity} ${way}  ${what}: ${reason}`)
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
