// What makes two reports the same happening, whichever link or implementation told them: who, where and what. Not when, since
// some say the time and some do not; nor in which words.
import type { BridgeEvent, MessageEvent } from '../core/event.ts'
import { peerKey, type Peer } from '../core/ids.ts'
import { toFingerprint } from './fingerprint.ts'

/** Members that implementations fill differently, or that the directory filled in. */
const details = new Set([
  'bot',
  'time',
  'extra',
  'operatorId',
  'invitorId',
  'oldName',
  'oldCard',
  'oldTitle',
  'oldRole',
  'oldNickname',
  'nickname',
  'groupName',
  'comment',
  'requestId',
  'sentTime',
  'action',
  'suffix',
  'message',
])

/** Alike for the same happening; two happenings in a row may have the same one. */
export function toEventKey(event: BridgeEvent): string {
  if (event.type === 'message') return toMessageKey(event)
  return JSON.stringify(event, (name, value: unknown) => {
    if (details.has(name)) return undefined
    if (name === 'peer') return peerKey(value as Peer)
    if (name === 'payload') return JSON.stringify({ ...(value as object), time: undefined })
    if (name === 'file') return (value as { name: string }).name
    return value
  })
}

function toMessageKey({ message: { peer, sender, segments } }: MessageEvent): string {
  return `${peerKey(peer)}/${sender.userId}/${toFingerprint(segments)}`
}
