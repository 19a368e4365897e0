// Calls that wait for their answer, of all connections of a backend. Each ends exactly once: answer, deadline, lost link.
import { randomBytes } from 'node:crypto'
import { BridgeError } from '../../core/error.ts'
import type { Dropped } from '../../core/ports.ts'
import { printText } from '../../core/json-print.ts'
import { toInteger, toText, type WireObject } from '../../core/read.ts'
import { endStep, type Step } from '../../core/trace.ts'
import { isPiece } from '../../dialect/onebot11/answer-extra.ts'
import { readAnswer } from '../../dialect/onebot11/response.ts'
import { createSlots } from '../../transport/slots.ts'
import type { Socket } from '../../transport/socket.ts'
import type { Request } from './link.ts'

export interface PendingOptions {
  backend: string
  limit: number
  log: (level: 'debug' | 'info' | 'warn', key: string, text: string) => void
  dropped: (what: Dropped) => void
}

export interface Pending {
  /** The data of the answer. `unknownAction` only when the backend surely has no such action. */
  ask(socket: Socket, request: Request): Promise<unknown>
  /** An answer that came over this connection. */
  settle(socket: Socket, wire: WireObject): void
  /** Fails what waits on this connection. */
  lost(socket: Socket, reason: string): void
}

interface Entry {
  action: string
  socket: Socket
  heard: Request['heard']
  piece: Request['piece']
  resolve(data: unknown): void
  reject(error: BridgeError): void
  timer: NodeJS.Timeout | undefined
  step: Step | undefined
}

const rememberedLate = 1000

export function createPending({ backend, limit, log, dropped }: PendingOptions): Pending {
  const prefix = `${randomBytes(9).toString('base64url')}-`
  const entries = createSlots<Entry>()
  /** Actions of those whose callers were told of the deadline. */
  const late = new Map<number, string>()

  /** 0: not one of ours. */
  function toNumber(echo: unknown): number {
    return typeof echo === 'string' && echo.startsWith(prefix) ? Number(echo.slice(prefix.length)) : 0
  }

  function take(number: number): Entry | undefined {
    const entry = entries.take(number)
    if (entry) clearTimeout(entry.timer)
    return entry
  }

  /** Its caller is told now; the answer may come all the same. */
  function giveUp(number: number): Entry | undefined {
    const entry = take(number)
    if (!entry) return undefined
    late.set(number, entry.action)
    if (late.size > rememberedLate) late.delete(late.keys().next().value as number)
    return entry
  }

  function expire(number: number, timeoutMs: number): void {
    const entry = giveUp(number)
    if (!entry) return
    const certain = isRead(entry.action)
    const text = `${entry.action}: no answer in ${timeoutMs} ms`
    entry.reject(new BridgeError('timeout', text, { backend, certain, limit: 'callTimeoutMs' }))
  }

  function reportUnasked(number: number, wire: WireObject): void {
    const action = late.get(number)
    if (action !== undefined) {
      late.delete(number)
      dropped('late')
      const status = String(toText(wire['status'])).slice(0, 20)
      log('info', 'late', `the answer to ${action} came after its deadline, status ${status}`)
      return
    }
    dropped(entries.wasGiven(number) && !entries.get(number) ? 'double' : 'unasked')
    log('debug', 'unasked', 'an answer that nobody waits for was dropped')
  }

  return {
    ask(socket, { action, params, timeoutMs, trace, heard, piece }) {
      if (!socket.open) return Promise.reject(new BridgeError('offline', `${action}: not connected`, { backend }))
      if (entries.size >= limit) {
        const text = `${action}: ${limit} calls are in flight`
        return Promise.reject(new BridgeError('busy', text, { backend, limit: 'callsInFlight' }))
      }
      return new Promise((resolve, reject) => {
        const entry: Entry = { action, socket, heard, piece, resolve, reject, timer: undefined, step: undefined }
        const number = entries.add(entry)
        entry.timer = setTimeout(expire, timeoutMs, number, timeoutMs)
        const text = `{"action":${printText(action)},"params":${JSON.stringify(params)},"echo":"${prefix}${number}"}`
        entry.step = trace?.step('asked', backend, text)
        socket.send(text)
      })
    },
    settle(socket, wire) {
      const number = toNumber(wire['echo'])
      const entry = entries.get(number)
      if (entry?.socket !== socket) return reportUnasked(number, wire)
      if (entry.piece && isPiece(wire)) {
        entry.timer?.refresh()
        return entry.piece(wire)
      }
      take(number)
      endStep(entry.step, wire)
      entry.heard?.(wire)
      try {
        entry.resolve(readAnswer(wire, backend))
      } catch (error) {
        entry.reject(toRefusal(error, wire, { action: entry.action, backend }))
      }
    },
    lost(socket, reason) {
      for (const number of entries.numbers()) {
        if (entries.get(number)?.socket !== socket) continue
        const entry = giveUp(number) as Entry
        const certain = isRead(entry.action)
        entry.reject(new BridgeError('offline', `${entry.action}: the link was lost: ${reason}`, { backend, certain }))
      }
    },
  }
}

/** Who cannot mute somebody is not muted for that. */
const cannotMute = /禁言失败|无法禁言|不能禁言|禁言时/

/** 404 is also what go-cqhttp answers for things that are not there: without its word for it the action exists. */
export function toRefusal(
  error: unknown,
  wire: WireObject,
  { action, backend }: { action: string; backend: string },
): BridgeError {
  if (!(error instanceof BridgeError)) return new BridgeError('backend', 'an answer that cannot be read', { backend })
  if (!error.certain && isRead(action)) return new BridgeError(error.kind, error.message, { backend })
  const text = ['msg', 'message', 'wording'].map((key) => toText(wire[key]) ?? '').join('')
  const vague = toInteger(wire['retcode']) === 404 && text !== '' && !/api_not_found|不支持的api/i.test(text)
  const doubtful = (error.kind === 'unknownAction' && vague) || (error.kind === 'muted' && cannotMute.test(text))
  return doubtful ? new BridgeError('backend', error.message, { backend }) : error
}

/** What only reads may be asked again when the answer is missing. */
export function isRead(action: string): boolean {
  return /^_?(get|can|nc_get|fetch|check)_/.test(action)
}
