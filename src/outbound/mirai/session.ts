// One account's session at a mah server: connect, shake hands, ask, and do it all again when the link or the session is gone.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import { toInteger, toObject, toText, type WireObject } from '../../core/read.ts'
import { parseAnswer, printCommand, type Answer, type PrintedCommand } from '../../dialect/mirai/index.ts'
import { defaultSocketLimits, type Socket, type SocketEvents } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { keepConnected, type Link } from '../../transport/ws-client.ts'
import { asFailure, isSessionLost, offline, toFailure } from './failure.ts'
import { printRequest, readFrame, type Frame } from './frame.ts'
import { toHandshake, type MiraiOutboundOptions } from './options.ts'
import { createPending, type Pending } from './pending.ts'

export interface SessionSetup {
  bot: UserId
  backend: string
  options: MiraiOutboundOptions
  turn: Turn
  onEvent: (wire: WireObject) => void
  /** Online state, name or version changed. */
  onState: () => void
  log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void
}

/** down: no link. greeting: linked, the first frame is awaited. up: requests may be sent. */
type Phase = 'down' | 'greeting' | 'up'

/** A message with a large image in base64 is one frame; it must not count as a slow peer. */
const socketLimits = { ...defaultSocketLimits, closeBytes: 160 * 1024 * 1024 }
/** Milliseconds for what is asked about server and account before the account counts as online. */
const introductionMs = 5000
const garbageLogMs = 60_000

export class Session {
  readonly bot: UserId
  /** Resolves when the first attempt has ended, either way. */
  readonly started: Promise<void>
  nickname = ''
  version = ''
  /** For uploads over http; the server makes a new one for each link. */
  key: string | undefined
  readonly #setup: SessionSetup
  readonly #pending: Pending
  #link: Link | undefined
  #socket: Socket | undefined
  #phase: Phase = 'down'
  #introduced = false
  #loggedOut = false
  #renewing = false
  #refusal = ''
  #complained = false
  #garbageAt = -garbageLogMs
  #greetingTimer: NodeJS.Timeout | undefined
  #waiters: { resolve: () => void; reject: (error: BridgeError) => void }[] = []
  #start: () => void = () => {}
  #ended: () => void = () => {}

  constructor(setup: SessionSetup) {
    this.#setup = setup
    this.bot = setup.bot
    this.#pending = createPending(setup.backend)
    this.started = new Promise((resolve) => {
      this.#start = resolve
    })
  }

  get online(): boolean {
    return this.#phase === 'up' && this.#introduced && !this.#loggedOut
  }

