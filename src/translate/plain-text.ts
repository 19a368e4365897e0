// What a segment says to people who can only read text.
import { wordsOfUnknown } from '../../mappings/segments.ts'
import { toInteger, toObject, type WireObject } from '../core/read.ts'
import type { Segment, SegmentOf } from '../core/segment.ts'

export function toPlainText(segment: Segment): string {
  switch (segment.type) {
    case 'text':
      return segment.text
    case 'mention':
      return `@${segment.name ?? segment.userId}`
    case 'mentionAll':
      return '@全体成员'
    case 'face':
      return `[表情${segment.name ? `: ${segment.name}` : ` ${segment.id}`}]`
    case 'image':
      return segment.summary || '[图片]'
    case 'voice':
      return '[语音]'
    case 'video':
      return '[视频]'
    case 'file':
      return segment.name ? `[文件: ${segment.name}]` : '[文件]'
    case 'reply':
      return ''
    case 'forward':
      return '[聊天记录]'
    case 'card':
      return '[卡片]'
    case 'music':
      return join('[音乐分享]', segment.title, linkOf(segment))
    case 'dice':
      return segment.value ? `[骰子: ${segment.value}]` : '[骰子]'
    case 'rps':
      return '[猜拳]'
    case 'poke':
      return '[戳一戳]'
    case 'marketFace':
      return segment.name || '[商城表情]'
    case 'markdown':
      return segment.content
    case 'keyboard':
      return '[按钮]'
    case 'contact':
      return `[推荐联系人: ${segment.kind === 'group' ? 'group' : 'qq'} ${segment.id}]`
    case 'location':
      return join('[位置]', segment.title, segment.content, `(${segment.lat},${segment.lon})`)
    case 'link':
      return join(segment.title, segment.content, segment.url)
    case 'unknown':
      return describeUnknown(segment.name, segment.data)
  }
}

function join(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join(' ')
}

/** What it is, and a text that the segment carries itself; else its type in brackets. */
function describeUnknown(name: string, data: unknown): string {
  const wire = toObject(data)
  const own = ['text', 'summary', 'content', 'title', 'fileName']
    .map((key) => wire?.[key])
    .find((value) => typeof value === 'string' && value !== '')
  const label = Object.hasOwn(wordsOfUnknown, name) ? wordsOfUnknown[name] : undefined
  return join(label ?? undefined, own as string | undefined) || toEmoji(name, wire) || `[${name}]`
}

/** CQHTTP's emoji segment names a code point. */
function toEmoji(name: string, wire: WireObject | undefined): string | undefined {
  const code = name === 'emoji' ? toInteger(wire?.['id']) : undefined
  return code !== undefined && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}

/** Where a song that has no card can be heard. */
function linkOf({ platform, id, jumpUrl }: SegmentOf<'music'>): string {
  if (jumpUrl !== undefined || id === undefined) return jumpUrl ?? ''
  return platform === '163' ? `https://music.163.com/#/song?id=${id}` : `${platform} ${id}`
}
