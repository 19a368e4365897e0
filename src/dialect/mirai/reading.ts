// What reading one chain needs and gathers, forwards inside it included.
import type { Loss } from '../../core/fidelity.ts'
import type { MessageId } from '../../core/ids.ts'
import type { MediaRecord } from '../../core/ports.ts'
import type { MediaSegment, Segment } from '../../core/segment.ts'

/** How a chain is read. `strict`: a client's request, where nonsense is refused; otherwise what a backend reported. */
export interface Reading {
  strict: boolean
  losses: Loss[]
  /** Elements read so far. */
  count: number
  /** Forwards around this chain. */
  depth: number
  /** Characters of text read so far. */
  characters: number
  /** Only for backends: the bridge's handle of a reported medium. */
  learnMedia: ((kind: MediaSegment['type'], record: Partial<MediaRecord>) => string) | undefined
  /** The bridge's id for a message named in a node. */
  toMessageId: (value: unknown) => MessageId | undefined
  /** Reads the chain of a node. */
  readChain: (chain: readonly unknown[], reading: Reading) => Segment[]
}

/** Numbers of hardening: segments, text, forward nodes, forward nesting. */
export const chainLimits = { segments: 2000, characters: 65_536, nodes: 200, depth: 10 } as const
