// Uploads over http, for images and voices too large for a frame that all others wait behind.
import { toText } from '../../core/read.ts'
import type { Peer } from '../../core/ids.ts'
import type { MediaSource } from '../../core/ports.ts'
import type { MediaSegment, Segment } from '../../core/segment.ts'
import type { Account, Ask } from './account.ts'
import { httpAddress } from './options.ts'
import { postForm, startForm } from './form-request.ts'

const kinds = {
  image: { path: '/uploadImage', part: 'img', answer: 'imageId', file: 'image' },
  voice: { path: '/uploadVoice', part: 'voice', answer: 'voiceId', file: 'voice.amr' },
} as const
type Kind = keyof typeof kinds

/** What to hand the server for each medium of a message. Throws what the media store throws. */
export async function resolveMedia(
  ask: Ask,
  segments: readonly Segment[],
  peer: Peer,
): Promise<ReadonlyMap<MediaSegment, MediaSource>> {
  const sources = new Map<MediaSegment, MediaSource>()
  for (const segment of segments) {
    if (segment.type !== 'image' && segment.type !== 'voice') continue
    const source = ask.account.services.media.source(segment, ask.account.backend)
    const uploaded = isLarge(source, ask.account) ? await upload(ask, segment.type, source.value, peer) : undefined
    sources.set(segment, uploaded ?? source)
  }
  return sources
}

/** Base64 has four characters for three bytes. */
function isLarge({ kind, value }: MediaSource, { options }: Account): boolean {
  return httpAddress(options) !== undefined && kind === 'base64' && value.length * 0.75 > options.uploadAboveBytes
}

/** undefined: it did not work, logged. Nothing is lost then: the bytes can still travel in the message. */
async function upload(ask: Ask, kind: Kind, base64: string, peer: Peer): Promise<MediaSource | undefined> {
  const { account } = ask
  const { path, answer } = kinds[kind]
  try {
    const value = toText((await postForm(ask, path, toForm(account, kind, { base64, peer })))[answer])
    if (value) return { kind: 'native', value }
    account.log('debug', `bot ${account.bot}: ${path} gave no ${answer}`)
  } catch (error) {
    account.log('debug', `bot ${account.bot}: ${path} failed: ${error instanceof Error ? error.message : 'unknown'}`)
  }
  return undefined
}

function toForm(account: Account, kind: Kind, { base64, peer }: { base64: string; peer: Peer }): FormData {
  const { part, file } = kinds[kind]
  const form = startForm(account)
  form.append('type', peer.kind === 'group' ? 'group' : peer.kind === 'temp' ? 'temp' : 'friend')
  // Without a file name mah takes the part for a text field.
  form.append(part, new Blob([Buffer.from(base64, 'base64')]), file)
  return form
}
