// The http adapter: every command under its path, HTTP 200 for every answer, errors included.
import type { IncomingHttpHeaders } from 'node:http'
import { BridgeError } from '../../core/error.ts'
import type { WireText } from '../../core/json-text.ts'
import { toInteger, toUserId, type WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import {
  allCommands,
  findCommand,
  readParams,
  renameV1,
  successAnswer,
  v1Printer,
  v1Routes,
  type Command,
  type CommandName,
  type V1Route,
  type Way,
} from '../../dialect/mirai/index.ts'
import { BodyRefused, readBody, type Stranger } from '../../transport/body.ts'
import { remoteOf, toExchange, toResponse, type Exchange, type Reply } from '../../transport/exchange.ts'
import type { Mount } from '../../transport/mount.ts'
import { isLocalPeer } from '../../transport/peer.ts'
import { letIn } from '../../transport/strangers.ts'
import type { Gate } from './gate.ts'
import { keyInFields, keyInHeaders, keyInStart, readFields, readQuery } from './http-input.ts'
import type { Parts } from './parts.ts'
import type { EventQueue } from './queue.ts'
import type { Session } from './session.ts'
import { createUploads } from './upload.ts'
import { v1Handlers, type V1Handler } from './v1.ts'

/** Answers that tell ids of messages or media: what they name must be on disk first. */
const idTelling = new Set<string>([
  'sendImageMessage',
  'messageFromId',
  'roamingMessages',
  'fetchMessage',
  'fetchLatestMessage',
  'peekMessage',
  'peekLatestMessage',
] satisfies CommandName[])

type Serve = (exchange: Exchange) => Promise<Reply>

export function mountHttp(listener: Pick<Mount, 'app' | 'takeShortWay'>, parts: Parts): void {
  const { app } = listener
  const uploads = createUploads(parts)
  /** By method and path: the routes that need no more than a request. */
  const short = new Map<string, Serve>()
  /** Refusals have the form of the method's answers. */
  const failing = (method: string): Failing => ({ way: method === 'GET' ? 'get' : 'post', parts, trace: undefined })

  function mount(method: string, path: string, serve: Serve): void {
    const guarded: Serve = (exchange) =>
      serve(exchange).catch((thrown: unknown) => answerError(exchange, thrown, failing(method)))
    app.on(method, path, async (c) => toResponse(c, await guarded(toExchange(c))))
    const place = `${method} ${path}`
    if (!short.has(place)) short.set(place, guarded)
  }
  function mountUpload(command: Command, path: string, route?: V1Route): void {
    const { method } = command
    app.on(method, path, (c) =>
      uploads(c, command, route?.print).catch((thrown: unknown) =>
        toResponse(c, answerError(c.env, thrown, failing(method))),
      ),
    )
  }
  function mountCommand(path: string, command: Command, route?: V1Route): void {
    if (command.multipart) return mountUpload(command, path, route)
    return mount(command.method, path, (exchange) => answerCommand({ exchange, command, route, parts }))
  }
  for (const command of allCommands) {
    for (const path of [command.path, ...(command.aliases ?? [])]) mountCommand(path, command)
  }
  if (parts.options.v1) {
    for (const route of v1Routes) mountCommand(route.path, findCommand(route.command) as Command, route)
    for (const [place, handler] of v1Handlers) {
      const [method = '', path = ''] = place.split(' ')
      mount(method, path, (exchange) => answerV1(exchange, handler, parts))
    }
  }
  // The path is known, but not with this method. HEAD comes as GET.
  for (const path of mountedPaths(parts.options.v1)) app.all(path, (c) => c.body(null, 405))
  listener.takeShortWay((exchange, below) => short.get(`${exchange.method} ${below}`)?.(exchange))
}

function mountedPaths(v1: boolean): Set<string> {
  const old = [...v1Routes.map(({ path }) => path), ...[...v1Handlers.keys()].map((place) => place.split(' ')[1] ?? '')]
  return new Set([...allCommands.flatMap(({ path, aliases }) => [path, ...(aliases ?? [])]), ...(v1 ? old : [])])
}

interface Failing {
  way: Way
  parts: Parts
  trace: Trace | undefined
}

function answerError(to: Pick<Exchange, 'incoming'>, thrown: unknown, { way, parts, trace }: Failing): Reply {
  const { text, error } = parts.runner.fail(thrown, { way, peer: remoteOf(to), trace })
  trace?.end(text)
  if (!(thrown instanceof BodyRefused)) return { status: error.kind === 'busy' ? 503 : 200, text }
  // What is left of a body that is not read would be taken for the next request.
  return { status: thrown.status, text: thrown.status === 503 ? text : null, headers: { connection: 'close' } }
}

interface Serving {
  exchange: Exchange
  command: Command
  /** The path is one of 1.x. */
  route: V1Route | undefined
  parts: Parts
}

async function answerCommand({ exchange, command, route, parts }: Serving): Promise<Reply> {
  const wire = renameV1(await readWire(exchange, command, parts), route?.names)
  const { headers } = exchange.incoming
  const key = keyOf(headers, wire, parts.gate)
  if (parts.gate.find(key)) letIn(exchange.incoming.socket)
  const own = ownCommands.get(command.name)
  const remote = remoteOf(exchange)
  const isV1 = parts.options.v1 && !parts.gate.single && parts.gate.find(key)?.v1 === true
  const print = route?.print ?? (isV1 ? v1Printer(command.name, command.sub) : undefined)
  // Polling for events is not followed, commands are.
  const trace = own ? undefined : parts.host.trace?.({ request: `${exchange.method} ${exchange.path}`, params: wire })
  let text: WireText
  try {
    text = own
      ? await own({ remote, command, wire, key, isV1, parts })
      : await parts.runner.run({
          command,
          wire,
          loopback: isLocalPeer(remote, headers),
          print,
          trace,
          session: () => parts.gate.bound(key),
        })
  } catch (thrown) {
    return answerError(exchange, thrown, { way: command.method === 'GET' ? 'get' : 'post', parts, trace })
  }
  trace?.end(text)
  if (command.name === 'verify') letIn(exchange.incoming.socket)
  if (command.result === 'sent' || idTelling.has(command.name)) await parts.host.durable()
  return { status: 200, text }
}

async function answerV1(exchange: Exchange, handler: V1Handler, parts: Parts): Promise<Reply> {
  const isGet = exchange.method !== 'POST'
  const wire = isGet ? readQuery(exchange.query) : await readOwn(exchange, parts)
  const key = keyOf(exchange.incoming.headers, wire, parts.gate)
  const remote = remoteOf(exchange)
  if (parts.gate.find(key)) letIn(exchange.incoming.socket)
  const answer = await handler({ wire, remote, needSession: () => parts.gate.bound(key), parts })
  return { status: 200, text: JSON.stringify(answer) }
}

/** A short body of whoever it is. */
async function readOwn(exchange: Exchange, { options, host, port }: Parts): Promise<WireObject> {
  const { strangerBytes: maxBytes } = options.limits
  const body = await readBody(exchange, { maxBytes, memoryBytes: port.bodyMemoryBytes, limit: 'strangerBytes' })
  return readFields(body, { limits: host.jsonLimits })
}

async function readWire(exchange: Exchange, command: Command, parts: Parts): Promise<WireObject> {
  const { gate, options, host, port } = parts
  if (command.method === 'GET') return readQuery(exchange.query, command)
  const isLong = command.name !== 'verify' && command.name !== 'bind'
  const { bodyBytes, strangerBytes } = options.limits
  const text = await readBody(exchange, {
    maxBytes: isLong ? bodyBytes : strangerBytes,
    limit: isLong ? 'messageBytes' : 'strangerBytes',
    memoryBytes: port.bodyMemoryBytes,
    stranger: strangerOf(exchange, gate, strangerBytes),
  })
  const contentType = exchange.incoming.headers['content-type']
  return readFields(text, { contentType, command, limits: host.jsonLimits })
}

/**
 * A long body is read for who shows a session in a header or where the body begins. Some clients write it at the end: theirs
 * is read where the verifyKey has been shown from.
 */
function strangerOf({ incoming }: Exchange, gate: Gate, bytes: number): Stranger | undefined {
  const { headers, socket } = incoming
  if (gate.isOpen || gate.find(keyInHeaders(headers)) || gate.trusts(socket.remoteAddress ?? '')) return undefined
  return { bytes, isVouched: (start) => gate.find(keyInStart(start)) !== undefined }
}

/** A header that names no session does not keep the parameter from being tried. */
function keyOf(headers: IncomingHttpHeaders, wire: WireObject, gate: Gate): string | undefined {
  const header = keyInHeaders(headers)
  if (header !== undefined && !gate.single && gate.find(header)) return header
  return keyInFields(wire) ?? header
}

interface OwnCall {
  /** Address of the client. */
  remote: string
  command: Command
  wire: WireObject
  key: string | undefined
  /** A 1.x client asks. */
  isV1: boolean
  parts: Parts
}

type OwnCommand = (call: OwnCall) => string | Promise<string>

const bindCommand = findCommand('bind') as Command
const success = JSON.stringify(successAnswer)

/** What only HTTP has. */
const ownCommands = new Map<string, OwnCommand>([
  ['verify', verify],
  ['bind', bind],
  ['release', release],
  ['countMessage', (call) => wrap(String(queueOf(call).size), call)],
  ['fetchMessage', (call) => wrapList(queueOf(call).fetch(countIn(call)), call)],
  ['fetchLatestMessage', (call) => wrapList(queueOf(call).fetchLatest(countIn(call)), call)],
  ['peekMessage', (call) => wrapList(queueOf(call).peek(countIn(call)), call)],
  ['peekLatestMessage', (call) => wrapList(queueOf(call).peekLatest(countIn(call)), call)],
] satisfies [CommandName, OwnCommand][])

/** In 1.x this path bound: told apart by what the body holds. */
async function verify(call: OwnCall): Promise<string> {
  const { remote, command, wire, parts } = call
  if (parts.options.v1 && wire['verifyKey'] === undefined && wire['qq'] !== undefined) return bind(call)
  const { verifyKey } = readParams(command, wire)
  await parts.gate.check(String(verifyKey), remote)
  return JSON.stringify({ code: 0, session: parts.gate.verified() })
}

function bind({ wire, key, parts: { gate } }: OwnCall): string {
  if (gate.single) throw new BridgeError('notSupported', 'single mode binds by itself')
  const session = gate.session(key)
  gate.bind(session, needBot(bindCommand, wire))
  return success
}

/** Checked in mah's order: session, bot, bound, same bot. */
function release({ command, wire, key, parts: { gate, host } }: OwnCall): string {
  const session = gate.session(key)
  const bot = needBot(command, wire)
  if (!host.bots().some((status) => status.bot === bot)) throw new BridgeError('noBot', `no bot ${bot}`)
  if (session.bot === undefined) throw new BridgeError('notBound', 'the session is not bound')
  if (session.bot !== bot) throw new BridgeError('notFound', `the session is bound to another bot than ${bot}`)
  if (gate.single) gate.sessions.end(session)
  else gate.sessions.release(session)
  return success
}

function needBot(command: Command, wire: WireObject): NonNullable<Session['bot']> {
  const bot = toUserId(readParams(command, wire)['qq'])
  if (bot === undefined) throw new BridgeError('badParameter', 'qq must be the number of a bot')
  return bot
}

function queueOf({ key, parts: { gate } }: OwnCall): EventQueue {
  const { queue } = gate.session(key)
  if (!queue) throw new BridgeError('backend', 'Not a http session')
  return queue
}

function countIn({ command, wire }: OwnCall): number {
  const count = toInteger(readParams(command, wire)['count']) ?? 10
  if (count < 0) throw new BridgeError('badParameter', 'count must not be negative')
  return count
}

function wrap(data: string, { isV1 }: OwnCall): string {
  return `{"code":0,"${isV1 ? 'errorMessage' : 'msg'}":"","data":${data}}`
}

function wrapList(texts: readonly string[], call: OwnCall): string {
  return wrap(`[${texts.join(',')}]`, call)
}
