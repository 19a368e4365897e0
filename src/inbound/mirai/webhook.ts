// The webhook adapter: every event of every bot is posted to each address, whose answer may carry one command.
// One request at a time and address: events stay in order, and an address that is slow or away holds up nobody else.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import { parseJson } from '../../core/json.ts'
import { toObject, toText } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import { findCommand } from '../../dialect/mirai/index.ts'
import { createBacklog } from '../../transport/backlog.ts'
import { defaultBackoff, waitBefore } from '../../transport/backoff.ts'
import { isLoopbackName } from '../../transport/browser.ts'
import { postJson } from '../../transport/http-client.ts'
import type { QueueMemory } from '../../transport/queue-memory.ts'
import { pause } from '../../transport/pause.ts'
import type { FeedSetup } from './feed.ts'
import type { Webhook } from './options.ts'
import type { Packet } from './packet.ts'
import type { Parts } from './parts.ts'
import type { BoundSession } from './gate.ts'
import type { Session } from './session.ts'

export type Webhooks = FeedSetup['webhooks'] & { stop(): void }

type Receiver = Pick<Parts, 'host' | 'options' | 'runner'> & { queues?: QueueMemory | undefined }

export function createWebhooks(parts: Receiver): Webhooks {
  const targets = parts.options.adapters.includes('webhook') ? parts.options.webhooks : []
  const lanes = targets.map((target) => createLane(target, parts))
  return {
    size: lanes.length,
    push(bot, packet) {
      for (const lane of lanes) lane.add(bot, packet)
    },
    stop() {
      for (const lane of lanes) lane.stop()
    },
  }
}

interface Waiting {
  bot: UserId
  text: string
  /** Unix milliseconds. */
  since: number
}

interface Lane {
  add(bot: UserId, packet: Packet): void
  stop(): void
}

const reportMs = 60_000

function createLane(target: Webhook, parts: Receiver): Lane {
  const { host, options, queues } = parts
  const { host: place } = new URL(target.url)
  const given = new AbortController()
  const { webhookEvents: items, webhookBytes: bytes, webhookSeconds, webhookAnswerBytes: maxBytes } = options.limits
  const report = createReporter((text) => host.log('warn', `webhook ${place}: ${text}`))
  const ageMs = webhookSeconds * 1000
  const dropped = (): void => host.onLimit?.('webhook', place, 'it is too slow or away: the oldest events go')
  const waiting = createBacklog<Waiting>(dropped, { items, bytes, ageMs }, queues?.of('webhook'))
  let busy = false

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    await host.durable()
    for (let next = waiting.take(); next && !given.signal.aborted; next = waiting.take()) await deliver(next)
    busy = false
  }

  /** While nobody is there an event waits, and those behind it. After a time-out the address has it: no second one. */
  async function deliver(event: Waiting): Promise<void> {
    for (let failures = 0; !given.signal.aborted; failures++) {
      try {
        const answer = await post(event)
        if (answer.text.trim() !== '') void runAnswer(answer.text, event.bot, target, parts)
        return
      } catch (error) {
        if (given.signal.aborted) return
        const isAway = error instanceof BridgeError && error.kind === 'offline'
        if (error instanceof BridgeError && error.limit) host.onLimit?.(error.limit, place, error.message)
        else report(isAway ? 'away' : 'failed', error instanceof BridgeError ? error.message : 'the request failed')
        if (!isAway) return
        if (Date.now() - event.since >= ageMs) return dropped()
        await pause(waitBefore(defaultBackoff, failures, false), given.signal)
      }
    }
  }

  function post({ bot, text }: Waiting): ReturnType<typeof postJson> {
    const { url, timeoutMs } = target
    const self = String(bot)
    const headers = { ...target.headers, qq: self, 'X-qq': self, bot: self, 'X-bot': self }
    return postJson(url, text, { headers, timeoutMs, maxBytes, signal: given.signal })
  }

  return {
    add(bot, packet) {
      waiting.add({ bot, text: packet.text(), since: Date.now() })
      void work()
    },
    stop() {
      given.abort()
      waiting.clear()
    },
  }
}

/** Each kind of trouble once a minute. */
function createReporter(log: (text: string) => void): (kind: string, text: string) => void {
  const reported = new Map<string, number>()
  return (kind, text) => {
    const now = Date.now()
    if (now - (reported.get(kind) ?? 0) < reportMs) return
    reported.set(kind, now)
    log(text)
  }
}

/** Status and Content-Type do not count. What is no command, or fails, is only logged: nobody waits for a result. */
async function runAnswer(text: string, bot: UserId, target: Webhook, { host, runner }: Receiver): Promise<void> {
  const { host: place, hostname } = new URL(target.url)
  let trace: Trace | undefined
  try {
    const answer = toObject(parseJson(text, host.jsonLimits))
    const name = toText(answer?.['command'])
    if (name === undefined || name === 'about') return
    const command = findCommand(name, 'update')
    if (!command?.webhook) throw new BridgeError('unknownAction', `not a command of webhooks: ${name.slice(0, 60)}`)
    const loopback = isLoopbackName(hostname.replace(/^\[|\]$/g, ''))
    const wire = toObject(answer?.['content']) ?? {}
    trace = host.trace?.(text)
    const result = await runner.run({ command, wire, loopback, trace, session: () => createSession(bot) })
    trace?.end(result)
  } catch (thrown) {
    const failure = runner.fail(thrown, { way: 'ws', peer: place, trace })
    trace?.end(failure.text)
    host.log('debug', `webhook ${place}: an answer was dropped: ${failure.error.message}`)
  }
}

/** Webhooks have none; commands only ask it for the bot. */
function createSession(bot: UserId): BoundSession {
  const session: Session = {
    key: '',
    v1: false,
    bot,
    references: 0,
    queue: undefined,
    sockets: new Map(),
    outboxes: new Map(),
    usedAt: Date.now(),
  }
  return session as BoundSession
}
