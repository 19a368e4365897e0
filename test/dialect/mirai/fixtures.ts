// A small known world for printing: bot 10001, friend 20002, group 30003 with member 40004 and owner 50005.
import type { Friend, Group, Member } from '../../../src/core/contact.ts'
import type { Loss } from '../../../src/core/fidelity.ts'
import type { GroupId, MessageId, RequestId, UserId } from '../../../src/core/ids.ts'
import type { Message } from '../../../src/core/message.ts'
import type { MediaRecord, RequestRecord, View } from '../../../src/core/ports.ts'
import type { WireIds } from '../../../src/dialect/mirai/index.ts'

export const bot = 10001 as UserId
export const nico = 20002 as UserId
export const lab = 30003 as GroupId
export const mio = 40004 as UserId
export const boss = 50005 as UserId
export const time = 1_700_000_000

export const friend: Friend = { userId: nico, nickname: 'Nico', remark: '' }
export const group: Group = { groupId: lab, name: 'Lab', botRole: 'member' }

export function memberOf(userId: UserId, given: Partial<Member> = {}): Member {
  return {
    groupId: lab,
    userId,
    nickname: 'Mio',
    card: '',
    role: 'member',
    title: '',
    joinTime: 1_600_000_000,
    lastSpeakTime: time,
    mutedUntil: 0,
    ...given,
  }
}

export const members = [
  memberOf(mio),
  memberOf(boss, { nickname: 'Boss', role: 'owner' }),
  memberOf(bot, { nickname: 'bot' }),
]

export const quoted: Message = {
  id: 516 as MessageId,
  peer: { kind: 'group', groupId: lab },
  time: time - 10,
  sender: { userId: boss, nickname: 'Boss' },
  segments: [
    { type: 'reply', messageId: 515 as MessageId },
    { type: 'text', text: 'before' },
  ],
}

export function createView(messages: readonly Message[] = [quoted]): View {
  return {
    profile(_, userId) {
      const known = members.find((member) => member.userId === userId)
      return known && { userId, nickname: known.nickname }
    },
    friend: (_, userId) => (userId === nico ? friend : undefined),
    group: (_, groupId) => (groupId === lab ? group : undefined),
    member: (_, groupId, userId) => members.find((one) => one.groupId === groupId && one.userId === userId),
    message: (_, id) => messages.find((message) => message.id === id),
  }
}

export function createLosses(): { losses: Loss[]; loss: (loss: Loss) => void } {
  const losses: Loss[] = []
  return { losses, loss: (loss) => void losses.push(loss) }
}

/** Bridge ids that equal mah's numbers. */
export function createIds(): WireIds & { requests: RequestRecord[]; media_: Partial<MediaRecord>[] } {
  const requests: RequestRecord[] = []
  const media: Partial<MediaRecord>[] = []
  return {
    requests,
    media_: media,
    message: (native) => Number(native || 999) as MessageId,
    request(record) {
      requests.push(record)
      return Number(record.native) as RequestId
    },
    media(record) {
      media.push(record)
      return record.name ?? ''
    },
  }
}
