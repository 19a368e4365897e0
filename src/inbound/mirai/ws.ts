// The ws adapter: three channels, a session per socket or joined by key. 1.x sockets are served on the same paths.
import type { UpgradeRequest, Upgrader } from '../../transport/mount.ts'
import { isLocalPeer } from '../../transport/peer.ts'
import type { Socket, SocketEvents } from '../../transport/socket.ts'
import { toUserId } from '../../core/read.ts'
import { credential } from './credential.ts'
import { createReceiver, frame } from './frames.ts'
import { singleKey } from './gate.ts'
import { announce } from './announce.ts'
import type { Packet } from './packet.ts'
import type { Parts } from './parts.ts'
import type { SessionSocket, SocketChannel } from './audience.ts'
import type { Session } from './session.ts'
import type { Gate } from './gate.ts'
import type { Outbox } from '../../transport/outbox.ts'
import { acceptCommandSocket } from './v1.ts'

const channels = new Map<string, SocketChannel>([
  ['/message', 'message'],
  ['/event', 'event'],
  ['/all', 'all'],
])

export function createUpgrader(parts: Parts): Upgrader {
  return (request) => {
    if (parts.options.v1 && request.path === '/command') {
      const known = parts.gate.isRight(credential(request, 'authKey'))
      return { accept: (socket) => acceptCommandSocket(socket, request, parts), known }
    }
    const channel = channels.get(request.path)
    if (!channel || (!request.isLast && isOneBot(request))) return undefined
    const session = v1SessionOf(request, parts)
    return {
      known: session !== undefined || parts.gate.isRight(credential(request, 'verifyKey')),
      accept: (socket) =>
        session ? acceptV1(socket, session, channel, parts) : acceptSocket(socket, request, channel, parts),
    }
  }
}

/** OneBot has this path too. Its clients name neither a session nor an account by these words. */
function isOneBot(request: UpgradeRequest): boolean {
  return request.path === '/event' && ['verifyKey', 'sessionKey', 'qq'].every((name) => !credential(request, name))
}

/** The upgrade itself never fails; what is wrong is told in one frame before the close. */
function acceptSocket(socket: Socket, request: UpgradeRequest, channel: SocketChannel, parts: Parts): SocketEvents {
  const client = new Client(socket, channel, parts)
  void client.shakeHands(request)
  return eventsOf(client)
}

/** Apart from where it is used: its closures would keep the request in memory as long as the socket. */
function eventsOf(client: Client): SocketEvents {
  return { message: (text) => client.receive?.(text), close: (code) => client.leave(code) }
}

class Client implements SessionSocket {
  receive: ((text: string) => void) | undefined
  readonly #socket: Socket
  readonly #channel: SocketChannel
  readonly #parts: Parts
  #session: Session | undefined
  #outbox: Outbox | undefined
  #farewell: (() => void) | undefined
  #closed = false

  constructor(socket: Socket, channel: SocketChannel, parts: Parts) {
    this.#socket = socket
    this.#channel = channel
    this.#parts = parts
  }

  push(packet: Packet): void {
    this.#outbox?.send(packet.frame())
  }

  close(reason: string): void {
    this.#socket.close(1000, reason)
  }

  async shakeHands(request: UpgradeRequest): Promise<void> {
    const { gate, runner } = this.#parts
    try {
      await gate.check(credential(request, 'verifyKey'), request.remote)
      const session = gate.choose(credential(request, 'sessionKey'), toUserId(credential(request, 'qq')))
      if (!this.#closed) this.#enter(session, request)
    } catch (thrown) {
      const { text } = runner.fail(thrown, { way: 'ws', peer: request.remote })
      this.#socket.send(frame('""', text))
      this.#socket.close(1000, (JSON.parse(text) as { msg: string }).msg.slice(0, 40))
    }
  }

  #enter(session: Session, request: UpgradeRequest): void {
    const socket = this.#socket
    const parts = this.#parts
    const { gate } = parts
    const outbox = gate.sessions.join(session, this.#channel, this)
    const loopback = isLocalPeer(socket.remote, request.headers)
    this.#outbox = outbox
    this.#farewell = announce(parts, `ws /${this.#channel}`, session)
    this.#session = session
    this.receive = createReceiver({ socket, session, loopback, parts })
    socket.send(frame('""', JSON.stringify({ code: 0, session: gate.single ? singleKey : session.key })))
    outbox.connect(socket)
  }

  leave(code: number): void {
    this.#closed = true
    this.#farewell?.()
    this.#outbox?.disconnect(this.#socket, code)
    const session = this.#session
    if (session) depart({ code, session, channel: this.#channel, own: this }, this.#parts.gate)
  }
}

/** Whoever made a session by /auth knows the secret already. A verifyKey says that the client is not a 1.x one. */
function v1SessionOf(request: UpgradeRequest, { gate, options }: Parts): Session | undefined {
  if (!options.v1 || gate.single || credential(request, 'verifyKey') !== undefined) return undefined
  const session = gate.find(credential(request, 'sessionKey'))
  return session?.v1 && session.bot !== undefined ? session : undefined
}

/** No greeting, no envelopes, no commands. */
function acceptV1(socket: Socket, session: Session, channel: SocketChannel, parts: Parts): SocketEvents {
  const { gate } = parts
  const own: SessionSocket = {
    push: (packet) => outbox.send(packet.v1()),
    close: (reason) => socket.close(1000, reason),
  }
  const outbox = gate.sessions.join(session, channel, own)
  outbox.connect(socket)
  const farewell = announce(parts, `1.x ws /${channel}`, session)
  return {
    message: () => {},
    close(code) {
      farewell()
      outbox.disconnect(socket, code)
      depart({ code, session, channel, own }, gate)
    },
  }
}

interface Departing {
  code: number
  session: Session
  channel: SocketChannel
  own: SessionSocket
}

/** 1006: the link broke. Whoever says good-bye is not waited for. */
function depart({ code, session, channel, own }: Departing, { sessions }: Gate): void {
  if (code === 1006) sessions.lose(session, channel, own)
  else sessions.leave(session, channel, own)
}
