// A QQ message holds running text, or exactly one of voice, video, file, forward, card, music, dice and the like.
import { segments as table } from '../../mappings/segments.ts'
import type { Segment } from '../core/segment.ts'

function isExclusive(segment: Segment): boolean {
  return 'exclusive' in table[segment.type]
}

/** The messages that this content makes, in its order. A quote stays with the first. One message in most cases: then the same list. */
export function splitExclusive(segments: Segment[]): Segment[][] {
  if (segments.length <= 1 || !segments.some(isExclusive)) return [segments]
  const parts: Segment[][] = []
  let running: Segment[] = []
  for (const segment of segments) {
    if (!isExclusive(segment)) {
      running.push(segment)
      continue
    }
    const lead = running.every((before) => before.type === 'reply') ? running : []
    if (lead !== running) parts.push(running)
    parts.push([...lead, segment])
    running = []
  }
  if (running.length > 0) parts.push(running)
  return parts
}
