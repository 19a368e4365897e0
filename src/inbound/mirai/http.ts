// The http adapter: every command under its path, HTTP 200 for every answer, errors included.
import { BridgeError } from '../../core/error.ts'
import { toInteger, toUserId, type WireObject } from '../../core/read.ts'
import {
  allCommands,
  findRoute,
  readParams,
  successAnswer,
  type Command,
  type CommandName,
  type Way,
} from '../../dialect/mirai/index.ts'
import { BodyRefused, readBody, type HttpApp, type HttpContext } from '../../transport/http-server.ts'
import type { Gate } from './gate.ts'
import { keyInFields, keyInHeaders, readFields, readQuery } from './http-input.ts'
import type { Parts } from './parts.ts'
import type { EventQueue } from './queue.ts'
import { isLoopback } from './remote.ts'
import type { Session } from './session.ts'
import { createUploads } from './upload.ts'

/** Bytes of a body that nobody has vouched for. */
const strangerBytes = 64 * 1024

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
  for (const path of new Set(allCommands.flatMap((command) => [command.path, ...(command.aliases ?? [])]))) {
    app.all(path, async (c) => {
      const found = findRoute(c.req.method === 'HEAD' ? 'GET' : c.req.method, path)
      if (found === undefined || found === 'method') return c.body(null, 405)
      try {
        return await (found.multipart ? uploads(c, found) : answerCommand(c, found, parts))
      } catch (thrown) {
        return answerError(c, thrown, found.method === 'GET' ? 'get' : 'post', parts)
      }
    })
  }
}

const jsonHeaders = { 'content-type': 'application/json' }

function answerError(c: HttpContext, thrown: unknown, way: Way, { runner }: Parts): Response {
  if (thrown instanceof BodyRefused) return c.body(null, thrown.status, { connection: 'close' })
  const { text, error } = runner.fail(thrown, way)
  return c.body(text, error.kind === 'busy' ? 503 : 200, jsonHeaders)
}

async function answerCommand(c: HttpContext, command: Command, parts: Parts): Promise<Response> {
  const wire = await readWire(c, command, parts)
  const key = keyOf(c, wire, parts.gate)
  const own = ownCommands.get(command.name)
  const loopback = isLoopback(c.env.incoming.socket.remoteAddress)
  const text = own
    ? await own({ c, command, wire, key, parts })
    : await parts.runner.run({ command, wire, loopback, session: () => parts.gate.bound(key) })
  if (command.result === 'sent' || idTelling.has(command.name)) await parts.host.durable()
  return c.body(text, 200, jsonHeaders)
}

async function readWire(c: HttpContext, command: Command, { gate, options }: Parts): Promise<WireObject> {
  if (command.method === 'GET') return readQuery(new URL(c.req.url).searchParams, command)
  // Before anybody has a session only /verify makes sense, and that is short.
  const isStranger = gate.sessions.size === 0 || command.name === 'verify' || command.name === 'bind'
  const limit = isStranger && !gate.single ? strangerBytes : options.limits.bodyBytes
  const text = await readBody(c, limit)
  return readFields(text, c.req.header('content-type'), command)
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
  parts: Parts
}

type OwnCommand = (call: OwnCall) => string | Promise<string>

const success = JSON.stringify(successAnswer)

/** What only HTTP has. */
const ownCommands = new Map<string, OwnCommand>([
  ['verify', verify],
  ['bind', bind],
  ['release', release],
  ['countMessage', (call) => wrap(String(queueOf(call).size))],
  ['fetchMessage', (call) => wrapList(queueOf(call).fetch(countIn(call)))],
  ['fetchLatestMessage', (call) => wrapList(queueOf(call).fetchLatest(countIn(call)))],
  ['peekMessage', (call) => wrapList(queueOf(call).peek(countIn(call)))],
  ['peekLatestMessage', (call) => wrapList(queueOf(call).peekLatest(countIn(call)))],
] satisfies [CommandName, OwnCommand][])

async function verify({ c, command, wire, parts }: OwnCall): Promise<string> {
  const { verifyKey } = readParams(command, wire)
  await parts.gate.check(String(verifyKey), c.env.incoming.socket.remoteAddress ?? '')
  return JSON.stringify({ code: 0, session: parts.gate.verified() })
}

function bind({ command, wire, key, parts: { gate } }: OwnCall): string {
  if (gate.single) throw new BridgeError('notSupported', 'single mode binds by itself')
  const session = gate.session(key)
  gate.bind(session, needBot(command, wire))
  return success
}

/** Checked in mah's order: session, bot, bound, same bot. */
function release({ command, wire, key, parts: { gate, host } }: OwnCall): string {
  const session = gate.session(key)
  const bot = needBot(command, wire)
  if (!host.bots().some((status) => status.bot === bot)) throw new BridgeError('noBot', `no bot ${bot}`)
  if (session.bot === undefined) throw new BridgeError('notBound', 'the session is not bound')
  if (session.bot !== bot) throw new BridgeError('notFound', `the session is bound to another bot than ${bot}`)
  gate.sessions.release(session)
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

function wrap(data: string): string {
  return `{"code":0,"msg":"","data":${data}}`
}

function wrapList(texts: readonly string[]): string {
  return wrap(`[${texts.join(',')}]`)
}
