// Requests and pushes over one WebSocket on which a session stands, or is about to: whoever dialled it.
import type { JsonLimits } from '../../core/json.ts'
import type { WireObject } from '../../core/read.ts'
import { endStep } from '../../core/trace.ts'
import type { Socket } from '../../transport/socket.ts'
import { asFailure, offline } from './failure.ts'
import { printRequest, readFrame } from './frame.ts'
import { createPending } from './pending.ts'
import type { Reports, Request } from './way.ts'

type Told = Pick<Reports, 'event' | 'garbage' | 'stray'>

export interface Talk {
  receive(text: string): void
  exchange(request: Request): Promise<WireObject>
  /** Fails what waits for an answer. */
  abandon(why: string): void
}

/** `early` gets what is no event until the session stands; it returns whether it does. */
export interface TalkSetup {
  socket: Socket
  backend: string
  reports: Told
  json: JsonLimits | undefined
  early: (data: WireObject, syncId: string | undefined) => boolean
}

export function createTalk({ socket, backend, reports, json, early }: TalkSetup): Talk {
  const pending = createPending(backend)
  return {
    receive(text) {
      const frame = readFrame(text, json)
      if (frame.kind === 'garbage') {
        if (frame.syncId === undefined || !pending.spoil(frame.syncId, frame.reason)) reports.garbage(frame.reason)
        return
      }
      if (frame.kind === 'event') return reports.event(frame.data)
      const syncId = frame.kind === 'answer' ? frame.syncId : undefined
      if (!early(frame.data, syncId)) return
      const dropped =
        syncId === undefined ? pending.settleOldest(asFailure(frame.data)) : pending.settle(syncId, frame.data)
      if (dropped) reports.stray(dropped)
    },
    async exchange({ command, hasEffect, deadline, trace }) {
      if (!socket.open) throw offline(command.command, backend)
      const print = printRequest(command)
      const { syncId, answer } = pending.add({ command: command.command, hasEffect, deadline })
      const text = print(syncId)
      const step = trace?.step('asked', backend, text)
      socket.send(text)
      if (!step) return answer
      const data = await answer
      endStep(step, data)
      return data
    },
    abandon: (why) => pending.failAll('offline', why),
  }
}

/** Some peers never answer a farewell. */
export function closeFirmly(socket: Socket, afterMs: number): void {
  socket.close(1000)
  setTimeout(() => socket.terminate(), afterMs).unref()
}