  connect(): void {
    const { options, turn } = this.#setup
    this.#link = keepConnected({
      ...toHandshake(options, this.bot),
      handshakeTimeoutMs: options.handshakeTimeoutMs,
      backoff: options.reconnect,
      limits: socketLimits,
      turn,
      onOpen: (socket) => this.#open(socket),
      onDown: (reason, retryInMs) => this.#down(reason, retryInMs),
    })
  }

  /** What the server says about the login of the account, the link standing. */
  setLoggedIn(loggedIn: boolean): void {
    if (this.#loggedOut === !loggedIn) return
    this.#loggedOut = !loggedIn
    this.#setup.onState()
  }

  /** Rejects with a BridgeError. `deadline` is on the clock of `performance.now()`. */
  async request(command: PrintedCommand, deadline: number): Promise<Answer> {
    let answer = await this.#exchange(command, deadline)
    if (isSessionLost(answer)) {
      // mah refused before doing anything, so once more is safe for sends too.
      this.#renew(answer)
      await this.#whenUp(command.command, deadline)
      answer = await this.#exchange(command, deadline)
    }
    const error = toFailure(answer, this.#setup.backend)
    if (error) throw error
    return answer
  }

  /** Ends everything that waits; resolves when the link is gone, after a second at most. */
  async close(): Promise<void> {
    const socket = this.#socket
    const gone = new Promise<void>((resolve) => {
      this.#ended = resolve
    })
    this.#link?.close(1000)
    this.#lose('the backend is being closed')
    this.#dismiss()
    this.#start()
    if (!socket) return
    const timer = setTimeout(() => {
      socket.terminate()
      this.#ended()
    }, 1000)
    await gone
    clearTimeout(timer)
  }

  async #exchange(command: PrintedCommand, deadline: number): Promise<Answer> {
    const { backend, options } = this.#setup
    if (this.#phase !== 'up' || !this.#socket?.open) throw offline(command.command, backend)
    if (this.#pending.size >= options.callsInFlight) {
      throw new BridgeError('busy', `more than ${options.callsInFlight} calls wait for an answer`, { backend })
    }
    const hasEffect = command.method === 'POST' && command.command !== 'roamingMessages'
    const request = printRequest(command)
    const { syncId, answer } = this.#pending.add({ command: command.command, hasEffect, deadline })
    this.#socket.send(request(syncId))
    return parseAnswer(await answer)
  }

  #open(socket: Socket): SocketEvents {
    this.#socket = socket
    this.#phase = 'greeting'
    this.#greetingTimer = setTimeout(() => {
      this.#setup.log('warn', `bot ${this.bot}: the server did not greet in time`)
      socket.terminate()
    }, this.#setup.options.handshakeTimeoutMs)
    return {
      message: (text) => this.#receive(readFrame(text)),
      close: () => {
        if (this.#socket !== socket) return
        this.#socket = undefined
        this.#lose('the link to the server was lost')
        this.#ended()
      },
    }
  }

  #receive(frame: Frame): void {
    if (frame.kind === 'garbage') return this.#reportGarbage(frame.reason)
    if (frame.kind === 'event') return this.#setup.onEvent(frame.data)
    if (this.#phase === 'greeting') return this.#greet(frame.data)
    const known =
      frame.kind === 'bare'
        ? this.#pending.settleOldest(asFailure(frame.data))
        : this.#pending.settle(frame.syncId, frame.data)
    if (!known) this.#setup.log('debug', `bot ${this.bot}: an answer that nobody waits for was dropped`)
  }

  #greet(data: WireObject): void {
    const code = toInteger(data['code'])
    const key = toText(data['session'])
    if (code === 0 && key !== undefined) {
      clearTimeout(this.#greetingTimer)
      this.key = key
      this.#phase = 'up'
      this.#refusal = ''
      this.#complained = false
      this.#loggedOut = false
      void this.#introduce()
    } else if (code === undefined || code === 0) this.#reportGarbage('not a greeting')
    else this.#refuse(code, toText(data['msg']) ?? '')
  }

  #refuse(code: number, msg: string): void {
    const hint = code === 1 ? ': check verifyKey' : code === 2 ? ': this account is not logged in there' : ''
    const refusal = `bot ${this.bot}: the server refused with code ${code} ${msg}${hint}`
    this.#setup.log(refusal === this.#refusal ? 'debug' : 'error', refusal)
    this.#refusal = refusal
    this.#link?.refused()
    this.#socket?.close(1000)
    this.#terminateSoon(this.#socket)
  }

  /** Who the server and the account are; what it does not tell stays empty. */
  async #introduce(): Promise<void> {
    const socket = this.#socket
    const deadline = performance.now() + introductionMs
    const [about, self] = await Promise.all([this.#tryAsk('about', deadline), this.#tryAsk('sessionInfo', deadline)])
    const nickname =
      toText(toObject(toObject(self)?.['qq'])?.['nickname']) ??
      toText(toObject(await this.#tryAsk('botProfile', deadline))?.['nickname'])
    if (this.#socket !== socket || !socket?.open) return
    this.version = toText(toObject(about)?.['version']) ?? this.version
    this.nickname = nickname ?? this.nickname
    this.#introduced = true
    this.#setup.log('info', `bot ${this.bot}: online, mirai-api-http ${this.version || 'of unknown version'}`)
    this.#start()
    for (const { resolve } of this.#waiters.splice(0)) resolve()
    this.#setup.onState()
  }

  async #tryAsk(name: 'about' | 'sessionInfo' | 'botProfile', deadline: number): Promise<unknown> {
    try {
      const answer = await this.#exchange(printCommand(name, {}), deadline)
      return answer.code === 0 ? answer.data : undefined
    } catch {
      return undefined
    }
  }

  /** The server forgot the session: a new link brings a new one. */
  #renew(answer: Answer): void {
    if (this.#renewing) return
    this.#renewing = true
    this.#setup.log('warn', `bot ${this.bot}: the session is gone (code ${answer.code}), asking for a new one`)
    this.#socket?.close(1000)
    this.#terminateSoon(this.#socket)
  }

  #terminateSoon(socket: Socket | undefined): void {
    setTimeout(() => socket?.terminate(), 3000).unref()
  }

  #whenUp(command: string, deadline: number): Promise<void> {
    if (!this.#renewing) return this.online ? Promise.resolve() : Promise.reject(offline(command, this.#setup.backend))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const late = new BridgeError('timeout', `${command}: no new session in time`, { backend: this.#setup.backend })
    const timer = setTimeout(() => reject(late), Math.max(0, deadline - performance.now()))
    this.#waiters.push({ resolve, reject })
    return promise.finally(() => clearTimeout(timer))
  }

  #lose(why: string): void {
    clearTimeout(this.#greetingTimer)
    const wasOnline = this.online
    this.#phase = 'down'
    this.#introduced = false
    this.key = undefined
    this.#pending.failAll('offline', why)
    if (wasOnline) this.#setup.onState()
  }

  /** The first failure of a series is for the operator, the others are for the curious. */
  #down(reason: string, retryInMs: number): void {
    const level = this.#complained || this.#refusal !== '' ? 'debug' : 'warn'
    this.#complained = true
    this.#setup.log(level, `bot ${this.bot}: not connected: ${reason}; next attempt in ${retryInMs} ms`)
    this.#start()
    if (this.#renewing) return void (this.#renewing = false)
    this.#dismiss()
  }

  #dismiss(): void {
    for (const { reject } of this.#waiters.splice(0)) reject(offline('a call', this.#setup.backend))
  }

  #reportGarbage(reason: string): void {
    const now = performance.now()
    const level = now - this.#garbageAt < garbageLogMs ? 'debug' : 'warn'
    if (level === 'warn') this.#garbageAt = now
    this.#setup.log(level, `bot ${this.bot}: a frame was dropped: ${reason}`)
  }
}
