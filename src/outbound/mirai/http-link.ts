// One request to mah's http adapter: where a command goes, how its content travels, what counts as an answer.
import { BridgeError } from '../../core/error.ts'
import { parseJson, type JsonLimits } from '../../core/json.ts'
import { toObject, toText, type WireObject } from '../../core/read.ts'
import { endStep } from '../../core/trace.ts'
import { getText, isTurnedAway, postJson, type HttpAnswer } from '../../transport/http-client.ts'
import type { Request } from './way.ts'

export interface HttpLink {
  /** The body of the answer, refusals included. Rejects with a BridgeError. */
  ask(request: Request, key: string | undefined): Promise<WireObject>
  close(): void
}

export interface HttpLinkOptions {
  backend: string
  url: string
  /** Of an answer. */
  maxBytes: number
  json: JsonLimits | undefined
}

export function createHttpLink({ backend, url, maxBytes, json }: HttpLinkOptions): HttpLink {
  const gone = new AbortController()

  async function send({ command, hasEffect, deadline }: Request, key: string | undefined): Promise<HttpAnswer> {
    const timeoutMs = Math.max(1, Math.floor(deadline - performance.now()))
    // The parameter beside the header: servers of one port without the http adapter read that alone.
    const headers = key === undefined ? {} : { sessionKey: key }
    const common = { headers, timeoutMs, maxBytes, signal: gone.signal, once: hasEffect }
    const { content } = command
    if (command.method === 'GET') return getText(url + command.path + toQuery(content, key), common)
    return postJson(url + command.path, JSON.stringify({ ...(key !== undefined && { sessionKey: key }), ...content }), {
      ...common,
      headers: { ...headers, 'content-type': 'application/json' },
    })
  }

  return {
    async ask(request, key) {
      const { path } = request.command
      if (!/^(?:\/[A-Za-z0-9_.-]{1,60}){1,4}$/.test(path)) {
        throw new BridgeError('unknownAction', 'the server has no such command', { backend })
      }
      const step = request.trace?.step('asked', backend, request.command)
      let answer: HttpAnswer
      try {
        answer = await send(request, key)
      } catch (thrown) {
        throw toLoss(thrown, request, gone.signal.aborted, backend)
      }
      endStep(step, answer.text)
      return read(answer, request, { backend, json })
    },
    close: () => gone.abort(),
  }
}

/** Lists as repeated keys; what is null stays away, for mah reads it as text. Any other key is an error there. */
function toQuery(content: WireObject, key: string | undefined): string {
  const query = new URLSearchParams(key === undefined ? {} : { sessionKey: key })
  for (const [name, value] of Object.entries(content)) {
    for (const item of [value].flat())
      if (item !== null && item !== undefined) query.append(name, toText(item) ?? JSON.stringify(item))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The deadline and a broken connection leave open whether it happened. */
function toLoss(thrown: unknown, { command, hasEffect }: Request, closed: boolean, backend: string): unknown {
  if (!(thrown instanceof BridgeError)) return thrown
  const certain = thrown.certain || !hasEffect
  const { kind, message, limit } = thrown
  if (closed) return new BridgeError('offline', `${command.command}: the backend is being closed`, { backend, certain })
  const why = kind === 'timeout' ? 'no answer in time' : message
  return new BridgeError(kind, `${command.command}: ${why}`, { backend, certain, ...(limit && { limit }) })
}

type Reading = Pick<HttpLinkOptions, 'backend' | 'json'>

function read(
  { status, text }: HttpAnswer,
  { command: { command }, hasEffect }: Request,
  { backend, json }: Reading,
): WireObject {
  const wire = readObject(text, json)
  if (wire) return wire
  if (status === 404 || status === 405) {
    throw new BridgeError('unknownAction', `${command}: the server has no such command`, { backend })
  }
  const said = `${command}: HTTP ${status} without an answer that can be read`
  throw new BridgeError('backend', said, { backend, certain: isTurnedAway(status) || !hasEffect })
}

function readObject(text: string, json: JsonLimits | undefined): WireObject | undefined {
  try {
    return toObject(parseJson(text, json))
  } catch {
    return undefined
  }
}
