// One message by its id: what the log has, else what the backend says in time. What it does not know is not asked again soon.
import { LRUCache } from 'lru-cache'
import { BridgeError } from '../core/error.ts'
import type { MessageId, UserId } from '../core/ids.ts'
import type { Message } from '../core/message.ts'
import type { CallOptions, MessageLog, Outbound } from '../core/ports.ts'

export interface LookupOptions {
  messages: MessageLog
  /** Milliseconds that a backend has to answer, also when the client would wait longer. Default 5000. */
  deadlineMs?: number
  /** Milliseconds in which a message that the backend does not know stays unknown. Default 30000. */
  unknownMs?: number
}

/** Rejects with `notFound`, or with what the backend fails with. */
export type Lookup = (backend: Outbound, bot: UserId, messageId: MessageId, options?: CallOptions) => Promise<Message>

const mostUnknown = 10_000

export function createLookup({ messages, deadlineMs = 5000, unknownMs = 30_000 }: LookupOptions): Lookup {
  const unknown = new LRUCache<string, string>({ max: mostUnknown, ttl: unknownMs })
  const running = new Map<string, Promise<Message>>()

  async function ask(backend: Outbound, bot: UserId, messageId: MessageId, options: CallOptions): Promise<Message> {
    const timeoutMs = Math.min(options.timeoutMs ?? deadlineMs, deadlineMs)
    try {
      return await backend.call(bot, { name: 'message.get', params: { messageId } }, { ...options, timeoutMs })
    } catch (error) {
      if (error instanceof BridgeError && error.kind === 'notFound') unknown.set(`${bot}/${messageId}`, error.message)
      throw error
    }
  }

  return (backend, bot, messageId, options = {}) => {
    const known = messages.get(bot, messageId)
    if (known) return Promise.resolve(known)
    const key = `${bot}/${messageId}`
    const refusal = unknown.get(key)
    if (refusal !== undefined) return Promise.reject(new BridgeError('notFound', refusal, { backend: backend.name }))
    const underWay = running.get(key)
    if (underWay) return underWay
    const asked = ask(backend, bot, messageId, options).finally(() => running.delete(key))
    running.set(key, asked)
    return asked
  }
}
