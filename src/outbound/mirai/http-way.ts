// mah's http adapter: verify and bind, commands as requests, events by asking for them again and again.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { JsonLimits } from '../../core/json.ts'
import { toInteger, toObject, toText, type WireObject } from '../../core/read.ts'
import type { PrintedCommand } from '../../dialect/mirai/index.ts'
import { waitBefore } from '../../transport/backoff.ts'
import { offline } from './failure.ts'
import { createHttpLink } from './http-link.ts'
import type { MiraiOutboundOptions } from './options.ts'
import { farewellMs, type Reports, type Request, type Way } from './way.ts'

export interface HttpWaySetup {
  bot: UserId
  backend: string
  url: string
  options: MiraiOutboundOptions
  json: JsonLimits | undefined
}

/** What mah's queue holds by default. */
const batch = 100
/** Milliseconds between two looks at the session when a webhook brings the events. */
const quietMs = 30_000
const singleKey = 'SINGLE_SESSION'

class Refused extends Error {
  readonly code: number

  constructor(code: number, msg: string) {
    super(msg)
    this.code = code
  }
}

export function callOverHttp({ bot, backend, url, options, json }: HttpWaySetup, reports: Reports): Way {
  const linkOptions = { backend, url, maxBytes: options.answerBytes, json }
  const link = createHttpLink(linkOptions)
  const pollMs = options.webhook ? quietMs : options.pollMs
  /** Kept while the server is away: it may know it still, and the events that wait there. */
  let key: string | undefined
  let isUp = false
  let isDoubted = false
  let stopped = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined

  function ask(command: PrintedCommand, hasEffect: boolean, withKey: string | undefined): Promise<WireObject> {
    return link.ask({ command, hasEffect, deadline: performance.now() + options.callTimeoutMs }, withKey)
  }

  /** Throws Refused. */
  async function demand(path: string, content: WireObject): Promise<WireObject> {
    const command: PrintedCommand = { command: toName(path), subCommand: null, content, method: 'POST', path }
    const answer = await ask(command, true, undefined)
    const code = toInteger(answer['code']) ?? 0
    if (code !== 0) throw new Refused(code, toText(answer['msg']) ?? '')
    return answer
  }

  async function signIn(): Promise<string> {
    if (key !== undefined && (await lookAt(key)) === 'kept') return key
    key = undefined
    const made = toText((await demand('/verify', { verifyKey: options.verifyKey }))['session'])
    if (made === undefined) throw new BridgeError('backend', 'verify: no session', { backend })
    // In single mode the server has bound by itself, and refuses to do it again.
    if (made !== singleKey) await demand('/bind', { sessionKey: made, qq: bot })
    return made
  }

  /** Servers before 2.1 cannot tell. Throws when there is none. */
  async function lookAt(known: string | undefined): Promise<'kept' | 'gone' | 'untold'> {
    try {
      const code = toInteger((await ask(look, false, known))['code']) ?? 0
      return code === 0 ? 'kept' : code === 3 || code === 4 ? 'gone' : 'untold'
    } catch (thrown) {
      if (thrown instanceof BridgeError && thrown.kind === 'unknownAction') return 'untold'
      throw thrown
    }
  }

  async function attempt(): Promise<void> {
    try {
      key = await signIn()
    } catch (thrown) {
      return fail(thrown)
    }
    if (stopped) return
    failures = 0
    isUp = true
    reports.up(key)
    schedule(0)
  }

  function fail(thrown: unknown): void {
    if (stopped) return
    const isRefusal = thrown instanceof Refused
    if (isRefusal) reports.refused(thrown.code, thrown.message)
    const reason = isRefusal ? 'refused' : thrown instanceof BridgeError ? thrown.message : 'the request failed'
    const wait = waitBefore(options.reconnect, failures++, isRefusal)
    lose()
    reports.down(reason, wait)
    clearTimeout(timer)
    timer = setTimeout(() => void attempt(), wait)
  }

  function lose(): void {
    if (!isUp) return
    isUp = false
    reports.lost()
  }

  function schedule(afterMs: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void poll(), afterMs)
  }

  /** Also the sign of life: who does not answer here is away. */
  async function poll(): Promise<void> {
    const asked = key
    let answer: WireObject
    try {
      answer = await ask(fetchMessage, true, asked)
    } catch (thrown) {
      if (isUp && asked === key) await doubt(thrown)
      if (isUp && asked === key) schedule(pollMs)
      return
    }
    if (stopped || !isUp || asked !== key) return
    const code = toInteger(answer['code']) ?? 0
    if (code === 3 || code === 4) return renew()
    if (code !== 0) reports.garbage(`fetchMessage: code ${code} ${toText(answer['msg']) ?? ''}`)
    const events = Array.isArray(answer['data']) ? answer['data'] : []
    // With a webhook they have come already; here they only make room.
    if (!options.webhook) for (const event of events) deliver(event)
    schedule(events.length < batch ? pollMs : 0)
  }

  function deliver(event: unknown): void {
    const wire = toObject(event)
    if (wire && typeof wire['type'] === 'string') reports.event(wire)
    else reports.garbage('an event without a type')
  }

  function renew(): void {
    if (!isUp) return
    key = undefined
    lose()
    clearTimeout(timer)
    void attempt()
  }

  /** A connection that broke may be all that is wrong: other calls go on until nobody answers. */
  async function doubt(reason: unknown): Promise<void> {
    if (isDoubted) return
    if (!(reason instanceof BridgeError) || reason.kind !== 'offline' || reason.certain) return fail(reason)
    isDoubted = true
    const asked = key
    const found = await lookAt(asked).catch((thrown: unknown) => ({ thrown }))
    isDoubted = false
    if (!isUp || asked !== key) return
    if (typeof found === 'object') fail(found.thrown)
    else if (found === 'gone') renew()
  }

  async function exchange(request: Request): Promise<WireObject> {
    if (!isUp) throw offline(request.command.command, backend)
    try {
      return await link.ask(request, open.has(request.command.command) ? undefined : key)
    } catch (thrown) {
      if (thrown instanceof BridgeError && thrown.kind === 'offline' && isUp) void doubt(thrown)
      throw thrown
    }
  }

  /** mah never ends an idle session. */
  async function release(): Promise<void> {
    if (key === undefined || key === singleKey) return
    const farewell = createHttpLink(linkOptions)
    const content = { sessionKey: key, qq: bot }
    const command: PrintedCommand = { command: 'release', subCommand: null, content, method: 'POST', path: '/release' }
    await farewell.ask({ command, hasEffect: true, deadline: performance.now() + farewellMs }, key).catch(() => {})
  }

  void attempt()
  return {
    exchange,
    renew,
    async close() {
      stopped = true
      const wasUp = isUp
      isUp = false
      clearTimeout(timer)
      link.close()
      if (wasUp) await release()
    },
  }
}

const look: PrintedCommand = {
  command: 'sessionInfo',
  subCommand: null,
  content: {},
  method: 'GET',
  path: '/sessionInfo',
}

const fetchMessage: PrintedCommand = {
  command: 'fetchMessage',
  subCommand: null,
  content: { count: batch },
  method: 'GET',
  path: '/fetchMessage',
}

/** They take no session, and mah refuses keys in a query that it does not know. */
const open = new Set<string>(['about', 'botList'])

function toName(path: string): PrintedCommand['command'] {
  return path === '/bind' ? 'bind' : 'verify'
}
