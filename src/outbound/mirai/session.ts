// One account's session at a mah server: who is there, asking, and asking again when the server forgot the session.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { Dropped } from '../../core/ports.ts'
import { toObject, toText, type WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import { parseAnswer, printCommand, type Answer, type PrintedCommand } from '../../dialect/mirai/index.ts'
import { isSessionLost, offline, toFailure } from './failure.ts'
import type { MiraiOutboundOptions } from './options.ts'
import type { OpenWay, Reports, Request, Way } from './way.ts'

export interface SessionSetup {
  bot: UserId
  backend: string
  options: MiraiOutboundOptions
  openWay: OpenWay
  onEvent: (wire: WireObject) => void
  /** Online state, name or version changed. */
  onState: () => void
  log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void
  dropped: (what: Dropped) => void
}

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
  #way: Way | undefined
  /** Counts the links; undefined while none stands. */
  #link: number | undefined
  #links = 0
  #inFlight = 0
  #introduced = false
  #loggedOut = false
  #renewing = false
  #refusal = ''
  #complained = false
  #garbageAt = -garbageLogMs
  #waiters: { resolve: () => void; reject: (error: BridgeError) => void }[] = []
  #start: () => void = () => {}

  constructor(setup: SessionSetup) {
    this.#setup = setup
    this.bot = setup.bot
    this.started = new Promise((resolve) => {
      this.#start = resolve
    })
  }

  get online(): boolean {
    return this.#link !== undefined && this.#introduced && !this.#loggedOut
  }

  connect(): void {
    this.#way = this.#setup.openWay(this.#reports())
  }

  /** What the server says about the login of the account, the link standing. */
  setLoggedIn(loggedIn: boolean): void {
    if (this.#loggedOut === !loggedIn) return
    this.#loggedOut = !loggedIn
    this.#setup.onState()
  }

  /** Something the server reports, whichever way it came. */
  receive(wire: WireObject): void {
    this.#setup.onEvent(wire)
  }

  /** Rejects with a BridgeError. `deadline` is on the clock of `performance.now()`. */
  async request(command: PrintedCommand, { deadline, trace }: Omit<Request, 'command' | 'hasEffect'>): Promise<Answer> {
    let answer = await this.#exchange(command, deadline, trace)
    if (isSessionLost(answer)) {
      // mah refused before doing anything, so once more is safe for sends too.
      this.#renew(answer)
      await this.#whenUp(command.command, deadline)
      answer = await this.#exchange(command, deadline, trace)
    }
    const error = toFailure(answer, this.#setup.backend)
    if (error) throw error
    return answer
  }

  /** Ends everything that waits; resolves when the link is gone, after a second at most. */
  async close(): Promise<void> {
    const closed = this.#way?.close()
    this.#lose()
    this.#dismiss()
    this.#start()
    await closed
  }

  #reports(): Reports {
    const { bot, log, dropped } = this.#setup
    return {
      up: (key) => void this.#introduce(key),
      event: (wire) => this.receive(wire),
      lost: () => this.#lose(),
      down: (reason, retryInMs) => this.#down(reason, retryInMs),
      refused: (code, msg) => this.#refuse(code, msg),
      garbage: (reason) => this.#reportGarbage(reason),
      stray(what) {
        dropped(what)
        log('debug', `bot ${bot}: an answer that nobody waits for was dropped`)
      },
      note: (text) => log('warn', `bot ${bot}: ${text}`),
    }
  }

  async #exchange(command: PrintedCommand, deadline: number, trace?: Trace): Promise<Answer> {
    const { backend, options } = this.#setup
    if (this.#link === undefined || !this.#way) throw offline(command.command, backend)
    if (this.#inFlight >= options.callsInFlight) {
      const text = `more than ${options.callsInFlight} calls wait for an answer`
      throw new BridgeError('busy', text, { backend, limit: 'callsInFlight' })
    }
    const hasEffect = command.method === 'POST' && command.command !== 'roamingMessages'
    this.#inFlight++
    try {
      return parseAnswer(await this.#way.exchange({ command, hasEffect, deadline, trace }))
    } finally {
      this.#inFlight--
    }
  }

  #refuse(code: number, msg: string): void {
    const hint = code === 1 ? ': check verifyKey' : code === 2 ? ': this account is not logged in there' : ''
    const refusal = `bot ${this.bot}: the server refused with code ${code} ${msg}${hint}`
    this.#setup.log(refusal === this.#refusal ? 'debug' : 'error', refusal)
    this.#refusal = refusal
  }

  /** Who the server and the account are; what it does not tell stays empty. */
  async #introduce(key: string): Promise<void> {
    const link = ++this.#links
    this.#link = link
    this.key = key
    this.#refusal = ''
    this.#complained = false
    this.#loggedOut = false
    const deadline = performance.now() + introductionMs
    const [about, self] = await Promise.all([this.#tryAsk('about', deadline), this.#tryAsk('sessionInfo', deadline)])
    const nickname =
      toText(toObject(toObject(self)?.['qq'])?.['nickname']) ??
      toText(toObject(await this.#tryAsk('botProfile', deadline))?.['nickname'])
    if (this.#link !== link) return
    this.version = toText(toObject(about)?.['version']) ?? this.version
    this.nickname = nickname ?? this.nickname
    this.#introduced = true
    this.#renewing = false
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

  #renew(answer: Answer): void {
    if (this.#renewing) return
    this.#renewing = true
    this.#setup.log('warn', `bot ${this.bot}: the session is gone (code ${answer.code}), asking for a new one`)
    this.#way?.renew()
  }

  #whenUp(command: string, deadline: number): Promise<void> {
    if (!this.#renewing) return this.online ? Promise.resolve() : Promise.reject(offline(command, this.#setup.backend))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const { backend } = this.#setup
    const text = `${command}: no new session in time`
    const late = new BridgeError('timeout', text, { backend, limit: 'callTimeoutMs' })
    const timer = setTimeout(() => reject(late), Math.max(0, deadline - performance.now()))
    this.#waiters.push({ resolve, reject })
    return promise.finally(() => clearTimeout(timer))
  }

  #lose(): void {
    const wasOnline = this.online
    this.#link = undefined
    this.#introduced = false
    this.key = undefined
    if (wasOnline) this.#setup.onState()
  }

  /** The first failure of a series is for the operator, the others are for the curious. */
  #down(reason: string, retryInMs: number | undefined): void {
    const level = this.#complained || this.#refusal !== '' ? 'debug' : 'warn'
    this.#complained = true
    const next = retryInMs === undefined ? 'the server has to connect' : `next attempt in ${retryInMs} ms`
    this.#setup.log(level, `bot ${this.bot}: not connected: ${reason}; ${next}`)
    this.#renewing = false
    this.#start()
    this.#dismiss()
  }

  #dismiss(): void {
    for (const { reject } of this.#waiters.splice(0)) reject(offline('a call', this.#setup.backend))
  }

  #reportGarbage(reason: string): void {
    this.#setup.dropped('frame')
    const now = performance.now()
    const level = now - this.#garbageAt < garbageLogMs ? 'debug' : 'warn'
    if (level === 'warn') this.#garbageAt = now
    this.#setup.log(level, `bot ${this.bot}: a frame was dropped: ${reason}`)
  }
}
