// Routes and the socket that only 1.x clients use. Their sessions are marked, so that the shared paths answer them bare.
import { BridgeError } from '../../core/error.ts'
import type { GroupId } from '../../core/ids.ts'
import { toText, toUserId, type WireObject } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import { MissingFields, printV1Command, successAnswer } from '../../dialect/mirai/index.ts'
import { toPlainText } from '../../translate/plain-text.ts'
import type { UpgradeRequest } from '../../transport/mount.ts'
import type { Socket, SocketEvents } from '../../transport/socket.ts'
import { readCommand } from './console-commands.ts'
import { credential } from './credential.ts'
import type { Parts } from './parts.ts'

interface V1Call {
  wire: WireObject
  /** Socket address of the client. */
  remote: string
  /** Throws `noSession`, `notBound`. */
  needSession: () => unknown
  parts: Parts
}

export type V1Handler = (call: V1Call) => unknown

/** `METHOD /path` to what it answers. */
export const v1Handlers: ReadonlyMap<string, V1Handler> = new Map<string, V1Handler>([
  ['POST /auth', authenticate],
  ['GET /config', getConfig],
  ['POST /config', setConfig],
  ['GET /managers', listManagers],
  ['POST /command/register', register],
  ['POST /command/send', send],
])

async function authenticate(call: V1Call): Promise<unknown> {
  await checkKey(call)
  return { code: 0, session: call.parts.gate.verified(true) }
}

async function checkKey({ wire, remote, parts }: V1Call): Promise<void> {
  // Clients that grew from 1.x on call the key by its new name on the old paths, too.
  const name = Object.hasOwn(wire, 'authKey') ? 'authKey' : 'verifyKey'
  if (!Object.hasOwn(wire, name)) throw new MissingFields(['authKey'])
  await parts.gate.check(toText(wire[name]), remote)
}

/** The number of messages that mah keeps. Sockets need not be switched on here. */
function getConfig({ needSession, parts }: V1Call): unknown {
  needSession()
  return { cacheSize: 1024, enableWebsocket: parts.options.adapters.includes('ws') }
}

function setConfig({ wire, needSession, parts: { host, options } }: V1Call): unknown {
  needSession()
  if (Object.hasOwn(wire, 'cacheSize')) {
    host.loss(undefined, 'in', { what: 'cacheSize', fidelity: 'dropped', reason: 'the bridge keeps all messages' })
  }
  const isWanted = wire['enableWebsocket'] === true || wire['enableWebsocket'] === 'true'
  if (isWanted && !options.adapters.includes('ws')) throw new BridgeError('notSupported', 'the ws adapter is off')
  return successAnswer
}

/** mirai's console no longer had any in the last 1.x versions. */
function listManagers({ wire, parts: { host } }: V1Call): unknown {
  const bot = toUserId(wire['qq'])
  if (!host.bots().some((status) => status.bot === bot)) throw new BridgeError('noBot', 'no such bot')
  return []
}

async function register(call: V1Call): Promise<unknown> {
  await checkKey(call)
  call.parts.console.register(readCommand(call.wire))
  return successAnswer
}

async function send(call: V1Call): Promise<unknown> {
  await checkKey(call)
  const { name, args } = call.wire
  const words = [name, ...(Array.isArray(args) ? args : [])].map((word) => toText(word) ?? '')
  const run = call.parts.console.find(words.map((text): Segment => ({ type: 'text', text })))
  if (!run) throw new BridgeError('notFound', `no such command: ${words[0] ?? ''}`)
  call.parts.runCommand(run)
  return successAnswer
}

/** /command: the commands that run, guarded by the key alone. */
export function acceptCommandSocket(socket: Socket, request: UpgradeRequest, parts: Parts): SocketEvents {
  let leave = (): void => {}
  let closed = false

  async function shakeHands(): Promise<void> {
    try {
      await parts.gate.check(credential(request, 'authKey'), request.remote)
      if (!closed) leave = parts.console.watch((run) => socket.send(JSON.stringify(printRun(run))))
    } catch (thrown) {
      socket.send(parts.runner.fail(thrown, { way: 'ws', peer: request.remote }).text)
      socket.close(1000)
    }
  }

  void shakeHands()
  return {
    message: () => {},
    close() {
      closed = true
      leave()
    },
  }
}

type Told = Parameters<Parameters<Parts['console']['watch']>[0]>[0]

/** Without a sender, as from /command/send, both numbers are 0. */
function printRun({ name, args, event }: Told): WireObject {
  const peer = event?.peer
  const group: GroupId | 0 = peer?.kind === 'group' ? peer.groupId : 0
  return printV1Command({ name, sender: event?.senderId ?? 0, group, args: args.map(toPlainText) })
}
