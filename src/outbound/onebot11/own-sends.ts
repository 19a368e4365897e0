// Which of the account's own messages that a backend reports the bridge itself sent. The report may overtake the answer that
// tells the id, so it waits while a send to that conversation is under way; what follows in the conversation waits behind it.
import type { MessageEvent } from '../../core/event.ts'
import { peerKey, type MessageId, type Peer } from '../../core/ids.ts'
import { createRecent } from '../../state/recent.ts'

export interface OwnSends {
  /** Call the result when the send has ended, with its id if it has one. */
  begin(peer: Peer): (id?: MessageId) => void
  /** Delivers it with its origin set, now or when that is known. */
  place(event: MessageEvent): void
  /** Forgets what waits. */
  close(): void
}

interface Conversation {
  underWay: number
  queue: MessageEvent[]
  timer: NodeJS.Timeout | undefined
}

const remembered = 4096

export function createOwnSends(deliver: (event: MessageEvent) => void, waitMs = 5000): OwnSends {
  const conversations = new Map<string, Conversation>()
  const sent = createRecent<MessageId, true>(remembered)

  /** undefined: it cannot be told yet. */
  function judge(event: MessageEvent, underWay: number): MessageEvent | undefined {
    if (event.origin === 'received') return event
    if (sent.get(event.message.id)) return { ...event, origin: 'self' }
    return underWay > 0 ? undefined : event
  }

  function drain(key: string, conversation: Conversation): void {
    clearTimeout(conversation.timer)
    conversation.timer = undefined
    for (let head = conversation.queue[0]; head; head = conversation.queue[0]) {
      const judged = judge(head, conversation.underWay)
      if (!judged) return wait(key, conversation)
      conversation.queue.shift()
      deliver(judged)
    }
    if (conversation.underWay === 0) conversations.delete(key)
  }

  function wait(key: string, conversation: Conversation): void {
    conversation.timer ??= setTimeout(() => {
      const head = conversation.queue.shift()
      if (head) deliver(head)
      drain(key, conversation)
    }, waitMs)
    conversation.timer.unref()
  }

  return {
    begin(peer) {
      const key = peerKey(peer)
      const conversation = conversations.get(key) ?? { underWay: 0, queue: [], timer: undefined }
      conversations.set(key, conversation)
      conversation.underWay++
      return (id) => {
        if (id !== undefined) sent.set(id, true)
        conversation.underWay--
        drain(key, conversation)
      }
    },
    place(event) {
      const key = peerKey(event.message.peer)
      const conversation = conversations.get(key)
      const judged = conversation?.queue.length ? undefined : judge(event, conversation?.underWay ?? 0)
      if (judged || !conversation) return deliver(judged ?? event)
      conversation.queue.push(event)
      wait(key, conversation)
    },
    close() {
      for (const { timer } of conversations.values()) clearTimeout(timer)
      conversations.clear()
    },
  }
}
