// What a client sends, checked before a backend sees it: sizes, local paths, bytes.
import { BridgeError } from '../core/error.ts'
import type { Extra } from '../core/extra.ts'
import type { MediaStore } from '../core/ports.ts'
import type { ForwardNode, MediaSegment, Segment, SegmentOf } from '../core/segment.ts'
import { localRefusal, readAllowed, type LocalFiles } from './local-file.ts'
import { admitRaw } from './raw-sources.ts'

export interface ContentLimits {
  segments: number
  characters: number
  nodes: number
  depth: number
  /** Bytes of a local file that is read for a client. */
  fileBytes: number
}

export const defaultContentLimits: ContentLimits = {
  segments: 2000,
  characters: 65_536,
  nodes: 200,
  depth: 10,
  fileBytes: 100 * 1024 * 1024,
}

export interface AdmitOptions extends LocalFiles {
  media: MediaStore
  /** Dialect of the backend: what only another one understands leaves. Absent: none is kept. */
  dialect?: string
  limits: ContentLimits
}

export interface UploadSource {
  id?: string | undefined
  url?: string | undefined
  path?: string | undefined
  base64?: string | undefined
  name?: string | undefined
}

/** The same list when nothing had to be changed. Throws `tooLong`, `forbiddenSource`, `badParameter`. */
export function admitContent(segments: Segment[], options: AdmitOptions, depth = 0): Segment[] {
  const { limits } = options
  if (segments.length > limits.segments)
    throw new BridgeError('tooLong', `more than ${limits.segments} segments`, { limit: 'segments' })
  if (depth > limits.depth)
    throw new BridgeError('tooLong', `forwards nested deeper than ${limits.depth}`, { limit: 'forwardDepth' })
  let characters = 0
  let changed: Segment[] | undefined
  for (let at = 0; at < segments.length; at++) {
    const segment = segments[at] as Segment
    if (segment.type === 'text') characters += segment.text.length
    const admitted = admitSegment(segment.extra ? admitExtra(segment, options) : segment, options, depth)
    if (admitted === segment) continue
    changed ??= [...segments]
    changed[at] = admitted
  }
  if (characters > limits.characters)
    throw new BridgeError('tooLong', `more than ${limits.characters} characters`, { limit: 'characters' })
  return changed ?? segments
}

function admitSegment(segment: Segment, options: AdmitOptions, depth: number): Segment {
  switch (segment.type) {
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return admitMedia(segment, options)
    case 'forward':
      return segment.nodes ? { ...segment, nodes: admitNodes(segment.nodes, options, depth) } : segment
    case 'unknown':
      return admitUnknown(segment, options)
    default:
      return segment
  }
}

/** What only another dialect than the backend's understands leaves. */
export function admitExtra<T extends { extra?: Extra | undefined }>(given: T, options: AdmitOptions): T {
  const { extra } = given
  if (!extra || extra.dialect !== options.dialect) return { ...given, extra: undefined }
  const members = admitRaw(extra.members, options)
  return members === extra.members ? given : { ...given, extra: { ...extra, members } }
}

function admitUnknown(segment: SegmentOf<'unknown'>, options: AdmitOptions): Segment {
  const data = admitRaw(segment.data, options)
  return data === segment.data ? segment : { ...segment, data }
}

function admitNodes(nodes: ForwardNode[], options: AdmitOptions, depth: number): ForwardNode[] {
  const { nodes: most } = options.limits
  if (nodes.length > most)
    throw new BridgeError('tooLong', `more than ${most} nodes in a forward`, { limit: 'forwardNodes' })
  return nodes.map((given) => {
    const node = given.extra ? admitExtra(given, options) : given
    return node.segments ? { ...node, segments: admitContent(node.segments, options, depth + 1) } : node
  })
}

/** Bytes get a handle, so that what was sent can be shown, quoted and sent again; paths become bytes or are refused. */
function admitMedia(given: MediaSegment, options: AdmitOptions): MediaSegment {
  const segment = withLocalUrlsAsPaths(given, options.mayPassPaths)
  if (segment.id || segment.url) return withLength(segment, options)
  if (segment.path) {
    const bytes = readAllowed(segment.path, options)
    if (!bytes) return segment
    const { id } = options.media.put(segment.type, bytes, segment.name)
    const base64 = Buffer.from(bytes).toString('base64')
    return withLength({ ...segment, path: undefined, id, base64, sizeBytes: bytes.length }, options)
  }
  if (!segment.base64) return segment
  const bytes = Buffer.from(segment.base64, 'base64')
  if (bytes.length === 0) throw new BridgeError('badParameter', `${segment.type}: base64 holds no bytes`)
  const { id } = options.media.put(segment.type, bytes, segment.name)
  return withLength({ ...segment, id, sizeBytes: bytes.length }, options)
}

/** mirai tells how long a voice is, and clients do not. */
function withLength<T extends MediaSegment>(segment: T, { media }: AdmitOptions): T {
  if (segment.type !== 'voice' || segment.durationSeconds !== undefined || segment.id === undefined) return segment
  const { durationSeconds } = media.get(segment.id) ?? {}
  return durationSeconds === undefined ? segment : { ...segment, durationSeconds }
}

const webAddress = /^https?:\/\//i

/** A backend would open the file that an address names just as one in `path`. */
function withLocalUrlsAsPaths(segment: MediaSegment, mayPassPaths: boolean): MediaSegment {
  const { url } = segment
  const thumb = 'thumb' in segment ? segment.thumb : undefined
  if (thumb && isLocal(thumb) && !mayPassPaths) throw new BridgeError('forbiddenSource', localRefusal)
  if (!url || webAddress.test(url)) return segment
  if (isLocal(url)) return { ...segment, url: undefined, id: undefined, path: url }
  throw new BridgeError('badParameter', `${segment.type}: an address must start with http:// or https://`)
}

/** `file:` in any spelling, a drive letter, or no scheme but a separator. */
function isLocal(address: string): boolean {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase()
  return scheme === undefined ? /[/\\]/.test(address) : scheme === 'file' || scheme.length === 1
}

/** Where the bytes of an upload are, by the same rules. The same object when nothing had to be changed. */
export function admitSource<S extends UploadSource>(source: S, kind: MediaSegment['type'], options: AdmitOptions): S {
  const { id, url, path, base64, name } = source
  const segment = { type: kind, id, url, path, base64, name } as MediaSegment
  const admitted = admitMedia(segment, options)
  if (admitted === segment) return source
  return { ...source, id: admitted.id, url: admitted.url, path: admitted.path, base64: admitted.base64 }
}
