// Calls that come as WebSocket frames. Answers may overtake each other: only the echo links them.
import { BridgeError } from '../../core/error.ts'
import { parseJson } from '../../core/json.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import { echoOf } from '../../dialect/onebot11/echo.ts'
import { toAnswerText } from '../../dialect/onebot11/response.ts'
import type { Socket } from '../../transport/socket.ts'
import type { Calls, Caller } from './calls.ts'

/** Calls of one connection that run at the same time; further ones are refused as busy. */
const maxInFlight = 256

export function createFrameHandler(calls: Calls, socket: Socket, caller: Caller): (text: string) => void {
  let inFlight = 0

  async function run(action: string, params: WireObject, echo: string | undefined): Promise<void> {
    inFlight++
    const { answer } = await calls.run(action, params, caller)
    inFlight--
    socket.send(toAnswerText(answer, echo))
  }

  /** Without `echo: null`, which one client takes for a refused login. */
  function refuse(error: unknown, echo?: string): void {
    socket.send(toAnswerText(calls.refuse(error, caller.way).answer, echo))
  }

  return (text) => {
    let frame: WireObject | undefined
    try {
      frame = toObject(parseJson(text))
    } catch (error) {
      return refuse(error)
    }
    if (!frame) return refuse(new BridgeError('badRequest', 'a frame must be an object with action, params and echo'))
    const { action, params } = frame
    const echo = readEcho(frame, text)
    if (typeof action !== 'string' || action === '') {
      return refuse(new BridgeError('badRequest', 'action must be the name of an action'), echo)
    }
    const given = params === undefined || params === null ? {} : toObject(params)
    if (!given) return refuse(new BridgeError('badRequest', 'params must be an object'), echo)
    if (inFlight >= maxInFlight) {
      return refuse(new BridgeError('busy', `more than ${maxInFlight} calls are waiting for their answers`), echo)
    }
    void run(action, given, echo)
  }
}

/** Text and small numbers are printed again; whatever that could change is taken from the frame as it stands. */
function readEcho(frame: WireObject, text: string): string | undefined {
  if (!Object.hasOwn(frame, 'echo')) return undefined
  const { echo } = frame
  const isPlain =
    typeof echo === 'string' ? !/^-?[0-9]{15,}$/.test(echo) : typeof echo === 'number' && Number.isSafeInteger(echo)
  return isPlain ? JSON.stringify(echo) : echoOf(text)
}
