// An HTTP API as a way to a backend. Nothing tells when it comes or goes, so it is asked: until it answers, and then from
// time to time. Events come by a webhook, by server-sent events, or not at all.
import { BridgeError } from '../../core/error.ts'
import type { JsonLimits } from '../../core/json.ts'
import type { Dropped } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import { parseHealth } from '../../dialect/onebot11/event-parse.ts'
import { waitBefore } from '../../transport/backoff.ts'
import type { Accounts } from './accounts.ts'
import { createHttpLink } from './http-link.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { Link, Reports } from './link.ts'
import type { OneBot11OutboundOptions } from './options.ts'

export interface HttpWayOptions {
  backend: string
  url: string
  options: OneBot11OutboundOptions
  accounts: Accounts
  json: JsonLimits | undefined
  log: LimitedLog
  dropped: (what: Dropped) => void
}

export interface HttpWay {
  /** Resolves when the first attempt has ended, greeting included. */
  readonly started: Promise<void>
  /** For what comes by another channel: whose it is. */
  readonly reports: Reports
  /** The backend gave a sign of life by itself. */
  alive(): void
  close(): void
}

interface Current {
  link: Link
  reports: Reports
}

/** Events from before the first greeting. */
const mostEarly = 1000

export function callOverHttp({ backend, url, options, accounts, json, log, dropped }: HttpWayOptions): HttpWay {
  let current: Current | undefined
  let latest: Link | undefined
  let early: WireObject[] = []
  let failures = 0
  let refused = false
  let doubted: Link | undefined
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  /** When the last attempt began, milliseconds; undefined while one is under way or a link stands. */
  let idleSince: number | undefined

  async function attempt(): Promise<void> {
    idleSince = undefined
    clearTimeout(timer)
    const link: Link = createHttpLink({
      backend,
      url,
      options,
      json,
      onLost: (reason, certain) => void (certain ? lose(link, reason) : doubt(link)),
      onRefused() {
        refused = true
        log('warn', 'refused', 'the backend refused the access token')
        down(link, 'the access token was refused')
      },
    })
    latest = link
    const reason = await knock(link)
    if (!link.open) return
    if (reason !== undefined) return lose(link, reason)
    await greet(link)
    if (!link.open) return
    failures = 0
    schedule(link)
  }

  async function greet(link: Link): Promise<void> {
    const nobody = (): void => {
      refused = true
      down(link, 'nobody is logged in there')
    }
    const { reports, greeted } = accounts.open({ link, role: 'universal', selfId: undefined, refused: nobody })
    current = { link, reports }
    for (const wire of early.splice(0)) reports.event(wire)
    await greeted
  }

  /** Whether anybody answers at all; any answer will do. */
  async function knock(link: Link): Promise<string | undefined> {
    try {
      await link.ask({ action: 'get_login_info', params: {}, timeoutMs: Math.min(10_000, options.callTimeoutMs) })
      return undefined
    } catch (error) {
      const away = error instanceof BridgeError && (error.kind === 'offline' || error.kind === 'timeout')
      return away ? error.message : undefined
    }
  }

  /** A connection that broke may be all that is wrong: other calls go on until nobody answers. */
  async function doubt(link: Link): Promise<void> {
    if (doubted === link) return
    doubted = link
    const reason = await knock(link)
    doubted = undefined
    if (reason !== undefined) lose(link, reason)
  }

  /** Nobody is there: what waits would wait in vain. */
  function lose(link: Link, reason: string): void {
    const wasOpen = link.open
    link.abandon(reason)
    if (wasOpen) leave(link, reason)
  }

  /** It is of no use any more, but what is under way may still be answered. */
  function down(link: Link, reason: string): void {
    if (!link.open) return
    link.close()
    leave(link, reason)
  }

  function leave(link: Link, reason: string): void {
    if (current?.link === link) current.reports.closed()
    if (!stopped) retry(reason)
  }

  function retry(reason: string): void {
    const wait = waitBefore(options.reconnect, failures++, refused)
    refused = false
    log('warn', `down ${reason}`, `not connected: ${reason}; next try in ${wait} ms`)
    idleSince = Date.now()
    clearTimeout(timer)
    timer = setTimeout(() => void attempt(), wait)
  }

  function schedule(link: Link): void {
    clearTimeout(timer)
    if (options.pollMs === 0 || stopped) return
    timer = setTimeout(() => void poll(link), options.pollMs)
    timer.unref()
  }

  async function poll(link: Link): Promise<void> {
    try {
      const status = await link.ask({ action: 'get_status', params: {}, timeoutMs: options.callTimeoutMs })
      const { online, extra } = parseHealth(status)
      if (online !== undefined) current?.reports.heartbeat({ online, extra })
    } catch (error) {
      if (error instanceof BridgeError && error.kind === 'timeout') lose(link, error.message)
    }
    if (link.open) schedule(link)
  }

  return {
    started: attempt(),
    reports: {
      event(wire) {
        if (current) current.reports.event(wire)
        else if (early.length < mostEarly) early.push(wire)
        else {
          dropped('event')
          log('warn', 'early', 'events were dropped: too many before the backend said who it is')
        }
      },
      heartbeat: (health) => current?.reports.heartbeat(health),
      lifecycle: (bot) => current?.reports.lifecycle(bot),
      refused: () => {},
      closed: () => {},
    },
    alive() {
      if (stopped || idleSince === undefined || Date.now() - idleSince < options.reconnect.firstMs) return
      void attempt()
    },
    close() {
      stopped = true
      clearTimeout(timer)
      early = []
      latest?.abandon('the bridge stops')
    },
  }
}
