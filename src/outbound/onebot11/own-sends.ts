// Which of the account's own messages that a backend reports the bridge itself sent. The report may overtake the answer that
// tells the id, so it waits while a send to that conversation is under way; what follows in the conversation waits behind it.
// A send whose answer was lost is known by its content.
import type { MessageEvent } from '../../core/event.ts'
import { peerKey, type MessageId, type Peer } from '../../core/ids.ts'
import type { Segment } from '../../core/segment.ts'
import { createRecent } from '../../state/recent.ts'
import { mediaOf, toFingerprint } from '../../translate/fingerprint.ts'

export interface OwnSends {
  /** Call the result when the send has ended. */
  begin(peer: Peer): (ending: Ending) => void
  /** Delivers it with its origin set, now or when that is known. */
  place(event: MessageEvent): void
  /** Forgets what waits. */
  close(): void
}

export interface Ending {
  id?: MessageId | undefined
  /** Nobody knows whether this was sent. */
  lost?: readonly Segment[] | undefined
}

interface LostSend {
  conversation: string
  content: string
  media: string
  /** Unix milliseconds. */
  until: number
}

interface Conversation {
  underWay: number
  queue: MessageEvent[]
  timer: NodeJS.Timeout | undefined
}

const remembered = 4096
/** Conversations in which nothing is under way stay until there are so many: see transport/slots.ts. */
const mostIdle = 1000
/** How late the report of a send may come whose answer was lost, and how many such sends are remembered. */
const lostMs = 10 * 60_000
const mostLost = 100

export interface OwnSendsOptions {
  deliver(event: MessageEvent): void
  /** Its answer was lost: now its id is known. */
  found(event: MessageEvent): void
  /** Milliseconds that a report waits for an answer. Default 5000. */
  waitMs?: number
}

export function createOwnSends({ deliver, found, waitMs = 5000 }: OwnSendsOptions): OwnSends {
  const conversations = new Map<string, Conversation>()
  const sent = createRecent<MessageId, true>(remembered)
  let lost: LostSend[] = []

  /** undefined: it cannot be told yet. */
  function judge(event: MessageEvent, underWay: number): MessageEvent | undefined {
    if (event.origin === 'received') return event
    if (sent.get(event.message.id)) return { ...event, origin: 'self' }
    if (underWay > 0) return undefined
    return lost.length > 0 && wasLost(event) ? { ...event, origin: 'self' } : event
  }

  function wasLost(event: MessageEvent): boolean {
    const now = Date.now()
    lost = lost.filter(({ until }) => until > now)
    const { peer, segments } = event.message
    const [conversation, content, media] = [peerKey(peer), toFingerprint(segments), mediaOf(segments)]
    const fits = (one: LostSend): boolean => one.conversation === conversation && one.content === content
    // Pictures that were fetched or encoded anew have other handles.
    const same = lost.findIndex((one) => fits(one) && one.media === media)
    const at = same < 0 ? lost.findIndex(fits) : same
    if (at < 0) return false
    lost.splice(at, 1)
    sent.set(event.message.id, true)
    found(event)
    return true
  }

  function lose(conversation: string, segments: readonly Segment[]): void {
    lost.push({ conversation, content: toFingerprint(segments), media: mediaOf(segments), until: Date.now() + lostMs })
    if (lost.length > mostLost) lost.shift()
  }

  function forgetIdle(): void {
    for (const [key, { underWay, queue }] of conversations) {
      if (underWay === 0 && queue.length === 0) conversations.delete(key)
    }
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
    if (conversation.underWay === 0 && conversations.size > mostIdle) forgetIdle()
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
      return ({ id, lost: content }) => {
        if (content) lose(key, content)
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
