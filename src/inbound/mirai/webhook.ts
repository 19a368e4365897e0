// The webhook adapter: every event of every bot is posted to each address, whose answer may carry one command.
// One request at a time and address: events stay in order, and an address that is slow or dead holds up nobody else.
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import { parseJson } from '../../core/json.ts'
import { toObject, toText } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import { findCommand } from '../../dialect/mirai/index.ts'
import { createBacklog } from '../../transport/backlog.ts'
import { isLoopbackName } from '../../transport/browser.ts'
import { postJson } from '../../transport/http-client.ts'
import type { FeedSetup } from './feed.ts'
import type { Webhook } from './options.ts'
import type { Packet } from './packet.ts'
import type { Parts } from './parts.ts'
import type { BoundSession } from './gate.ts'
import type { Session } from './session.ts'

export type Webhooks = FeedSetup['webhooks'] & { stop(): void }

type Receiver = Pick<Parts, 'host' | 'options' | 'runner'>

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
}

interface Lane {
  add(bot: UserId, packet: Packet): void
  stop(): void
}

const reportMs = 60_000

function createLane(target: Webhook, parts: Receiver): Lane {
  const { host, options } = parts
  const { host: place } = new URL(target.url)
  const given = new AbortController()
  const { webhookEvents: items, webhookBytes: bytes, webhookSeconds, webhookAnswerBytes: maxBytes } = options.limits
  const report = createReporter((text) => host.log('warn', `webhook ${place}: ${text}`))
  const waiting = createBacklog<Waiting>(() => report('full', 'too slow or away: the oldest events go'), {
    items,
    bytes,
    ageMs: webhookSeconds * 1000,
  })
  let busy = false

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    await host.durable()
    for (let next = waiting.take(); next && !given.signal.aborted; next = waiting.take()) await deliver(next)
    busy = false
  }

  async function deliver({ bot, text }: Waiting): Promise<void> {
    const self = String(bot)
    const headers = { ...target.headers, qq: self, 'X-qq': self, bot: self, 'X-bot': self }
    try {
      const { timeoutMs } = target
      const answer = await postJson(target.url, text, {
        headers,
        timeoutMs,
        maxBytes,
        signal: given.signal,
      })
      if (answer.text.trim() !== '') void runAnswer(answer.text, bot, target, parts)
    } catch (error) {
      if (!given.signal.aborted) report('failed', error instanceof BridgeError ? error.message : 'the request failed')
    }
  }

  return {
    add(bot, packet) {
      waiting.add({ bot, text: packet.text() })
      void work()
    },
    stop: () => given.abort(),
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
    const failure = runner.fail(thrown, 'ws', trace)
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
