// The http adapter: every command under its path, HTTP 200 for every answer, errors included.
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
import { answerJson } from '../../transport/json-answer.ts'
import type { HttpApp, HttpContext } from '../../transport/mount.ts'
import { isLocalPeer } from '../../transport/peer.ts'
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

export function mountHttp(app: HttpApp, parts: Parts): void {
  const uploads = createUploads(parts)
  /** Refusals have the form of the method's answers. */
  function mount(method: string, path: string, serve: (c: HttpContext) => Promise<Response>): void {
    app.on(method, path, async (c) => {
      try {
        return await serve(c)
      } catch (thrown) {
        return answerError(c, thrown, { way: method === 'GET' ? 'get' : 'post', parts, trace: undefined })
      }
    })
  }
  function mountCommand(path: string, command: Command, route?: V1Route): void {
    mount(command.method, path, (c) =>
      command.multipart ? uploads(c, command, route?.print) : answerCommand({ c, command, route, parts }),
    )
  }
  for (const command of allCommands) {
    for (const path of [command.path, ...(command.aliases ?? [])]) mountCommand(path, command)
  }
  if (parts.options.v1) {
    for (const route of v1Routes) mountCommand(route.path, findCommand(route.command) as Command, route)
    for (const [place, handler] of v1Handlers) {
      const [method = '', path = ''] = place.split(' ')
      mount(method, path, (c) => answerV1(c, handler, parts))
    }
  }
  // The path is known, but not with this method. HEAD comes as GET.
  for (const path of mountedPaths(parts.options.v1)) app.all(path, (c) => c.body(null, 405))
}

function mountedPaths(v1: boolean): Set<string> {
  const old = [...v1Routes.map(({ path }) => path), ...[...v1Handlers.keys()].map((place) => place.split(' ')[1] ?? '')]
  return new Set([...allCommands.flatMap(({ path, aliases }) => [path, ...(aliases ?? [])]), ...(v1 ? old : [])])
}

const jsonHeaders = { 'content-type': 'application/json' }

interface Failing {
  way: Way
  parts: Parts
  trace: Trace | undefined
}

function answerError(c: HttpContext, thrown: unknown, { way, parts: { runner }, trace }: Failing): Response {
  const { text, error } = runner.fail(thrown, { way, peer: c.env.incoming.socket.remoteAddress ?? '', trace })
  trace?.end(text)
  if (!(thrown instanceof BodyRefused)) return c.body(text, error.kind === 'busy' ? 503 : 200, jsonHeaders)
  // What is left of a body that is not read would be taken for the next request.
  const headers = { connection: 'close' }
  return thrown.status === 503
    ? c.body(text, 503, { ...jsonHeaders, ...headers })
    : c.body(null, thrown.status, headers)
}

interface Serving {
  c: HttpContext
  command: Command
  /** The path is one of 1.x. */
  route: V1Route | undefined
  parts: Parts
}

async function answerCommand({ c, command, route, parts }: Serving): Promise<Response> {
  const wire = renameV1(await readWire(c, command, parts), route?.names)
  const key = keyOf(c, wire, parts.gate)
  const own = ownCommands.get(command.name)
  const loopback = isLocalPeer(c.env.incoming.socket.remoteAddress, c.env.incoming.headers)
  const isV1 = parts.options.v1 && !parts.gate.single && parts.gate.find(key)?.v1 === true
  const print = route?.print ?? (isV1 ? v1Printer(command.name, command.sub) : undefined)
  // Polling for events is not followed, commands are.
  const trace = own ? undefined : parts.host.trace?.({ request: `${c.req.method} ${c.req.path}`, params: wire })
  let text: WireText
  try {
    text = own
      ? await own({ c, command, wire, key, isV1, parts })
      : await parts.runner.run({ command, wire, loopback, print, trace, session: () => parts.gate.bound(key) })
  } catch (thrown) {
    return answerError(c, thrown, { way: command.method === 'GET' ? 'get' : 'post', parts, trace })
  }
  trace?.end(text)
  if (command.result === 'sent' || idTelling.has(command.name)) await parts.host.durable()
  return answerJson(c, text)
}

async function answerV1(c: HttpContext, handler: V1Handler, parts: Parts): Promise<Response> {
  const isGet = c.req.method !== 'POST'
  const wire = isGet ? readQuery(new URL(c.req.url).searchParams) : await readOwn(c, parts)
  const key = keyOf(c, wire, parts.gate)
  const remote = c.env.incoming.socket.remoteAddress ?? ''
  const answer = await handler({ wire, remote, needSession: () => parts.gate.bound(key), parts })
  return c.body(JSON.stringify(answer), 200, jsonHeaders)
}

/** A short body of whoever it is. */
async function readOwn(c: HttpContext, { options, host, port }: Parts): Promise<WireObject> {
  const body = await readBody(c, { maxBytes: options.limits.strangerBytes, memoryBytes: port.bodyMemoryBytes })
  return readFields(body, { limits: host.jsonLimits })
}

async function readWire(c: HttpContext, command: Command, { gate, options, host, port }: Parts): Promise<WireObject> {
  if (command.method === 'GET') return readQuery(new URL(c.req.url).searchParams, command)
  const isLong = command.name !== 'verify' && command.name !== 'bind'
  const { bodyBytes, strangerBytes } = options.limits
  const text = await readBody(c, {
    maxBytes: isLong ? bodyBytes : strangerBytes,
    memoryBytes: port.bodyMemoryBytes,
    stranger: strangerOf(c, gate, strangerBytes),
  })
  return readFields(text, { contentType: c.req.header('content-type'), command, limits: host.jsonLimits })
}

/**
 * A long body is read for who shows a session in a header or where the body begins. Some clients write it at the end: theirs
 * is read where the verifyKey has been shown from.
 */
function strangerOf(c: HttpContext, gate: Gate, bytes: number): Stranger | undefined {
  const { headers, socket } = c.env.incoming
  if (gate.isOpen || gate.find(keyInHeaders(headers)) || gate.trusts(socket.remoteAddress ?? '')) return undefined
  return { bytes, isVouched: (start) => gate.find(keyInStart(start)) !== undefined }
}

/** A header that names no session does not keep the parameter from being tried. */
function keyOf(c: HttpContext, wire: WireObject, gate: Gate): string | undefined {
  const header = keyInHeaders(c.env.incoming.headers)
  if (header !== undefined && !gate.single && gate.find(header)) return header
  return keyInFields(wire) ?? header
}

interface OwnCall {
  c: HttpContext
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
  const { c, command, wire, parts } = call
  if (parts.options.v1 && wire['verifyKey'] === undefined && wire['qq'] !== undefined) return bind(call)
  const { verifyKey } = readParams(command, wire)
  await parts.gate.check(String(verifyKey), c.env.incoming.socket.remoteAddress ?? '')
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
