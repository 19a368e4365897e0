// HTTP API: GET or POST /action, every handled call answered with HTTP 200 and its outcome in the body. Below
// /bots/<account> the same for one account.
import { codes } from '../../../mappings/codes.ts'
import { BridgeError } from '../../core/error.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { InboundHost } from '../../core/ports.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import { comesInPieces, isAction } from '../../dialect/onebot11/action.ts'
import { printOk, toAnswerText } from '../../dialect/onebot11/response.ts'
import { BodyRefused, readBody } from '../../transport/body.ts'
import type { FailureDelay } from '../../transport/failures.ts'
import { answerJson } from '../../transport/json-answer.ts'
import type { HttpContext, Mount } from '../../transport/mount.ts'
import { isLocalPeer } from '../../transport/peer.ts'
import { reportRefusal } from './announce.ts'
import type { Calls, Caller, Outcome } from './calls.ts'
import { readCall, type HttpCall } from './http-params.ts'
import { createPieces } from './http-pieces.ts'
import type { OneBot11InboundOptions } from './options.ts'
import type { TokenCheck } from './token.ts'

export interface HttpOptions {
  listener: Mount
  host: InboundHost
  options: OneBot11InboundOptions
  calls: Calls
  check: TokenCheck
  failed: FailureDelay
  log: LimitedLog
  /** Answers GET /_events. */
  stream: (c: HttpContext, query: URLSearchParams) => Response
}

export function mountHttp({ listener, host, options, calls, check, failed, log, stream }: HttpOptions): void {
  /** Before the body is read. */
  async function admit(c: HttpContext, query: URLSearchParams): Promise<Response | undefined> {
    const verdict = check(c.env.incoming.headers, query)
    if (verdict === 'ok') return undefined
    reportRefusal(log, remoteOf(c), verdict)
    await failed(remoteOf(c))
    const kind = verdict === 'missing' ? 'unauthorized' : 'forbidden'
    const text = verdict === 'missing' ? 'an access token is needed' : 'the access token is wrong'
    const headers = verdict === 'missing' ? { 'www-authenticate': 'Bearer' } : {}
    return respond(c, refuse(c, new BridgeError(kind, text)), undefined, headers)
  }

  function refuse(c: HttpContext, thrown: unknown): Outcome {
    return calls.refuse(thrown, { way: 'http', peer: remoteOf(c) })
  }

  function respond(c: HttpContext, outcome: Outcome, echo: string | undefined, headers = {}): Response {
    const kind = outcome.error?.kind
    const status =
      kind === undefined ? 200 : kind === 'unknownAction' ? options.unknownActionStatus : codes[kind].httpStatus
    const text = toAnswerText(outcome.answer, echo)
    if (kind === undefined) return answerJson(c, text)
    return c.body(String(text), status, { 'content-type': 'application/json', ...headers })
  }

  async function handle(c: HttpContext, name: string): Promise<Response> {
    const query = new URL(c.req.url).searchParams
    const refusal = await admit(c, query)
    if (refusal) return refusal
    let call: HttpCall
    try {
      const { maxBodyBytes: maxBytes, bodyMemoryBytes: memoryBytes } = listener.limits
      const body = c.req.method === 'POST' ? await readBody(c, { maxBytes, memoryBytes }) : ''
      call = readCall({
        body,
        contentType: c.env.incoming.headers['content-type'] ?? '',
        query,
        limits: host.jsonLimits,
      })
    } catch (thrown) {
      return refuseBody(c, thrown)
    }
    const { action, params } = name === '' ? atRoot(call.params) : { action: name, params: call.params }
    if (action === undefined) return respond(c, { answer: printOk({}) }, call.echo)
    if (!params) return respond(c, refuse(c, new BridgeError('badRequest', 'params must be an object')), call.echo)
    const { headers } = c.env.incoming
    const { messageFormat: format } = options
    const only = c.req.param('bot')
    const caller: Caller = {
      way: 'http',
      loopback: isLocalPeer(remoteOf(c), headers),
      peer: remoteOf(c),
      format,
      bot: headers['x-self-id'],
      only,
    }
    if (comesInPieces(action)) return answerInPieces(c, { action, params, echo: call.echo }, caller)
    const trace = host.trace?.({ request: `${c.req.method} ${c.req.path}`, params: call.params })
    const outcome = await calls.run(action, params, trace ? { ...caller, trace } : caller)
    await host.durable()
    trace?.end(toAnswerText(outcome.answer, call.echo))
    return respond(c, outcome, call.echo)
  }

  /** An answer of one piece is one like any other. */
  async function answerInPieces(
    c: HttpContext,
    { action, params, echo }: HttpCall & { action: string },
    caller: Caller,
  ): Promise<Response> {
    const pieces = createPieces(echo)
    const ended = calls.run(action, params, caller, pieces.add)
    const first = await Promise.race([pieces.begun, ended])
    if (first !== true) return respond(c, first, echo)
    void ended.then(({ answer }) => pieces.end(answer))
    return c.body(pieces.body, 200, { 'content-type': 'application/json' })
  }

  /** What is left of a body that is not read would be taken for the next request. */
  function refuseBody(c: HttpContext, thrown: unknown): Response {
    const outcome = refuse(c, thrown)
    if (!(thrown instanceof BodyRefused)) return respond(c, outcome, undefined)
    const headers = { 'content-type': 'application/json', connection: 'close' }
    return c.body(String(toAnswerText(outcome.answer, undefined)), thrown.status, headers)
  }

  listener.app.on('GET', ['/_events', '/bots/:bot/_events'], async (c) => {
    const query = new URL(c.req.url).searchParams
    return (await admit(c, query)) ?? stream(c, query)
  })
  listener.app.on(['GET', 'POST'], ['/', '/bots/:bot'], (c) => handle(c, ''))
  listener.app.on(['GET', 'POST'], '/bots/:bot/:action', (c) => handle(c, c.req.param('action')))
  listener.app.on(['GET', 'POST'], '/:action', async (c, next) => {
    const name = c.req.param('action')
    if (isAction(name)) return handle(c, name)
    // Another inbound of the same port may know the path.
    await next()
    if (c.res.status === 404) c.res = await handle(c, name)
    return undefined
  })
}

/** go-cqhttp's second form: the action as a parameter. Without one it is a sign of life. */
function atRoot(params: WireObject): { action: string | undefined; params: WireObject | undefined } {
  const { action, params: inner } = params
  if (typeof action !== 'string') return { action: undefined, params }
  return { action, params: toObject(inner ?? {}) }
}

function remoteOf(c: HttpContext): string {
  return c.env.incoming.socket.remoteAddress ?? ''
}
