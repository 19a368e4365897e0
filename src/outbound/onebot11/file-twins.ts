// NapCat and LuckyLilliaBot report a group file twice, as a notice and as a message with a file segment, in either order.
// The message says more: the notice is dropped when its message is seen within the time given.
import type { FileUploadEvent, MessageEvent } from '../../core/event.ts'
import { peerKey } from '../../core/ids.ts'

export interface FileTwins {
  /** A message passed. */
  saw(event: MessageEvent): void
  /** Delivers the notice later, or never. */
  hold(event: FileUploadEvent): void
  close(): void
}

export interface FileTwinsOptions {
  deliver(event: FileUploadEvent): void
  dropped(event: FileUploadEvent): void
  waitMs?: number
}

export function createFileTwins({ deliver, dropped, waitMs = 3000 }: FileTwinsOptions): FileTwins {
  const held = new Map<string, { event: FileUploadEvent; timer: NodeJS.Timeout }>()
  const seen = new Map<string, NodeJS.Timeout>()

  return {
    saw({ message: { peer, sender, segments } }) {
      for (const segment of segments) {
        if (segment.type !== 'file') continue
        const key = `${peerKey(peer)}/${sender.userId}/${segment.name ?? ''}`
        const twin = held.get(key)
        if (twin) {
          clearTimeout(twin.timer)
          held.delete(key)
          dropped(twin.event)
          continue
        }
        clearTimeout(seen.get(key))
        seen.set(
          key,
          setTimeout(() => seen.delete(key), waitMs),
        )
      }
    },
    hold(event) {
      const key = `${peerKey(event.peer)}/${event.userId}/${event.file.name}`
      if (seen.has(key)) {
        clearTimeout(seen.get(key))
        seen.delete(key)
        return dropped(event)
      }
      const before = held.get(key)
      clearTimeout(before?.timer)
      if (before) deliver(before.event)
      const timer = setTimeout(() => {
        held.delete(key)
        deliver(event)
      }, waitMs)
      held.set(key, { event, timer })
    },
    close() {
      for (const { timer } of held.values()) clearTimeout(timer)
      for (const timer of seen.values()) clearTimeout(timer)
      held.clear()
      seen.clear()
    },
  }
}
