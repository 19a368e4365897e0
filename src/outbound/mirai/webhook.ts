// Events that mah's webhook adapter posts to us, for all accounts of the server. Answers stay empty: what a command in one
// would do is never reported back.
import { toObject, toUserId } from '../../core/read.ts'
import type { Dropped } from '../../core/ports.ts'
import type { UserId } from '../../core/ids.ts'
import { parseJson, type JsonLimits } from '../../core/json.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { WireObject } from '../../core/read.ts'
import { BodyRefused, readBody } from '../../transport/body.ts'
import type { HttpContext, Mount } from '../../transport/mount.ts'
import { letIn } from '../../transport/strangers.ts'
import { createFrontDoor } from './front-door.ts'
import type { WebhookOptions } from './options.ts'

export interface WebhookSetup {
  listener: Mount
  webhook: WebhookOptions
  /** false: no such account here. */
  receive: (bot: UserId, wire: WireObject) => boolean
  json: JsonLimits | undefined
  log: LimitedLog
  dropped: (what: Dropped) => void
}

/** Returns what ends it. */
export function receiveWebhook({ listener, webhook, receive, json, log, dropped }: WebhookSetup): () => void {
  const door = createFrontDoor(webhook.token, log, listener)
  let closed = false

  async function handle(c: HttpContext): Promise<Response> {
    const { headers, socket } = c.env.incoming
    const refusal = door.check(headers, new URL(c.req.url).searchParams, socket.remoteAddress ?? '')
    if (refusal) {
      await refusal.after
      return c.body(null, refusal.status, { connection: 'close' })
    }
    letIn(socket)
    let text: string
    try {
      text = await readBody(c.env, { maxBytes: webhook.eventBytes, memoryBytes: listener.limits.bodyMemoryBytes })
    } catch (error) {
      if (error instanceof BodyRefused) error.tell(listener.onLimit, socket.remoteAddress)
      return c.body(null, error instanceof BodyRefused ? error.status : 400, { connection: 'close' })
    }
    return c.body(null, take(text, toUserId(headers['qq'] ?? headers['x-qq'] ?? headers['bot'])) ? 204 : 400)
  }

  function take(text: string, bot: UserId | undefined): boolean {
    const wire = parse(text, json)
    if (bot === undefined || typeof wire?.['type'] !== 'string') {
      dropped('frame')
      log('warn', 'garbage', 'something that is no event, or of no account, was posted and dropped')
      return false
    }
    if (!receive(bot, wire)) {
      dropped('event')
      log('debug', `stranger ${bot}`, `an event of an account that is not configured: ${bot}`)
    }
    return true
  }

  // A port that is shared stays open when this backend ends.
  listener.app.post(webhook.path, async (c, next) => {
    if (!closed) return handle(c)
    await next()
    return undefined
  })
  return () => {
    closed = true
  }
}

function parse(text: string, json: JsonLimits | undefined): WireObject | undefined {
  try {
    return toObject(parseJson(text, json))
  } catch {
    return undefined
  }
}
