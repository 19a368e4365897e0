// The same message as several backends of one bot tell it: under which id each of them has it.
import type { MessageId, UserId } from '../core/ids.ts'
import { createRecent, type Recent } from './recent.ts'

export interface Telling {
  bot: UserId
  backend: string
  /** Alike for the same message from each backend; two messages in a row may have the same. */
  key: string
  id: MessageId
  /** Unix seconds. */
  time: number
}

export interface Twins {
  note(telling: Telling): void
  /** The id of the same message at another backend. */
  idAt(backend: string, bot: UserId, id: MessageId): MessageId | undefined
}

interface Message {
  time: number
  ids: Map<string, MessageId>
}

/** Seconds between two clocks that may tell the same message. */
const apartSeconds = 10
/** Messages of one key that wait for their twins. */
const mostAlike = 8

/** `kept`: the latest messages, all bots together; up to twice as many. */
export function createTwins(kept: number): Twins {
  const byKey: Recent<string, Message[]> = createRecent(kept)
  const byId: Recent<string, Message> = createRecent(kept)
  return {
    note({ bot, backend, key, id, time }) {
      const alike = byKey.get(`${bot}/${key}`) ?? []
      const known = alike.find(({ ids, time: told }) => !ids.has(backend) && Math.abs(told - time) <= apartSeconds)
      const message = known ?? { time, ids: new Map() }
      message.ids.set(backend, id)
      byId.set(`${bot}/${id}`, message)
      if (!known) byKey.set(`${bot}/${key}`, [...alike.slice(1 - mostAlike), message])
    },
    idAt: (backend, bot, id) => byId.get(`${bot}/${id}`)?.ids.get(backend),
  }
}
