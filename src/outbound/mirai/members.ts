// Members of groups: lists, ranks, mutes, cards and titles.
import type { Params } from '../../core/action.ts'
import type { Member } from '../../core/contact.ts'
import { BridgeError } from '../../core/error.ts'
import { nowSeconds } from '../../core/read.ts'
import { readMember } from '../../dialect/mirai/index.ts'
import { order, readList, request, type Ask, type Handlers } from './account.ts'
import { isAble } from './version.ts'

type Name =
  | 'group.member.list'
  | 'group.member.get'
  | 'group.member.kick'
  | 'group.member.mute'
  | 'group.member.admin'
  | 'group.member.card'
  | 'group.member.title'

export const memberHandlers: Handlers<Name> = {
  'group.member.list': listMembers,
  'group.member.get': getMember,
  'group.member.kick'(ask, params) {
    const { version } = ask.account.session
    if (params.block && !isAble(version, 'kickBlock')) {
      const reason = `mirai-api-http ${version} cannot refuse who was kicked`
      ask.account.loss('in', { what: 'block', fidelity: 'dropped', reason })
    }
    return order(ask, 'kick', params)
  },
  'group.member.mute': (ask, { groupId, userId, durationSeconds }) =>
    durationSeconds > 0
      ? order(ask, 'mute', { groupId, userId, durationSeconds })
      : order(ask, 'unmute', { groupId, userId }),
  async 'group.member.admin'(ask, params) {
    const { version } = ask.account.session
    if (!isAble(version, 'memberAdmin')) {
      throw new BridgeError('notSupported', `mirai-api-http ${version} cannot change ranks`)
    }
    return order(ask, 'memberAdmin', params)
  },
  'group.member.card': (ask, { groupId, userId, card }) =>
    order(ask, 'memberInfo', { groupId, userId }, { sub: 'update', extra: { info: { name: card } } }),
  'group.member.title'(ask, { groupId, userId, title, durationSeconds = -1 }) {
    if (durationSeconds > 0) {
      ask.account.loss('in', { what: 'title', fidelity: 'lossy', reason: 'titles last for ever in mirai' })
    }
    return order(ask, 'memberInfo', { groupId, userId }, { sub: 'update', extra: { info: { specialTitle: title } } })
  },
}

/** The bot itself is not in mah's lists. */
async function listMembers(ask: Ask, { groupId, fresh }: Params<'group.member.list'>): Promise<Member[]> {
  const { account } = ask
  const isFresh = fresh === true && isAble(account.session.version, 'latestMemberList')
  const [answer, self] = await Promise.all([
    // No members named: all of them.
    isFresh ? request(ask, 'latestMemberList', { groupId, userIds: [] }) : request(ask, 'memberList', { groupId }),
    getMember(ask, { groupId, userId: account.bot }).catch((error: unknown) => error as BridgeError),
  ])
  const now = nowSeconds()
  const members = readList(ask, answer, (wire) => readMember(wire, now, groupId))
  if (members.some(({ userId }) => userId === account.bot)) return members
  if (!(self instanceof BridgeError)) return [...members, self]
  const reason = `the bot itself is missing: ${self.message}`
  account.loss('out', { what: 'group.member.list', fidelity: 'lossy', reason })
  return members
}

async function getMember(ask: Ask, { groupId, userId }: Params<'group.member.get'>): Promise<Member> {
  const { data } = await request(ask, 'memberInfo', { groupId, userId }, { sub: 'get' })
  const member = readMember(data, nowSeconds(), groupId)
  if (member?.userId !== userId) throw new BridgeError('notFound', `no member ${userId} in group ${groupId}`)
  return member
}
