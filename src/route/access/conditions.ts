// Which calls of a canonical action the name of a dialect means: `send_group_msg` is message.send, but not to friends.
import type { OneBot11Special } from '../../../mappings/onebot11-actions.ts'

type Given = Readonly<Record<string, unknown>>

/** Whether a call with these parameters is meant. */
export type Condition = (params: Given) => boolean

export const inGroup = whenPeer((kind) => kind === 'group')
const inPrivate = whenPeer((kind) => kind !== 'group')

function whenPeer(fits: (kind: unknown) => boolean): Condition {
  return ({ peer }) => fits((peer as { kind: unknown } | undefined)?.kind)
}

const isForward: Condition = ({ segments }) =>
  Array.isArray(segments) && segments.some((segment: { type: string }) => segment.type === 'forward')

function both(one: Condition, other: Condition): Condition {
  return (params) => one(params) && other(params)
}

/** By the reader of a OneBot action. */
export const bySpecial: Partial<Record<OneBot11Special, Condition>> = {
  sendGroup: inGroup,
  sendPrivate: inPrivate,
  forward: isForward,
  forwardGroup: both(isForward, inGroup),
  forwardPrivate: both(isForward, inPrivate),
  historyGroup: inGroup,
  historyFriend: inPrivate,
  repeatGroup: inGroup,
  repeatFriend: inPrivate,
  getImage: ({ kind }) => kind === 'image',
  getVoice: ({ kind }) => kind === 'voice',
  groupFileUrl: inGroup,
  privateFileUrl: inPrivate,
  uploadGroup: inGroup,
  uploadPrivate: inPrivate,
}

/** By OneBot or mah name, where neither reader nor fixed parameters say it. */
export const byName: Readonly<Record<string, Condition>> = {
  group_poke: inGroup,
  friend_poke: inPrivate,
  mark_group_msg_as_read: inGroup,
  mark_private_msg_as_read: inPrivate,
  sendGroupMessage: inGroup,
  sendFriendMessage: whenPeer((kind) => kind === 'friend' || kind === 'stranger'),
  sendTempMessage: whenPeer((kind) => kind === 'temp'),
  mute: ({ durationSeconds }) => durationSeconds !== 0,
}

/** Parameters that a name fixes; `fresh` only says how new the answer has to be. */
export function whenFixed(fixed: Given): Condition | undefined {
  const wanted = Object.entries(fixed).filter(([name]) => name !== 'fresh')
  return wanted.length === 0 ? undefined : (params) => wanted.every(([name, value]) => params[name] === value)
}
