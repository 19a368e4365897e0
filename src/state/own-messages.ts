// The message log as one of several backends may see it: a number that another one gave is no number here, unless the very
// message was told by both.
import type { MessageLog } from '../core/ports.ts'
import type { Twins } from './twins.ts'

export interface OwnMessagesOptions {
  messages: MessageLog
  twins: Twins
  backend: string
  /** Whether there are other backends at the moment. */
  isOneOfSeveral: () => boolean
}

export function ownMessages({ messages, twins, backend, isOneOfSeveral }: OwnMessagesOptions): MessageLog {
  return {
    learn: (bot, native, content, keepNative) =>
      messages.learn(bot, isOneOfSeveral() ? { ...native, backend } : native, content, keepNative),
    find: (bot, native) => messages.find(bot, isOneOfSeveral() ? { ...native, backend } : native),
    native(bot, id) {
      const native = messages.native(bot, id)
      if (!native || (native.backend ?? backend) === backend) return native
      const twin = twins.idAt(backend, bot, id)
      return twin === undefined ? undefined : messages.native(bot, twin)
    },
    get: messages.get,
    markRecalled: messages.markRecalled,
  }
}
