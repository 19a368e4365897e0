// By what content is known again when it comes back in other words: with other names, addresses and card texts.
import type { Segment } from '../core/segment.ts'
import { toPlainText } from './plain-text.ts'

/** Equal for a message that was sent and for what is reported of it. Which picture it was does not count. */
export function toFingerprint(segments: readonly Segment[]): string {
  return segments.map(toMark).join('').replaceAll(/\s+/g, ' ').trim()
}

/** The handles of its media, in their order: pictures of equal bytes have equal ones. */
export function mediaOf(segments: readonly Segment[]): string {
  return segments.map((segment) => ('id' in segment && isMedia(segment.type) ? stemOf(segment.id) : '')).join(' ')
}

function isMedia(type: Segment['type']): boolean {
  return type === 'image' || type === 'voice' || type === 'video' || type === 'file'
}

function stemOf(id: string | number | undefined): string {
  return String(id ?? '').split('.', 1)[0] as string
}

function toMark(segment: Segment): string {
  switch (segment.type) {
    case 'text':
      return segment.text
    case 'mention':
      return `@${segment.userId}`
    case 'face':
      return `[face ${segment.id}]`
    // Whether a quote comes back differs between implementations.
    case 'reply':
      return ''
    // Songs, links and the like are cards to those who receive them; stickers are pictures.
    case 'card':
    case 'music':
    case 'link':
    case 'contact':
    case 'location':
      return '[card]'
    case 'image':
    case 'marketFace':
      return '[image]'
    case 'voice':
    case 'video':
    case 'file':
    case 'forward':
    case 'dice':
    case 'rps':
    case 'poke':
      return `[${segment.type}]`
    default:
      return toPlainText(segment)
  }
}
