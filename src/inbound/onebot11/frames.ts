// Calls that come as WebSocket frames. Answers may overtake each other: only the echo links them.
import { BridgeError } from '../../core/error.ts'
import { parseJson } from '../../core/json.ts'
import type { InboundHost } from '../../core/ports.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import { echoOf } from '../../dialect/onebot11/echo.ts'
import { toAnswerText, type Answer } from '../../dialect/onebot11/response.ts'
import { limitInFlight } from '../../transport/in-flight.ts'
import type { Socket } from '../../transport/socket.ts'
import type { Calls, Caller } from './calls.ts'

export interface FrameSetup {
  host: Pick<InboundHost, 'trace' | 'jsonLimits'>
  calls: Calls
  socket: Socket
  caller: Caller
  /** Calls that run at the same time; then nothing more is read until one has ended. */
  most: number
}

export function createFrameHandler({ host, calls, socket, caller, most }: FrameSetup): (text: string) => void {
  const start = limitInFlight(socket, most)
  const { jsonLimits } = host

  interface Request {
    action: string
    params: WireObject
    echo: string | undefined
    trace: Trace | undefined
  }

  async function run({ action, params, echo, trace }: Request): Promise<void> {
    const piece = (answer: Answer): void => socket.send(toAnswerText(answer, echo))
    const { answer } = await calls.run(action, params, trace ? { ...caller, trace } : caller, piece)
    const text = toAnswerText(answer, echo)
    socket.send(text)
    trace?.end(text)
  }

  /** Without `echo: null`, which one client takes for a refused login. */
  function refuse(error: unknown, source: string, echo?: string): void {
    const trace = host.trace?.(source)
    const text = toAnswerText(calls.refuse(error, { ...caller, trace }).answer, echo)
    socket.send(text)
    trace?.end(text)
  }

  return (text) => {
    let frame: WireObject | undefined
    try {
      frame = toObject(parseJson(text, jsonLimits))
    } catch (error) {
      return refuse(error, text)
    }
    if (!frame)
      return refuse(new BridgeError('badRequest', 'a frame must be an object with action, params and echo'), text)
    const { action, params } = frame
    const echo = readEcho(frame, text)
    if (typeof action !== 'string' || action === '') {
      return refuse(new BridgeError('badRequest', 'action must be the name of an action'), text, echo)
    }
    const given = params === undefined || params === null ? {} : toObject(params)
    if (!given) return refuse(new BridgeError('badRequest', 'params must be an object'), text, echo)
    const trace = host.trace?.(text)
    start(() => run({ action, params: given, echo, trace }))
  }
}

/** Text is printed again; what that could change, 1.0 and the order of keys too, is taken from the frame as it stands. */
function readEcho(frame: WireObject, text: string): string | undefined {
  if (!Object.hasOwn(frame, 'echo')) return undefined
  const { echo } = frame
  const isText = typeof echo === 'string' && !/^-?[0-9]{15,}$/.test(echo)
  return isText ? JSON.stringify(echo) : echoOf(text)
}
