// Addresses of media that this process serves: what was kept before a restart may name a port of then.
import type { MediaId } from '../../core/ids.ts'
import type { MediaStore } from '../../core/ports.ts'
import type { ForwardNode, Segment } from '../../core/segment.ts'

type Addresses = Pick<MediaStore, 'urlOf'>

/** As it is served now; addresses elsewhere stay as they are. */
export function freshUrl(media: Addresses, url: string, id: string | undefined): string {
  if (id === undefined || !url.endsWith(id)) return url
  const now = media.urlOf(id as MediaId)
  return now !== undefined && now !== url && pathOf(now) === pathOf(url) ? now : url
}

function pathOf(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2))
}

/** The same list when nothing changes. */
export function freshen(media: Addresses, segments: Segment[]): Segment[] {
  let changed: Segment[] | undefined
  for (const [at, segment] of segments.entries()) {
    const next = freshenOne(media, segment)
    if (next !== segment) (changed ??= [...segments])[at] = next
  }
  return changed ?? segments
}

function freshenOne(media: Addresses, segment: Segment): Segment {
  switch (segment.type) {
    case 'image':
    case 'voice':
    case 'video':
    case 'file': {
      if (segment.url === undefined) return segment
      const url = freshUrl(media, segment.url, segment.id)
      return url === segment.url ? segment : { ...segment, url }
    }
    case 'forward': {
      const nodes = segment.nodes?.map((node) => freshenNode(media, node))
      return nodes?.some((node, at) => node !== segment.nodes?.[at]) ? { ...segment, nodes } : segment
    }
    default:
      return segment
  }
}

function freshenNode(media: Addresses, node: ForwardNode): ForwardNode {
  if (!node.segments) return node
  const segments = freshen(media, node.segments)
  return segments === node.segments ? node : { ...node, segments }
}
