// One event as the several kinds of receivers take it. Each text is made once, when the first of them asks.
import { printV1Event, type PrintedEvent } from '../../dialect/mirai/index.ts'
import type { QueuedEvent } from './queue.ts'

export interface Packet {
  readonly channel: PrintedEvent['channel']
  /** The naked event. */
  text(): string
  /** Inside a frame with the reserved syncId. */
  frame(): string
  /** The naked event as 1.x wrote it. */
  v1(): string
  /** For the queues of sessions over HTTP, which share it. */
  queued(v1: boolean): QueuedEvent
}

/** `head`: what stands before the event in a frame. */
export function createPacket(printed: PrintedEvent, head: string): Packet {
  let text: string | undefined
  let frame: string | undefined
  let v1: string | undefined
  let queued: QueuedEvent | undefined
  let queuedV1: QueuedEvent | undefined

  function toText(): string {
    return (text ??= printed.text())
  }

  function toV1(): string {
    if (v1 !== undefined) return v1
    const changed = printV1Event(printed.body)
    return (v1 = changed === printed.body ? toText() : JSON.stringify(changed))
  }

  return {
    channel: printed.channel,
    text: toText,
    frame: () => (frame ??= `${head}${toText()}}`),
    v1: toV1,
    queued(asV1) {
      if (asV1) return (queuedV1 ??= toQueued(toV1()))
      return (queued ??= toQueued(toText()))
    },
  }
}

export function frameHead(reservedSyncId: string): string {
  return `{"syncId":${JSON.stringify(reservedSyncId)},"data":`
}

function toQueued(text: string): QueuedEvent {
  return { text, bytes: Buffer.byteLength(text), holders: 0 }
}
