// The ws adapter: three channels, a session per socket or joined by key, commands and answers in frames.
import { BridgeError } from '../../core/error.ts'
import { parseJson } from '../../core/json.ts'
import { toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import { findCommand, type Command } from '../../dialect/mirai/index.ts'
import type { UpgradeRequest, Upgrader } from '../../transport/http-server.ts'
import type { Socket, SocketEvents } from '../../transport/socket.ts'
import { singleKey } from './gate.ts'
import type { Parts } from './parts.ts'
import { isLoopback } from './remote.ts'
import type { Session, SessionSocket, SocketChannel } from './session.ts'

const channels = new Map<string, SocketChannel>([
  ['/message', 'message'],
  ['/event', 'event'],
  ['/all', 'all'],
])

export function createUpgrader(parts: Parts): Upgrader {
  return (request) => {
    const channel = channels.get(request.path)
    return channel && { accept: (socket) => acceptSocket(socket, request, channel, parts) }
  }
}

/** The upgrade itself never fails; what is wrong is told in one frame before the close. */
function acceptSocket(socket: Socket, request: UpgradeRequest, channel: SocketChannel, parts: Parts): SocketEvents {
  const { gate, runner } = parts
  let client: { session: Session; receive: (text: string) => void } | undefined
  let closed = false
  const own: SessionSocket = {
    push: (text) => socket.send(text),
    close: (reason) => socket.close(1000, reason),
  }

  async function shakeHands(): Promise<void> {
    try {
      await gate.check(credential(request, 'verifyKey'), request.remote)
      const session = chooseSession(request, parts)
      if (closed) return
      gate.sessions.join(session, channel, own)
      client = { session, receive: createReceiver(socket, session, parts) }
      socket.send(frame('""', JSON.stringify({ code: 0, session: gate.single ? singleKey : session.key })))
    } catch (thrown) {
      const { text } = runner.fail(thrown, 'ws')
      socket.send(frame('""', text))
      socket.close(1000, (JSON.parse(text) as { msg: string }).msg.slice(0, 40))
    }
  }

  void shakeHands()
  return {
    message: (text) => client?.receive(text),
    close() {
      closed = true
      if (client) gate.sessions.leave(client.session, channel, own)
    },
  }
}

/** Headers win over the query. A name that comes twice counts as absent. */
function credential({ headers, query }: UpgradeRequest, name: string): string | undefined {
  const header = headers[name.toLowerCase()]
  if (typeof header === 'string' && header !== '') return header
  const [value, ...more] = query.getAll(name)
  return value === '' || more.length > 0 ? undefined : value
}

/** sessionKey wins over qq. */
function chooseSession(request: UpgradeRequest, { gate }: Parts): Session {
  if (gate.single) {
    gate.verified()
    return gate.bound(undefined)
  }
  const key = credential(request, 'sessionKey')
  if (key !== undefined) return gate.bound(key)
  const bot = toUserId(credential(request, 'qq'))
  if (bot === undefined) throw new BridgeError('badRequest', 'qq or sessionKey is needed')
  return gate.bindNew(bot)
}

/** `syncId` is JSON text already. */
function frame(syncId: string, data: string): string {
  return `{"syncId":${syncId},"data":${data}}`
}

interface Request {
  syncId: string
  command: string
  sub: string | undefined
  content: unknown
}

/** Frames of one connection do not wait for each other. */
function createReceiver(socket: Socket, session: Session, parts: Parts): (text: string) => void {
  const { gate, runner, options } = parts
  const loopback = isLoopback(socket.remote)
  let underWay = 0

  async function serve(request: Request): Promise<void> {
    underWay++
    try {
      if (underWay > options.limits.callsPerConnection) throw new BridgeError('busy', 'too many calls under way')
      const { command, wire } = toCall(request)
      const text = await runner.run({ command, wire, loopback, session: () => gate.bound(session.key) })
      socket.send(frame(request.syncId, text))
    } catch (thrown) {
      socket.send(frame(request.syncId, runner.fail(thrown, 'ws').text))
    } finally {
      underWay--
    }
  }

  return (text) => {
    if (!gate.find(session.key)) return socket.close(1000, 'session ended')
    const request = readRequest(text)
    if (request) void serve(request)
    else socket.send('{"code":400,"msg":"无效参数"}')
  }
}

/** undefined: not an envelope. */
function readRequest(text: string): Request | undefined {
  const wire = parseFrame(text)
  const command = wire?.['command']
  if (!wire || typeof command !== 'string') return undefined
  const syncId = readSyncId(wire['syncId'])
  if (syncId === undefined) return undefined
  const sub = toText(wire['subCommand'] ?? wire['subcommand'])
  return { syncId, command, sub, content: wire['content'] }
}

function parseFrame(text: string): WireObject | undefined {
  try {
    return toObject(parseJson(text))
  } catch {
    return undefined
  }
}

/** JSON text: null stays null and missing becomes it, all else comes back as a string. */
function readSyncId(value: unknown): string | undefined {
  if (value === undefined || value === null) return 'null'
  const text = toText(value)
  return text === undefined ? undefined : JSON.stringify(text)
}

/** Throws `unknownAction`; `badRequest` for a content that is no object. A missing one counts as empty. */
function toCall({ command: name, sub, content }: Request): { command: Command; wire: WireObject } {
  const command = findCommand(name, sub)
  if (!command?.ws) throw new BridgeError('unknownAction', `no such command: ${name.slice(0, 60)}`)
  const wire = content === undefined || content === null ? {} : toObject(content)
  if (!wire) throw new BridgeError('badRequest', 'content must be an object')
  return { command, wire }
}
