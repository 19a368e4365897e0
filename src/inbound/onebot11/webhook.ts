// Events posted to a client's server (HTTP POST): one after the other, signed, and what the answer asks for is done.
import { createHmac } from 'node:crypto'
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import { parseJson } from '../../core/json.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { InboundHost } from '../../core/ports.ts'
import { toObject, toUserId } from '../../core/read.ts'
import { createBacklog } from '../../transport/backlog.ts'
import { waitBefore } from '../../transport/backoff.ts'
import { isLoopbackName } from '../../transport/browser.ts'
import { postJson, type HttpAnswer } from '../../transport/http-client.ts'
import type { QueueMemory } from '../../transport/queue-memory.ts'
import { pause } from '../../transport/pause.ts'
import type { Calls } from './calls.ts'
import type { Feed } from './feed.ts'
import type { OneBot11InboundOptions, WebhookOptions } from './options.ts'
import { settingsOf, slownessOf } from './settings.ts'

export interface WebhookContext {
  target: WebhookOptions
  options: OneBot11InboundOptions
  host: InboundHost
  calls: Calls
  feed: Feed
  log: LimitedLog
  queues?: QueueMemory | undefined
}

export interface Webhook {
  start(): void
  stop(): void
}

interface Post {
  text: string
  bot: UserId
  /** Unix milliseconds. */
  since: number
}

export function createWebhook({ target, options, host, calls, feed, log, queues }: WebhookContext): Webhook {
  const { host: place, hostname } = new URL(target.url)
  const settings = settingsOf(target, options)
  const loopback = isLoopbackName(hostname.replace(/^\[|\]$/g, ''))
  const gone = new AbortController()
  const waiting = createBacklog<Post>(
    (count) =>
      host.onLimit?.('webhook', place, `${count} of its events were dropped: it takes them too slowly or not at all`),
    slownessOf(options),
    queues?.of('webhook'),
  )
  let busy = false
  let leave: () => void = () => {}

  function send(text: string, bot: UserId): void {
    waiting.add({ text, bot, since: Date.now() })
    if (!busy) void work()
  }

  /** The next event waits for the answer to the one before: a server sees them in order. */
  async function work(): Promise<void> {
    busy = true
    await host.durable()
    for (let next = waiting.take(); next && !gone.signal.aborted; next = waiting.take()) {
      const answer = await deliver(next)
      if (answer && answer.trim() !== '') operate(next, answer)
    }
    busy = false
  }

  /** The body of the answer. undefined: it was not taken. */
  async function deliver(post: Post): Promise<string | undefined> {
    for (let failures = 0; ; failures++) {
      const { text, reason, again, away } = await attempt(post)
      if (reason === undefined || gone.signal.aborted) return text
      const isEnough = away ? Date.now() - post.since >= options.outbox.ms : failures >= target.retries
      if (!again || isEnough) {
        log('warn', `post ${place} ${reason}`, `an event for ${place} was dropped: ${reason}`)
        return undefined
      }
      if (away) log('warn', `away ${place}`, `${place} is away: ${reason}; its events wait`)
      const { retryMs } = target
      await pause(waitBefore({ firstMs: retryMs, maxMs: 30_000, refusedMs: retryMs }, failures, false), gone.signal)
    }
  }

  async function attempt({ text, bot }: Post): Promise<Attempt> {
    try {
      const { timeoutMs, url, answerBytes: maxBytes } = target
      const headers = headersFor(text, bot, target.secret)
      return judge(await postJson(url, text, { headers, timeoutMs, maxBytes, signal: gone.signal }))
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error
      if (error.limit) host.onLimit?.(error.limit, place, error.message)
      // After a time-out the server has the event: a second one would be answered twice.
      const away = error.kind === 'offline'
      return { reason: error.message, again: away, away }
    }
  }

  /** The server does not wait for the outcome, and neither do the events behind this one. */
  function operate({ text, bot }: Post, answer: string): void {
    const operation = readOperation(answer, host, place)
    if (!operation) return log('debug', `answer ${place}`, `${place} answered something that is no quick operation`)
    const params = { context: parseJson(text), operation }
    const caller = { way: 'http' as const, loopback, peer: place, format: settings.messageFormat, bot }
    const trace = host.trace?.(answer)
    void calls.run('.handle_quick_operation', params, { ...caller, trace }).then(({ error }) => {
      trace?.end()
      if (error) log('warn', `quick ${error.kind}`, `a quick operation of ${place} failed: ${error.message}`)
    })
  }

  return {
    start() {
      leave = feed.join({ place, bot: toUserId(target.bot), settings, greets: false, send })
    },
    stop() {
      leave()
      gone.abort()
      waiting.clear()
    },
  }
}

interface Attempt {
  text?: string
  reason?: string
  again?: boolean
  /** Nobody is there: it waits as long as `outbox` says. */
  away?: boolean
}

function judge({ status, text }: HttpAnswer): Attempt {
  if (status >= 200 && status < 300) return { text }
  return { reason: `HTTP ${status}`, again: status >= 500 || status === 408 || status === 429 }
}

/** undefined: no object, or one that asks for nothing. */
function readOperation(answer: string, { jsonLimits, onLimit }: InboundHost, place: string) {
  try {
    const operation = toObject(parseJson(answer, jsonLimits))
    return operation && Object.keys(operation).length > 0 ? operation : undefined
  } catch (error) {
    if (error instanceof BridgeError && error.limit) onLimit?.(error.limit, place, error.message)
    return undefined
  }
}

function headersFor(text: string, bot: UserId, secret: string): Record<string, string> {
  return {
    // Exactly so: one receiver compares the whole value.
    'content-type': 'application/json',
    'User-Agent': 'OneBot/11',
    'X-Self-ID': String(bot),
    ...(secret !== '' && { 'X-Signature': `sha1=${createHmac('sha1', secret).update(text).digest('hex')}` }),
  }
}
