// Segments as mirai code, the way mirai itself writes them down.
import type { Segment, SegmentOf, SegmentType } from '../../core/segment.ts'
import { toImageId } from './media-id.ts'
import { toMusicKind, toPokeName } from './words.ts'

/** undefined: mirai code has no word for it. */
export function printMiraiCode(segment: Segment): string | undefined {
  const print = printers[segment.type] as ((segment: Segment) => string | undefined) | undefined
  return print?.(segment)
}

const printers: { [T in SegmentType]?: (segment: SegmentOf<T>) => string | undefined } = {
  text: ({ text }) => escape(text),
  mention: ({ userId }) => code('at', userId),
  mentionAll: () => '[mirai:atall]',
  face: ({ id, large }) => (large ? code('superface', id, 0, '') : code('face', id)),
  image: ({ id, flash }) => (id === undefined ? undefined : code(flash ? 'flash' : 'image', toImageId(id))),
  poke: (segment) => code('poke', toPokeName(segment), segment.pokeType, segment.pokeId),
  card({ format, data }) {
    if (format === 'app') return code('app', data)
    return code('service', format === 'json' ? 1 : 60, data)
  },
  dice: ({ value }) => (value === undefined ? undefined : code('dice', value)),
  rps: ({ value }) => (value === undefined ? undefined : code('rps', value)),
  music({ platform, title, summary = '', jumpUrl = '', pictureUrl = '', musicUrl = '', brief = '' }) {
    const kind = toMusicKind(platform)
    if (kind === undefined || title === undefined) return undefined
    return code('musicshare', kind, title, summary, jumpUrl, pictureUrl, musicUrl, brief)
  },
}

function code(name: string, ...args: (string | number)[]): string {
  return `[mirai:${name}:${args.map((arg) => escape(String(arg))).join(',')}]`
}

function escape(text: string): string {
  return text
    .replaceAll(/[[\]:,\\]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
}
