// Events that an implementation posts to the bridge. The signature is looked at before anything else.
import { createHmac } from 'node:crypto'
import type { JsonLimits } from '../../core/json.ts'
import type { Dropped } from '../../core/ports.ts'
import { BodyRefused, readBody } from '../../transport/body.ts'
import { createFailureDelay } from '../../transport/failures.ts'
import type { HttpContext, Mount } from '../../transport/mount.ts'
import { createSecretCheck } from '../../transport/secret.ts'
import { letIn } from '../../transport/strangers.ts'
import { createReceiver } from './connection.ts'
import type { HttpWay } from './http-way.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { WebhookOptions } from './options.ts'

export interface WebhookContext {
  listener: Mount
  webhook: WebhookOptions
  way: HttpWay
  json: JsonLimits | undefined
  log: LimitedLog
  dropped: (what: Dropped) => void
}

/** Returns what ends it. */
export function receiveWebhook({ listener, webhook, way, json, log, dropped }: WebhookContext): () => void {
  const failed = createFailureDelay(listener.limits, listener.onLimit)
  let closed = false
  const receiver = createReceiver({
    reports: way.reports,
    silenceMs: Infinity,
    json,
    log,
    dropped,
    answer() {
      dropped('frame')
      log('warn', 'garbage', 'something that is no event was posted and dropped')
    },
    drop: () => {},
  })

  async function handle(c: HttpContext): Promise<Response> {
    const signature = readSignature(c.env.incoming.headers['x-signature'])
    if (webhook.secret !== '' && signature === undefined) return turnAway(c, 401)
    let text: string
    try {
      text = await readBody(c.env, { maxBytes: webhook.eventBytes, memoryBytes: listener.limits.bodyMemoryBytes })
    } catch (error) {
      if (error instanceof BodyRefused) error.tell(listener.onLimit, c.env.incoming.socket.remoteAddress)
      return c.body(null, error instanceof BodyRefused ? error.status : 400, { connection: 'close' })
    }
    if (webhook.secret !== '' && !isSigned(text, webhook.secret, signature)) return turnAway(c, 403)
    letIn(c.env.incoming.socket)
    const readable = receiver.receive(text)
    if (readable) way.alive()
    return c.body(null, readable ? 204 : 400)
  }

  async function turnAway(c: HttpContext, status: 401 | 403): Promise<Response> {
    const remote = c.env.incoming.socket.remoteAddress ?? ''
    const what = status === 401 ? 'no readable' : 'a wrong'
    log('warn', `signature ${remote}`, `refused an event from ${remote}: ${what} X-Signature`)
    await failed(remote)
    return c.body(null, status, status === 401 ? { connection: 'close' } : {})
  }

  // A port that is shared stays open when this backend ends.
  listener.app.post(webhook.path, async (c, next) => {
    if (!closed) return handle(c)
    await next()
    return undefined
  })
  return () => {
    closed = true
    receiver.stop()
  }
}

function readSignature(header: unknown): string | undefined {
  return typeof header === 'string' ? /^sha1=([0-9a-f]{40})$/i.exec(header)?.[1]?.toLowerCase() : undefined
}

/** The text is the body byte by byte: what is not UTF-8 does not get here. */
function isSigned(text: string, secret: string, signature: string | undefined): boolean {
  return createSecretCheck(createHmac('sha1', secret).update(text).digest('hex'))(signature)
}
