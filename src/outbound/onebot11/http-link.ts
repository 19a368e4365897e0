// Calls to an implementation's HTTP API: one POST each, its parameters as JSON.
import { BridgeError } from '../../core/error.ts'
import { parseJson, type JsonLimits } from '../../core/json.ts'
import { toObject } from '../../core/read.ts'
import { endStep } from '../../core/trace.ts'
import { readAnswer } from '../../dialect/onebot11/response.ts'
import { isTurnedAway, postJson, type HttpAnswer } from '../../transport/http-client.ts'
import type { Link, Request } from './link.ts'
import type { OneBot11OutboundOptions } from './options.ts'
import { isRead, toRefusal } from './pending.ts'

export interface HttpLinkOptions {
  backend: string
  url: string
  options: OneBot11OutboundOptions
  json: JsonLimits | undefined
  /** A connection could not be had (`certain`), or broke: whether anybody is there is open then. */
  onLost(reason: string, certain: boolean): void
  onRefused(): void
}

export function createHttpLink({ backend, url, options, json, onLost, onRefused }: HttpLinkOptions): Link {
  const { address, headers } = toApi(url, options)
  const gone = new AbortController()
  let inFlight = 0
  let closed = false
  let farewell = 'the link was closed'

  async function post(request: Request): Promise<unknown> {
    const { action, params, timeoutMs, trace } = request
    const place = address(action)
    const body = JSON.stringify(params)
    const step = trace?.step('asked', backend, `POST /${action} ${body}`)
    let answer: HttpAnswer
    try {
      const once = !isRead(action)
      const { answerBytes: maxBytes } = options
      answer = await postJson(place, body, { headers, timeoutMs, maxBytes, signal: gone.signal, once })
    } catch (error) {
      throw toLoss(error, action)
    }
    endStep(step, answer.text)
    return read(answer, request)
  }

  /** The deadline and a broken connection leave open whether it happened. */
  function toLoss(error: unknown, action: string): unknown {
    if (!(error instanceof BridgeError)) return error
    const { kind, message, limit } = error
    const certain = error.certain || isRead(action)
    if (gone.signal.aborted) return new BridgeError('offline', `${action}: ${farewell}`, { backend, certain })
    if (kind === 'offline') onLost(message, error.certain)
    return new BridgeError(kind, `${action}: ${message}`, { backend, certain, ...(limit && { limit }) })
  }

  function read({ status, text }: HttpAnswer, { action, heard, piece }: Request): unknown {
    if (status === 401 || status === 403) {
      onRefused()
      throw new BridgeError('offline', `${action}: ${backend} refused the access token`, { backend })
    }
    const wire = piece ? readPieces(text, piece, json) : readObject(text, json)
    if (wire && ('status' in wire || 'retcode' in wire)) {
      heard?.(wire)
      try {
        return readAnswer(wire, backend)
      } catch (error) {
        throw toRefusal(error, wire, { action, backend })
      }
    }
    if (status === 404) throw new BridgeError('unknownAction', `${backend} has no action ${action}`, { backend })
    const said = `${action}: HTTP ${status} without an answer that can be read`
    throw new BridgeError('backend', said, { backend, certain: isTurnedAway(status) || isRead(action) })
  }

  return {
    get open() {
      return !closed
    },
    async ask(request) {
      const { action } = request
      if (closed) throw new BridgeError('offline', `${action}: not connected`, { backend })
      // What could not be one part of a path is no name that anybody has.
      if (!/^[A-Za-z0-9_.-]{1,100}$/.test(action) || /^\.+$/.test(action)) {
        throw new BridgeError('unknownAction', `${backend} has no such action`, { backend })
      }
      if (inFlight >= options.callsInFlight) {
        const text = `${action}: ${options.callsInFlight} calls are in flight`
        throw new BridgeError('busy', text, { backend, limit: 'callsInFlight' })
      }
      inFlight++
      try {
        return await post(request)
      } finally {
        inFlight--
      }
    },
    /** What is under way may still be answered. */
    close() {
      closed = true
    },
    abandon(reason) {
      closed = true
      farewell = `the link was lost: ${reason}`
      gone.abort()
    },
  }
}

/** One JSON text after the other; a piece that cannot be read is as good as missing. The last one is the answer. */
function readPieces(text: string, piece: NonNullable<Request['piece']>, json: JsonLimits | undefined) {
  const texts = text.split('\r\n\r\n').filter((part) => part.trim() !== '')
  const last = texts.pop() ?? ''
  for (const part of texts) {
    const wire = readObject(part, json)
    if (wire) piece(wire)
  }
  return readObject(last, json)
}

function readObject(text: string, json: JsonLimits | undefined) {
  try {
    return toObject(parseJson(text, json))
  } catch {
    return undefined
  }
}

/** Where the API is and how to show the token. */
export function toApi(url: string, { accessToken, queryToken }: OneBot11OutboundOptions) {
  const base = url.replace(/\/+$/, '')
  const inQuery = queryToken && accessToken !== '' ? `?access_token=${encodeURIComponent(accessToken)}` : ''
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ...(accessToken !== '' && { authorization: `Bearer ${accessToken}` }),
  }
  return { address: (path: string) => `${base}/${path}${inQuery}`, headers }
}
