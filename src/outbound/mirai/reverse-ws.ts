// mah's reverse-ws adapter: servers dial us and say nothing; we verify on each connection for an account that has none.
// A connection that is of no use yet is kept: mah does not come back after every kind of end.
import type { UserId } from '../../core/ids.ts'
import type { JsonLimits } from '../../core/json.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import { toInteger, toText, toUserId, type WireObject } from '../../core/read.ts'
import { printCommand } from '../../dialect/mirai/index.ts'
import type { Mount, UpgradeDecision, UpgradeRequest } from '../../transport/mount.ts'
import type { Socket, SocketEvents } from '../../transport/socket.ts'
import { createFrontDoor } from './front-door.ts'
import { offline } from './failure.ts'
import type { MiraiOutboundOptions } from './options.ts'
import { closeFirmly, createTalk, type Talk } from './talk.ts'
import { farewellMs, type OpenWay, type Reports } from './way.ts'

export interface ReverseSetup {
  backend: string
  options: MiraiOutboundOptions
  listener: Mount
  json: JsonLimits | undefined
  log: LimitedLog
}

interface Connection {
  readonly socket: Socket
  readonly talk: Talk
  /** Whom its headers say it is for. */
  readonly wanted: UserId | undefined
  /** The account that it serves, or is being asked for. */
  bot: UserId | undefined
  isUp: boolean
  /** We end it, for a new session. */
  renewing: boolean
  settle: ((data: WireObject) => void) | undefined
  timer: NodeJS.Timeout | undefined
}

/** Milliseconds for an old connection to show that it lives, when a new one comes. */
const proofMs = 5000

/** `openWay` for each account; all of them share the address. */
export function receiveServers({ backend, options, listener, json, log }: ReverseSetup): (bot: UserId) => OpenWay {
  const accounts = new Map<UserId, Reports>()
  const connections = new Set<Connection>()
  const door = createFrontDoor(options.token, log, listener)
  let syncIds = 0

  function servedBy(bot: UserId): Connection | undefined {
    for (const connection of connections) if (connection.bot === bot) return connection
    return undefined
  }

  function decide(request: UpgradeRequest): UpgradeDecision {
    if (accounts.size === 0 || trim(request.path) !== trim(options.path)) return undefined
    const refusal = door.check(request.headers, request.query, request.remote)
    if (refusal) return refusal
    return {
      limits: { closeBytes: options.unsentBytes },
      accept: (socket) => accept(socket, toUserId(request.headers['qq'])),
    }
  }

  function accept(socket: Socket, wanted: UserId | undefined): SocketEvents {
    const reports = (): Reports | undefined => (connection.bot === undefined ? undefined : accounts.get(connection.bot))
    const talk = createTalk({
      socket,
      backend,
      json,
      reports: {
        event: (wire) => reports()?.event(wire),
        garbage: (reason) => reports()?.garbage(reason),
        stray: (what) => reports()?.stray(what),
      },
      early(data) {
        if (connection.isUp) return true
        connection.settle?.(data)
        return false
      },
    })
    const connection: Connection = {
      socket,
      talk,
      wanted,
      bot: undefined,
      isUp: false,
      renewing: false,
      settle: undefined,
      timer: undefined,
    }
    connections.add(connection)
    log('info', `linked ${socket.remote}`, `a mirai-api-http server connected from ${socket.remote}`)
    void place(connection)
    return { message: talk.receive, close: (code, reason) => leave(connection, code, reason) }
  }

  function leave(connection: Connection, code: number, reason: string): void {
    const { bot, isUp, renewing, talk, timer } = connection
    connections.delete(connection)
    clearTimeout(timer)
    connection.settle?.({})
    talk.abandon('the link to the server was lost')
    if (bot === undefined || !isUp) return
    const reports = accounts.get(bot)
    reports?.lost()
    if (!renewing) reports?.down(`closed with ${code}${reason ? ` ${reason}` : ''}`)
    for (const idle of connections) if (idle.bot === undefined) void place(idle)
  }

  /** Offers the connection to the accounts without one, until the server takes one of them. */
  async function place(connection: Connection): Promise<void> {
    clearTimeout(connection.timer)
    const { socket, wanted } = connection
    const free = [...accounts.keys()].filter((bot) => (wanted === undefined || wanted === bot) && !servedBy(bot))
    for (const bot of free) {
      if (!connections.has(connection) || connection.bot !== undefined) return
      if (servedBy(bot)) continue
      connection.bot = bot
      const answer = await verify(connection, bot)
      if (!socket.open || !accounts.has(bot)) return
      if (take(connection, bot, answer)) return
      connection.bot = undefined
    }
    if (free.length === 0) prove(wanted)
    connection.timer = setTimeout(() => void place(connection), options.reconnect.refusedMs)
    connection.timer.unref()
  }

  /** The answer of a refusal is bare, and one without an account in single mode is no JSON at all. */
  function verify(connection: Connection, bot: UserId): Promise<WireObject> {
    const syncId = `verify-${++syncIds}`
    const content = { verifyKey: options.verifyKey, sessionKey: null, qq: bot }
    const { promise, resolve } = Promise.withResolvers<WireObject>()
    const timer = setTimeout(() => resolve({}), options.handshakeTimeoutMs)
    connection.settle = resolve
    connection.socket.send(JSON.stringify({ syncId, command: 'verify', subCommand: null, content }))
    return promise.finally(() => {
      clearTimeout(timer)
      connection.settle = undefined
    })
  }

  function take(connection: Connection, bot: UserId, answer: WireObject): boolean {
    const code = toInteger(answer['code'])
    const key = toText(answer['session'])
    const reports = accounts.get(bot)
    if (code === 0 && key !== undefined) {
      connection.isUp = true
      reports?.up(key)
      return true
    }
    if (code === undefined || code === 0) reports?.note('a server did not say how verify went')
    // Which account it has is found out by asking; only the last word about one is news.
    else if (code !== 2 || accounts.size === 1) reports?.refused(code, toText(answer['msg']) ?? '')
    return false
  }

  /** Someone came back who was not seen going: whoever does not answer is gone. */
  function prove(wanted: UserId | undefined): void {
    for (const { socket, talk, isUp, bot } of connections) {
      if (!isUp || (wanted !== undefined && wanted !== bot)) continue
      const deadline = performance.now() + proofMs
      talk.exchange({ command: printCommand('about', {}), hasEffect: false, deadline }).catch(() => socket.terminate())
    }
  }

  listener.onUpgrade(decide)
  return (bot) => (reports) => {
    accounts.set(bot, reports)
    reports.down('no server has come yet')
    return {
      async exchange(request) {
        const connection = servedBy(bot)
        if (!connection?.isUp) throw offline(request.command.command, backend)
        return connection.talk.exchange(request)
      },
      renew() {
        const connection = servedBy(bot)
        if (!connection) return
        connection.renewing = true
        closeFirmly(connection.socket, 3 * farewellMs)
      },
      async close() {
        accounts.delete(bot)
        const connection = servedBy(bot)
        connection?.talk.abandon('the backend is being closed')
        if (accounts.size > 0) return connection?.socket.close(1000)
        for (const { socket, timer } of connections) {
          clearTimeout(timer)
          closeFirmly(socket, farewellMs)
        }
      },
    }
  }
}

function trim(path: string): string {
  return path.replace(/\/+$/, '')
}
