// One event as the several kinds of receivers take it. Each text is made once, when the first of them asks.
import type { WireObject } from '../../core/read.ts'
import { printV1Event, type PrintedEvent } from '../../dialect/mirai/index.ts'

export interface Packet {
  readonly channel: PrintedEvent['channel']
  /** The naked event. */
  text(): string
  /** Inside a frame with the reserved syncId. */
  frame(): string
  /** The naked event as 1.x wrote it. */
  v1(): string
}

export function createPacket({ channel, body }: PrintedEvent, reservedSyncId: string): Packet {
  const text = once(() => JSON.stringify(body))
  return {
    channel,
    text,
    frame: once(() => `{"syncId":${JSON.stringify(reservedSyncId)},"data":${text()}}`),
    v1: once(() => toV1Text(body, text)),
  }
}

function toV1Text(body: WireObject, text: () => string): string {
  const changed = printV1Event(body)
  return changed === body ? text() : JSON.stringify(changed)
}

function once(make: () => string): () => string {
  let made: string | undefined
  return () => (made ??= make())
}
