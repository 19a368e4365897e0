// Frames of the ws adapters: envelopes in, answers out. Both directions of connecting share them.
import { BridgeError } from '../../core/error.ts'
import { parseJson, type JsonLimits } from '../../core/json.ts'
import { wrapText, type WireText } from '../../core/json-text.ts'
import { toObject, toText, type WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import { findCommand, type Command } from '../../dialect/mirai/index.ts'
import { limitInFlight } from '../../transport/in-flight.ts'
import type { Socket } from '../../transport/socket.ts'
import type { Parts } from './parts.ts'
import type { Session } from './session.ts'

/** `syncId` is JSON text already. */
export function frame(syncId: string, data: string): string
export function frame(syncId: string, data: WireText): WireText
export function frame(syncId: string, data: WireText): WireText {
  return wrapText(`{"syncId":${syncId},"data":`, data, '}')
}

export interface FrameRequest {
  /** JSON text. */
  syncId: string
  command: string
  sub: string | undefined
  content: unknown
}

/** Frames of one connection do not wait for each other; when too many are under way, no more are read. */
export function createReceiver(given: {
  socket: Socket
  session: Session
  loopback: boolean
  parts: Parts
}): (text: string) => void {
  const { socket, session, loopback, parts } = given
  const { gate, runner, options, host } = parts
  const start = limitInFlight(socket, options.limits.callsPerConnection)

  function reportLimit({ limit, message }: BridgeError): void {
    if (limit) host.onLimit?.(limit, socket.remote, message)
  }

  async function serve(request: FrameRequest, trace: Trace | undefined): Promise<void> {
    const text = frame(request.syncId, await answer(request, trace))
    socket.send(text)
    trace?.end(text)
  }

  async function answer(request: FrameRequest, trace: Trace | undefined): Promise<WireText> {
    try {
      const { command, wire } = toCall(request)
      return await runner.run({ command, wire, loopback, trace, session: () => gate.bound(session.key) })
    } catch (thrown) {
      return runner.fail(thrown, { way: 'ws', peer: socket.remote, trace }).text
    }
  }

  return (text) => {
    if (!gate.find(session.key)) return socket.close(1000, 'session ended')
    const request = readRequest(text, host.jsonLimits, reportLimit)
    const trace = host.trace?.(text)
    if (request) return start(() => serve(request, trace))
    const refusal = '{"code":400,"msg":"无效参数"}'
    socket.send(refusal)
    trace?.end(refusal)
  }
}

/** undefined: not an envelope. `onRefusal` hears why it was not even looked at. */
export function readRequest(
  text: string,
  limits: JsonLimits | undefined,
  onRefusal: (error: BridgeError) => void,
): FrameRequest | undefined {
  const wire = parseFrame(text, limits, onRefusal)
  const command = wire?.['command']
  if (!wire || typeof command !== 'string') return undefined
  const syncId = readSyncId(wire['syncId'])
  if (syncId === undefined) return undefined
  const sub = toText(wire['subCommand'] ?? wire['subcommand'])
  return { syncId, command, sub, content: wire['content'] }
}

function parseFrame(
  text: string,
  limits: JsonLimits | undefined,
  onRefusal: (error: BridgeError) => void,
): WireObject | undefined {
  try {
    return toObject(parseJson(text, limits))
  } catch (error) {
    if (error instanceof BridgeError) onRefusal(error)
    return undefined
  }
}

/** JSON text: null stays null and missing becomes it, all else comes back as a string. */
function readSyncId(value: unknown): string | undefined {
  if (value === undefined || value === null) return 'null'
  const text = toText(value)
  return text === undefined ? undefined : JSON.stringify(text)
}

/** Throws `unknownAction`; `badRequest` for a content that is no object. A missing one counts as empty. */
function toCall({ command: name, sub, content }: FrameRequest): { command: Command; wire: WireObject } {
  const command = findCommand(name, sub)
  if (!command?.ws) throw new BridgeError('unknownAction', `no such command: ${name.slice(0, 60)}`)
  const wire = content === undefined || content === null ? {} : toObject(content)
  if (!wire) throw new BridgeError('badRequest', 'content must be an object')
  return { command, wire }
}
