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
import { remoteOf, toExchange, toResponse, type Exchange, type Reply } from '../../transport/exchange.ts'
import type { HttpContext, Mount } from '../../transport/mount.ts'
import { isLocalPeer } from '../../transport/peer.ts'
import { letIn } from '../../transport/strangers.ts'
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

/** A call that was let in and read. */
interface Asked {
  action: string
  params: WireObject
  /** All that came: `params` may be a part of it. */
  given: WireObject
  echo: string | undefined
  caller: Caller
}

export function mountHttp({ listener, host, options, calls, check, failed, log, stream }: HttpOptions): void {
  /** Before the body is read. */
  async function turnAway(exchange: Exchange, verdict: 'missing' | 'wrong'): Promise<Reply> {
    const remote = remoteOf(exchange)
    reportRefusal(log, remote, verdict)
    await failed(remote)
    const kind = verdict === 'missing' ? 'unauthorized' : 'forbidden'
    const text = verdict === 'missing' ? 'an access token is needed' : 'the access token is wrong'
    const reply = respond(refuse(exchange, new BridgeError(kind, text)), undefined)
    return verdict === 'missing' ? { ...reply, headers: { 'www-authenticate': 'Bearer' } } : reply
  }

  function refuse(exchange: Exchange, thrown: unknown): Outcome {
    return calls.refuse(thrown, { way: 'http', peer: remoteOf(exchange) })
  }

  function respond(outcome: Outcome, echo: string | undefined): Reply {
    const kind = outcome.error?.kind
    const status =
      kind === undefined ? 200 : kind === 'unknownAction' ? options.unknownActionStatus : codes[kind].httpStatus
    return { status, text: toAnswerText(outcome.answer, echo) }
  }

  /** The call, or the answer to what is none. */
  async function read(exchange: Exchange, name: string, only: unknown): Promise<Asked | Reply> {
    const { incoming, query } = exchange
    const { headers } = incoming
    const verdict = check(headers, query)
    if (verdict !== 'ok') return turnAway(exchange, verdict)
    letIn(exchange.incoming.socket)
    let call: HttpCall
    try {
      const { maxBodyBytes: maxBytes, bodyMemoryBytes: memoryBytes } = listener.limits
      const body = exchange.method === 'POST' ? await readBody(exchange, { maxBytes, memoryBytes }) : ''
      call = readCall({ body, contentType: headers['content-type'] ?? '', query, limits: host.jsonLimits })
    } catch (thrown) {
      return refuseBody(exchange, thrown)
    }
    const { params: given, echo } = call
    const { action, params } = name === '' ? atRoot(given) : { action: name, params: given }
    if (action === undefined) return respond({ answer: printOk({}) }, echo)
    if (!params) return respond(refuse(exchange, new BridgeError('badRequest', 'params must be an object')), echo)
    const peer = remoteOf(exchange)
    const loopback = isLocalPeer(peer, headers)
    const { messageFormat: format } = options
    const caller: Caller = { way: 'http', loopback, peer, format, bot: headers['x-self-id'], only }
    return { action, params, given, echo, caller }
  }

  async function run({ method, path }: Exchange, { action, params, given, echo, caller }: Asked): Promise<Reply> {
    const trace = host.trace?.({ request: `${method} ${path}`, params: given })
    const outcome = await calls.run(action, params, trace ? { ...caller, trace } : caller)
    await host.durable()
    const reply = respond(outcome, echo)
    trace?.end(reply.text ?? undefined)
    return reply
  }

  /** An answer of one piece is one like any other. */
  async function answerInPieces(c: HttpContext, { action, params, echo, caller }: Asked): Promise<Response> {
    const { closeBytes } = listener.socketLimits
    const pieces = createPieces(echo, {
      mostWaiting: closeBytes,
      onFull() {
        listener.onLimit('closeBytes', caller.peer, `${closeBytes} bytes of an answer are unsent: it breaks off`)
        c.env.outgoing.destroy()
      },
    })
    const ended = calls.run(action, params, caller, pieces.add)
    const first = await Promise.race([pieces.begun, ended])
    if (first !== true) return toResponse(c, respond(first, echo))
    void ended.then(({ answer }) => pieces.end(answer))
    return c.body(pieces.body, 200, { 'content-type': 'application/json' })
  }

  /** What is left of a body that is not read would be taken for the next request. */
  function refuseBody(exchange: Exchange, thrown: unknown): Reply {
    const reply = respond(refuse(exchange, thrown), undefined)
    return thrown instanceof BodyRefused
      ? { status: thrown.status, text: reply.text, headers: { connection: 'close' } }
      : reply
  }

  async function handle(c: HttpContext, name: string): Promise<Response> {
    const exchange = toExchange(c)
    const asked = await read(exchange, name, c.req.param('bot'))
    if ('status' in asked) return toResponse(c, asked)
    if (comesInPieces(asked.action)) return answerInPieces(c, asked)
    return toResponse(c, await run(exchange, asked))
  }

  async function handleShort(exchange: Exchange, name: string): Promise<Reply> {
    const asked = await read(exchange, name, undefined)
    return 'status' in asked ? asked : run(exchange, asked)
  }

  listener.takeShortWay((exchange, below) => {
    const name = below.slice(1)
    return isAction(name) && !comesInPieces(name) ? handleShort(exchange, name) : undefined
  })
  listener.app.on('GET', ['/_events', '/bots/:bot/_events'], async (c) => {
    const exchange = toExchange(c)
    const verdict = check(exchange.incoming.headers, exchange.query)
    if (verdict !== 'ok') return toResponse(c, await turnAway(exchange, verdict))
    letIn(exchange.incoming.socket)
    return stream(c, exchange.query)
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
