// Frames of the ws adapter: an envelope {syncId, data}, or bare data where mah could not read a request.
import { BridgeError } from '../../core/error.ts'
import { parseJson, type JsonLimits } from '../../core/json.ts'
import { toObject, toText, type WireObject } from '../../core/read.ts'
import type { PrintedCommand } from '../../dialect/mirai/index.ts'

export type Frame =
  | { kind: 'event'; data: WireObject }
  | { kind: 'answer'; syncId: string; data: WireObject }
  /** Without syncId: about a request that the server could not read. */
  | { kind: 'bare'; data: WireObject }
  /** `syncId`: of what it would be an answer to. */
  | { kind: 'garbage'; reason: string; syncId?: string | undefined }

export function readFrame(text: string, json?: JsonLimits): Frame {
  const wire = parse(text, json)
  if (typeof wire === 'string') return { kind: 'garbage', reason: wire }
  const isEnvelope = Object.hasOwn(wire, 'data') && wire['code'] === undefined
  const data = isEnvelope ? toObject(wire['data']) : wire
  if (!data) return { kind: 'garbage', reason: 'data is not an object', syncId: toText(wire['syncId']) }
  // No answer has a type of its own, every event has one: so the configurable syncId of events need not be known.
  if (typeof data['type'] === 'string') return { kind: 'event', data }
  const syncId = toText(wire['syncId'])
  return syncId === undefined ? { kind: 'bare', data } : { kind: 'answer', syncId, data }
}

function parse(text: string, json: JsonLimits | undefined): WireObject | string {
  try {
    return toObject(parseJson(text, json)) ?? 'not an object'
  } catch (error) {
    return error instanceof BridgeError ? error.message : 'not readable'
  }
}

/** `content` and `subCommand` always stand there: some servers miss them otherwise. */
export function printRequest({ command, subCommand, content }: PrintedCommand): (syncId: string) => string {
  const rest = JSON.stringify({ command, subCommand, content }).slice(1)
  return (syncId) => `{"syncId":${JSON.stringify(syncId)},${rest}`
}
