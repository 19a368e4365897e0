// Image, FlashImage, Voice and ShortVideo elements. Of several sources the first of id, url, path, base64 counts; blank is absent.
import { BridgeError } from '../../core/error.ts'
import { toBoolean, toNumber, toText, type WireObject } from '../../core/read.ts'
import type { MediaSegment, Segment, SegmentOf } from '../../core/segment.ts'
import { fromImageId, fromVoiceId } from './media-id.ts'
import type { Reading } from './reading.ts'

export function readImage(element: WireObject, reading: Reading, flash: boolean): Segment | undefined {
  const imageId = blankToAbsent(element['imageId'])
  const id = imageId === undefined ? undefined : fromImageId(imageId)
  if (imageId !== undefined && id === undefined && reading.strict) {
    throw new BridgeError('badParameter', `${String(element['type'])}.imageId has none of the known forms`)
  }
  const source = readSource({ element, reading, kind: 'image', native: imageId, id })
  if (!source) return undefined
  const emoji = toBoolean(element['isEmoji']) === true
  return {
    type: 'image',
    ...source,
    ...(flash && { flash }),
    ...(emoji && { emoji }),
    ...size(element, 'width'),
    ...size(element, 'height'),
  }
}

export function readVoice(element: WireObject, reading: Reading): Segment | undefined {
  const voiceId = blankToAbsent(element['voiceId'])
  const id = voiceId === undefined ? undefined : fromVoiceId(voiceId)
  const source = readSource({ element, reading, kind: 'voice', native: voiceId, id })
  const length = toNumber(element['length']) ?? 0
  return source && { type: 'voice', ...source, ...(length > 0 && { durationSeconds: length }) }
}

/** With both addresses mah fetches the video anew; otherwise it is one that it knows. */
export function readVideo(element: WireObject, reading: Reading): Segment | undefined {
  const url = blankToAbsent(element['videoUrl'])
  const thumb = blankToAbsent(element['thumbnailUrl'])
  const videoId = blankToAbsent(element['videoId'])
  if (videoId === undefined && url === undefined) {
    if (reading.strict) throw new BridgeError('badParameter', 'ShortVideo.videoId is missing')
    return undefined
  }
  const fresh = url !== undefined && thumb !== undefined
  const name = toVideoName(element)
  const sizeBytes = toNumber(element['fileSize'])
  const id = reading.learnMedia?.('video', { native: videoId, url, name, sizeBytes }) ?? (fresh ? undefined : videoId)
  return {
    type: 'video',
    ...(id !== undefined && { id }),
    ...(url !== undefined && { url }),
    ...(thumb !== undefined && { thumb }),
    ...(name !== undefined && { name }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(blankToAbsent(element['fileMd5']) !== undefined && { md5: String(element['fileMd5']).toUpperCase() }),
  }
}

function toVideoName(element: WireObject): string | undefined {
  const stem = blankToAbsent(element['filename'])
  const format = blankToAbsent(element['fileFormat'])
  return stem === undefined || format === undefined ? stem : `${stem}.${format}`
}

interface SourceRequest {
  element: WireObject
  reading: Reading
  kind: MediaSegment['type']
  /** The id as it stands on the wire, and as the canonical model writes it. */
  native: string | undefined
  id: string | undefined
}

type Source = Pick<SegmentOf<'image'>, 'id' | 'url' | 'path' | 'base64' | 'name' | 'sizeBytes'>

function readSource({ element, reading, kind, native, id }: SourceRequest): Source | undefined {
  const url = blankToAbsent(element['url'])
  const sizeBytes = toNumber(element['size'])
  const sized = sizeBytes !== undefined && sizeBytes > 0 ? { sizeBytes } : {}
  if (reading.learnMedia) {
    if (native === undefined && url === undefined) return undefined
    const learnt = reading.learnMedia(kind, { native, url, name: id ?? native, ...sized })
    return { id: learnt, ...(url !== undefined && { url }), ...sized }
  }
  if (id !== undefined) return { id, ...(url !== undefined && { url }), ...sized }
  if (url !== undefined) return { url }
  const path = blankToAbsent(element['path'])
  if (path !== undefined) return { path }
  const base64 = blankToAbsent(element['base64'])
  if (base64 !== undefined) return { base64: toBareBase64(base64) }
  const what = String(element['type'])
  reading.losses.push({ what, fidelity: 'dropped', reason: 'no imageId, url, path or base64 was given' })
  return undefined
}

/** Without `base64://`, data URI prefix and white space. Throws `badParameter` for other characters. */
function toBareBase64(text: string): string {
  const start = text.startsWith('base64://') ? 9 : text.startsWith('data:') ? text.indexOf(',') + 1 : 0
  const bare = text.slice(start).replace(/[\s]+/g, '')
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(bare) || bare === '')
    throw new BridgeError('badParameter', 'base64 is malformed')
  return bare
}

/** null, "" and blanks say: not given. */
function blankToAbsent(value: unknown): string | undefined {
  const text = toText(value)
  return text === undefined || text.trim() === '' ? undefined : text
}

function size(element: WireObject, name: 'width' | 'height'): { width?: number; height?: number } {
  const value = toNumber(element[name])
  return value !== undefined && value > 0 ? { [name]: value } : {}
}
