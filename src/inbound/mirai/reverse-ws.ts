// The reverse-ws adapter: we dial out and say nothing; the other side verifies itself, then all is as on /all.
import { BridgeError } from '../../core/error.ts'
import { toObject, toText, toUserId } from '../../core/read.ts'
import { findCommand } from '../../dialect/mirai/index.ts'
import { isLoopbackName } from '../../transport/browser.ts'
import type { Outbox } from '../../transport/outbox.ts'
import type { QueueAccount } from '../../transport/queue-memory.ts'
import type { Socket, SocketEvents, SocketLimits } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { keepConnected, type Link } from '../../transport/ws-client.ts'
import { createReceiver, frame, readRequest, type FrameRequest } from './frames.ts'
import { singleKey } from './gate.ts'
import type { ReverseTarget } from './options.ts'
import { announce } from './announce.ts'
import type { Parts } from './parts.ts'
import type { SessionSocket } from './audience.ts'
import type { Session } from './session.ts'

export interface ReverseWs {
  start(): void
  stop(): void
}

interface Linking {
  turn: Turn
  limits: SocketLimits
  account: QueueAccount | undefined
}

export function createReverseWs(parts: Parts, { turn, limits, account }: Linking): ReverseWs {
  const { host, options } = parts
  const targets = options.adapters.includes('reverse-ws') ? options.reverse : []
  let links: Link[] = []

  function connect(target: ReverseTarget, index: number): Link {
    const { host: place, hostname } = new URL(target.url)
    const loopback = isLoopbackName(hostname.replace(/^\[|\]$/g, ''))
    const latest: Serving['latest'] = {}
    return keepConnected({
      url: target.url,
      headers: target.headers,
      maxMessageBytes: options.limits.bodyBytes,
      limits,
      account,
      turn,
      onLimit: host.onLimit,
      onOpen: (socket) => serve({ socket, place, index, loopback, parts, latest }),
      onDown: (reason, retryInMs) => host.log('warn', `${place}: ${reason}, next attempt in ${retryInMs} ms`),
    })
  }

  return {
    start() {
      links = targets.map(connect)
    },
    stop() {
      for (const link of links) link.close(1001, 'going away')
      links = []
    },
  }
}

interface Serving {
  socket: Socket
  /** Host and port, for the count of wrong keys. */
  place: string
  index: number
  loopback: boolean
  parts: Parts
  /** Of this target: it may come back without saying its key. */
  latest: { session?: Session }
}

/** A broken link, a server that goes or starts anew: the same target is connected to again. */
const returning = new Set([1001, 1006, 1012])

function serve(serving: Serving): SocketEvents {
  const { socket, place, parts, index, loopback } = serving
  const { gate } = parts
  const channel = `reverse ${index}` as const
  let client: { session: Session; receive: (text: string) => void } | undefined
  let closed = false
  let farewell = (): void => {}
  /** One handshake after the other. */
  let verifying = Promise.resolve()
  let outbox: Outbox | undefined
  const own: SessionSocket = {
    push: (packet) => outbox?.send(packet.frame()),
    close: (reason) => socket.close(1000, reason),
  }

  async function verify(request: FrameRequest): Promise<void> {
    if (client || closed) return
    try {
      const session = await chooseSession(request, serving)
      if (closed) return
      outbox = gate.sessions.join(session, channel, own)
      serving.latest.session = session
      farewell = announce(parts, `reverse-ws ${place}`, session)
      client = { session, receive: createReceiver({ socket, session, loopback, parts }) }
      const text = JSON.stringify({ code: 0, session: gate.single ? singleKey : session.key })
      socket.send(frame(request.syncId, text))
      outbox.connect(socket)
    } catch (thrown) {
      // Bare, without an envelope; the other side may try again.
      socket.send(parts.runner.fail(thrown, { way: 'ws', peer: place }).text)
    }
  }

  function receive(text: string): void {
    if (client) return client.receive(text)
    const request = readRequest(text, parts.host.jsonLimits, ({ limit, message }) => {
      if (limit) parts.host.onLimit?.(limit, place, message)
    })
    if (!request) return
    if (request.command === 'verify') verifying = verifying.then(() => verify(request))
    else if (request.command === 'about' || request.command === 'botList') void tell(request, serving)
    else socket.send(parts.runner.fail(new BridgeError('forbidden', 'not verified'), { way: 'ws', peer: place }).text)
  }

  return {
    message: receive,
    close(code) {
      closed = true
      farewell()
      outbox?.disconnect(socket, code)
      if (!client) return
      if (returning.has(code)) gate.sessions.lose(client.session, channel, own)
      else gate.sessions.leave(client.session, channel, own)
    },
  }
}

/** mah demands all three members, null allowed; here those that say nothing may be missing. */
async function chooseSession({ content }: FrameRequest, serving: Serving): Promise<Session> {
  const { place, index, latest, parts } = serving
  const { gate } = parts
  const given = toObject(content) ?? {}
  await gate.check(toText(given['verifyKey']), place)
  const key = toText(given['sessionKey']) || undefined
  const bot = toUserId(given['qq'])
  const before = gate.single ? undefined : gate.find(latest.session?.key)
  if (key === undefined && before?.bot === bot && before?.sockets.get(`reverse ${index}`)?.away) return before
  return gate.choose(key, bot)
}

/** What is open to everybody. */
async function tell({ command: name, syncId }: FrameRequest, { socket, loopback, parts }: Serving): Promise<void> {
  const command = findCommand(name)
  if (!command) return
  const session = () => {
    throw new BridgeError('noSession', 'not verified')
  }
  socket.send(frame(syncId, await parts.runner.run({ command, wire: {}, loopback, session })))
}
