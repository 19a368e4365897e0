// What printing for mirai clients may look at. Everything in it answers at once.
import type { Loss } from '../../core/fidelity.ts'
import type { Peer, UserId } from '../../core/ids.ts'
import type { View } from '../../core/ports.ts'
import type { Segment } from '../../core/segment.ts'

export interface PrintContext {
  bot: UserId
  view: View
  /** Unix seconds: what "mute time remaining" counts from. */
  now: number
  loss(loss: Loss): void
  /** Turns stored segments (quoted messages, forwarded nodes) into those that mirai has. Default: as they are. */
  prepare?: ((segments: readonly Segment[], peer: Peer) => readonly Segment[]) | undefined
}
