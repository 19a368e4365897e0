// Songs arrive from QQ as light apps; mirai shows those of the platforms that it knows as MusicShare, and so do we.
// Fields: mirai 2.16, LightApp refinement; `com.tencent.music.lua` is what newer clients write.
import { musicAppIds } from '../../../mappings/faces.ts'
import { parseJson } from '../../core/json.ts'
import { toInteger, toObject, toText, type WireObject } from '../../core/read.ts'

const kinds = new Map<number, string>(musicAppIds)
const apps = new Set<unknown>(['com.tencent.structmsg', 'com.tencent.music.lua'])

/** undefined: some other card. */
export function toMusicShare(card: string): WireObject | undefined {
  // Most cards are no songs: a look at the text spares reading them.
  if (!card.includes('"music"')) return undefined
  const wire = readCard(card)
  const music = toObject(toObject(wire?.['meta'])?.['music'])
  const kind = kinds.get(toInteger(music?.['appid']) ?? 0)
  if (!wire || !music || kind === undefined || !apps.has(wire['app'])) return undefined
  const text = (name: string): string => toText(music[name]) ?? ''
  const title = text('title')
  return {
    type: 'MusicShare',
    kind,
    title,
    summary: text('desc'),
    jumpUrl: text('jumpUrl'),
    pictureUrl: text('preview'),
    musicUrl: text('musicUrl'),
    brief: toText(wire['prompt']) ?? `[分享]${title}`,
  }
}

function readCard(card: string): WireObject | undefined {
  try {
    return toObject(parseJson(card))
  } catch {
    return undefined
  }
}
