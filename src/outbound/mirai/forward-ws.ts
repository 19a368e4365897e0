// mah's ws adapter, the preferred way: we dial, the first frame says how it went.
import type { UserId } from '../../core/ids.ts'
import type { JsonLimits } from '../../core/json.ts'
import type { OnLimit } from '../../core/limit.ts'
import { toInteger, toText, type WireObject } from '../../core/read.ts'
import { defaultSocketLimits, type Socket, type SocketEvents, type SocketLimits } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { keepConnected } from '../../transport/ws-client.ts'
import { offline } from './failure.ts'
import { toHandshake, type MiraiOutboundOptions } from './options.ts'
import { closeFirmly, createTalk, type Talk } from './talk.ts'
import { farewellMs, type Reports, type Way } from './way.ts'

export interface ForwardSetup {
  bot: UserId
  backend: string
  url: string
  options: MiraiOutboundOptions
  turn: Turn
  /** Of the connection; the unsent bytes stand in the options. */
  socket: SocketLimits | undefined
  onLimit: OnLimit | undefined
  json: JsonLimits | undefined
}

export function dial(setup: ForwardSetup, reports: Reports): Way {
  const { bot, backend, url, options, turn, json, socket: limits = defaultSocketLimits, onLimit } = setup
  let current: { socket: Socket; talk: Talk } | undefined
  let ended = (): void => {}
  let renewing = false

  function open(socket: Socket): SocketEvents {
    let greeted = false
    const timer = setTimeout(() => {
      reports.note('the server did not greet in time')
      socket.terminate()
    }, options.handshakeTimeoutMs)

    function greet(data: WireObject): boolean {
      if (greeted) return true
      const code = toInteger(data['code'])
      const key = toText(data['session'])
      if (code === 0 && key !== undefined) {
        clearTimeout(timer)
        greeted = true
        reports.up(key)
      } else if (code === undefined || code === 0) reports.garbage('not a greeting')
      else {
        reports.refused(code, toText(data['msg']) ?? '')
        link.refused()
        closeFirmly(socket, 3 * farewellMs)
      }
      return false
    }

    const talk = createTalk({ socket, backend, reports, json, early: greet })
    current = { socket, talk }
    return {
      message: talk.receive,
      close() {
        clearTimeout(timer)
        talk.abandon('the link to the server was lost')
        if (current?.socket !== socket) return
        current = undefined
        reports.lost()
        ended()
      },
    }
  }

  const link = keepConnected({
    ...toHandshake(url, options.verifyKey, bot),
    handshakeTimeoutMs: options.handshakeTimeoutMs,
    backoff: options.reconnect,
    limits: { ...limits, closeBytes: options.unsentBytes },
    maxMessageBytes: options.answerBytes,
    turn,
    onLimit,
    onOpen: open,
    onDown(reason, retryInMs) {
      if (!renewing) reports.down(reason, retryInMs)
      renewing = false
    },
  })

  return {
    exchange: (request) =>
      current ? current.talk.exchange(request) : Promise.reject(offline(request.command.command, backend)),
    renew() {
      renewing = current !== undefined
      if (current) closeFirmly(current.socket, 3 * farewellMs)
    },
    async close() {
      const last = current
      const gone = new Promise<void>((resolve) => {
        ended = resolve
      })
      link.close(1000)
      if (!last) return
      last.talk.abandon('the backend is being closed')
      const timer = setTimeout(() => {
        last.socket.terminate()
        ended()
      }, farewellMs)
      await gone
      clearTimeout(timer)
    },
  }
}
